"""A zone of mainnet is lost: what goes with it is what is known to, and the arithmetic sees what would."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.lost_zone import lost_with, zones
from tests.support.stacks import evaluated

Row = dict[str, Any]

KNOWN = {
    "eu-west-1-eks-access-instance: nothing of its kind in another zone",
    "miner-1-files-lustre-file-system: nothing of its kind in another zone",
}
"""The way of an administrator to the API, which the next `up` makes anew, and the files of a miner: Lustre lies in one
zone. Its miner waits for the zone, or takes up the copy of its files (docs/faults.md)."""

LOST = "eu-west-1a"


def damaged(damage: Callable[[Row], None]) -> Any:
    """The state of mainnet with `damage` done to every resource that it knows."""
    deployment = json.loads(json.dumps(evaluated("mainnet").deployment))
    for row in deployment["deployment"]["resources"]:
        damage(row)
    return deployment


def on(token: str, change: Callable[[Row], object], name: str = "") -> Callable[[Row], None]:
    def damage(row: Row) -> None:
        if row["type"].endswith(token) and row["urn"].endswith(name):
            change(row["inputs"])

    return damage


def values_of(key: str) -> Callable[[Row], object]:
    return lambda inputs: inputs["values"].update({key: 1}) if key in inputs["values"] else None


def namespace(inputs: Row) -> Row:
    return inputs["spec"]["aerospikeConfig"]["namespaces"][0]


def two_racks_with_a_roster(inputs: Row) -> None:
    inputs["spec"]["rackConfig"]["racks"].pop()
    namespace(inputs)["strong-consistency"] = True


@pytest.mark.parametrize("zone", ["eu-west-1a", "eu-west-1b", "eu-west-1c"])
def test_what_goes_with_a_zone_is_known(zone: str) -> None:
    assert lost_with(evaluated("mainnet").deployment, zone) <= KNOWN


def test_mainnet_has_three_zones_and_what_is_known_lies_in_one_of_them() -> None:
    deployment = evaluated("mainnet").deployment

    assert len(zones(deployment)) == 3
    assert set.union(*(lost_with(deployment, zone) for zone in zones(deployment))) == KNOWN


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param(
            on(":ClusterInstance", lambda inputs: inputs.update(availabilityZone=LOST)),
            "instance-standby: nothing of its kind",
            id="the standby of the database stands beside its primary",
        ),
        pytest.param(
            on(":NodeGroup", lambda inputs: inputs["labels"].update({"teranode.io/pool": "own"}), "general-" + LOST),
            "nodes-general-eu-west-1a: nothing of its kind",
            id="a pool has nodes in one zone",
        ),
        pytest.param(
            on(":AerospikeCluster", lambda inputs: namespace(inputs).update({"replication-factor": 3})),
            "2 racks for 3 copies",
            id="as many copies as racks",
        ),
        pytest.param(
            on(":AerospikeCluster", two_racks_with_a_roster),
            "1 of 2 racks are no majority",
            id="two racks that vote",
        ),
        pytest.param(
            on(":AerospikeCluster", lambda inputs: inputs["spec"].update(size=9)),
            "2 nodes in eu-west-1-eks-nodes-aerospike-eu-west-1b for 3 servers",
            id="more servers than nodes",
        ),
        pytest.param(
            on(":KafkaNodePool", lambda inputs: inputs["spec"].update(replicas=2), "controllers"),
            "1 of 2 controllers are no majority",
            id="two controllers",
        ),
        pytest.param(
            on(":KafkaNodePool", lambda inputs: inputs["spec"]["template"]["pod"].pop("topologySpreadConstraints")),
            "0 brokers, and a write waits for 2",
            id="brokers may stand together",
        ),
        pytest.param(
            on(":Release", values_of("replicas"), "kafka-operator-release"),
            "values: 1 replicas",
            id="an operator alone",
        ),
        pytest.param(
            on(":Release", lambda inputs: inputs["values"].pop("affinity", None), "aerospike-operator-release"),
            "values: 2 replicas, apart: False",
            id="operators that may stand together",
        ),
    ],
)
def test_what_would_be_lost_is_seen(damage: Callable[[Row], None], said: str) -> None:
    found = lost_with(damaged(damage), LOST) - KNOWN

    assert [problem for problem in found if said in problem], found


def test_a_gateway_for_every_zone_is_seen() -> None:
    """As on testing, where it is meant: the gateway costs more than an outage."""
    gateways = {row.outputs["id"]: row.name for row in evaluated("mainnet").of_type("aws:ec2/natGateway:NatGateway")}
    first = next(gateway for gateway, name in gateways.items() if name.endswith(LOST))
    route = on(":Route", lambda inputs: inputs.update(natGatewayId=first) if "natGatewayId" in inputs else None)

    found = lost_with(damaged(route), LOST) - KNOWN

    assert {problem.rpartition(": ")[2] for problem in found} == {f"leaves through {LOST}"}
    assert len({problem.split(":")[0][-len(LOST) :] for problem in found}) == 2
