"""A stack as rules see it: resources with their options, who refers to whom, and where each one lives.

The graph is built from the form of ``pulumi stack export`` (simulated or real) or, inside a policy pack, from the
resources that the engine hands over.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from . import tokens
from .values import Json, UndecidedError, View, is_unknown

MAINNET = "mainnet"


class GraphError(ValueError):
    """The document is not a Pulumi deployment."""


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource of a stack.

    :param provider: URN of the provider resource, empty for components and for providers themselves.
    :param retain_on_delete: None where the source of the graph cannot show it (a policy pack).
    """

    urn: str
    type: str
    custom: bool = True
    id: str = ""
    parent: str = ""
    provider: str = ""
    properties: Mapping[str, Json] = field(default_factory=dict)
    outputs: Mapping[str, Json] = field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool | None = False
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore_changes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]

    @property
    def inputs(self) -> View:
        """What the program (or the provider's defaults) asked for."""
        return View(self.properties)

    @property
    def computed(self) -> View:
        """What the provider answered."""
        return View(self.outputs)


class Graph:
    """The resources of one stack, indexed for joins."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = tuple(resources)
        self.by_urn: dict[str, Resource] = {resource.urn: resource for resource in self.resources}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._by_reference: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in self.resources:
            self._by_type[resource.type].append(resource)
            for key in _reference_keys(resource):
                self._by_reference[resource.type, key].append(resource)
        self._closures: dict[str, frozenset[str]] = {}
        self._referrers: dict[tuple[str, str, str], Mapping[str, list[Resource]]] = {}

    @classmethod
    def from_deployment(cls, document: Mapping[str, object]) -> "Graph":
        """Read the form of ``pulumi stack export``.

        :raises GraphError: the document has no ``deployment.resources`` list.
        """
        deployment = document.get("deployment")
        rows = deployment.get("resources") if isinstance(deployment, Mapping) else None
        if not isinstance(rows, list):
            raise GraphError("not a Pulumi deployment: deployment.resources is missing. Use `pulumi stack export`.")
        return cls(_from_row(row) for row in rows if isinstance(row, Mapping) and not row.get("delete"))

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """All resources of the given types, in the order of the stack."""
        return tuple(resource for token in types for resource in self._by_type.get(token, ()))

    def of_package(self, *packages: str) -> tuple[Resource, ...]:
        """All custom resources of the given packages (``aws``, ``kubernetes``)."""
        prefixes = tuple(f"{package}:" for package in packages)
        return tuple(resource for resource in self.resources if resource.custom and resource.type.startswith(prefixes))

    @cached_property
    def stack(self) -> tuple[Resource, ...]:
        """The stack resource: the subject of rules about the whole."""
        return self.of_type(tokens.STACK)

    @cached_property
    def tier(self) -> str:
        """The tier that the AWS providers' default tags name; the strictest one where they say nothing or disagree."""
        tiers = {default_tags(provider).get("tier", MAINNET) for provider in self.of_type(tokens.AWS_PROVIDER)}
        return tiers.pop() if len(tiers) == 1 else MAINNET

    @property
    def strict(self) -> bool:
        """Whether the rules of the strictest tier apply."""
        return self.tier == MAINNET

    def region_of(self, resource: Resource) -> str:
        """The region of the resource's AWS provider; empty for anything else.

        :raises UndecidedError: the provider's region is not known.
        """
        provider = resource if resource.type == tokens.AWS_PROVIDER else self.by_urn.get(resource.provider)
        if provider is None or provider.type != tokens.AWS_PROVIDER:
            return ""
        return provider.inputs.text("region")

    def account_of(self, resource: Resource) -> str:
        """The one account that the resource's AWS provider accepts; empty where it is not exactly one."""
        provider = resource if resource.type == tokens.AWS_PROVIDER else self.by_urn.get(resource.provider)
        accounts = json_list(provider.inputs, "allowedAccountIds") if provider else ()
        return accounts[0] if len(accounts) == 1 else ""

    def follow(self, resource: Resource, path: str, *types: str) -> tuple[Resource, ...]:
        """The resources of the given types to which the input at ``path`` (an id, name or ARN, or a list) refers.

        A known value is looked up; for an unknown one the engine's property dependencies answer, as far as they are
        unambiguous.

        :raises UndecidedError: the value is unknown and its dependencies leave a choice.
        """
        try:
            values = resource.inputs.strings(path)
        except UndecidedError:
            return self._follow_dependencies(resource, path, types)
        found = (self._lookup(resource, value, types) for value in values)
        return tuple(match for match in found if match is not None)

    def _lookup(self, resource: Resource, value: str, types: Sequence[str]) -> Resource | None:
        matches = [match for token in types for match in self._by_reference.get((token, value), ())]
        same_provider = [match for match in matches if match.provider == resource.provider]
        return next(iter(same_provider or matches), None)

    def _follow_dependencies(self, resource: Resource, path: str, types: Sequence[str]) -> tuple[Resource, ...]:
        urns = resource.property_dependencies.get(path.split(".", 1)[0], ())
        found = tuple(self.by_urn[urn] for urn in urns if urn in self.by_urn and self.by_urn[urn].type in types)
        if urns and not found:
            return ()  # the value comes from something else: a network made by EKS, not by this stack
        try:
            value = resource.inputs.get(path)
        except UndecidedError:
            value = None
        wanted = len(value) if isinstance(value, Sequence) and not isinstance(value, str) else 1
        if len(found) != wanted:
            raise UndecidedError(path, "unknown until the update")
        return found

    def referrers(self, target: Resource, path: str, *types: str) -> tuple[Resource, ...]:
        """The resources of the given types whose input at ``path`` refers to ``target``.

        :raises UndecidedError: one of them may or may not.
        """
        found: list[Resource] = []
        for token in types:
            found.extend(self._referrers_of(token, path, target.type).get(target.urn, ()))
        return tuple(found)

    def _referrers_of(self, token: str, path: str, target_type: str) -> Mapping[str, list[Resource]]:
        # One pass per type and path, or rules that join would cost the square of the stack.
        key = (token, path, target_type)
        if key not in self._referrers:
            index: dict[str, list[Resource]] = defaultdict(list)
            for resource in self.of_type(token):
                for target in self.follow(resource, path, target_type):
                    index[target.urn].append(resource)
            self._referrers[key] = index
        return self._referrers[key]

    def closure(self, resource: Resource) -> frozenset[str]:
        """URNs of everything that must exist before ``resource``: dependencies of every kind, and its provider."""
        if resource.urn not in self._closures:
            self._closures[resource.urn] = self.closure_without(resource, frozenset())
        return self._closures[resource.urn]

    def closure_without(self, resource: Resource, edges: frozenset[tuple[str, str]]) -> frozenset[str]:
        """:meth:`closure` along all dependencies but ``edges``: URNs of who needs something, and of what it needs."""
        seen: set[str] = set()
        pending = [resource]
        while pending:
            current = pending.pop()
            for urn in direct_dependencies(current) - seen:
                if (current.urn, urn) in edges:
                    continue
                seen.add(urn)
                if (found := self.by_urn.get(urn)) is not None:
                    pending.append(found)
        return frozenset(seen)

    def needed(self, resource: Resource, *types: str) -> tuple[Resource, ...]:
        """The resources of the given types within :meth:`closure`."""
        closure = self.closure(resource)
        return tuple(found for found in self.of_type(*types) if found.urn in closure)


