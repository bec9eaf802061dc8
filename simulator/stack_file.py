"""Read a stack file as the Pulumi CLI reads it, strictly: what the CLI would take silently wrong is refused."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from simulator.errors import StackFileError
from simulator.stack_form import form_faults

PLACEHOLDER_SECRET = "simulated-secret-value"  # noqa: S105 (stands in for what only the stack's key could decrypt)
"""What every ``secure:`` value reads as."""

_FILE_NAME = re.compile(r"Pulumi\.(?P<stack>[A-Za-z0-9_.-]+)\.yaml")
_KNOWN_KEYS = frozenset({"config", "encryptedkey", "encryptionsalt", "secretsprovider"})


@dataclass(frozen=True, slots=True)
class StackSettings:
    """What the CLI hands to the program.

    Attributes:
        config: values by full key, ``"teranode-infra:home"``; objects as JSON text, scalars as written in the file.
        secret_keys: the keys that hold a ``secure:`` value.
    """

    project: str
    stack: str
    config: Mapping[str, str]
    secret_keys: frozenset[str]


def stack_name(path: Path) -> str | None:
    """The stack that a file configures, by its name; None if it is no stack file.

    The CLI looks for the ending that the project file has, and that is ``Pulumi.yaml``: it never reads a ``.yml``.
    """
    match = _FILE_NAME.fullmatch(path.name)
    return match["stack"] if match else None


def read_stack_file(path: Path, project_dir: Path) -> StackSettings:
    """Read ``Pulumi.<stack>.yaml`` for the project in ``project_dir``.

    Raises:
        StackFileError: missing, not UTF-8, not YAML, a key twice, or something that only the CLI can resolve.
    """
    stack = stack_name(path)
    if stack is None:
        raise StackFileError(
            f"{path}: a stack file is named Pulumi.<stack>.yaml, <stack> being letters, digits, '-', '_' and '.'"
        )
    project = _read(project_dir / "Pulumi.yaml").get("name")
    if not isinstance(project, _Text):
        raise StackFileError(f"{project_dir / 'Pulumi.yaml'}: name: must be the project's name")
    content = _read(path)
    unknown = sorted(content.keys() - _KNOWN_KEYS)
    if unknown:
        raise StackFileError(
            f"{path}: {', '.join(unknown)}: not read by the simulator, which knows {', '.join(sorted(_KNOWN_KEYS))}"
        )
    section = content.get("config", {})
    if isinstance(section, _Literal) and section.value is None:
        section = {}
    if not isinstance(section, dict):
        raise StackFileError(f"{path}: config: must be a mapping of keys to values")
    entries = {_full_key(str(key), str(project)): value for key, value in section.items()}
    return StackSettings(
        project=str(project),
        stack=stack,
        config={key: _config_text(value) for key, value in entries.items()},
        secret_keys=frozenset(key for key, value in entries.items() if _holds_secure(value)),
    )


class _Text(str):
    """A scalar that YAML reads as text; numbers, booleans and null are ``_Literal``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Literal:
    """A scalar that YAML reads as something other than text: its source and its value."""

    source: str
    value: bool | int | float | None


class _Loader(yaml.SafeLoader):
    """YAML 1.2 scalars as the CLI's parser resolves them: ``yes``, ``on`` and ``1:30`` are text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own form)


_RESOLVERS = (
    ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("bool", r"true|True|TRUE|false|False|FALSE", tuple("tTfF")),
    ("int", r"[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|[0-9]+)", tuple("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", tuple("-+.0123456789")),
    ("merge", r"<<", ("<",)),
)
for _tag, _pattern, _first in _RESOLVERS:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first))


def _construct_text(loader: _Loader, node: yaml.ScalarNode) -> _Text:
    return _Text(loader.construct_scalar(node))


def _construct_null(_: _Loader, node: yaml.ScalarNode) -> _Literal:
    return _Literal("" if node.value in ("", "~") else node.value, None)


def _construct_bool(_: _Loader, node: yaml.ScalarNode) -> _Literal:
    return _Literal(node.value, node.value.lower() == "true")


def _construct_int(_: _Loader, node: yaml.ScalarNode) -> _Literal:
    prefixed = node.value.lstrip("+-")[:2] in ("0x", "0o")
    return _Literal(node.value, int(node.value, 0) if prefixed else int(node.value))


def _construct_float(_: _Loader, node: yaml.ScalarNode) -> _Literal:
    number = float(node.value)
    return _Literal(node.value, int(number) if number.is_integer() else number)


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, object]:
    loader.flatten_mapping(node)  # puts what `<<` merges in first, so that the mapping's own keys win
    return {key_node.value: loader.construct_object(value_node, deep=True) for key_node, value_node in node.value}


_Loader.add_constructor("tag:yaml.org,2002:str", _construct_text)
_Loader.add_constructor("tag:yaml.org,2002:null", _construct_null)
_Loader.add_constructor("tag:yaml.org,2002:bool", _construct_bool)
_Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)
_Loader.add_constructor("tag:yaml.org,2002:float", _construct_float)
_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def _read(path: Path) -> dict[str, object]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise StackFileError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise StackFileError(f"{path}, line {line}: is not UTF-8: save the file as UTF-8") from None
    try:
        content = _content(text, path)
    except yaml.MarkedYAMLError as error:
        raise StackFileError(f"{path}{_line(error)}: {_reason(error)}") from None
    except yaml.YAMLError as error:
        raise StackFileError(f"{path}: is not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise StackFileError(f"{path}: lists or mappings are nested too deeply to be read: write it flatter") from None
    except (ValueError, AttributeError):  # what PyYAML lets through, for example of `!!int x`
        raise StackFileError(f"{path}: holds a number that is too long, or a value that its tag does not fit") from None
    if content is None or isinstance(content, _Literal):
        return {}
    if not isinstance(content, dict):
        raise StackFileError(f"{path}: must be a mapping of keys to values")
    return content


def _content(text: str, path: Path) -> object:
    """What the one document in `text` says; raises `StackFileError` for faults of form, and YAML's own errors."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        if faults := form_faults(root):
            raise StackFileError("\n".join(f"{path}, {one}" for one in faults))
        return loader.construct_document(root)
    finally:
        loader.dispose()


def _line(error: yaml.MarkedYAMLError) -> str:
    return f", line {error.problem_mark.line + 1}" if error.problem_mark else ""


def _reason(error: yaml.MarkedYAMLError) -> str:
    if error.problem and "'\\t'" in error.problem:
        return "a tab indents or starts a value: YAML takes spaces only"
    return error.problem or "is not YAML"


def _full_key(key: str, project: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _config_text(value: object) -> str:
    """The text that the program gets: scalars as they stand in the file, everything else as compact JSON."""
    if isinstance(value, _Literal):
        return value.source
    if isinstance(value, str):
        return str(value)
    if _is_secure(value):
        return PLACEHOLDER_SECRET
    return json.dumps(_plain(value), separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, _Literal):
        return value.value
    if _is_secure(value):
        return PLACEHOLDER_SECRET
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _is_secure(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"} and isinstance(value["secure"], str)


def _holds_secure(value: object) -> bool:
    if isinstance(value, dict):
        return _is_secure(value) or any(_holds_secure(item) for item in value.values())
    return isinstance(value, list) and any(_holds_secure(item) for item in value)
