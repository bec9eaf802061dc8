"""A mainnet of two regions: its miners are peers at public addresses, and no region waits for the other one."""

import copy
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ops.fleet import policy_graph
from policies.rules import evaluate
from policies.rules.regions import regions_independent
from simulator import simulate
from simulator.graph import Deployment
from tests.support.stacks import ROOT, stack_file
from tests.support.two_regions import SETTINGS as TWO_REGIONS

TODAY = date(2026, 12, 1)
SETTINGS, PEER = "miner-1-node-settings", "miner-2-public-address-us-east-1a"


@cache
def deployed() -> Deployment:
    with TemporaryDirectory() as folder:
        path = stack_file(Path(folder), "mainnet", "mainnet", **TWO_REGIONS)
        return simulate(path, project_dir=ROOT).deployment


def row(deployment: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [one for one in deployment["deployment"]["resources"] if one["urn"].endswith(f"::{name}")]
    return found


def waiting(needs: str, path: str, needed: str) -> set[str]:
    """What R3 finds once the input `path` of `needs` is made of `needed`, as pairs of names."""
    damaged: dict[str, Any] = copy.deepcopy(dict(deployed()))
    row(damaged, needs).setdefault("propertyDependencies", {})[path] = [row(damaged, needed)["urn"]]
    return set(found(damaged))


def found(deployment: Deployment) -> Iterator[str]:
    graph = policy_graph(deployment)
    for finding in evaluate(graph, today=TODAY, rules=(regions_independent,)).findings:
        yield f"{finding.urn.rsplit('::', 1)[-1]} {finding.message}"


def test_every_policy_is_clean() -> None:
    report = evaluate(policy_graph(deployed()), today=TODAY)

    assert report.clean, (report.findings, report.undecided)


def test_each_miner_knows_the_other_by_its_public_addresses() -> None:
    document: dict[str, Any] = copy.deepcopy(dict(deployed()))
    settings = row(document, SETTINGS)

    assert row(document, PEER)["outputs"]["publicIp"] in settings["inputs"]["data"]["p2p_static_peers"]
    assert row(document, PEER)["urn"] in settings["propertyDependencies"]["data"]


@pytest.mark.parametrize(
    ("needs", "path", "needed"),
    [
        ("miner-1-public-load-balancer", "subnetMappings", PEER),
        (SETTINGS, "data", "us-east-1-network-nat-address-us-east-1a"),
        (SETTINGS, "data", "miner-2-public-load-balancer"),
    ],
    ids=["not in settings of a node", "not a peer's address", "not an address"],
)
def test_only_a_peers_address_in_the_settings_of_a_node_is_excused(needs: str, path: str, needed: str) -> None:
    assert f"{needs} waits for {needed} of us-east-1, lies in eu-west-1" in waiting(needs, path, needed)


def test_an_address_that_waits_for_its_region_is_not_excused() -> None:
    assert f"{SETTINGS} waits for {PEER} of us-east-1, lies in eu-west-1" in waiting(
        PEER, "networkInterface", "us-east-1-network-vpc"
    )
