"""Mainnet in trouble: what breaks is said, the next `up` finishes, and nothing that holds data is lost or replaced."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from simulator import Simulation
from simulator.graph import Graph
from simulator.stateful import loss
from tests.support.breaks import BREAKS, CLUSTER, NODE_GROUP, failing, finishes
from tests.support.replay import Replay
from tests.support.stacks import ROOT, evaluated

ENOUGH = {"address-quota": 8}
"""AWS gives five addresses in a region, mainnet takes six (docs/first-up.md)."""

FIRST_NODES = "eu-west-1-eks-nodes-aerospike-eu-west-1a"
UNREACHABLE, _ = BREAKS["an API server that does not answer"]
LUSTRE = "aws:fsx/lustreFileSystem:LustreFileSystem"
DOWN = ("ServiceUnavailable", "the zone is impaired")
A_ZONE_IS_LOST = (
    failing(NODE_GROUP, *DOWN, name="*-eu-west-1a"),
    failing("aws:ec2/natGateway:NatGateway", *DOWN, name="*-eu-west-1a"),
    failing("aws:ec2/instance:Instance", *DOWN),
    failing(LUSTRE, *DOWN),
    failing("aws:rds/clusterInstance:ClusterInstance", *DOWN, name="*-primary"),
)
MADE_TWICE = {"aws:ec2/eip:Eip", "aws:kms/key:Key", LUSTRE}
"""What AWS tells apart by no name; a second one is empty."""


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    return Replay(tmp_path, stack(), quotas=ENOUGH)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """What a single `up` makes in which nothing goes wrong."""
    replay = Replay(tmp_path_factory.mktemp("undisturbed"), stack(), quotas=ENOUGH)
    assert replay.up() == {}
    return ids(replay)


def stack() -> Simulation:
    return evaluated("mainnet")


def ids(replay: Replay) -> dict[str, list[str]]:
    """Of all that exists, by URN."""
    return {urn: [thing.id for thing in things] for urn, things in replay.things().items()}


def types(replay: Replay) -> set[str]:
    """Of all that is in the state."""
    return {replay.resources[urn].type for urn in replay.state}


@pytest.mark.parametrize("what", BREAKS)
def test_an_up_that_was_killed_meets_another_fault_and_finishes_after_it(
    replay: Replay, undisturbed: Mapping[str, list[str]], what: str
) -> None:
    fault, said = BREAKS[what]
    assert replay.up(until=FIRST_NODES) == {}
    before = ids(replay)
    assert {CLUSTER, LUSTRE} <= types(replay)

    failures = replay.up(fault)

    assert failures
    assert [message for message in failures.values() if said not in message] == []
    assert before.items() <= ids(replay).items()
    finishes(replay)
    assert ids(replay) == undisturbed


def test_an_up_that_is_killed_again_and_again_finishes(replay: Replay, undisturbed: Mapping[str, list[str]]) -> None:
    for urn in replay.order[20::50]:
        assert replay.up(until=replay.resources[urn].name) == {}
        assert urn not in replay.state

    finishes(replay)
    assert ids(replay) == undisturbed


def test_addresses_beyond_the_quota_are_refused_and_come_once_it_is_raised(
    tmp_path: Path, undisturbed: Mapping[str, list[str]]
) -> None:
    replay = Replay(tmp_path, stack())

    [message] = replay.up().values()

    assert "api error AddressLimitExceeded: The maximum number of addresses has been reached." in message
    replay.quotas = ENOUGH
    finishes(replay)
    assert ids(replay) == undisturbed


def test_what_holds_data_survives_the_loss_of_the_answer_to_its_creation(replay: Replay) -> None:
    """As after a plugin that died in that very call (docs/faults.md, R1)."""
    assert replay.up() == {}
    existed, nodes = ids(replay), Graph(stack().deployment).nodes
    precious = [urn for urn in existed if loss(nodes[urn]) and not nodes[urn].type.startswith("random:")]
    twice: set[str] = set()
    assert len(precious) > 50

    for urn in precious:
        known = replay.state[urn]
        replay.forget(urn)
        refused = replay.up()
        if not refused:
            twice.add(nodes[urn].type)
        assert set(refused) <= {nodes[urn].name}
        assert known in ids(replay)[urn]
        # What `pulumi import` does (docs/runbooks/locked-state.md).
        replay.state[urn] = known

    assert twice <= MADE_TWICE
    assert replay.up() == {}
    assert {urn for urn, found in ids(replay).items() if found != existed[urn]} <= set(precious)


def test_a_zone_that_is_lost_is_said_and_the_first_up_finishes_when_it_is_back(
    replay: Replay, undisturbed: Mapping[str, list[str]]
) -> None:
    assert replay.up(until=FIRST_NODES) == {}

    failures = replay.up(*A_ZONE_IS_LOST)

    assert failures
    assert [message for message in failures.values() if "ServiceUnavailable: the zone is impaired" not in message] == []
    pools = {name for name in replay.names(replay.state) if name.startswith("eu-west-1-eks-nodes-general-eu-west-1")}
    assert pools == {"eu-west-1-eks-nodes-general-eu-west-1b", "eu-west-1-eks-nodes-general-eu-west-1c"}
    finishes(replay)
    assert ids(replay) == undisturbed


def test_the_first_of_two_steps_needs_no_kubernetes_and_both_make_what_one_makes(
    replay: Replay, undisturbed: Mapping[str, list[str]]
) -> None:
    """A private API cannot be reached before the first step has made the way to it (docs/first-up.md)."""
    [glob] = re.findall(r"--exclude '(.*)'", (ROOT / "docs" / "first-up.md").read_text())
    pattern = re.compile(".*".join(re.escape(part) for part in glob.split("**")))
    left_out = {urn for urn in replay.order if pattern.fullmatch(urn)}

    assert replay.up(UNREACHABLE, excluded=left_out) == {}
    assert replay.names(replay.state) == replay.names([urn for urn in replay.order if urn not in left_out])
    assert "aws:ec2/instance:Instance" in types(replay), "nothing leads to the private API"
    first = ids(replay)

    finishes(replay)
    assert first.items() <= ids(replay).items()
    assert ids(replay) == undisturbed
