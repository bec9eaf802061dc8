#!/bin/sh
# Fetches a snapshot's two files, going on where an attempt before this one ended, and holds each against the checksum
# that the stack file names. A file that is not what was asked for is thrown away.
set -eu
loading=
trap '[ -z "$loading" ] || kill "$loading"; exit 143' TERM # the first process of a container ignores it otherwise
: "${FOLDER:?}" "${URL:?}" "${BLOCK_HASH:?}" "${HEADERS_SHA256:?}" "${UTXO_SET_SHA256:?}"
LOOK_SECONDS=30

size_of() {
    if [ -f "$1" ]; then wc -c <"$1" | tr -d ' '; else echo 0; fi
}

published_size() {
    answer=$(curl --silent --show-error --fail --location --head --max-time 60 "$1") || return 1
    printf '%s\n' "$answer" | tr -d '\r' | sed -n 's/^[Cc]ontent-[Ll]ength: *\([0-9][0-9]*\)$/\1/p' | tail -n 1
}

fetch() {
    file=$FOLDER/$1
    total=$(published_size "$URL/$1") || total=
    if [ -z "$total" ]; then
        echo "$URL/$1 cannot be had, or does not say how large it is"
        exit 1
    fi
    if [ "$(size_of "$file")" -gt "$total" ]; then rm -f "$file"; fi
    if [ "$(size_of "$file")" -lt "$total" ]; then
        echo "$1: $(size_of "$file") of $total bytes are here"
        curl --no-progress-meter --fail --location --continue-at - --retry 20 --retry-delay 10 --retry-connrefused \
            --output "$file" "$URL/$1" &
        loading=$!
        shown=
        while kill -0 "$loading" 2>/dev/null; do
            percent=$(($(size_of "$file") * 100 / total))
            if [ "$percent" != "$shown" ]; then
                echo "$1: $percent %"
                shown=$percent
            fi
            sleep "$LOOK_SECONDS"
        done
        wait "$loading"
    fi
}

verify() {
    found=$(sha256sum "$FOLDER/$1")
    if [ "${found%% *}" != "$2" ]; then
        rm -f "$FOLDER/$1"
        echo "$1 has the checksum ${found%% *}, not $2: it was thrown away, and is fetched anew"
        exit 1
    fi
    : >"$FOLDER/$1.verified"
    echo "$1: its checksum is the one asked for"
}

if [ -f "$FOLDER/done" ]; then exit 0; fi
mkdir -p "$FOLDER"
for part in "utxo-headers:$HEADERS_SHA256" "utxo-set:$UTXO_SET_SHA256"; do
    name=$BLOCK_HASH.${part%%:*}
    if [ -f "$FOLDER/$name.verified" ] && [ -f "$FOLDER/$name" ]; then continue; fi
    fetch "$name"
    verify "$name" "${part#*:}"
done
