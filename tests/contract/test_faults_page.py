"""The page of faults is whole: every fault has a row and a line, and what a line names exists."""

import ast
import re

import pytest

from ops.fleet import LOST_NODES, LOST_PROTECTION
from policies.rules import ALL_RULES
from policies.rules.fleet import FLEET_RULES
from tests.support.breaks import BREAKS
from tests.support.stacks import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text()
FAULTS = [f"R{number}" for number in range(1, 31)]
ROWS = {
    cells[0]: cells[1:] for cells in re.findall(r"^\| (R\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
}
LINES = dict(re.findall(r"^- (R\d+): (.+(?:\n  .+)*)", PAGE, re.MULTILINE))
BREAKING = re.findall(r"^\| (an? [^|]+|throttling [^|]+) \| `", PAGE, re.MULTILINE)
POLICIES = {rule.id for rule in (*ALL_RULES, *FLEET_RULES)} | {LOST_PROTECTION, LOST_NODES}
EVIDENCE = {"graph", "run", "engine", "unit"}
"""How a fault was seen; the page says what each word means."""

FOLDERS = {"tests/engine": "engine", "tests/plugins": "run"}


def named_tests(line: str) -> list[str]:
    return re.findall(r"`(tests/[^`]+)`", line)


def defined(file: str) -> set[str]:
    """The names of the test functions of a file."""
    path = ROOT / file
    return {one.name for one in ast.parse(path.read_text()).body if isinstance(one, ast.FunctionDef)}


def test_every_fault_has_one_row_and_one_line_in_order() -> None:
    assert re.findall(r"^\| (R\d+) \|", PAGE, re.MULTILINE) == FAULTS
    assert list(ROWS) == FAULTS
    assert re.findall(r"^- (R\d+):", PAGE, re.MULTILINE) == FAULTS


@pytest.mark.parametrize("fault", FAULTS)
def test_every_test_and_policy_that_a_line_names_exists(fault: str) -> None:
    named = named_tests(LINES[fault])
    policies = re.findall(r"policy `([^`]+)`", LINES[fault])

    assert named, "a policy alone shows that somebody looks, not what happens"
    assert [one for one in named if one.split("::")[1] not in defined(one.split("::")[0])] == []
    assert set(policies) <= POLICIES
    # Whatever stands between backquotes is one of both.
    assert len(named) + len(policies) == LINES[fault].count("`") // 2


@pytest.mark.parametrize("fault", FAULTS)
def test_a_row_says_by_what_it_was_seen_and_its_line_names_that(fault: str) -> None:
    said = set(ROWS[fault][-1].split(", "))
    named = {FOLDERS[folder] for one in named_tests(LINES[fault]) if (folder := one.rsplit("/", 1)[0]) in FOLDERS}

    assert said <= EVIDENCE
    assert named <= said
    assert said & set(FOLDERS.values()) <= named


def test_whatever_is_broken_in_the_middle_of_an_up_has_a_row() -> None:
    assert set(BREAKING) == {*BREAKS, "a finalizer that is stuck"}
