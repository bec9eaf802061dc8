"""Inputs as they look while resources that they come from are being replaced."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from simulator.graph import Node
from simulator.values import JSON, UNKNOWN, contains_unknown, is_secret, texts

_KNOWN_OUTPUTS = frozenset({"region", "tagsAll"})
"""Computed outputs that a replacement does not change."""
_TELLING_LENGTH = 8
"""A shorter text may occur in another by chance; ids, names and ARNs are longer."""


def with_unknowns(node: Node, replaced: Iterable[Node]) -> Mapping[str, JSON]:
    """The inputs of ``node`` with everything unknown that comes from a computed output of a ``replaced`` resource.

    What the replaced resource only passes on from its own inputs stays known. A dependent property in which no output
    can be recognised (a derived or secret value) counts as unknown as a whole.
    """
    inputs = dict(node.inputs)
    for resource in replaced:
        computed, passed_on = _computed_values(resource), frozenset(_strings(resource.inputs))
        for key, urns in node.property_dependencies.items():
            if resource.urn in urns and key in inputs:
                inputs[key] = _unknown_in(inputs[key], computed, passed_on)
    return inputs


def _unknown_in(value: JSON, computed: frozenset[str], passed_on: frozenset[str]) -> JSON:
    if contains_unknown(value):
        return value
    if found := _marked(value, lambda text: _comes_from(text, computed)):
        return found
    return value if passed_on.intersection(_strings(value)) else UNKNOWN


def _marked(value: JSON, unknown: Callable[[str], bool]) -> JSON:
    """A copy with the texts marked for which ``unknown`` holds; None if there is none."""
    hit = False

    def walk(item: JSON) -> JSON:
        nonlocal hit
        if isinstance(item, str):
            if not unknown(item):
                return item
            hit = True
            return UNKNOWN
        if isinstance(item, Mapping) and not is_secret(item):
            return {key: walk(part) for key, part in item.items()}
        return [walk(part) for part in item] if isinstance(item, list) else item

    copy = walk(value)
    return copy if hit else None


def _comes_from(text: str, computed: frozenset[str]) -> bool:
    return text in computed or any(len(value) >= _TELLING_LENGTH and value in text for value in computed)


def _computed_values(node: Node) -> frozenset[str]:
    """Texts that the cloud made: the id, outputs that are not inputs, and a name that the provider chose."""
    outputs = {key: value for key, value in node.outputs.items() if key not in _KNOWN_OUTPUTS}
    given = {
        text for text in _strings(node.inputs) if not re.fullmatch(rf".*{re.escape(node.name)}-[0-9a-f]{{7,8}}", text)
    }
    return frozenset(text for text in (node.id, *_strings(outputs)) if text and text not in given)


def _strings(value: JSON) -> Iterator[str]:
    return (text for _, text in texts(value))
