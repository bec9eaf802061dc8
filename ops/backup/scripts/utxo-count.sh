# Counts the records of the store, over all of its servers, once they see each other and nothing is on its way.
: "${UTXO_HOST:?}" "${UTXO_NAMESPACE:?}" "${COUNT_FILE:?}"

value() {
    sed -n "s/^$1=//p"
}

total=0
addresses=$(getent ahostsv4 "$UTXO_HOST" | awk '{ print $1 }' | sort -u)
if [ -z "$addresses" ]; then
    echo "no server of the UTXO store answers to $UTXO_HOST"
    exit 1
fi
servers=$(echo "$addresses" | wc -l | tr -d ' ')
for address in $addresses; do
    said=$(ask "$address" statistics)
    seen=$(echo "$said" | value cluster_size)
    moving=$(echo "$said" | value migrate_partitions_remaining)
    if [ "$seen" != "$servers" ] || [ "$moving" != 0 ]; then
        echo "$address sees ${seen:-?} of $servers servers and moves ${moving:-?} partitions: no count would hold"
        exit 1
    fi
    said=$(ask "$address" "namespace/$UTXO_NAMESPACE")
    own=$(echo "$said" | value master_objects)
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
