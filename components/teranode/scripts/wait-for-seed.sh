#!/bin/sh
# Lets a node start once its snapshot is in its stores. It waits for minutes, not for the hours that an import takes:
# a node whose import is under way is enabled by a later update.
set -eu
trap 'exit 143' TERM # the first process of a container ignores what it does not handle
: "${NAMESPACE:?}" "${JOB:?}" "${BLOCK_HASH:?}" "${TIMEOUT_SECONDS:?}"
POLL_SECONDS=5
CONDITIONS='{range .status.conditions[?(@.status=="True")]}{.type}{" "}{end}'

left=$((TIMEOUT_SECONDS / POLL_SECONDS))
while :; do
    found=$(kubectl --namespace "$NAMESPACE" --request-timeout 20s get job "$JOB" --output "jsonpath=$CONDITIONS") ||
        found=
    case " $found" in
    *" Complete "*)
        echo "$NAMESPACE is seeded with $BLOCK_HASH"
        exit 0
        ;;
    *" Failed "*)
        echo "$NAMESPACE was not seeded: kubectl --namespace $NAMESPACE logs job/$JOB --all-containers says why"
        exit 1
        ;;
    esac
    [ "$left" -gt 0 ] || break
    left=$((left - 1))
    sleep "$POLL_SECONDS"
done
echo "$NAMESPACE is not seeded yet: write enabled: false for it, and enable it once job/$JOB is complete."
echo "kubectl --namespace $NAMESPACE logs job/$JOB --all-containers --follow shows how far it is; a pod that does not"
echo "start waits for the claim of the node's files (docs/runbooks/seeding.md)"
exit 1
