"""Mend what the chart of Teranode's operator hard-codes: rendered objects in at standard input, mended ones out.

Charts 0.2.1 to 0.2.3 (templates/deployment.yaml) know no values for any of it:

- A proxy guards the metrics, whose image was taken off its registry, so that no installation becomes ready. It goes,
  with its Service and rights: the metrics are open to pods that the namespace's policies admit.
- The operator has 128 MiB, in which the objects of several nodes do not fit beside definitions of this size.
- Its pods may be scheduled anywhere and both at one place, are the first to be evicted, and fall short of the level
  `restricted` of Pod Security, which their namespace enforces.

A chart that no longer looks like that stops the installation: this file is then read, and what upstream has mended
taken out of it.
"""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

Object = dict[str, Any]

DEPLOYMENT = "teranode-operator-controller-manager"
METRICS_PORT = 8080
NODE_SELECTOR = {"kubernetes.io/os": "linux", "teranode.io/pool": "system"}
PRIORITY_CLASS = "system-cluster-critical"
RESOURCES = {"requests": {"cpu": "50m", "memory": "512Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}
USER = 65532
"""The `nonroot` user of distroless images, as the image's own is."""

_PROXY = "kube-rbac-proxy"
_MANAGER = "manager"
_LOOPBACK_METRICS = "--metrics-bind-address=127.0.0.1:8080"
_OF_THE_PROXY = {
    ("ClusterRole", "teranode-operator-metrics-reader"),
    ("ClusterRole", "teranode-operator-proxy-role"),
    ("ClusterRoleBinding", "teranode-operator-proxy-rolebinding"),
    ("Service", "teranode-operator-controller-manager-metrics-service"),
}


class UnexpectedChartError(Exception):
    """The chart is not the one that this file mends."""


def mended(objects: Iterable[Object]) -> list[Object]:
    """The chart's objects with the operator's Deployment mended; raises `UnexpectedChartError` for another chart."""
    kept = [one for one in objects if (one["kind"], one["metadata"]["name"]) not in _OF_THE_PROXY]
    deployments = [one for one in kept if one["kind"] == "Deployment"]
    if [one["metadata"]["name"] for one in deployments] != [DEPLOYMENT]:
        raise UnexpectedChartError(f"its Deployments are not {DEPLOYMENT} alone")
    spec = deployments[0]["spec"]
    _mend_pod(spec["template"]["spec"], spec["selector"]["matchLabels"])
    return kept


def _mend_pod(pod: Object, labels: dict[str, str]) -> None:
    containers = {container["name"]: container for container in pod["containers"]}
    if containers.keys() != {_PROXY, _MANAGER}:
        raise UnexpectedChartError(f"the containers of {DEPLOYMENT} are {', '.join(sorted(containers))}")
    manager = containers[_MANAGER]
    if _LOOPBACK_METRICS not in manager["args"]:
        raise UnexpectedChartError(f"the operator is not started with {_LOOPBACK_METRICS}")
    manager["args"] = [f"--metrics-bind-address=:{METRICS_PORT}" if _is_metrics(a) else a for a in manager["args"]]
    manager["ports"] = [{"containerPort": METRICS_PORT, "name": "metrics", "protocol": "TCP"}]
    manager["resources"] = RESOURCES
    manager["securityContext"] = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    pod["containers"] = [manager]
    pod["nodeSelector"] = NODE_SELECTOR
    pod["priorityClassName"] = PRIORITY_CLASS
    pod["securityContext"] = {"runAsNonRoot": True, "runAsUser": USER, "seccompProfile": {"type": "RuntimeDefault"}}
    pod["topologySpreadConstraints"] = [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(labels)},
        }
    ]


def _is_metrics(argument: str) -> bool:
    return argument == _LOOPBACK_METRICS


def _objects(text: str) -> Iterator[Object]:
    yield from (document for document in yaml.safe_load_all(text) if document)


def main() -> int:
    """Read from standard input, write to standard output; the reason of a failure is what Helm shows."""
    try:
        objects = mended(_objects(sys.stdin.read()))
    except (UnexpectedChartError, KeyError, TypeError) as problem:
        sys.stderr.write(
            f"the chart of Teranode's operator is not the one that tools/postrender/teranode_operator.py mends: "
            f"{problem}. Compare the chart's templates/deployment.yaml with that file, and take out what is mended\n"
        )
        return 1
    yaml.safe_dump_all(objects, sys.stdout, sort_keys=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
