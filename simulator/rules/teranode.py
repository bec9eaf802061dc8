"""What Teranode's operator and its chart need, and leave hanging where it is missing: the words are the events'."""

from collections.abc import Mapping

from simulator.rules import tokens as t
from simulator.rules.operators import chart_named, chart_of
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.values import JSON

CHART = "teranode-operator"
_WATCHED = "values.deployment.env.watch_namespace"

_DELETION = "pulumi.com/deletionPropagationPolicy"

book = RuleBook()


@book.rule("teranode-watched-namespaces", "NotFound", t.RELEASE, Operation.CREATE, Operation.UPDATE)
def _watched_namespaces(attempt: Attempt) -> str | None:
    if chart_named(attempt.inputs) != CHART:
        return None
    there = {name for one in attempt.find(t.NAMESPACE) for name in texts_at(one.inputs, "metadata.name")}
    for name in _watched(attempt.inputs):
        if name not in there:
            return f'its Role teranode-operator-sr-role cannot be made: namespaces "{name}" not found'
    return None


@book.rule("teranode-cluster-watched", "NotReconciled", t.TERANODE)
def _cluster_watched(attempt: Attempt) -> str | None:
    namespace = attempt.text("metadata.namespace")
    releases = [one for one in attempt.find(t.RELEASE) if chart_of(one) == CHART]
    if not releases or any(namespace in (_watched(one.inputs) or [namespace]) for one in releases):
        return None
    return f"no operator watches namespace {namespace}: nothing is made of the Cluster, and nothing says so"


@book.rule("teranode-cluster-alone", "Conflict", t.TERANODE)
def _cluster_alone(attempt: Attempt) -> str | None:
    namespace = attempt.text("metadata.namespace")
    others = [one for one in attempt.find(t.TERANODE) if namespace in texts_at(one.inputs, "metadata.namespace")]
    if not others:
        return None
    return f"{others[0].id} is in the namespace already: the names of Deployments are fixed, both would own them"


@book.rule("teranode-settings-exist", "CreateContainerConfigError", t.TERANODE)
def _settings_exist(attempt: Attempt) -> str | None:
    namespace, wanted = attempt.text("metadata.namespace"), attempt.text("spec.configMapName")
    if wanted not in _names(attempt, t.CONFIG_MAP, namespace):
        return f'configmap "{wanted}" not found: no container starts'
    for secret in attempt.texts("spec.envFrom.secretRef.name"):
        if secret not in _names(attempt, t.EXTERNAL_SECRET, namespace):
            return f'secret "{secret}" not found: no container starts'
    return None


@book.rule("teranode-storage-fits", "Pending", t.TERANODE)
def _storage_fits(attempt: Attempt) -> str | None:
    wanted = attempt.text("spec.sharedStorage.storageVolume")
    if not wanted or any(wanted in texts_at(one.inputs, "metadata.name") for one in attempt.find(t.PERSISTENT_VOLUME)):
        return None
    return f'persistentvolume "{wanted}" not found: all services but blockchain and pruner wait for it for ever'


@book.rule("teranode-cluster-ends", "DeadlineExceeded", t.TERANODE, Operation.DELETE)
def _cluster_ends(attempt: Attempt) -> str | None:
    metadata = attempt.inputs.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    if isinstance(annotations, Mapping) and annotations.get(_DELETION) == "background":
        return None
    return (
        "the operator makes what a dying Cluster owns anew, for which foreground deletion waits: "
        f"it never ends without the annotation {_DELETION}: background"
    )


def _watched(inputs: Mapping[str, JSON]) -> list[str]:
    """Split as chart and operator do: a space is part of a name."""
    text = next(iter(texts_at(inputs, _WATCHED)), "")
    return text.split(",") if text else []


def _names(attempt: Attempt, token: str, namespace: str) -> set[str]:
    return {
        name
        for one in attempt.find(token)
        if namespace in texts_at(one.inputs, "metadata.namespace")
        for name in texts_at(one.inputs, "metadata.name")
    }
