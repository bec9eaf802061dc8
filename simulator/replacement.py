"""Which inputs replace a resource: the table ``data/replacement.json`` and the rules that its conditions name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import SimulatorError
from simulator.type_table import TypeTable
from simulator.values import JSON, UNKNOWN, at

Inputs = Mapping[str, JSON]
Rule = Callable[[str, Inputs, Inputs], bool]
"""Whether a change of the property at a path replaces, given the inputs before and after."""


class UnknownReplacementError(SimulatorError):
    """No one has yet written down what replaces a resource of this type."""

    def __init__(self, token: str) -> None:
        super().__init__(
            f"{token}: it is not known which inputs replace it; "
            "read the provider's source and add the type to simulator/data/replacement.json"
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """A property that replaces under some circumstances only."""

    holds: Rule
    fact: str
    """The circumstances, for a reader."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What replaces a resource of one type. Paths are dotted and carry no list indices."""

    create_only: frozenset[str]
    conditional: Mapping[str, Condition]

    def covers(self, path: str, listed: str) -> bool:
        """Whether a change at ``path`` is a change of the ``listed`` property.

        A list or map changes with its elements. A block, recognised by entries of its own parts, does not: adding or
        removing it counts, and each part has its own rule.
        """
        return path == listed or (path.startswith(f"{listed}.") and not self._is_block(listed))

    def reason(self, path: str, old: Inputs, new: Inputs) -> str | None:
        """Why a change at ``path`` replaces the resource, or None if it is made in place."""
        conditions = [listed for listed in self.conditional if self.covers(path, listed)]
        if conditions:
            listed = max(conditions, key=len)
            condition = self.conditional[listed]
            return condition.fact if condition.holds(listed, old, new) else None
        return "create-only" if any(self.covers(path, listed) for listed in self.create_only) else None

    def _is_block(self, listed: str) -> bool:
        return any(other.startswith(f"{listed}.") for other in (*self.create_only, *self.conditional))


def replacement(token: str) -> Replacement:
    """What replaces a resource of type ``token``.

    Raises:
        UnknownReplacementError: the table does not know the type. Kubernetes kinds without an entry follow the rule
            that the provider applies to every kind (name and namespace).
    """
    return _TABLE[token]


def _present(inputs: Inputs, path: str) -> bool:
    return at(inputs, path) not in (None, [], {})


def _removed(path: str, old: Inputs, new: Inputs) -> bool:
    return _present(old, path) and not _present(new, path)


def _added_or_removed(path: str, old: Inputs, new: Inputs) -> bool:
    return _present(old, path) != _present(new, path)


def _changed_not_added(path: str, old: Inputs, new: Inputs) -> bool:
    return _present(old, path) and _present(new, path)


def _becomes(before: JSON, after: JSON) -> Rule:
    """The value goes from ``before`` to ``after``; a value not known yet may be ``after``."""

    def rule(path: str, old: Inputs, new: Inputs) -> bool:
        return at(old, path) == before and at(new, path) in (after, None, UNKNOWN)

    return rule


def _not_dedicated_to_default(path: str, old: Inputs, new: Inputs) -> bool:
    return not (at(old, path) == "dedicated" and at(new, path) in ("default", None))


def _instance_architecture_changes(path: str, old: Inputs, new: Inputs) -> bool:
    return _is_arm64(at(old, path)) != _is_arm64(at(new, path))


def _is_arm64(instance_type: JSON) -> bool | None:
    """Whether an EC2 instance type has a Graviton processor, by AWS's naming; None where that cannot be said.

    Families are letters, a generation digit, then attributes of which ``g`` says Graviton (m7g, c8gn); ``a1`` is older.
    """
    match = re.match(r"(?P<family>[a-z]+)\d+(?P<attributes>[a-z-]*)\.", str(instance_type))
    if match is None:
        return None
    return "g" in match["attributes"] or match["family"] == "a"


def _lowered(path: str, old: Inputs, new: Inputs) -> bool:
    """The number at ``path`` falls; one that is not known yet, or taken away, may."""
    before, after = _number(at(old, path)), _number(at(new, path))
    return before is not None and (after is None or after < before)


def _number(value: JSON) -> float | None:
    """A number, also one that is written as text (a version of two parts); None for anything else."""
    try:
        return float(str(value))
    except ValueError:
        return None


def _numbers(version: JSON) -> list[int]:
    """The numbers in a version, for comparison: those of ``4.1.x.kraft`` are 4 and 1."""
    return [int(part) for part in str(version).split(".") if part.isdecimal()]


def _network_balancer_groups(path: str, old: Inputs, new: Inputs) -> bool:
    """A network load balancer has security groups from its creation, or never."""
    return _is_network_balancer(new) and _added_or_removed(path, old, new)


def _network_balancer_subnets(path: str, old: Inputs, new: Inputs) -> bool:
    """A network load balancer takes further subnets and gives none up; one that is not known yet may be another."""
    before, after = at(old, path), at(new, path)
    if not _is_network_balancer(new) or not isinstance(before, list):
        return False
    return not isinstance(after, list) or any(subnet not in after for subnet in before)


def _is_network_balancer(inputs: Inputs) -> bool:
    return inputs.get("loadBalancerType") == "network"


RULES: Mapping[str, Rule] = {
    "always": lambda _path, _old, _new: True,
    "removed": _removed,
    "added": lambda path, old, new: _present(new, path) and not _present(old, path),
    "added_or_removed": _added_or_removed,
    "changed_not_added": _changed_not_added,
    "set_or_changed": lambda path, old, new: _present(new, path) and at(old, path) != at(new, path),
    "version_lowered": lambda path, old, new: _numbers(at(new, path)) < _numbers(at(old, path)),
    "not_aurora": lambda _path, _old, new: not str(new.get("engine")).startswith("aurora"),
    "true_to_false": _becomes(before=True, after=False),
    "customer_routed_to_aws_managed": _becomes(before="CUSTOMER_ROUTED", after="AWS_MANAGED"),
    "lowered": _lowered,
    "not_dedicated_to_default": _not_dedicated_to_default,
    "instance_architecture": _instance_architecture_changes,
    "assigned_ipv6_on_creation": lambda _path, old, _new: old.get("assignIpv6AddressOnCreation") is True,
    "private_connectivity": lambda _path, _old, new: new.get("connectivityType") == "private",
    "not_interface_endpoint": lambda _path, _old, new: new.get("vpcEndpointType") != "Interface",
    "user_data_replace_on_change": lambda _path, _old, new: new.get("userDataReplaceOnChange") is True,
    "ipv6_address_count_unchanged": lambda _path, old, new: old.get("ipv6AddressCount") == new.get("ipv6AddressCount"),
    # Every provider of this project sets enableConfigMapMutable: tests/unit/components/test_eks.py.
    "immutable": lambda _path, _old, new: new.get("immutable") is True,
    "network_balancer_groups": _network_balancer_groups,
    "network_balancer_subnets": _network_balancer_subnets,
    "no_cluster_identifier": lambda _path, old, new: (
        not (old.get("clusterIdentifier") and new.get("clusterIdentifier"))
    ),
}
"""The rules by the names that ``data/replacement.json`` uses."""


def _read(entry: Mapping[str, Any]) -> Replacement:
    conditional = entry.get("conditional", {}).items()
    return Replacement(
        frozenset(entry["create_only"]),
        {path: Condition(RULES[condition["rule"]], condition["fact"]) for path, condition in conditional},
    )


_TABLE = TypeTable("replacement.json", _read, UnknownReplacementError)
