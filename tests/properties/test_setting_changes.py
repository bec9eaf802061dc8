"""No change between two valid mainnet files, of one setting or several, loses anything that nobody announced to leave.

A selection runs by default. TERANODE_ALL_SETTING_CHANGES=1 compares all of them, in both directions.
"""

import os
import random
from datetime import date
from functools import cache
from typing import Any

import pytest

from infra.environment import build
from infra.settings import parse
from infra.settings.schema import StackKeys
from ops.fleet import policy_graph
from ops.guard import refusals
from policies.rules.decommission import Owners
from policies.rules.stateful import stateful
from simulator.compare import Action, compare
from simulator.graph import Deployment
from simulator.simulate import simulate_program
from tests.support.setting_changes import ALONE_IMPOSSIBLE, BASES, CHANGES, SettingChange, patterns
from tests.support.stack_settings import as_config, changed, faults_of

STACK = "live"
TODAY = date(2026, 12, 24)
TELLING = {
    "one:regions/us-east-1/cidr",
    "one:nodes/storage/aerospike/instanceType",
    "one:miners/miner-2",
    "one:postgres/profile",
    "one:backups/copyRegion",
}
ALL = bool(os.environ.get("TERANODE_ALL_SETTING_CHANGES"))
CHOSEN = [one for one in CHANGES if ALL or str(one) in TELLING]
SEEDS = range(100 if ALL else 2)


def evaluated(document: dict[str, Any]) -> Deployment:
    environment = parse(as_config(document), stack=STACK)
    return simulate_program(lambda: build(environment), stack=STACK).deployment


@cache
def base(name: str) -> Deployment:
    return evaluated(BASES[name])


@pytest.mark.parametrize("change", CHOSEN, ids=str)
def test_what_holds_data_is_lost_only_past_the_engine_and_past_the_guard(change: SettingChange) -> None:
    assert lost_unseen(base(change.base), evaluated(change.after)) == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_several_changes_at_once_hide_no_loss(seed: int) -> None:
    name, document = several(random.Random(seed))  # noqa: S311 (drawn again by its number)

    assert lost_unseen(base(name), evaluated(document)) == set()


def several(draw: random.Random) -> tuple[str, dict[str, Any]]:
    """A base, and a valid file with two to four of its changes made, none of them inside another."""
    while True:
        name = draw.choice(sorted(BASES))
        own = [one for one in CHANGES if one.base == name]
        document, paths = BASES[name], list[str]()
        for one in draw.sample(own, min(len(own), draw.randint(2, 4))):
            if not any(
                f"{one.path}/".startswith(f"{path}/") or f"{path}/".startswith(f"{one.path}/") for path in paths
            ):
                document = changed(document, one.path, one.value)
                paths.append(one.path)
        if len(paths) > 1 and not faults_of(document, STACK):
            return name, document


def lost_unseen(first: Deployment, second: Deployment) -> set[tuple[str, str]]:
    """What holds data, goes on the way from one to the other or back, and who of engine and guard lets it go."""
    unseen = set[tuple[str, str]]()
    for before, after in ((first, second), (second, first)):
        comparison = compare(before, after)
        graph = policy_graph(before)
        guarded, owners = stateful(graph), Owners(graph)
        lost = {
            one.urn
            for one in comparison.changed
            if one.action in (Action.DELETE, Action.REPLACE)
            and one.urn in guarded
            and owners.leaving(guarded[one.urn]) is None
        }
        engine = {one.urn for one in comparison.changed if one.refused}
        guard = {urn for refusal in refusals(before, after, comparison, TODAY) for urn in refusal.urns}
        unseen |= {("engine", urn) for urn in lost - engine} | {("ops preview", urn) for urn in lost - guard}
    return unseen


def test_every_change_is_one_between_valid_files() -> None:
    assert [name for name, document in BASES.items() if faults_of(document, STACK)] == []
    assert [str(change) for change in CHANGES if faults_of(change.after, STACK)] == []


def test_every_key_of_the_model_is_drawn() -> None:
    drawn = {key for change in CHANGES for key in change.keys}

    assert set(patterns(StackKeys)) - drawn == set(ALONE_IMPOSSIBLE)
    assert {str(one) for one in CHANGES} >= TELLING
