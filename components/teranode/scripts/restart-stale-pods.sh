#!/bin/sh
# Restarts the pods that started before their settings last changed, Deployment by Deployment in the order given: the
# next one's are deleted once the last one's successors are ready. Pods that know their settings are left alone, so it
# may run as often as it likes. Pods are deleted, because a change of a Deployment itself is undone by the operator.
set -eu
: "${NAMESPACE:?}" "${CONFIG_MAP:?}" "${EXTERNAL_SECRET:?}" "${DEPLOYMENTS:?}" "${TIMEOUT_SECONDS:?}"
POLL_SECONDS=5
PODS='{range .items[*]}{.metadata.name}|{.metadata.creationTimestamp}|{.status.conditions[?(@.type=="Ready")].status}'
PODS="$PODS"'{"\n"}{end}'

kubernetes() {
    kubectl --namespace "$NAMESPACE" --request-timeout 60s "$@"
}

left=$((TIMEOUT_SECONDS / POLL_SECONDS))
pause() {
    if [ "$left" -le 0 ]; then
        echo "$NAMESPACE: after $TIMEOUT_SECONDS s still waiting for $1"
        exit 1
    fi
    left=$((left - 1))
    sleep "$POLL_SECONDS"
}

# The Secret follows its ExternalSecret some moments later; which generation it holds is said before the hyphen.
secret_is_synced() {
    found=$(kubernetes get externalsecret "$EXTERNAL_SECRET" \
        --output 'jsonpath={.metadata.generation} {.status.syncedResourceVersion}') || return 1
    case ${found#* } in
    "${found% *}-"*) return 0 ;;
    *) return 1 ;;
    esac
}

last_change() {
    {
        kubernetes get configmap "$CONFIG_MAP" --show-managed-fields \
            --output 'jsonpath={range .metadata.managedFields[*]}{.time}{"\n"}{end}'
        kubernetes get externalsecret "$EXTERNAL_SECRET" --output 'jsonpath={.status.refreshTime}{"\n"}'
    } | LC_ALL=C sort | tail -n 1
}

pods_of() {
    kubernetes get pods --selector "app=$1" --output "jsonpath=$PODS"
}

# Times are in UTC and of one form, so their order is that of their texts. Of the same second is taken for older.
stale() {
    pods_of "$1" | while IFS='|' read -r pod created _; do
        if [ -n "$pod" ] && [ "$(printf '%s\n%s\n' "$changed" "$created" | LC_ALL=C sort | tail -n 1)" = "$changed" ]; then
            echo "$pod"
        fi
    done
}

ready() {
    pods_of "$1" | grep -c '|True$' || true
}

until secret_is_synced; do pause "$EXTERNAL_SECRET to be synced"; done
changed=$(last_change)
echo "$NAMESPACE: settings of $changed"
for deployment in $DEPLOYMENTS; do
    old=$(stale "$deployment")
    [ -n "$old" ] || continue
    wanted=$(kubernetes get deployment "$deployment" --output 'jsonpath={.spec.replicas}')
    # shellcheck disable=SC2086 (one argument for each pod)
    kubernetes delete pod --ignore-not-found --wait=false $old
    until [ -z "$(stale "$deployment")" ] && [ "$(ready "$deployment")" -ge "$wanted" ]; do pause "$deployment"; done
    echo "$deployment was restarted"
done
