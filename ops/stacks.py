"""From what a person types for a stack to its settings file."""

import difflib
from dataclasses import dataclass
from pathlib import Path

from simulator.stack_file import stack_name

PROJECT_DIR = Path(__file__).parents[1]


class UnknownStackError(Exception):
    """There is no settings file for what was typed."""


@dataclass(frozen=True, slots=True)
class StackFile:
    """A stack by name and settings file."""

    name: str
    path: Path


def find_stack(argument: str, project_dir: Path = PROJECT_DIR) -> StackFile:
    """Find the settings of a stack named ``argument``, or in the file ``argument``: any directory's Pulumi.NAME.yaml.

    Raises:
        UnknownStackError: there is none, and the message names the nearest stack of the project; or the file is not
            named as a stack file.
    """
    if _is_path(argument):
        path = Path(argument)
        if not path.is_file():
            raise UnknownStackError(f"{argument}: no such stack file")
        name = stack_name(path)
        if name is None:
            raise UnknownStackError(
                f"{argument}: a stack file is named Pulumi.STACK.yaml, and the stack is called STACK "
                "(lower-case letters, digits and -): rename the file"
            )
        return StackFile(name, path.absolute())
    path = project_dir / f"Pulumi.{argument}.yaml"
    if path.is_file():
        return StackFile(argument, path)
    known = [stack.name for stack in project_stacks(project_dir)]
    near = difflib.get_close_matches(argument, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"the project has {', '.join(known) or 'no stack files'}"
    raise UnknownStackError(f"unknown stack {argument!r}: {hint} (the path of a Pulumi.STACK.yaml works too)")


def project_stacks(project_dir: Path = PROJECT_DIR) -> list[StackFile]:
    """All stacks that have a settings file in the project, by name."""
    return [StackFile(name, path) for name, path in sorted(stack_files(project_dir).items())]


def stack_files(project_dir: Path) -> dict[str, Path]:
    """The settings files in the project by the name of their stack."""
    named = ((stack_name(path), path) for path in project_dir.iterdir())
    return {name: path for name, path in named if name}


def _is_path(argument: str) -> bool:
    return "/" in argument or argument.endswith((".yaml", ".yml"))
