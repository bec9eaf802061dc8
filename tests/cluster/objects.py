"""The Kubernetes objects of a stack, as an API server gets them, and the pods that controllers would make of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from simulator import Simulation
from simulator.graph import Graph
from simulator.types.kubernetes import is_built_in
from simulator.values import reveal
from tests.cluster.api import Object
from tests.support.stacks import NAMESPACE, ROOT

_PREFIX = "kubernetes:"
_RELEASE = "kubernetes:helm.sh/v3:Release"


@dataclass(frozen=True)
class Declared:
    """One object and the resource that declares it."""

    urn: str
    built_in: bool
    manifest: Object

    @property
    def kind(self) -> str:
        return f"{self.manifest['apiVersion']} {self.manifest['kind']}"

    @property
    def namespace(self) -> str:
        return self.manifest["metadata"].get("namespace", "default")


def regions(stack: str) -> list[str]:
    """The regions of a stack file, without evaluating it."""
    config = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    return sorted(config[f"{NAMESPACE}regions"])


def declared(simulation: Simulation, region: str) -> list[Declared]:
    """The objects of one region's cluster, each after those that it waits for."""
    resources, graph = simulation.by_urn, Graph(simulation.deployment)
    return [
        Declared(urn, is_built_in(node.type), _manifest(node.type, resources[urn].inputs))
        for urn in graph.in_order()
        if (node := graph.nodes[urn]).type.startswith(_PREFIX)
        and node.type != _RELEASE
        and graph.regions[urn] == region
    ]


def releases(simulation: Simulation, region: str) -> list[str]:
    """The charts that a region's cluster gets: only Helm knows what is in them."""
    graph = Graph(simulation.deployment)
    return sorted(
        str(node.inputs["chart"]).rpartition("/")[2]
        for urn, node in graph.nodes.items()
        if node.type == _RELEASE and graph.regions[urn] == region
    )


def _manifest(token: str, inputs: Mapping[str, Any]) -> Object:
    _, api_version, kind = token.split(":")
    given = {key: reveal(value) for key, value in inputs.items() if not key.startswith("__")}
    return {**given, "apiVersion": api_version.removeprefix("core/"), "kind": kind}


@dataclass(frozen=True)
class Followers:
    """What controllers would make of a workload."""

    lasting: Sequence[Object] = ()
    """Claims and pods that stay as long as the workload."""
    passing: Sequence[Object] = ()
    """Pods that end by themselves, so that nothing else has to leave room for them."""


def followers(manifest: Object) -> Followers:
    """The pods of a workload, and the claims that are made for them; of a DaemonSet the pod of one node."""
    spec = manifest.get("spec", {})
    match manifest["kind"]:
        case "Job":
            return Followers(passing=[_pod(manifest, spec["template"], 0)])
        case "CronJob":
            return Followers(passing=[_pod(manifest, spec["jobTemplate"]["spec"]["template"], 0)])
        case "DaemonSet":
            return Followers(lasting=[_pod(manifest, spec["template"], 0)])
        case "Deployment" | "StatefulSet":
            numbers = range(spec.get("replicas", 1))
            return Followers(lasting=[item for number in numbers for item in _with_claims(manifest, number)])
    return Followers()


def _with_claims(workload: Object, number: int) -> Iterator[Object]:
    spec = workload["spec"]
    volumes = []
    for claim in spec.get("volumeClaimTemplates", ()):
        volume = claim["metadata"]["name"]
        metadata = {**claim["metadata"], **_place(workload, number, f"{volume}-")}
        yield {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": claim["spec"]}
        volumes.append({"name": volume, "persistentVolumeClaim": {"claimName": metadata["name"]}})
    yield _pod(workload, spec["template"], number, volumes)


def _pod(workload: Object, template: Object, number: int, claimed: Sequence[Object] = ()) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**template.get("metadata", {}), **_place(workload, number)},
        "spec": {**template["spec"], "volumes": [*template["spec"].get("volumes", ()), *claimed]},
    }


def _place(workload: Object, number: int, before: str = "") -> Object:
    metadata = workload["metadata"]
    return {"name": f"{before}{metadata['name']}-{number}", "namespace": metadata.get("namespace", "default")}


def kinds(items: Iterable[Declared]) -> Sequence[str]:
    """The kinds of these objects, each once."""
    return sorted({item.kind for item in items})
