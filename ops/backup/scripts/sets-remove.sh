#!/bin/sh
# Removes backups from the miner's files. Of what is linked there, Teranode's own names stay.
set -eu
: "${SETS:?}" "${IDS:?}"
trap 'exit 143' TERM

for id in $IDS; do
    rm -rf "${SETS:?}/$id"
    echo "removed $id"
done
