# Removes every record of the store. What was there before a moment is gone; what is restored after it stays.
: "${UTXO_HOST:?}" "${UTXO_NAMESPACE:?}"

said=$(ask "$UTXO_HOST" "truncate-namespace:namespace=$UTXO_NAMESPACE")
if [ "$said" != ok ]; then
    echo "the UTXO store does not let itself be emptied: $said"
    exit 1
fi
