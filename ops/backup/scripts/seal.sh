#!/bin/sh
# Lists the checksums of all that the backup consists of, and gives it its name: the last step, before which there is no
# backup. The miner runs meanwhile: what of its files is linked must not be changed by it.
set -eu
umask 077
: "${PARTIAL:?}" "${SET:?}" "${SCRATCH:?}" "${RESULT:?}"
REFUSED=42
trap 'exit 143' TERM

[ -d "$SET" ] || {
    cd "$PARTIAL"
    find linked copied -type f >"$SCRATCH/files"
    if [ "$(wc -l <"$SCRATCH/files")" -ne "$(cat files)" ]; then
        echo "of $(cat files) files $(wc -l <"$SCRATCH/files") are left"
        exit 1
    fi
    find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS
    find linked -type f -newer stood >"$SCRATCH/changed"
    if [ -s "$SCRATCH/changed" ]; then
        echo "refused: files that are linked were changed in place since, so this is of no moment:" \
            "$(head -n 5 "$SCRATCH/changed")"
        exit "$REFUSED"
    fi
    sync
    mv "$PARTIAL" "$SET"
}
cd "$SET"
printf '{"height": "%s", "files": %s, "bytes": %s, "sha256": "%s"}\n' "$(cat height)" \
    "$(cat files)" "$(du -sk . | awk '{ print $1 * 1024 }')" \
    "$(sha256sum SHA256SUMS | cut -c 1-64)" >"$RESULT"
cat "$RESULT"
