#!/bin/sh
# Brings a fresh node, which is IDLE and stands at START_HEIGHT (its first block, or that of the snapshot with which it
# was seeded), to work by sending EVENT once. Any other is left alone: one that went back to IDLE found something wrong,
# and is for a person to judge.
set -eu
trap 'exit 143' TERM # the first process of a container ignores what it does not handle
: "${ASSET_URL:?}" "${EVENT:?}" "${TIMEOUT_SECONDS:?}" "${LOGIN_FOLDER:?}" "${START_HEIGHT:?}"
POLL_SECONDS=5
login=$(printf '%s:%s' "$(cat "$LOGIN_FOLDER/rpc_user")" "$(cat "$LOGIN_FOLDER/rpc_pass")" | sed 's/[\\"]/\\&/g')

state() {
    curl --silent --show-error --fail --max-time 20 "$ASSET_URL/fsm/state" |
        sed -n 's/.*"state" *: *"\([A-Z_]*\)".*/\1/p'
}

height() {
    curl --silent --show-error --fail --max-time 20 "$ASSET_URL/bestblockheader/json" |
        sed -n 's/.*"height" *: *\([0-9][0-9]*\).*/\1/p'
}

# The login goes in by standard input: arguments show in the list of processes.
send() {
    printf 'user = "%s"\n' "$login" |
        curl --config - --silent --show-error --fail --max-time 60 --header 'content-type: application/json' \
            --data "{\"event\":\"$EVENT\"}" "$ASSET_URL/fsm/state" >/dev/null
}

left=$((TIMEOUT_SECONDS / POLL_SECONDS))
while :; do
    now=$(state) || now=
    case $now in
    IDLE)
        blocks=$(height) || blocks=
        case $blocks in
        '') ;;
        "$START_HEIGHT") send && echo "sent $EVENT" || true ;;
        *)
            echo "the node is IDLE at height $blocks: it is left to a person, see docs/operations.md"
            exit 0
            ;;
        esac
        ;;
    '') ;;
    *)
        echo "the node is $now"
        exit 0
        ;;
    esac
    [ "$left" -gt 0 ] || break
    left=$((left - 1))
    sleep "$POLL_SECONDS"
done
echo "after $TIMEOUT_SECONDS s the node is ${now:-not answering at $ASSET_URL}"
exit 1
