#!/bin/sh
# Refuses to seed a node whose UTXO store has records that this snapshot did not bring, as one that was reset by halves:
# spent outputs among them would come back. Asked is the exporter beside the servers, of which each has its share.
set -eu
trap 'exit 143' TERM # the first process of a container ignores what it does not handle
: "${FOLDER:?}" "${STORE_METRICS:?}"
REFUSED=42

if [ -f "$FOLDER/done" ] || [ -f "$FOLDER/started" ]; then
    echo "the snapshot itself has brought records"
    exit 0
fi
answer=$(curl --silent --show-error --fail --max-time 30 --retry 10 --retry-delay 6 --retry-connrefused "$STORE_METRICS")
counts=$(printf '%s\n' "$answer" | sed -n 's/^aerospike_namespace_objects{.*} //p')
if [ -z "$counts" ]; then
    echo "the exporter at $STORE_METRICS does not know how many records its server has"
    exit 1
fi
for count in $counts; do
    if [ "$count" != 0 ]; then
        echo "refused: the UTXO store has records ($count on one of its servers), but the node has no blocks. Reset all of" \
            "it first: docs/runbooks/seeding.md"
        exit "$REFUSED"
    fi
done
echo "the UTXO store is empty"
