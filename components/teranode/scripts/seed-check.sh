#!/bin/sh
# Refuses to seed a node that has blocks which this snapshot did not bring: the seeder writes into stores and asks
# nobody. Exit code 42 is a refusal, which another attempt does not change.
set -eu
trap 'exit 143' TERM # the first process of a container ignores what it does not handle
: "${FOLDER:?}" "${DATA:?}" "${BLOCK_HASH:?}" "${blockchain_store:?}"
REFUSED=42

ask() {
    psql --no-psqlrc --quiet --no-password --tuples-only --no-align --command "$1" "$blockchain_store"
}

if [ -f "$FOLDER/done" ]; then
    echo "the node was seeded with $BLOCK_HASH: there is nothing to do"
    exit 0
fi
if [ -f "$FOLDER/started" ]; then
    echo "the import of $BLOCK_HASH was interrupted: it goes on"
    exit 0
fi
blocks=0
if [ "$(ask "SELECT count(*) FROM pg_class WHERE oid = to_regclass('blocks')")" != 0 ]; then
    blocks=$(ask 'SELECT count(*) FROM blocks WHERE height > 0')
fi
if [ "$blocks" != 0 ]; then
    echo "refused: the node has $blocks blocks. Remove miners.<miner>.snapshot, or reset the node first:" \
        "docs/runbooks/seeding.md"
    exit "$REFUSED"
fi
if [ -d "$DATA/blockstore" ] && [ -n "$(find "$DATA/blockstore" -type f | head -n 1)" ]; then
    echo "refused: there are files in $DATA/blockstore, but no blocks in the database: these are parts of two nodes." \
        "Reset it first: docs/runbooks/seeding.md"
    exit "$REFUSED"
fi
echo "the node has no blocks: it can be seeded"
