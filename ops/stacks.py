"""From what a person types for a stack to its settings file."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

PROJECT_DIR = Path(__file__).parents[1]

_STACK_FILE = re.compile(r"Pulumi\.(?P<stack>.+)\.ya?ml")


class UnknownStackError(Exception):
    """There is no settings file for what was typed."""


@dataclass(frozen=True, slots=True)
class StackFile:
    """A stack by name and settings file."""

    name: str
    path: Path


def find_stack(argument: str, project_dir: Path = PROJECT_DIR) -> StackFile:
    """Find the settings of a stack named ``argument``, or in the file ``argument``, which may lie anywhere.

    Raises:
        UnknownStackError: there is none; the message names the nearest stack of the project.
    """
    if _is_path(argument):
        path = Path(argument)
        if not path.is_file():
            raise UnknownStackError(f"{argument}: no such stack file")
        return StackFile(_name_of(path), path.resolve())
    path = project_dir / f"Pulumi.{argument}.yaml"
    if path.is_file():
        return StackFile(argument, path)
    known = stack_names(project_dir)
    near = difflib.get_close_matches(argument, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"the project has {', '.join(known) or 'no stack files'}"
    raise UnknownStackError(f"unknown stack {argument!r}: {hint} (a path to a stack file works too)")


def stack_names(project_dir: Path = PROJECT_DIR) -> list[str]:
    """Names of all stacks that have a settings file in the project, sorted."""
    found = (_STACK_FILE.fullmatch(path.name) for path in project_dir.glob("Pulumi.*.yaml"))
    return sorted(match["stack"] for match in found if match)


def _is_path(argument: str) -> bool:
    return "/" in argument or argument.endswith((".yaml", ".yml"))


def _name_of(path: Path) -> str:
    match = _STACK_FILE.fullmatch(path.name)
    return match["stack"] if match else path.stem
