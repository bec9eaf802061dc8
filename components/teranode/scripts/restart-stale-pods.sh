#!/bin/sh
# Restarts the pods that started before their settings last changed, Deployment by Deployment in the order given: the
# next one's are deleted once the last one's successors are ready. Pods that know their settings are left alone, so it
# may run as often as it likes. Pods are deleted, because a change of a Deployment itself is undone by the operator.
# What cannot be read is asked again until the time is up: nothing read is not nothing to do.
set -eu
trap 'exit 143' TERM # the first process of a container ignores what it does not handle
: "${NAMESPACE:?}" "${CONFIG_MAP:?}" "${EXTERNAL_SECRET:?}" "${DEPLOYMENTS:?}" "${TIMEOUT_SECONDS:?}"
POLL_SECONDS=5
PODS='{range .items[*]}{.metadata.name}|{.metadata.creationTimestamp}|{.status.conditions[?(@.type=="Ready")].status}'
PODS="$PODS"'{"\n"}{end}'
# When Pulumi last changed an object. What others write into it (a status, each time a secret is looked at) counts not.
APPLIED='{range .metadata.managedFields[?(@.operation=="Apply")]}{.time}{"\n"}{end}'

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

read_last_change() {
    of_settings=$(kubernetes get configmap "$CONFIG_MAP" --show-managed-fields --output "jsonpath=$APPLIED") || return 1
    of_secrets=$(kubernetes get externalsecret "$EXTERNAL_SECRET" --show-managed-fields \
        --output "jsonpath=$APPLIED") || return 1
    [ -n "$of_settings" ] && [ -n "$of_secrets" ] || return 1
    changed=$(printf '%s\n%s\n' "$of_settings" "$of_secrets" | LC_ALL=C sort | tail -n 1)
}

read_pods() {
    pods=$(kubernetes get pods --selector "app=$1" --output "jsonpath=$PODS")
}

read_wanted() {
    wanted=$(kubernetes get deployment "$1" --output 'jsonpath={.spec.replicas}') && [ -n "$wanted" ]
}

# Of the pods read last. Times are in UTC and of one form, so their order is that of their texts. Of the same second is
# taken for older.
stale() {
    printf '%s\n' "$pods" | while IFS='|' read -r pod created _; do
        if [ -n "$pod" ] && [ "$(printf '%s\n%s\n' "$changed" "$created" | LC_ALL=C sort | tail -n 1)" = "$changed" ]; then
            echo "$pod"
        fi
    done
}

is_renewed() {
    read_pods "$1" && [ -z "$(stale)" ] && [ "$(printf '%s\n' "$pods" | grep -c '|True$')" -ge "$wanted" ]
}

until secret_is_synced; do pause "$EXTERNAL_SECRET to be synced"; done
until read_last_change; do pause "an answer about $CONFIG_MAP and $EXTERNAL_SECRET"; done
echo "$NAMESPACE: settings of $changed"
for deployment in $DEPLOYMENTS; do
    until read_pods "$deployment" && read_wanted "$deployment"; do pause "an answer about $deployment"; done
    old=$(stale)
    [ -n "$old" ] || continue
    # shellcheck disable=SC2086 (one argument for each pod)
    kubernetes delete pod --ignore-not-found --wait=false $old
    until is_renewed "$deployment"; do pause "$deployment"; done
    echo "$deployment was restarted"
done
