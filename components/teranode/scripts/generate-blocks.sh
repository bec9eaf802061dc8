#!/bin/sh
# Keeps a regtest chain moving: mines a block whenever the tip has not moved for a while.
#
# Miners take turns without knowing of each other: each waits INTERVAL_SECONDS and up to SPREAD_SECONDS more, by a hash
# of its own name and the height, so that at every height another is the first to lose patience. Below
# MATURITY_BLOCKS, where several would make competing chains, only the founder mines, and all that is missing at once.
set -eu
: "${MINER:?}" "${RPC_URL:?}" "${FOUNDER:?}" "${INTERVAL_SECONDS:?}" "${SPREAD_SECONDS:?}" "${MATURITY_BLOCKS:?}"
: "${rpc_user:?}" "${rpc_pass:?}"
POLL_SECONDS=1
login=$(printf '%s:%s' "$rpc_user" "$rpc_pass" | sed 's/[\\"]/\\&/g')

# The login goes in by standard input: arguments show in the list of processes.
rpc() {
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

seen=none
while :; do
    now=$(height) || now=
    if [ -z "$now" ]; then
        seen=none
    elif [ "$now" -lt "$MATURITY_BLOCKS" ]; then
        if [ "$FOUNDER" = true ]; then
            rpc generate "[$((MATURITY_BLOCKS - now))]" >/dev/null && echo "mined up to $MATURITY_BLOCKS" || true
        fi
    elif [ "$now" != "$seen" ]; then
        seen=$now
        left=$(patience "$now")
    elif [ "$left" -le 0 ]; then
        rpc generate '[1]' >/dev/null && echo "mined on top of $now" || true
        left=$(patience "$now")
    else
        left=$((left - POLL_SECONDS))
    fi
    sleep "$POLL_SECONDS"
done
