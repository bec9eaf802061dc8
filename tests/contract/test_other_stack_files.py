"""Tests mean the same when a stack file of somebody's own lies in the project, as `ops env new` writes it."""

import shutil
import subprocess
import sys
from pathlib import Path

from infra.settings import read_siblings
from ops.stacks import project_stacks
from tests.support.shipped_stacks import others_unseen, shipped_project
from tests.support.stacks import ROOT, STACKS, stack_file

_JUDGED_WITH_OTHERS = (
    "tests/unit/infra/test_bad_networks.py::test_a_place_where_nothing_can_be_built_is_refused[the-account-of-testing]",
    "tests/unit/ops/test_expire.py::test_the_stacks_of_the_project_have_no_end",
)
"""Tests whose stack would be judged with the other file: by its networks, its account and its end."""


def with_another(project: Path) -> None:
    """Write the stack file of an environment that ends, with the network that the next region would take."""
    stack_file(
        project,
        "dev",
        "testing",
        regions={"eu-west-1": {"cidr": "10.19.0.0/16"}},
        miners={"miner-1": {"region": "eu-west-1"}},
        expires="2026-11-25T12:00:00Z",
    )


def test_the_tests_that_are_judged_with_other_stacks_pass_beside_another_one(tmp_path: Path) -> None:
    project = shipped_project(tmp_path / "project", without=())
    with_another(project)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *_JUDGED_WITH_OTHERS],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_only_the_other_files_of_the_one_folder_are_unseen(tmp_path: Path) -> None:
    for stack in STACKS:
        shutil.copy(ROOT / f"Pulumi.{stack}.yaml", tmp_path)
    with_another(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(tmp_path / "Pulumi.dev.yaml", elsewhere)

    assert {sibling.stack for sibling in read_siblings(tmp_path, "")} == {"dev", *STACKS}
    with others_unseen(tmp_path):
        assert {sibling.stack for sibling in read_siblings(tmp_path, "")} == set(STACKS)
        assert {stack.name for stack in project_stacks(tmp_path)} == set(STACKS)
        assert [stack.name for stack in project_stacks(elsewhere)] == ["dev"]
