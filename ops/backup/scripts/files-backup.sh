#!/bin/sh
# Takes the miner's files as they are while its services stand. What Teranode writes once and gives its name by a rename
# becomes a hard link, in no time and no space; whatever else there is is copied. Reads no content but of what it copies.
set -eu
umask 077
: "${DATA:?}" "${PARTIAL:?}" "${SETS:?}"
trap 'exit 143' TERM

# Blobs are called by a hash. Their deletion heights, locks and unfinished files are so too, and are written in place.
digits=
while [ "${#digits}" -lt 504 ]; do digits="$digits[0-9a-f]"; done # 63 of them
sets="./${SETS##*/}"

all() {
    find . -path "$sets" -prune -o "$@"
}

link() {
    all -type f -name "[$1]$digits.*" ! -name '*.dah' ! -name '*.lock' ! -name '*.tmp' -print0 |
        xargs -0 -r -n 256 sh -c 'cp -l --parents "$@" "$0"' "$PARTIAL/linked"
}

count() {
    wc -l | tr -d ' '
}

cd "$DATA"
for kind in linked copied; do
    # An attempt that was interrupted left some of them.
    rm -rf "${PARTIAL:?}/$kind"
    mkdir "$PARTIAL/$kind"
    all -type d -print0 | (cd "$PARTIAL/$kind" && xargs -0 mkdir -p)
done
# A file system over the network links one file at a time; several of them at once are as many times as fast.
workers=
for first in 01 23 45 67 89 ab cd ef; do
    link "$first" &
    workers="$workers $!"
done
for worker in $workers; do wait "$worker"; done
all -type f \( ! -name "[0-9a-f]$digits.*" -o -name '*.dah' -o -name '*.lock' -o -name '*.tmp' \) -print0 |
    xargs -0 -r sh -c 'cp -p --parents "$@" "$0"' "$PARTIAL/copied"
there=$(all ! -type d -print | count)
taken=$(find "$PARTIAL/linked" "$PARTIAL/copied" -type f | count)
if [ "$there" != "$taken" ]; then
    echo "took $taken of $there files: some are neither files nor folders, or could not be read"
    exit 1
fi
echo "$taken" >"$PARTIAL/files"
: >"$PARTIAL/stood"
echo "took $taken files, $(find "$PARTIAL/linked" -type f | count) of them as links"
