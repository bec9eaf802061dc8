#!/bin/sh
# Refuses to restore what is not the backup that was taken, and over data unless that is wanted. Exit code 42 is a
# refusal, which another attempt does not change. Nothing has been changed until it ends well.
set -eu
: "${DATA:?}" "${SET:?}" "${SETS:?}" "${SHA256:?}" "${REPLACE_DATA:?}" "${blockchain_store:?}"
REFUSED=42
trap 'exit 143' TERM

refuse() {
    echo "refused: $*"
    exit "$REFUSED"
}

ask() {
    psql --no-psqlrc --quiet --no-password --tuples-only --no-align --command "$1" "$blockchain_store"
}

[ -f "$SET/SHA256SUMS" ] || refuse "$SET is not on the miner's files"
cd "$SET"
[ "$(sha256sum SHA256SUMS | cut -c 1-64)" = "$SHA256" ] || refuse "$SET/SHA256SUMS is not what was taken"
sha256sum -c SHA256SUMS >"$SCRATCH/check" 2>&1 || refuse "damaged: $(grep -v ': OK$' "$SCRATCH/check" | head -n 5)"
if [ "$REPLACE_DATA" = yes ] || [ -f "$SETS/restoring" ]; then
    ask 'SELECT 1' >/dev/null
else
    blocks=0
    if [ "$(ask "SELECT to_regclass('blocks') IS NOT NULL")" = t ]; then
        blocks=$(ask 'SELECT count(*) FROM blocks WHERE height > 0')
    fi
    [ "$blocks" = 0 ] || refuse "the miner has $blocks blocks: --replace-data deletes all that it has"
    others=$(find "$DATA" -path "$SETS" -prune -o -type f -print | head -n 1)
    [ -z "$others" ] || refuse "the miner has files, such as $others: --replace-data deletes all that it has"
fi
# From here on the data is of no node until the restore is at its end.
basename "$SET" >"$SETS/restoring"
echo "the backup is whole"
