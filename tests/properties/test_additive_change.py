"""For all environments: a region or a miner more only adds."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from infra import catalog
from infra.environment import build
from infra.settings import parse
from simulator import Simulation, simulate_program
from simulator.compare import Action, compare

REGIONS = ["ap-northeast-1", "ap-southeast-1", "ca-central-1", "eu-central-1", "eu-west-1", "us-east-1", "us-west-2"]
ROLE = "arn:aws:iam::111122223333:role/"


def evaluate(regions: list[str], miners: dict[str, str], baseline: Simulation | None = None) -> Simulation:
    """An environment of these regions and miners; a region's block depends on its name alone."""
    values: dict[str, object] = {
        "account": "111122223333",
        "owner": "devops@example.org",
        "tier": "testing",
        "chain": "regtest",
        "release": "v0.14.4",
        "home": regions[0],
        "access": {"deployRole": f"{ROLE}deploy", "adminRole": f"{ROLE}admin", "apiCidrs": ["198.51.100.0/24"]},
        "regions": {name: {"cidr": f"10.{100 + REGIONS.index(name)}.0.0/16"} for name in regions},
        "miners": {name: {"region": region} for name, region in miners.items()},
    }
    config = {
        "pulumi:disable-default-providers": '["*"]',
        **{f"teranode-infra:{key}": v if isinstance(v, str) else json.dumps(v) for key, v in values.items()},
    }
    environment = parse(config, stack="property")
    return simulate_program(
        lambda: build(environment), stack="property", baseline=baseline.deployment if baseline else None
    )


@settings(max_examples=5)
@given(st.lists(st.sampled_from(REGIONS), min_size=2, max_size=3, unique=True), st.data())
def test_one_region_and_one_miner_more_change_nothing_that_exists(regions: list[str], data: st.DataObject) -> None:
    *known, added = regions
    home_of_the_new_miner = data.draw(st.sampled_from(regions))
    miners = {"miner-1": known[0]}
    before = evaluate(known, miners)
    after = evaluate(regions, {**miners, "miner-2": home_of_the_new_miner}, before)

    comparison = compare(before.deployment, after.deployment)

    created = [change.name for change in comparison.of(Action.CREATE)]
    shared = {f"{known[0]}-platform-teranode-operator-chart-release"} if home_of_the_new_miner == known[0] else set()

    assert {change.name for change in comparison.of(Action.UPDATE)} == {"miner-1-node-settings"} | shared
    assert len(comparison.changed) == len(created) + 1 + len(shared)
    # The operator comes into a region with its first miner.
    operator = f"{home_of_the_new_miner}-platform-teranode-operator"
    assert all(added in name or name.startswith(("miner-2", operator)) for name in created)


def test_the_regions_of_the_property_are_in_the_catalogue() -> None:
    assert set(REGIONS) <= set(catalog.regions())
