"""The stack files that this project ships, and none that whoever runs the tests has beside them.

`ops env new` writes a stack file into the project. Its networks, its account and its end are judged with those of all
others there, and are no business of a test.
"""

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.settings import loading
from ops import stacks
from tests.support.stacks import ROOT, STACKS

SHIPPED_FILES = frozenset({"Pulumi.yaml", *(f"Pulumi.{stack}.yaml" for stack in STACKS)})
_NOT_OF_THE_PROGRAM = frozenset(
    {".git", ".venv", ".cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__"}
)


@contextmanager
def others_unseen(project: Path = ROOT) -> Iterator[None]:
    """Let this process see no other stack file of the folder `project`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "stack_files", _without_others(loading.stack_files, project))
        patch.setattr(stacks, "stack_files", _without_others(stacks.stack_files, project))
        yield


def shipped_project(folder: Path, without: Iterable[str] = ("tests",)) -> Path:
    """A copy of the project in `folder` for other processes: with its program, its packages and the shipped stacks."""
    left_out = {*_NOT_OF_THE_PROGRAM, *without}

    def passed_over(place: str, names: list[str]) -> set[str]:
        others = {name for name in names if name.startswith("Pulumi.") and name not in SHIPPED_FILES}
        return {name for name in names if name in left_out} | (others if Path(place) == ROOT else set())

    shutil.copytree(ROOT, folder, ignore=passed_over)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def _without_others(listed: Callable[[Path], dict[str, Path]], project: Path) -> Callable[[Path], dict[str, Path]]:
    def seen(folder: Path) -> dict[str, Path]:
        found = listed(folder)
        if folder.resolve() != project.resolve():
            return found
        return {stack: path for stack, path in found.items() if path.name in SHIPPED_FILES}

    return seen
