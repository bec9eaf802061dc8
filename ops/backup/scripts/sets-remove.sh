#!/bin/sh
# Removes from the miner's files every backup but those to keep, whole or not. Of what is linked there, Teranode's own
# names stay.
set -eu
: "${SETS:?}" "${KEEP?}"
trap 'exit 143' TERM

for folder in "$SETS"/*/; do
    [ -d "$folder" ] || continue
    id=$(basename "$folder")
    case " $KEEP " in
    *" $id "*) ;;
    *)
        rm -rf "${SETS:?}/$id"
        echo "removed $id"
        ;;
    esac
done
