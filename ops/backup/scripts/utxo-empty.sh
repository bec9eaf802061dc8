#!/bin/sh
# Removes every record of the store. What was there before a moment is gone; what is restored after it stays.
set -eu
: "${UTXO_HOST:?}" "${UTXO_NAMESPACE:?}"
trap 'exit 143' TERM

said=$(asinfo -h "$UTXO_HOST" -v "truncate-namespace:namespace=$UTXO_NAMESPACE")
if [ "$said" != ok ]; then
    echo "the UTXO store does not let itself be emptied: $said"
    exit 1
fi
