"""What custom resources need of their operators: definitions before, a running operator as long as they exist."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulator.custom_resources import DEFINITIONS
from simulator.rules import tokens as t
from simulator.rules.kubernetes import kind_of
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.values import JSON
from simulator.world import Thing

DEFINITIONS_LABEL = "teranode-infra/definitions"
"""Label of the Job that applies a chart's definitions; its value is the name of the chart."""

SNAPSHOT_CONTROLLER = "snapshot-controller"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who serves an API group: the charts of which any brings its definitions, and whether it acts on its objects."""

    charts: frozenset[str]
    reconciles: bool = True
    addon: str = ""
    """The EKS add-on that brings the definitions instead of a chart."""


OPERATORS: Mapping[str, Operator] = {
    "asdb.aerospike.com": Operator(frozenset({"aerospike-kubernetes-operator"})),
    "cert-manager.io": Operator(frozenset({"cert-manager"})),
    "elbv2.k8s.aws": Operator(frozenset({"aws-load-balancer-controller"})),
    "external-secrets.io": Operator(frozenset({"external-secrets"})),
    "kafka.strimzi.io": Operator(frozenset({"strimzi-kafka-operator"})),
    "monitoring.coreos.com": Operator(
        frozenset({"kube-prometheus-stack", "prometheus-operator-crds"}), reconciles=False
    ),
    "teranode.bsvblockchain.org": Operator(frozenset({"teranode-operator"})),
    "snapshot.storage.k8s.io": Operator(frozenset(), reconciles=False, addon=SNAPSHOT_CONTROLLER),
}
"""By API group. What only Prometheus reads needs no operator to exist, or to be deleted."""

_CUSTOM = tuple(DEFINITIONS)

book = RuleBook()


def group_of(token: str) -> str:
    """The API group of a resource type, empty for other providers' types."""
    return token.split(":")[1].partition("/")[0] if token.startswith("kubernetes:") else ""


def chart_of(release: Thing) -> str:
    """The name of a release's chart: of a path or an OCI address the last part, of an archive without its version."""
    return chart_named(release.inputs)


def chart_named(inputs: Mapping[str, JSON]) -> str:
    """The same of a release that is only asked for."""
    last = next(iter(texts_at(inputs, "chart")), "").rstrip("/").rpartition("/")[2]
    version = next(iter(texts_at(inputs, "version")), "")
    return last.removesuffix(".tgz").removesuffix(f"-{version}")


@book.rule("custom-resource-definition", "NotFound", _CUSTOM)
def _definition(attempt: Attempt) -> str | None:
    operator = OPERATORS[group_of(attempt.token)]
    if operator.addon and _has_addon(attempt, operator.addon):
        return None
    jobs = attempt.find(t.JOB)
    applied = {chart for job in jobs for chart in _labelled(job)}
    brought = {chart_of(one) for one in attempt.find(t.RELEASE) if one.inputs.get("skipCrds") is not True}
    if operator.charts & (applied | brought):
        return None
    version, _, kind = attempt.token.removeprefix("kubernetes:").rpartition(":")
    needed = " or ".join(sorted(operator.charts)) or f"the add-on {operator.addon}"
    return f'no matches for kind "{kind}" in version "{version}": nothing has applied the definitions of {needed}'


@book.rule("custom-resource-operator", "InternalError", _CUSTOM, Operation.CREATE, Operation.UPDATE)
def _operator(attempt: Attempt) -> str | None:
    operator = OPERATORS[group_of(attempt.token)]
    if not operator.reconciles or any(chart_of(one) in operator.charts for one in attempt.find(t.RELEASE)):
        return None
    return (
        f"no release of {' or '.join(sorted(operator.charts))} runs in the cluster: no webhook answers for the "
        f"{kind_of(attempt.token)} and nothing acts on it"
    )


@book.rule("release-serves-custom-resources", "Conflict", t.RELEASE, Operation.DELETE)
def _release_serves(attempt: Attempt) -> str | None:
    if attempt.thing is None:
        return None
    chart = chart_of(attempt.thing)
    groups = {group for group, operator in OPERATORS.items() if chart in operator.charts and operator.reconciles}
    left = [one for one in attempt.view.in_cluster(attempt.cluster) if group_of(one.token) in groups]
    if not left:
        return None
    shown = ", ".join(f"{kind_of(one.token)} {one.id}" for one in left[:3])
    return f"{len(left)} custom resources are left whose finalizers only {chart} removes: {shown}"


@book.rule("kafka-has-nodes", "NotReady", t.KAFKA)
def _kafka_has_nodes(attempt: Attempt) -> str | None:
    if _of_cluster(attempt, t.KAFKA_NODE_POOL):
        return None
    return "KafkaNodePools are required: none is labelled strimzi.io/cluster with the name of this Kafka"


@book.rule("kafka-topics-first", "Conflict", t.KAFKA, Operation.DELETE)
def _kafka_topics_first(attempt: Attempt) -> str | None:
    topics = _of_cluster(attempt, t.KAFKA_TOPIC)
    if not topics:
        return None
    return f"{len(topics)} topics are left whose finalizer only this Kafka's topic operator removes: {topics[0].id}"


@book.rule("external-secret-store", "SecretStoreNotFound", t.EXTERNAL_SECRET, Operation.CREATE, Operation.UPDATE)
def _external_secret_store(attempt: Attempt) -> str | None:
    name, kind = attempt.text("spec.secretStoreRef.name"), attempt.text("spec.secretStoreRef.kind") or "SecretStore"
    if not name or kind != "SecretStore" or _named(attempt.find(t.SECRET_STORE), name, _namespace(attempt.inputs)):
        return None
    return f'could not get SecretStore "{name}": not found in namespace {_namespace(attempt.inputs)}'


def _of_cluster(attempt: Attempt, token: str) -> list[Thing]:
    """The node pools or topics that say by their label that they belong to the Kafka of the attempt."""
    name, namespace = attempt.text("metadata.name"), _namespace(attempt.inputs)
    return [
        one
        for one in attempt.find(token)
        if _namespace(one.inputs) == namespace and _labels(one).get("strimzi.io/cluster") == name
    ]


def _named(things: list[Thing], name: str, namespace: str) -> bool:
    return any(name in texts_at(one.inputs, "metadata.name") and _namespace(one.inputs) == namespace for one in things)


def _namespace(inputs: Mapping[str, object]) -> str:
    return next(iter(texts_at(dict(inputs), "metadata.namespace")), "default")


def _labels(thing: Thing) -> Mapping[str, object]:
    metadata = thing.inputs.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, Mapping) else None
    return labels if isinstance(labels, Mapping) else {}


def _labelled(job: Thing) -> list[str]:
    chart = _labels(job).get(DEFINITIONS_LABEL)
    return [str(chart)] if chart else []


def _has_addon(attempt: Attempt, name: str) -> bool:
    addons = attempt.view.in_place(t.ADDON, attempt.place)
    cluster = attempt.cluster.rpartition("/")[2]
    return any(name in texts_at(one.inputs, "addonName") and one.inputs.get("clusterName") == cluster for one in addons)
