"""Faults of form in a stack file: what YAML allows, and what the Pulumi CLI would make something else of.

They are found in the nodes of the parsed file, before values are made of them, so that all are told at once, each with
its line and its key.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

_MAX_NODES = 20_000
"""Far above any stack file; an alias inside an alias inside an alias would otherwise fill the memory."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("binary", "omap", "pairs", "set"))
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?")


@dataclass(frozen=True, slots=True)
class FormFault:
    """Something in a line of the file that must be written otherwise; `key` is its path, "" at the top."""

    line: int
    key: str
    rule: str
    fix: str

    def __str__(self) -> str:
        """Word the fault for the one who edits the file."""
        return f"line {self.line}: {f'{self.key}: ' if self.key else ''}{self.rule}: {self.fix}"


def form_faults(root: yaml.Node) -> list[FormFault]:
    """All faults of form below `root`, in the order of lines. No text is shown: it may be a secret."""
    found: list[FormFault] = []
    waiting: list[tuple[yaml.Node, str, frozenset[int]]] = [(root, "", frozenset())]
    seen = 0
    while waiting:
        node, key, above = waiting.pop()
        seen += 1
        if seen > _MAX_NODES or id(node) in above:
            found.append(FormFault(_line(node), key, "aliases repeat too much, or themselves", "write it out"))
            break
        if node.tag in _TAGS:
            found.append(FormFault(_line(node), key, "a tag that no key has", "remove what begins with !!"))
            continue
        if isinstance(node, yaml.ScalarNode):
            found += _scalar_faults(node, key)
            continue
        inside = above | {id(node)}
        if isinstance(node, yaml.SequenceNode):
            waiting += [(one, f"{key}[{index}]", inside) for index, one in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            found += _key_faults(node, key)
            waiting += [(value, _join(key, name.value), inside) for name, value in node.value if _is_scalar(name)]
    return sorted(set(found), key=lambda one: (one.line, one.key, one.rule))


def _key_faults(node: yaml.MappingNode, path: str) -> Iterator[FormFault]:
    first: dict[str, int] = {}
    for name, _ in node.value:
        line = _line(name)
        if not _is_scalar(name):
            yield FormFault(line, path, "a key must be text", "write it as one word")
        elif name.style is None and name.value in _NULLS:
            yield FormFault(line, path, "a key must be text, and this is nothing", "write it in quotes, or remove it")
        elif name.value in first:
            yield FormFault(
                line,
                _join(path, name.value),
                f"the key {name.value!r} stands twice, first in line {first[name.value]}",
                "rename or remove one",
            )
        else:
            first[name.value] = line


def _scalar_faults(node: yaml.ScalarNode, path: str) -> Iterator[FormFault]:
    if node.style is not None:
        return
    if _LEADING_ZERO.fullmatch(node.value):
        yield FormFault(
            _line(node),
            path,
            f"{node.value}, a number without quotes, begins with 0: the Pulumi CLI makes another number of it",
            "write it in quotes if it is none, else without the 0",
        )
    elif _DATE.fullmatch(node.value):
        yield FormFault(
            _line(node),
            path,
            f"{node.value}, a date without quotes: the Pulumi CLI rewrites it in a form of its own",
            "write it in quotes",
        )


def _is_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)


def _join(path: str, key: str) -> str:
    above = "" if path == "config" else path  # keys of the configuration are known by themselves
    return f"{above}.{key}" if above else key


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1
