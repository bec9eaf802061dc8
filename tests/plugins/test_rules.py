"""Each thing that the simulated APIs enforce: a call that breaks it, and a call that differs and passes."""

from pathlib import Path

import pytest

from simulator.rules import RULES
from tests.plugins import (
    rules_in_clusters,
    rules_of_alarms,
    rules_of_backups,
    rules_of_clusters,
    rules_of_load_balancers,
    rules_of_networks,
    rules_of_objects,
    rules_of_rights,
    rules_of_stores,
    test_references,
)
from tests.plugins.plugin_process import PROJECT_DIR
from tests.plugins.world_builder import Ask, verdict

CASES: dict[str, tuple[Ask, Ask]] = (
    rules_in_clusters.CASES
    | rules_of_alarms.CASES
    | rules_of_backups.CASES
    | rules_of_clusters.CASES
    | rules_of_load_balancers.CASES
    | rules_of_networks.CASES
    | rules_of_objects.CASES
    | rules_of_rights.CASES
    | rules_of_stores.CASES
)


@pytest.mark.parametrize("rule_id", CASES)
def test_the_rule_refuses_what_breaks_it_and_nothing_else(rule_id: str, tmp_path: Path) -> None:
    breaking, passing = CASES[rule_id]
    assert verdict(rule_id, breaking, tmp_path), "the call that breaks the rule went through"
    assert verdict(rule_id, passing, tmp_path) is None


def test_every_rule_has_a_test_that_breaks_it() -> None:
    assert {rule.id for rule in RULES} == set(CASES) | test_references.TESTED


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(set(ids)) == sorted(ids)


def test_the_documentation_lists_every_rule_with_its_code() -> None:
    rows = (PROJECT_DIR / "docs" / "simulator.md").read_text(encoding="utf-8").splitlines()
    listed = {row.split("`")[1]: row.split("|")[-2].strip() for row in rows if row.startswith("| `") and "_" not in row}
    assert listed == {rule.id: rule.code for rule in RULES}
