#!/bin/sh
# Copies the miner's files, lists the checksums of all that the backup consists of, and gives it its name: the last
# step, before which there is no backup.
set -eu
umask 077
: "${DATA:?}" "${PARTIAL:?}" "${SET:?}" "${SETS:?}" "${RESULT:?}"
trap 'exit 143' TERM

cd "$DATA"
find . -path "./${SETS##*/}" -prune -o -type f -print0 | sort -z | xargs -0 -r sha256sum >"$PARTIAL/files.sha256"
find . -mindepth 1 -maxdepth 1 ! -name "${SETS##*/}" >"$PARTIAL/files.list"
tar -cf "$PARTIAL/files.tar" -T "$PARTIAL/files.list"

cd "$PARTIAL"
find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS
sync
mv "$PARTIAL" "$SET"
cd "$SET"
printf '{"height": "%s", "files": %s, "bytes": %s, "sha256": "%s"}\n' "$(cat height)" \
    "$(wc -l <files.sha256)" "$(du -sk . | awk '{ print $1 * 1024 }')" \
    "$(sha256sum SHA256SUMS | cut -c 1-64)" >"$RESULT"
cat "$RESULT"