def direct_dependencies(resource: Resource) -> set[str]:
    """URNs that the resource itself names: dependencies, the sources of its inputs, its provider."""
    found = set(resource.dependencies)
    for urns in resource.property_dependencies.values():
        found.update(urns)
    if resource.provider:
        found.add(resource.provider)
    return found


def json_list(view: View, path: str) -> tuple[str, ...]:
    """The strings of a list; provider inputs carry lists as JSON text."""
    value = view.get(path)
    if not isinstance(value, str) or not value.startswith("["):
        return view.strings(path)
    return tuple(str(item) for item in json.loads(value))


def default_tags(provider: Resource) -> Mapping[str, str]:
    """The default tags of an AWS provider, empty where none are readable."""
    try:
        tags = provider.inputs.document("defaultTags").view("tags").raw
    except UndecidedError:
        return {}
    return {key: value for key, value in tags.items() if isinstance(value, str) and not is_unknown(value)}


def _reference_keys(resource: Resource) -> set[str]:
    keys = {resource.id}
    for outputs in (resource.outputs, resource.properties):
        keys.update(cast("str", outputs.get(key)) for key in ("arn", "name", "id") if isinstance(outputs.get(key), str))
    return {key for key in keys if key and not is_unknown(key)}


def _from_row(row: Mapping[str, object]) -> Resource:
    dependencies = cast("Mapping[str, Sequence[str] | None]", row.get("propertyDependencies") or {})
    return Resource(
        urn=str(row["urn"]),
        type=str(row["type"]),
        custom=bool(row.get("custom")),
        id=str(row.get("id") or ""),
        parent=str(row.get("parent") or ""),
        provider=str(row.get("provider") or "").rsplit("::", 1)[0],
        properties=cast("Mapping[str, Json]", row.get("inputs") or {}),
        outputs=cast("Mapping[str, Json]", row.get("outputs") or {}),
        protect=bool(row.get("protect")),
        retain_on_delete=bool(row.get("retainOnDelete")),
        dependencies=tuple(cast("Sequence[str]", row.get("dependencies") or ())),
        property_dependencies={key: tuple(urns or ()) for key, urns in dependencies.items()},
        ignore_changes=tuple(cast("Sequence[str]", row.get("ignoreChanges") or ())),
    )
