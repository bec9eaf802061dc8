"""What changes between two sets of inputs of one resource, and which change replaces it.

Stands in for the Diff of a provider, for the simulator's plugins and for the comparison with an exported state alike.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.record import PROVIDER_PREFIX
from simulator.replacement import Replacement, replacement
from simulator.values import JSON, is_secret, is_unknown

_MISSING = object()
_DEFAULTS = "__defaults"
_ENGINE_KEYS = frozenset({"version", "pluginDownloadURL", "pluginChecksums"})
"""What the engine adds to a provider's own inputs."""
_AUTONAMED = "pulumi.com/autonamed"
_MANAGED_BY = "app.kubernetes.io/managed-by"

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One changed input."""

    path: str
    """As Pulumi writes property paths: ``scalingConfig.minSize``, ``ingress[0].cidrBlocks``."""
    replaces: bool
    reason: str
    """Why it replaces, or what is remarkable about a change in place; empty for an ordinary one."""


def diff(
    token: str,
    old_inputs: Mapping[str, JSON],
    new_inputs: Mapping[str, JSON],
    *,
    ignore_changes: Sequence[str] = (),
    replace_on_changes: Sequence[str] = (),
) -> tuple[Change, ...]:
    """Every change from ``old_inputs`` to ``new_inputs``, sorted by path.

    What a provider filled in on its own is not compared if the program says nothing about it: defaults and automatic
    names listed under ``__defaults``, ``__`` keys, the engine's keys of a provider, Kubernetes automatic names. Two
    secrets of which one is sealed are equal, as their contents cannot be seen. Unknown is a change.

    Raises:
        UnknownReplacementError: it is not known what replaces a resource of this type.
    """
    facts = replacement(token)
    if token.startswith(PROVIDER_PREFIX):
        old_inputs = {key: value for key, value in old_inputs.items() if key not in _ENGINE_KEYS}
        new_inputs = {key: value for key, value in new_inputs.items() if key not in _ENGINE_KEYS}
    if token.startswith("kubernetes:"):
        old_inputs = _without_kubernetes_defaults(old_inputs, new_inputs)
    found = {
        path: _judge(path, remark, facts, (old_inputs, new_inputs), replace_on_changes)
        for path, remark in _differences((), old_inputs, new_inputs)
        if not any(covers(pattern, path) for pattern in ignore_changes)
    }
    telling = (change for path, change in found.items() if not _told_by_block(path, found))
    return tuple(sorted(telling, key=lambda change: change.path))


def covers(pattern: str, path: Path) -> bool:
    """Whether ``path`` is at or below the property path ``pattern``, in which ``*`` stands for any key or index."""
    wanted = parse_path(pattern)
    return len(wanted) <= len(path) and all(
        want in ("*", have) for want, have in zip(wanted, path[: len(wanted)], strict=True)
    )


def parse_path(text: str) -> Path:
    """Read a property path as Pulumi writes it: ``a.b[0]["c.d"]``, also with ``*``."""
    return tuple(
        int(index) if index else quoted or name
        for quoted, index, name in re.findall(r'\["([^"]*)"\]|\[(\d+)\]|([^.\[\]]+)', text)
    )


def format_path(path: Path) -> str:
    """Write a property path as Pulumi does."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        elif re.fullmatch(r"[A-Za-z_$][\w$-]*", key):
            text += f".{key}" if text else key
        else:
            text += f'["{key}"]'
    return text


def _told_by_block(path: Path, found: Mapping[Path, Change]) -> bool:
    """Whether the block around ``path`` is added or removed as a whole, which says as much as its part does."""
    blocks = (found[path[:length]] for length in range(1, len(path)) if path[:length] in found)
    return any(block.replaces or not found[path].replaces for block in blocks)


def _judge(
    path: Path,
    remark: str,
    facts: Replacement,
    inputs: tuple[Mapping[str, JSON], Mapping[str, JSON]],
    replace_on_changes: Sequence[str],
) -> Change:
    text = format_path(path)
    if remark:
        return Change(text, replaces=False, reason=remark)
    if any(covers(pattern, path) for pattern in replace_on_changes):
        return Change(text, replaces=True, reason="replaceOnChanges")
    reason = facts.reason(".".join(key for key in path if isinstance(key, str)), *inputs)
    return Change(text, replaces=reason is not None, reason=reason or "")


