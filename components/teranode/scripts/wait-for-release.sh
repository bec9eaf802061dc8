#!/bin/sh
# The gate of a release: ends well once every Deployment of a miner runs IMAGE and is available, and stays so for a
# while; after TIMEOUT_SECONDS it fails and says of each that does not why. The condition of the Cluster resource tells
# nothing of that: it says that the operator has written its Deployments, not what became of their pods.
set -eu
trap 'exit 143' TERM # the first process of a container ignores what it does not handle
: "${NAMESPACE:?}" "${IMAGE:?}" "${DEPLOYMENTS:?}" "${TIMEOUT_SECONDS:?}" "${HOME:?}"
POLL_SECONDS=5
ERRORS=$HOME/errors # apart from the answer: kubectl warns of things that are no errors
STEADY_POLLS=3 # a container that dies at once is available for seconds
FIELDS='{.spec.template.spec.containers[0].image}|{.metadata.generation}|{.status.observedGeneration}|{.spec.replicas}'
FIELDS="$FIELDS"'|{.status.replicas}|{.status.updatedReplicas}|{.status.availableReplicas}'
WAITING='{range .items[*]}{.metadata.name}: {.status.phase} {.status.containerStatuses[0].state.waiting.reason} '
WAITING="$WAITING"'{.status.containerStatuses[0].lastState.terminated.reason}{"\n"}{end}'

kubernetes() {
    kubectl --namespace "$NAMESPACE" --request-timeout 20s "$@"
}

# Says what a Deployment lacks, nothing if it lacks nothing.
lack_of() {
    found=$(kubernetes get deployment "$1" --output "jsonpath=$FIELDS" 2>"$ERRORS") || {
        echo "cannot be read: $(cat "$ERRORS")"
        return
    }
    IFS='|' read -r image generation observed wanted replicas updated available <<EOF
$found
EOF
    if [ "$image" != "$IMAGE" ]; then
        echo "has the image $image"
    elif [ "${observed:-0}" -lt "$generation" ]; then
        echo "was changed, and nothing has acted on it"
    elif [ "${updated:-0}" -ne "$wanted" ] || [ "${replicas:-0}" -ne "$wanted" ]; then
        echo "has ${updated:-0} of $wanted pods of this release, ${replicas:-0} in all"
    elif [ "${available:-0}" -ne "$wanted" ]; then
        echo "has ${available:-0} of $wanted pods available"
    fi
}

report() {
    for deployment in $DEPLOYMENTS; do
        lack=$(lack_of "$deployment")
        [ -z "$lack" ] || printf '%s %s\n' "$deployment" "$lack"
    done
}

left=$((TIMEOUT_SECONDS / POLL_SECONDS))
steady=0
while :; do
    lacks=$(report)
    if [ -z "$lacks" ]; then
        steady=$((steady + 1))
        if [ "$steady" -ge "$STEADY_POLLS" ]; then
            echo "$NAMESPACE: every Deployment runs $IMAGE and is available"
            exit 0
        fi
    else
        steady=0
    fi
    [ "$left" -gt 0 ] || break
    left=$((left - 1))
    sleep "$POLL_SECONDS"
done
echo "$NAMESPACE: after $TIMEOUT_SECONDS s not everything runs $IMAGE:"
echo "${lacks:-no Deployment stayed available for long}"
echo "$lacks" | while read -r deployment _; do
    [ -n "$deployment" ] || continue
    kubernetes get pods --selector "app=$deployment" --output "jsonpath=$WAITING" 2>&1 || true
done
exit 1
