"""What is watched of a region's Kubernetes control plane and of its way out. No resources.

Nodes are not among it: one that does not answer is an alert (`NodeUnready`), which knows its name.
"""

from collections.abc import Mapping

import pulumi

from components.alarms.watch import Comparison, Formula, Silence, Watch

_GIB = 1024**3

ERRORS_PERCENT = 5
THROTTLES_PER_MINUTE = 60
STORAGE_GIB = 6
NAT_DROPS_PERCENT = 0.01


def control_plane_watches(cluster: pulumi.Input[str]) -> tuple[Watch, ...]:
    """What EKS publishes of every cluster by itself (`AWS/EKS`, since Kubernetes 1.28), once a minute and for free.

    - Errors: 5 % of all requests for a quarter of an hour. A choice of this project: single ones are retried.
    - Throttled requests: one each second for a quarter of an hour. A choice of this project: clients back off and come
      again, so a burst means nothing.
    - Storage: EKS makes a cluster read-only at 8 GiB of etcd (best practices guide, "etcd database size"); three
      quarters of it leave time to look. Reported by every control plane that lives, so its silence is the alarm too.
    """
    dimensions = {"ClusterName": cluster}
    return (
        Watch(
            name="control-plane-errors",
            section="ControlPlaneErrors",
            namespace="AWS/EKS",
            metric=Formula(
                expression="100 * failed / total",
                metrics={"failed": "apiserver_request_total_5XX", "total": "apiserver_request_total"},
            ),
            dimensions=dimensions,
            statistic="Sum",
            comparison=Comparison.ABOVE,
            threshold=ERRORS_PERCENT,
            periods=15,
            description="The Kubernetes API server answers many requests with an error of its own. Look for a webhook "
            "that fails, then at the AWS Health Dashboard.",
        ),
        Watch(
            name="control-plane-throttles",
            section="ControlPlaneThrottles",
            namespace="AWS/EKS",
            metric="apiserver_request_total_429",
            dimensions=dimensions,
            statistic="Sum",
            comparison=Comparison.ABOVE,
            threshold=THROTTLES_PER_MINUTE,
            periods=15,
            description="The Kubernetes API server turns requests away because there are too many. Find the client "
            "that asks so often in the audit log.",
        ),
        Watch(
            name="control-plane-storage",
            section="ControlPlaneStorage",
            namespace="AWS/EKS",
            metric="apiserver_storage_size_bytes",
            dimensions=dimensions,
            statistic="Maximum",
            comparison=Comparison.ABOVE,
            threshold=STORAGE_GIB * _GIB,
            periods=15,
            silence=Silence.BROKEN,
            description="etcd of the cluster is nearly full, and read-only when it is; or the control plane reports "
            "nothing. Find what there are too many objects of.",
        ),
    )


def nat_watches(gateways: Mapping[str, pulumi.Input[str]]) -> tuple[Watch, ...]:
    """Every NAT gateway, by its zone: connections that find no port, and packets that it drops.

    - Ports: any, for a quarter of an hour (AWS).
    - Drops: 0.01 % of all packets (VPC user guide, "PacketsDropCount"), for a quarter of an hour.
    """
    return tuple(watch for zone, gateway in gateways.items() for watch in _nat(zone, {"NatGatewayId": gateway}))


def _nat(zone: str, dimensions: Mapping[str, pulumi.Input[str]]) -> tuple[Watch, Watch]:
    ports = Watch(
        name=f"nat-{zone}-ports",
        section="NatPorts",
        namespace="AWS/NATGateway",
        metric="ErrorPortAllocation",
        dimensions=dimensions,
        statistic="Sum",
        comparison=Comparison.ABOVE,
        threshold=0,
        periods=15,
        description=f"The NAT gateway of {zone} has no port left for new connections to one destination. Find who "
        "opens so many in the flow log.",
    )
    drops = Watch(
        name=f"nat-{zone}-drops",
        section="NatDrops",
        namespace="AWS/NATGateway",
        metric=Formula(
            expression="100 * dropped / (sent + received)",
            metrics={
                "dropped": "PacketsDropCount",
                "received": "PacketsInFromDestination",
                "sent": "PacketsInFromSource",
            },
        ),
        dimensions=dimensions,
        statistic="Sum",
        comparison=Comparison.ABOVE,
        threshold=NAT_DROPS_PERCENT,
        periods=15,
        description=f"The NAT gateway of {zone} drops packets. Look at the AWS Health Dashboard; with nat: perZone the "
        "other zones have their own.",
    )
    return ports, drops