def _differences(path: Path, old: object, new: object) -> Iterator[tuple[Path, str]]:
    """Every differing path, each with a remark if only its secrecy differs: the deepest paths, and blocks as a whole
    that are added or removed. Null is the same as absent.
    """
    if old is None or new is None:
        old, new = (_MISSING if value is None else value for value in (old, new))
    if old is _MISSING and new is _MISSING:
        return
    if is_secret(old) or is_secret(new):
        yield from _secret_differences(path, old, new)
    elif is_unknown(new) or is_unknown(old):
        yield path, ""
    elif _is_object(old) and _is_object(new):
        yield from _object_differences(path, old, new)
    elif isinstance(old, list) and isinstance(new, list) and _holds_objects(old) and _holds_objects(new):
        for index in range(max(len(old), len(new))):
            yield from _differences((*path, index), _element(old, index), _element(new, index))
    elif not _same(old, new):
        yield path, ""


def _secret_differences(path: Path, old: object, new: object) -> Iterator[tuple[Path, str]]:
    if isinstance(new, str) and is_unknown(new):
        yield path, ""  # it comes from something replaced; whether it will be secret is not asked
    elif not is_secret(old):
        yield path, "" if old is _MISSING else "now secret"
    elif not is_secret(new):
        yield path, "" if new is _MISSING else "no longer secret"
    elif isinstance(old, dict) and isinstance(new, dict) and "value" in old and "value" in new and not is_unknown(old):
        yield from _differences(path, old["value"], new["value"])


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping) or value is _MISSING


def _object_differences(path: Path, old: object, new: object) -> Iterator[tuple[Path, str]]:
    """Differences of two objects, of which one may be missing: then the block itself and every part differ."""
    old_keys = old if isinstance(old, Mapping) else {}
    new_keys = new if isinstance(new, Mapping) else {}
    if old is _MISSING or new is _MISSING:
        yield path, ""
    filled = old_keys.get(_DEFAULTS, ())
    for key in sorted({*old_keys, *new_keys}):
        before, after = old_keys.get(key, _MISSING), new_keys.get(key, _MISSING)
        provider_filled = after is _MISSING and isinstance(filled, Sequence) and key in filled
        if not key.startswith("__") and not provider_filled:
            yield from _differences((*path, key), before, after)


def _holds_objects(values: list[object]) -> bool:
    return all(isinstance(value, Mapping) for value in values)


def _element(values: list[object], index: int) -> object:
    return values[index] if index < len(values) else _MISSING


def _same(old: object, new: object) -> bool:
    """Equality as providers see it: JSON documents compare by content."""
    if isinstance(old, bool) != isinstance(new, bool):
        return False
    if isinstance(old, str) and isinstance(new, str) and old != new and old[:1] == new[:1] and old[:1] in ("{", "["):
        try:
            return bool(json.loads(old) == json.loads(new))
        except ValueError:
            return False
    return old == new


def _without_kubernetes_defaults(old: Mapping[str, JSON], new: Mapping[str, JSON]) -> Mapping[str, JSON]:
    """``old`` without what the Kubernetes provider adds by itself and the program does not set."""
    metadata = old.get("metadata")
    if not isinstance(metadata, Mapping):
        return old
    new_metadata = new.get("metadata")
    said = new_metadata if isinstance(new_metadata, Mapping) else {}
    kept = dict(metadata)
    annotations = metadata.get("annotations")
    if isinstance(annotations, Mapping) and _AUTONAMED in annotations and "name" not in said:
        kept.pop("name", None)
    for block, key in (("annotations", _AUTONAMED), ("labels", _MANAGED_BY)):
        entries, said_entries = kept.get(block), said.get(block)
        if isinstance(entries, Mapping) and not (isinstance(said_entries, Mapping) and key in said_entries):
            left = {name: value for name, value in entries.items() if name != key}
            if left or isinstance(said_entries, Mapping):
                kept[block] = left
            else:
                kept.pop(block)
    return {**old, "metadata": kept}
