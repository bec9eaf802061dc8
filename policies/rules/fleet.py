"""Rules over more than one state: all stacks together (GRD-3, KEY-3, NET-1, R30), or one before and after (R5, R11)."""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from .custody import key_references
from .decommission import Owners
from .evaluation import Finding
from .graph import Graph
from .nodes import storage_groups
from .rule import Problem
from .tokens import AWS_PROVIDER, POLICY, ROLE, VPC
from .utxo_stores import stores_on

_GLOBALLY_NAMED = {
    ROLE: "name",
    POLICY: "name",
    "aws:iam/instanceProfile:InstanceProfile": "name",
    "aws:s3/bucket:Bucket": "bucket",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetRule:
    """A control over all stacks of the project, by stack name."""

    id: str
    title: str
    reason: str
    source: str
    remedy: str
    check: Callable[[Mapping[str, Graph]], Iterator[Problem]]


def _accounts(graph: Graph) -> set[str]:
    return {graph.account_of(provider) for provider in graph.of_type(AWS_PROVIDER)} - {""}


def _separate_accounts(stacks: Mapping[str, Graph]) -> Iterator[Problem]:
    for (one, first), (other, second) in combinations(sorted(stacks.items()), 2):
        shared = _accounts(first) & _accounts(second)
        if shared and first.strict != second.strict:
            yield Problem(f"{one} and {other} share account {', '.join(sorted(shared))}")


def _disjoint_networks(stacks: Mapping[str, Graph]) -> Iterator[Problem]:
    networks = [
        (name, vpc, ipaddress.ip_network(vpc.inputs.text("cidrBlock"), strict=False))
        for name, graph in sorted(stacks.items())
        for vpc in graph.of_type(VPC)
    ]
    for (one, first, network), (other, second, found) in combinations(networks, 2):
        if one != other and network.overlaps(found):
            yield Problem(f"{found} of {other} overlaps {network} of {one} ({first.name})", "cidrBlock", second.urn)


def _unique_names(stacks: Mapping[str, Graph]) -> Iterator[Problem]:
    taken: dict[tuple[str, str, str], str] = {}
    for stack, graph in sorted(stacks.items()):
        for resource in graph.of_type(*_GLOBALLY_NAMED):
            path = _GLOBALLY_NAMED[resource.type]
            key = (resource.type, graph.account_of(resource), resource.inputs.text(path))
            if key[-1] and taken.setdefault(key, stack) != stack:
                yield Problem(f"{key[-1]} is also a name of stack {taken[key]}", path, resource.urn)


def _keys_of_one_stack(stacks: Mapping[str, Graph]) -> Iterator[Problem]:
    holders: dict[tuple[str, str], str] = {}
    for stack, graph in sorted(stacks.items()):
        for reference, resource in key_references(graph).items():
            if holders.setdefault(reference, stack) != stack:
                yield Problem(f"a private key is also read by stack {holders[reference]}", "spec.data", resource.urn)


FLEET_RULES: tuple[FleetRule, ...] = (
    FleetRule(
        id="GRD-3",
        title="Mainnet has an account of its own",
        reason="A testing mistake must not reach mainnet.",
        source="project",
        remedy="Give the mainnet stack another account.",
        check=_separate_accounts,
    ),
    FleetRule(
        id="NET-1-FLEET",
        title="Networks of different stacks do not overlap",
        reason="Overlapping networks can never be peered.",
        source="VPC peering rules",
        remedy="Give each region of each stack a CIDR of its own.",
        check=_disjoint_networks,
    ),
    FleetRule(
        id="R30",
        title="No two stacks write the same global name",
        reason="The second up fails, or takes over what is not its own.",
        source="project",
        remedy="Leave the name to Pulumi, or put environment and region into it.",
        check=_unique_names,
    ),
    FleetRule(
        id="KEY-3-FLEET",
        title="No two stacks read the same private key",
        reason="A key of mainnet that testing reads is as safe as testing is.",
        source="CCSS 1.02",
        remedy="Give each miner of each stack keys of its own.",
        check=_keys_of_one_stack,
    ),
)


def evaluate_fleet(stacks: Mapping[str, Graph]) -> tuple[Finding, ...]:
    """Run the fleet rules over graphs by stack name.

    :raises UndecidedError: a graph was made by a preview whose names or networks are unknown.
    """
    return tuple(
        sorted(
            Finding(rule.id, problem.urn, problem.path, problem.message, rule.remedy)
            for rule in FLEET_RULES
            for problem in rule.check(stacks)
        )
    )


def lost_protection(before: Graph, after: Graph) -> tuple[Finding, ...]:
    """R5: resources that were protected and are to stay, but unprotected.

    The engine refuses a replacement only if the old state and the new program both protect, so dropping the flag and
    replacing in one update passes.
    """
    remedy = "Keep protect; to remove the resource, list the miner, zone or region that it belongs to in decommission."
    owners = Owners(after)
    return tuple(
        Finding("R5", old.urn, "", "protection is dropped", remedy)
        for old in before.resources
        if old.protect
        and (new := after.by_urn.get(old.urn)) is not None
        and not new.protect
        and owners.leaving(new) is None
    )


def lost_nodes(before: Graph, after: Graph) -> tuple[Finding, ...]:
    """R11: node groups that go although a store that stays has its servers on them.

    A group that is deleted, upgraded or replaced drains its nodes, waits, and then deletes their pods, past the webhook
    by which Aerospike's operator holds an eviction back until the records have moved. All copies may go at once.
    """
    remedy = (
        "Let the operator empty the nodes first, in updates of their own: add the second pool to nodes.storage, then "
        "name it in utxoStore.pool, then remove the first one (docs/runbooks/replace-nvme-pool.md)."
    )
    return tuple(
        Finding("R11", group.urn, "", f"the records of {store.name} are on these nodes", remedy)
        for group in storage_groups(before)
        if group.urn not in after.by_urn
        for store, _ in stores_on(before, group)
        if store.urn in after.by_urn
    )
