"""Helm charts and container images (IMG-1, IMG-3, K8S-5, AER-10)."""

import re
from collections.abc import Iterator, Mapping, Sequence

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import HELM_RELEASE, POD_DISRUPTION_BUDGET, WORKLOADS
from .values import Json, join

REPOSITORIES = frozenset(
    {
        "aerospike.github.io",
        "aws.github.io",
        "charts.external-secrets.io",
        "charts.jetstack.io",
        "ghcr.io",
        "kubernetes-sigs.github.io",
        "prometheus-community.github.io",
        "strimzi.io",
    }
)
"""Hosts on which the projects behind the charts publish them. A mirror of one's own is added here."""

_ECR = re.compile(r"\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_EXACT_VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
_HOST = re.compile(r"(?:https|oci)://([^/:]+)")
_DIGEST = re.compile(r"(sha256:)?[0-9a-f]{64}")
_REPLICA_KEYS = frozenset({"replicas", "replicaCount"})
_SPREAD_KEYS = frozenset({"topologySpreadConstraints", "affinity"})
_MIN_REPLICAS = 2
_AEROSPIKE_OPERATOR = "aerospike-kubernetes-operator"


def _in_cluster(graph: Graph) -> Iterator[Resource]:
    for resource in graph.of_package("kubernetes"):
        if resource.type in (HELM_RELEASE, *WORKLOADS) or any(_images(resource.properties)):
            yield resource


@rule(
    "IMG-1",
    title="Images have a fixed version, on mainnet a digest",
    reason="A tag can be moved: what was tested is then not what runs.",
    source="CIS 5.1.4",
    remedy="Pin the image in infra/versions.py by tag and digest.",
    on=_in_cluster,
)
def pinned_images(graph: Graph, resource: Resource) -> Iterator[Problem]:
    resource.inputs.view("values" if resource.type == HELM_RELEASE else "spec")
    for path, tag, digest in _images(resource.properties):
        if not tag and not digest:
            yield Problem("the image has no version", path)
        elif tag == "latest" and not digest:
            yield Problem("the image is whatever is latest", path)
        elif graph.strict and not digest:
            yield Problem(f"the image is pinned by its tag {tag} only", path)


@rule(
    "IMG-3",
    title="Charts have an exact version and come from their projects, or a mirror in ECR",
    reason="What installs with the rights of an operator must be known.",
    source="SLSA practice",
    remedy="Pin the chart in infra/versions.py; add the host of a mirror to the list in policies/rules/charts.py.",
    on=(HELM_RELEASE,),
)
def known_charts(graph: Graph, release: Resource) -> Iterator[Problem]:
    version = release.inputs.text("version")
    if not _EXACT_VERSION.fullmatch(version):
        yield Problem(f"the version {version or 'of the day'} is not exact", "version")
    source = release.inputs.text("repositoryOpts.repo") or release.inputs.text("chart")
    host = _HOST.match(source)
    if host is None:
        if graph.strict:
            yield Problem("the chart comes from a folder on somebody's disk", "chart")
    elif host[1] not in REPOSITORIES and not _ECR.fullmatch(host[1]):
        yield Problem(f"{host[1]} is no known source of charts", "repositoryOpts.repo")


@rule(
    "K8S-5",
    title="Operators run at least twice, apart, and are not drained together",
    reason="A dead operator leaves its resources unattended; a dead webhook blocks the API.",
    source="EKS best practices (reliability)",
    remedy="Set high_availability; the values of the charts follow it.",
    on=(HELM_RELEASE,),
    tiers=MAINNET_ONLY,
)
def highly_available(graph: Graph, release: Resource) -> Iterator[Problem]:
    values = release.inputs.view("values").raw
    counts = [(path, value) for key, path, value in _entries(values) if key in _REPLICA_KEYS]
    for path, count in counts:
        if not isinstance(count, int | float) or count < _MIN_REPLICAS:
            yield Problem(f"the number of replicas is {count}", join("values", path))
    if not counts:
        return  # one pod on each node, as a daemon set has
    # What an executable of this repository adds to the rendered chart is not in the values; its own test sees it.
    adds_spread = bool(release.inputs.text("postrender"))
    if not adds_spread and not any(key in _SPREAD_KEYS and value for key, _, value in _entries(values)):
        yield Problem("nothing keeps the replicas apart", "values")
    namespace = release.inputs.text("namespace")
    own = any(_is_budget(value) for key, _, value in _entries(values) if key == "podDisruptionBudget")
    beside = any(
        budget.provider == release.provider and budget.inputs.text("metadata.namespace") == namespace
        for budget in graph.of_type(POD_DISRUPTION_BUDGET)
    )
    if not own and not beside:
        yield Problem("no budget keeps a drain from stopping all replicas", "values")


@rule(
    "AER-10",
    title="Aerospike's operator watches named namespaces, from one of its own, with the image of its chart",
    reason="It may run commands in pods and read secrets: where it looks, and which version does so, must be known.",
    source="AKO config/rbac/role.yaml",
    remedy="Name the miners in watchNamespaces, without spaces; move chart and image together.",
    on=(HELM_RELEASE,),
)
def aerospike_operator(graph: Graph, release: Resource) -> Iterator[Problem]:
    if release.inputs.text("chart").rpartition("/")[2] != _AEROSPIKE_OPERATOR:
        return
    watched = release.inputs.text("values.watchNamespaces")
    if not re.fullmatch(r"[a-z0-9-]+(,[a-z0-9-]+)*", watched):
        yield Problem(f"it watches {watched or 'every namespace'!r}", "values.watchNamespaces")
    image = release.inputs.text("values.operatorImage.tag").partition("@")[0]
    if image.removeprefix("v") != release.inputs.text("version").removeprefix("v"):
        yield Problem(f"the image {image} is not that of the chart", "values.operatorImage.tag")
    namespace = release.inputs.text("namespace")
    shared = [
        other
        for other in graph.of_type(HELM_RELEASE)
        if other is not release and other.provider == release.provider and other.inputs.text("namespace") == namespace
    ]
    if shared:
        yield Problem(f"it shares its namespace with {shared[0].name}", "namespace")


def _is_budget(value: Json) -> bool:
    return isinstance(value, Mapping) and bool(value.get("enabled", value.get("minAvailable")))


def _entries(value: Json, path: str = "") -> Iterator[tuple[str, str, Json]]:
    """Every key below a value, with its path and what stands there."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key, join(path, key), inner
            yield from _entries(inner, join(path, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, inner in enumerate(value):
            yield from _entries(inner, join(path, str(index)))


def _images(properties: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    """Path, tag and digest of each image: written out under `image`, or in parts as charts want it."""
    for key, path, value in _entries(properties):
        if key == "image" and isinstance(value, str) and "/" in value:
            name, _, digest = value.partition("@")
            yield path, name.rpartition("/")[2].partition(":")[2], digest
        elif isinstance(value, Mapping) and isinstance(value.get("repository"), str):
            tag, _, digest = str(value.get("tag") or "").partition("@")
            parts = (digest, str(value.get("digest") or ""), str(value.get("sha") or ""))
            yield path, tag, next((part for part in parts if _DIGEST.fullmatch(part)), "")


RULES: tuple[Rule, ...] = (pinned_images, known_charts, highly_available, aerospike_operator)
