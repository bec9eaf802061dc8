#!/bin/sh
# Brings a snapshot into the node's stores by Teranode's own seeder, and remembers that it did. Interrupted, it begins
# again: the seeder leaves alone what it has finished.
set -eu
importing=
trap '[ -z "$importing" ] || kill "$importing"; exit 143' TERM # the first process of a container ignores it otherwise
: "${FOLDER:?}" "${BLOCK_HASH:?}"

if [ -f "$FOLDER/done" ]; then exit 0; fi
: >"$FOLDER/started"
teranode-cli seeder -inputDir "$FOLDER" -hash "$BLOCK_HASH" &
importing=$!
wait "$importing"
: >"$FOLDER/done"
rm -f "$FOLDER/$BLOCK_HASH.utxo-headers" "$FOLDER/$BLOCK_HASH.utxo-set"
echo "the node is seeded with $BLOCK_HASH"
