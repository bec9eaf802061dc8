#!/bin/sh
# Replaces the miner's files by those of the backup and compares each with its checksum: the last step of a restore.
set -eu
: "${DATA:?}" "${SET:?}" "${SETS:?}" "${SCRATCH:?}" "${RESULT:?}"
trap 'exit 143' TERM

cd "$DATA"
find . -mindepth 1 -maxdepth 1 ! -name "${SETS##*/}" -exec rm -rf {} +
tar -xf "$SET/files.tar"
find . -path "./${SETS##*/}" -prune -o -type f -print0 | sort -z | xargs -0 -r sha256sum >"$SCRATCH/files.sha256"
if ! cmp -s "$SCRATCH/files.sha256" "$SET/files.sha256"; then
    echo "the files are not those of the backup"
    exit 1
fi
rm -f "$SETS/restoring"
printf '{"height": "%s", "files": %s}\n' "$(cat "$SET/height")" "$(wc -l <"$SCRATCH/files.sha256")" >"$RESULT"
cat "$RESULT"
