"""Teranode's nodes and their operator (TER-1, TER-2)."""

import re
from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import HELM_RELEASE, NAMESPACE, TERANODE
from .values import View

_DELETION = "pulumi.com/deletionPropagationPolicy"
_SERVICES = frozenset(
    {
        "alertSystem",
        "asset",
        "blockAssembly",
        "blockPersister",
        "blockValidator",
        "blockchain",
        "bootstrap",
        "coinbase",
        "legacy",
        "peer",
        "propagation",
        "pruner",
        "rpc",
        "subtreeValidator",
        "utxoPersister",
        "validator",
    }
)
_NEEDED = frozenset(
    {"asset", "blockAssembly", "blockValidator", "blockchain", "peer", "propagation", "subtreeValidator"}
)
_APPENDED_FOR_EVER = ("env", "imagePullSecrets")
_OPERATOR = "teranode-operator"
_WATCHED = "values.deployment.env.watch_namespace"


@rule(
    "TER-1",
    title="A node's Cluster is one that its operator serves whole",
    reason="What is missing is refused or gets a default that harms; what is appended rolls a service without end.",
    source="teranode-operator api/v1alpha1/cluster_types.go, internal/controller",
    remedy="Make the spec with cluster_spec of components/teranode.",
    on=(TERANODE,),
)
def served_whole(_graph: Graph, cluster: Resource) -> Iterator[Problem]:
    spec = cluster.inputs.view("spec")
    for service in sorted(_SERVICES):
        entry = spec.view(service)
        if entry.get("enabled") is None or entry.get("spec") is None:
            yield Problem(f"{service} is not written out", entry.path)
    running = {service for service in _SERVICES if spec.flag(f"{service}.enabled")}
    for service in sorted(_NEEDED - running):
        yield Problem(f"{service} does not run: a node is stopped as a whole", f"spec.{service}.enabled")
    if "blockAssembly" in running and _overrides(spec, "blockAssembly").number("replicas", 2) != 1:
        yield Problem("block assembly has not exactly one replica: blocks get lost", "spec.blockAssembly")
    if cluster.inputs.view("metadata.annotations").raw.get(_DELETION) != "background":
        yield Problem("its deletion would never end: the operator makes what a dying Cluster owns anew", "metadata")
    image = spec.text("image")
    if not image:
        yield Problem("no image is named: the operator's own is private and old", "spec.image")
    elif "rpc" in running and _overrides(spec, "rpc").text("image") != image:
        yield Problem("rpc would keep the image that it has", "spec.rpc.spec.deploymentOverrides.image")
    for key in _APPENDED_FOR_EVER:
        if spec.has(key):
            yield Problem("the operator appends it anew on every pass", f"spec.{key}")


@rule(
    "TER-2",
    title="Teranode's operator watches exactly the miners of its cluster, and its chart is mended",
    reason="An unwatched node never starts, and nothing says so; an empty list is every namespace there is.",
    source="teranode-operator-helm templates/, teranode-operator cmd/main.go",
    remedy="Name the miners in watch_namespace, without spaces, and keep tools/postrender as its post-renderer.",
    on=(HELM_RELEASE,),
)
def watches_its_miners(graph: Graph, release: Resource) -> Iterator[Problem]:
    if release.inputs.text("chart").rpartition("/")[2] != _OPERATOR:
        return
    watched = release.inputs.text(_WATCHED)
    if not re.fullmatch(r"[a-z0-9-]+(,[a-z0-9-]+)*", watched):
        yield Problem(f"it watches {watched or 'every namespace'!r}", _WATCHED)
    miners = {
        namespace.inputs.text("metadata.name")
        for namespace in graph.of_type(NAMESPACE)
        if namespace.provider == release.provider
        and namespace.inputs.view("metadata.labels").raw.get("teranode-infra/role") == "miner"
    }
    for name in sorted(miners - set(watched.split(","))):
        yield Problem(f"it does not watch {name}", _WATCHED)
    if not release.inputs.text("postrender").startswith("tools/postrender/"):
        yield Problem("what the chart hard-codes is installed as it is", "postrender")


def _overrides(spec: View, service: str) -> View:
    return spec.view(f"{service}.spec.deploymentOverrides")


RULES: tuple[Rule, ...] = (served_whole, watches_its_miners)
