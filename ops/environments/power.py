"""What of an environment AWS can switch off and on: the nodes of its pools and its databases. Data stays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ops.aws.session import Aws
from ops.errors import UsageError
from simulator.graph import Graph
from simulator.values import at

POLL_S = 15
_MOST_POLLS = 160
"""Forty minutes: a database that stops makes a last copy of its log first, and nodes are drained for up to a quarter of
an hour."""

_CLUSTER, _GROUP = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
_INSTANCE, _AURORA = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"
_POOL_LABEL = "teranode.io/pool"
_UP = ("pending", "running", "shutting-down", "stopping")


class PowerError(UsageError):
    """Something cannot be switched; what is done stays, and the command can be repeated."""


class Power(StrEnum):
    """What is asked for."""

    OFF = "off"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Switchable:
    """What of one region can be switched, by the names that the program gives.

    Attributes:
        clusters: EKS clusters, all of whose node groups are meant.
        pool_sizes: nodes with which a group of each pool starts.
        databases: identifiers of RDS instances.
        aurora: identifiers of Aurora clusters, which stop with their instances.
    """

    region: str
    clusters: tuple[str, ...]
    pool_sizes: Mapping[str, int]
    databases: tuple[str, ...]
    aurora: tuple[str, ...]


def switchable(graph: Graph) -> tuple[Switchable, ...]:
    """What can be switched of the environment of ``graph``, which is awake, by region."""

    def named(region: str, token: str, key: str) -> tuple[str, ...]:
        nodes = (node for urn, node in graph.nodes.items() if node.type == token and graph.regions.get(urn) == region)
        return tuple(sorted(str(node.inputs.get(key)) for node in nodes))

    def sizes(region: str) -> dict[str, int]:
        groups = (node for urn, node in graph.nodes.items() if node.type == _GROUP and graph.regions.get(urn) == region)
        return {
            _pool(group.inputs.get("labels")): _number(at(group.inputs, "scalingConfig.minSize")) for group in groups
        }

    return tuple(
        Switchable(
            region=region,
            clusters=named(region, _CLUSTER, "name"),
            pool_sizes=sizes(region),
            databases=named(region, _INSTANCE, "identifier"),
            aurora=named(region, _AURORA, "clusterIdentifier"),
        )
        for region in sorted({graph.regions.get(urn, "") for urn, node in graph.nodes.items() if node.type == _CLUSTER})
    )


@dataclass(frozen=True, slots=True)
class Switch:
    """One thing to switch. ``push`` does what can be done now and tells how far it is: None is there."""

    name: str
    push: Callable[[], str | None]


def node_switches(aws: Aws, regions: Sequence[Switchable], power: Power) -> list[Switch]:
    """The node groups that there are, by region and name."""
    found = []
    for one in regions:
        eks = aws.client("eks", one.region)
        for cluster in one.clusters:
            pages = eks.get_paginator("list_nodegroups").paginate(clusterName=cluster)
            groups = sorted(name for page in pages for name in page["nodegroups"])
            found += [_group(aws, one, cluster, group, power) for group in groups]
    return found


def database_switches(aws: Aws, regions: Sequence[Switchable], power: Power) -> list[Switch]:
    """The databases."""
    found = []
    for one in regions:
        rds = aws.client("rds", one.region)
        found += [_instance(rds, name, one.region, power) for name in one.databases]
        found += [_aurora(rds, name, one.region, power) for name in one.aurora]
    return found


def switch(switches: Sequence[Switch], *, wait: Callable[[float], object], tell: Callable[[str], object]) -> None:
    """Push all of them until they are there.

    Raises:
        PowerError: one cannot be switched, or takes far too long.
    """
    under_way = dict.fromkeys(switches, "")
    for _ in range(_MOST_POLLS):
        states = {one: one.push() for one in under_way}
        under_way = {one: state for one, state in states.items() if state is not None}
        if not under_way:
            return
        tell("; ".join(f"{one.name}: {state}" for one, state in under_way.items()))
        wait(POLL_S)
    left = "; ".join(f"{one.name}: {state}" for one, state in under_way.items())
    raise PowerError(
        f"not there after {_MOST_POLLS * POLL_S // 60} minutes: {left}. Look there, then repeat the command"
    )


def _group(aws: Aws, one: Switchable, cluster: str, group: str, power: Power) -> Switch:
    eks, ec2 = aws.client("eks", one.region), aws.client("ec2", one.region)
    name = f"nodes of {group} in {one.region}"

    def push() -> str | None:
        found = eks.describe_nodegroup(clusterName=cluster, nodegroupName=group)["nodegroup"]
        scaling, state = found["scalingConfig"], found["status"]
        if state == "UPDATING":
            return "updating"
        if state not in ("ACTIVE", "DEGRADED"):
            raise PowerError(f"{name}: the group is {state}, which no change of its size ends: look at it in EKS")
        wanted = 0 if power is Power.OFF else max(one.pool_sizes.get(_pool(found.get("labels")), 1), 1)
        if power is Power.OFF and scaling["minSize"] > 0:
            raise PowerError(
                f"{name}: its least size is {scaling['minSize']}: an update with asleep: true allows it to be empty. "
                "Repeat the command, which makes one"
            )
        if scaling["desiredSize"] != wanted if power is Power.OFF else scaling["desiredSize"] < wanted:
            eks.update_nodegroup_config(clusterName=cluster, nodegroupName=group, scalingConfig={"desiredSize": wanted})
            return f"from {scaling['desiredSize']} to {wanted}"
        nodes = _instances(ec2, cluster, group)
        if power is Power.OFF:
            return f"{len(nodes)} to go" if nodes else None
        running = nodes.count("running")
        return f"{running} of {wanted}" if running < wanted else None

    return Switch(name, push)


def _instances(ec2: Any, cluster: str, group: str) -> list[str]:  # noqa: ANN401 (botocore has no types)
    """The states of a group's instances, which EKS tags with both names."""
    pages = ec2.get_paginator("describe_instances").paginate(
        Filters=[
            {"Name": "tag:eks:cluster-name", "Values": [cluster]},
            {"Name": "tag:eks:nodegroup-name", "Values": [group]},
            {"Name": "instance-state-name", "Values": list(_UP)},
        ]
    )
    found = (one for page in pages for reservation in page["Reservations"] for one in reservation["Instances"])
    return [one["State"]["Name"] for one in found]


