"""Edits that nobody thinks twice about, all at once on both tiers: nothing that holds data is replaced or deleted."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator import simulate
from simulator.compare import Action, Comparison, compare
from tests.support.stacks import NAMESPACE, ROOT, evaluated, stack_file

RELEASE = {"testing": "v0.15.0", "mainnet": f"v0.15.0@sha256:{'1' * 64}"}
ADDED = {"testing": "ap-northeast-1", "mainnet": "us-west-2"}

MADE_ANEW = {"kubernetes:batch/v1:Job", "aws:sns/topicSubscription:TopicSubscription"}
"""The gates of a release, and the address of another owner, who is told of alarms."""


def settings_of(stack: str) -> dict[str, Any]:
    config = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]
    return {key.removeprefix(NAMESPACE): value for key, value in config.items() if key.startswith(NAMESPACE)}


def edited(stack: str, folder: Path) -> Comparison:
    """Another order, owner (a tag of everything), release and number of nodes, and one region more."""
    settings = settings_of(stack)
    regions = {ADDED[stack]: {"cidr": "10.99.0.0/16"}, **dict(reversed(settings["regions"].items()))}
    changes = {
        "owner": "somebody-else@example.org",
        "release": RELEASE[stack],
        "regions": regions,
        "miners": dict(reversed(settings["miners"].items())),
        "nodes": {**settings.get("nodes", {}), "general": {"minNodesPerZone": 2}},
    }
    baseline = evaluated(stack).deployment
    path = stack_file(folder, stack, stack, **changes)
    return compare(baseline, simulate(path, project_dir=ROOT, baseline=baseline).deployment)


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
def test_harmless_edits_replace_nothing_that_holds_data(tmp_path: Path, stack: str) -> None:
    comparison = edited(stack, tmp_path)

    assert comparison.of(Action.CREATE)
    assert comparison.of(Action.UPDATE)
    assert [one.name for one in comparison.changed if one.loses_state or one.refused] == []
    assert {one.type for action in (Action.REPLACE, Action.DELETE) for one in comparison.of(action)} <= MADE_ANEW
