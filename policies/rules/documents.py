"""IAM policy documents, parsed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import cast

from .values import Json, UndecidedError, View, is_unknown, leaves


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, with lone values made lists.

    :param principals: by kind (``AWS``, ``Service``, ``Federated``); the principal ``*`` is ``{"*": ("*",)}``.
    :param conditions: operator to key to values.
    """

    label: str
    effect: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: Mapping[str, tuple[str, ...]]
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]

    @property
    def allows(self) -> bool:
        """Whether the statement grants."""
        return self.effect == "Allow"

    @property
    def anyone(self) -> bool:
        """Whether the statement names everybody as principal."""
        return any("*" in values for kind, values in self.principals.items() if kind in ("*", "AWS"))

    @property
    def condition_keys(self) -> frozenset[str]:
        """Condition keys, in lower case as IAM compares them."""
        return frozenset(key.lower() for keys in self.conditions.values() for key in keys)

    def matches(self, action: str) -> bool:
        """Whether the statement speaks of ``action``."""
        wanted = action.lower()
        if self.not_actions:
            return not any(fnmatchcase(wanted, pattern.lower()) for pattern in self.not_actions)
        return any(fnmatchcase(wanted, pattern.lower()) for pattern in self.actions)

    def values(self, operator: str, key: str) -> tuple[str, ...]:
        """Values of a condition, empty where it is absent."""
        for found, values in self.conditions.get(operator, {}).items():
            if found.lower() == key.lower():
                return values
        return ()


def policy_document(inputs: View, path: str) -> tuple[Statement, ...]:
    """The statements of the policy document at ``path``, none where it is absent.

    :raises UndecidedError: the document, or a part of it, is unknown, or is no JSON object.
    """
    document = inputs.document(path)
    for inner, value in leaves(document.raw, document.path):
        if is_unknown(value):
            raise UndecidedError(inner, "unknown until the update")
    return tuple(
        _statement(view.raw, f"{index}" if not view.has("Sid") else view.text("Sid"))
        for index, view in enumerate(document.views("Statement"))
    )


def _statement(raw: Mapping[str, Json], label: str) -> Statement:
    conditions = cast("Mapping[str, Mapping[str, Json]]", raw.get("Condition") or {})
    return Statement(
        label=label,
        effect=str(raw.get("Effect", "")),
        actions=_list(raw.get("Action")),
        not_actions=_list(raw.get("NotAction")),
        resources=_list(raw.get("Resource")),
        not_resources=_list(raw.get("NotResource")),
        principals=dict(_principals(raw.get("Principal"))),
        conditions={
            operator: {key: _list(values) for key, values in keys.items()} for operator, keys in conditions.items()
        },
    )


def _principals(value: Json) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(value, Mapping):
        for kind, names in value.items():
            yield kind, _list(names)
    elif value is not None:
        yield "*", _list(value)


def _list(value: Json) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(item) for item in value)
    return (str(value),)
