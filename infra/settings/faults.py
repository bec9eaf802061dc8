"""Faults of a stack file: how they are worded, ordered and raised."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pulumi

NAMESPACE = "teranode-infra"

HIDDEN = "[hidden]"
_MAX_SHOWN_CHARACTERS = 120
_MAX_PATH_CHARACTERS = 200
_SECRET_KEY = re.compile(
    r"passw|passphrase|secret|token|private|wallet|seed|mnemonic|credential|api_?key|_?key$", re.IGNORECASE
)
_SECRET_VALUE = re.compile(
    r"-----BEGIN"  # PEM
    r"|\b(AKIA|ASIA)[0-9A-Z]{16}\b"  # AWS access key id
    r"|(?<!sha256:)\b[0-9a-fA-F]{64,}\b"  # raw private key or several; a digest is none
    r"|\b[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}\b"  # Bitcoin private key in wallet import format
    r"|\b[xt]prv[1-9A-HJ-NP-Za-km-z]{50,}"  # extended private key
    r"|://[^/\s:@]+:[^/\s@]+@"  # credentials in a URL
)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One value that cannot be used. `path` is a key path inside the stack file, `value` is fit to be shown."""

    path: str
    rule: str
    remedy: str
    value: str = ""

    def __str__(self) -> str:
        """Render the fault for the one who edits the file."""
        given = f" = {self.value}" if self.value else ""
        return f"{self.path}{given}\n    rule: {self.rule}\n    fix:  {self.remedy}"


class SettingsError(pulumi.RunError):
    """The settings of a stack are refused. Pulumi prints its message without a traceback; nothing is registered."""

    def __init__(self, stack: str, faults: Iterable[Fault]) -> None:
        """Word the faults of `stack`, sorted and each once."""
        self.stack = stack
        self.faults = tuple(sorted(set(faults)))
        file = stack_file_name(stack)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        listed = "\n".join(f"{file}: {fault}" for fault in self.faults)
        super().__init__(f"{file}: {count}, nothing was registered.\n\n{listed}\n")


def stack_file_name(stack: str) -> str:
    """Return the name of the file that holds a stack's settings."""
    return f"Pulumi.{stack}.yaml"


def fault(path: str, value: object, rule: str, remedy: str) -> Fault:
    """Make a fault of a key of this project; `path` comes without the project's namespace."""
    return Fault(path=full_path(path), rule=rule, remedy=remedy, value=shown(value, path))


def name_fault(path: str, rule: str, remedy: str) -> Fault:
    """Make a fault of a name that its author chose; `path` ends in it, so that it is not shown once more as a value."""
    return Fault(full_path(path), rule, remedy)


def full_path(path: str) -> str:
    """Return the path of a key of this project as the stack file shows it, shortened."""
    return f"{NAMESPACE}:{shown_key(path)}"


def shown_key(key: str) -> str:
    """Return what somebody wrote as a key, fit to be shown."""
    cut = "" if len(key) <= _MAX_PATH_CHARACTERS else f"… ({len(key)} characters)"
    return _printable(key[:_MAX_PATH_CHARACTERS]) + cut


def _printable(text: str) -> str:
    """Escape what a terminal would obey, or could not show."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def shown(value: object, path: str = "") -> str:
    """Render a value as it was written, shortened; what is or looks like a secret is never rendered."""
    if value is None:
        return "null"
    if not isinstance(value, bool) and any(_SECRET_KEY.search(part) for part in path.split(".")):
        return HIDDEN
    text = _printable(json.dumps(_without_secrets(value), ensure_ascii=False))
    return text if len(text) <= _MAX_SHOWN_CHARACTERS else f"{text[:_MAX_SHOWN_CHARACTERS]}… ({len(text)} characters)"


def _without_secrets(value: object) -> object:
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if _SECRET_KEY.search(str(key)) else _without_secrets(inner) for key, inner in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_without_secrets(inner) for inner in value]
    if isinstance(value, str) and _SECRET_VALUE.search(value):
        return HIDDEN
    return value


def nearest(given: str, allowed: Iterable[str], count: int = 3) -> Sequence[str]:
    """Return the allowed names most like `given`, best first; upper and lower case do not matter."""
    by_folded = {name.casefold(): name for name in allowed}
    return [by_folded[name] for name in get_close_matches(given.casefold(), by_folded, n=count, cutoff=0.6)]


def suggestion(given: str, allowed: Iterable[str], *, otherwise: str) -> str:
    """Word the remedy for a misspelt name."""
    close = nearest(given, allowed)
    return f"did you mean {' or '.join(close)}?" if close else otherwise


def reference(given: str, declared: Iterable[str]) -> str:
    """Word the remedy for a reference to something that the file itself must declare."""
    declared = sorted(declared)
    close = nearest(given, declared, count=1)
    hint = f"did you mean {close[0]}? " if close else ""
    return f"{hint}Declared: {listed(declared)}"


def listed(names: Iterable[object]) -> str:
    """Word a set of choices."""
    return ", ".join(str(name) for name in names)
