#!/bin/sh
# Replaces the miner's files by those of the backup, and compares: the last step of a restore. Links are the very files
# whose checksums were found right before anything was deleted; copies are compared once more.
set -eu
: "${DATA:?}" "${SET:?}" "${SETS:?}" "${SCRATCH:?}" "${RESULT:?}"
trap 'exit 143' TERM

differ() {
    echo "the files are not those of the backup"
    exit 1
}

cd "$DATA"
find . -mindepth 1 -maxdepth 1 ! -name "${SETS##*/}" -exec rm -rf {} +
if [ -f "$SET/files.tar" ]; then # format 1
    tar -xf "$SET/files.tar"
    sed 's/^[0-9a-f]*  //' "$SET/files.sha256" >"$SCRATCH/expected"
    sha256sum -c "$SET/files.sha256" >/dev/null 2>&1 || differ
else
    cd "$SET/copied"
    find . -type d -print0 | (cd "$DATA" && xargs -0 mkdir -p)
    find . -type f -print0 | xargs -0 -r sh -c 'cp -p --parents "$@" "$0"' "$DATA"
    find . -type f -print0 | xargs -0 -r sha256sum >"$SCRATCH/copied.sha256"
    cd "$SET/linked"
    find . -type f -print0 | xargs -0 -r -n 256 sh -c 'cp -l --parents "$@" "$0"' "$DATA"
    (cd "$SET/copied" && find . -type f && cd "$SET/linked" && find . -type f) >"$SCRATCH/expected"
    cd "$DATA"
    if [ -s "$SCRATCH/copied.sha256" ]; then sha256sum -c "$SCRATCH/copied.sha256" >/dev/null 2>&1 || differ; fi
fi
sort "$SCRATCH/expected" >"$SCRATCH/names"
find . -path "./${SETS##*/}" -prune -o -type f -print | sort | cmp -s - "$SCRATCH/names" || differ
rm -f "$SETS/restoring"
printf '{"height": "%s", "files": %s}\n' "$(cat "$SET/height")" "$(wc -l <"$SCRATCH/names" | tr -d ' ')" >"$RESULT"
cat "$RESULT"
