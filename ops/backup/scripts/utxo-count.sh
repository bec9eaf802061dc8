#!/bin/sh
# Counts the records of the store, over all of its servers.
set -eu
: "${UTXO_HOST:?}" "${UTXO_NAMESPACE:?}" "${COUNT_FILE:?}"
trap 'exit 143' TERM

total=0
addresses=$(getent ahostsv4 "$UTXO_HOST" | awk '{ print $1 }' | sort -u)
if [ -z "$addresses" ]; then
    echo "no server of the UTXO store answers to $UTXO_HOST"
    exit 1
fi
for address in $addresses; do
    said=$(asinfo -h "$address" -v "namespace/$UTXO_NAMESPACE" -l)
    own=$(echo "$said" | sed -n 's/^master_objects=//p')
    if [ -z "$own" ]; then
        echo "$address does not say how many records it has: $said"
        exit 1
    fi
    total=$((total + own))
done
if [ -f "$COUNT_FILE" ]; then
    expected=$(cat "$COUNT_FILE")
    if [ "$total" != "$expected" ]; then
        echo "the UTXO store has $total records, and the backup $expected"
        exit 1
    fi
fi
echo "$total records"
if [ ! -f "$COUNT_FILE" ]; then echo "$total" >"$COUNT_FILE"; fi