def _instance(rds: Any, name: str, region: str, power: Power) -> Switch:  # noqa: ANN401
    def state() -> str:
        return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]["DBInstanceStatus"]

    return _database(
        f"database {name} in {region}",
        state,
        lambda: rds.stop_db_instance(DBInstanceIdentifier=name),
        lambda: rds.start_db_instance(DBInstanceIdentifier=name),
        power,
    )


def _aurora(rds: Any, name: str, region: str, power: Power) -> Switch:  # noqa: ANN401
    def state() -> str:
        return rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]["Status"]

    return _database(
        f"database cluster {name} in {region}",
        state,
        lambda: rds.stop_db_cluster(DBClusterIdentifier=name),
        lambda: rds.start_db_cluster(DBClusterIdentifier=name),
        power,
    )


_LASTING = ("failed", "incompatible", "inaccessible", "restore-error", "storage-full")
"""States that a database does not leave by itself."""


def _database(
    name: str, state: Callable[[], str], stop: Callable[[], object], start: Callable[[], object], power: Power
) -> Switch:
    begin, end, do = ("available", "stopped", stop) if power is Power.OFF else ("stopped", "available", start)

    def push() -> str | None:
        now = state()
        if now == end:
            return None
        if now.startswith(_LASTING):
            raise PowerError(
                f"{name}: is {now}, which does not end by itself: look at it in RDS, then repeat the command"
            )
        if now == begin:
            do()
            return "asked to stop" if power is Power.OFF else "asked to start"
        return now

    return Switch(name, push)


def _pool(labels: object) -> str:
    return str(labels.get(_POOL_LABEL, "")) if isinstance(labels, Mapping) else ""


def _number(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) else 0
