#!/bin/sh
# Keeps a regtest chain moving: mines a block whenever the tip has not moved for a while.
#
# Miners take turns without knowing of each other: each waits INTERVAL_SECONDS and up to SPREAD_SECONDS more, by a hash
# of its own name and the height, so that at every height another is the first to lose patience. The founder is the
# miner whose name comes first; PEERS, the addresses of the others, say who that is. Below MATURITY_BLOCKS, where
# several would make competing chains, it mines alone, and all that is missing at once; with the rotation `founder` it
# does so for ever. It waits before that too: a node that has yet to catch up sees its height move.
set -eu
trap 'exit 143' TERM # the first process of a container ignores what it does not handle
: "${MINER:?}" "${RPC_URL:?}" "${INTERVAL_SECONDS:?}" "${SPREAD_SECONDS:?}" "${MATURITY_BLOCKS:?}" "${ROTATION:?}"
: "${LOGIN_FOLDER:?}"
POLL_SECONDS=1

# The first label of a peer's host is its miner's name: /dns4/<miner>.<zone>/tcp/<port>/p2p/<id>.
is_founder() {
    first=$({
        echo "$MINER"
        echo "${PEERS:-}" | tr '|' '\n' | sed -n 's|^/dns4/\([^./]*\).*|\1|p'
    } | LC_ALL=C sort | head -n 1)
    [ "$first" = "$MINER" ]
}

# The login is read anew for every call, since it may be replaced, and goes in by standard input: arguments show in the
# list of processes.
rpc() {
    login=$(printf '%s:%s' "$(cat "$LOGIN_FOLDER/rpc_user")" "$(cat "$LOGIN_FOLDER/rpc_pass")" | sed 's/[\\"]/\\&/g')
    printf 'user = "%s"\n' "$login" |
        curl --config - --silent --show-error --fail --max-time 60 --header 'content-type: application/json' \
            --data "{\"jsonrpc\":\"1.0\",\"id\":\"$MINER\",\"method\":\"$1\",\"params\":$2}" "$RPC_URL"
}

height() {
    rpc getblockchaininfo '[]' | sed -n 's/.*"blocks": *\([0-9][0-9]*\).*/\1/p'
}

patience() {
    hash=$(printf '%s at %s' "$MINER" "$1" | cksum | cut -d ' ' -f 1)
    echo $((INTERVAL_SECONDS + hash % (SPREAD_SECONDS + 1)))
}

if is_founder; then founder=true; else founder=false; fi
seen=none
while :; do
    now=$(height) || now=
    if [ -z "$now" ]; then
        seen=none
    elif [ "$now" != "$seen" ]; then
        seen=$now
        left=$(patience "$now")
    elif [ "$left" -gt 0 ]; then
        left=$((left - POLL_SECONDS))
    else
        if [ "$now" -ge "$MATURITY_BLOCKS" ]; then
            blocks=1
            turn=true
            [ "$ROTATION" = turns ] || turn=$founder
        else
            blocks=$((MATURITY_BLOCKS - now))
            turn=$founder
        fi
        if [ "$turn" = true ]; then
            rpc generate "[$blocks]" >/dev/null && echo "mined $blocks on top of $now" || true
        fi
        left=$(patience "$now")
    fi
    sleep "$POLL_SECONDS"
done
