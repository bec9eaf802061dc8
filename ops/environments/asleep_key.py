"""The key of a stack file that says whether an environment sleeps, with everything around it left as it is written."""

import re
from pathlib import Path

import yaml

from ops.errors import UsageError

_KEY = "teranode-infra:asleep"
_NAMES = (_KEY, "asleep")
_CONFIG = re.compile(r"^config:[ \t]*(#.*)?$", re.MULTILINE)


class StackTextError(UsageError):
    """The stack file is written in a way that this command does not edit."""


def with_asleep(path: Path, *, asleep: bool) -> str:
    """The text of the stack file with the key, or without it.

    Raises:
        StackTextError: it cannot be read, or keeps its keys in another form than one below the other.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StackTextError(f"{path}: cannot be read ({error})") from error
    bare = "".join(line for number, line in enumerate(text.splitlines(keepends=True)) if number not in _lines(text))
    edited = _CONFIG.sub(lambda found: f'{found[0]}\n{_indent(bare)}{_KEY}: "true"', bare, count=1) if asleep else bare
    if _value(edited) != ("true" if asleep else None):
        word = "write" if asleep else "remove"
        raise StackTextError(f"{path}: {word} {_KEY} by hand, this file is written in a form that is not edited here")
    return edited


def _lines(text: str) -> set[int]:
    """The lines that the key has."""
    config = _config(text)
    pairs = config.value if config else []
    return {
        line
        for key, value in pairs
        if key.value in _NAMES and isinstance(value, yaml.ScalarNode)
        for line in range(key.start_mark.line, value.end_mark.line + 1)
    }


def _indent(text: str) -> str:
    config = _config(text)
    return " " * (config.value[0][0].start_mark.column if config and config.value else 2)


def _value(text: str) -> str | None:
    config = _config(text)
    return next((value.value for key, value in config.value if key.value in _NAMES), None) if config else None


def _config(text: str) -> yaml.MappingNode | None:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise StackTextError(f"the stack file is not YAML ({str(error).splitlines()[0]})") from error
    found = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for key, value in found if key.value == "config" and isinstance(value, yaml.MappingNode)), None)
