"""What an update must not do to a recorded environment, whatever the engine's own locks say."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ops.fleet import policy_graph
from policies.rules import tokens
from policies.rules.decommission import Leaving, Owners, announced
from policies.rules.fleet import lost_nodes, lost_protection
from policies.rules.graph import Graph, Resource
from policies.rules.stateful import stateful
from policies.rules.utxo_stores import stores_on
from simulator.compare import Action, Comparison, ResourceChange
from simulator.graph import Deployment

FIXED, LOSS, EARLY, ZONE, LOCKS, NODES, VERSION, POOL = (
    *("fixed fact", "R4", "R4-DATE", "R4-ZONE", "R5", "R11", "R12", "node pool"),
)

_FACTS = ("account", "chain", "home", "tier")
_IDENTITY = "identity-fixed-facts"
_RUNBOOK = "docs/runbooks/decommission.md"
_BOUND = (tokens.CLUSTER, tokens.DB_CLUSTER, tokens.DB_INSTANCE, tokens.EFS)
"""What lies in one VPC for life, or is reached by what does."""

_MINOR = re.compile(r"1\.(\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """One reason not to update: what would happen, the input that causes it, and what to do instead."""

    rule: str
    subject: str
    what: str
    cause: str
    remedy: str
    urns: tuple[str, ...] = ()


def refusals(recorded: Deployment, planned: Deployment, comparison: Comparison, today: date) -> tuple[Refusal, ...]:
    """Everything for which an update from ``recorded`` to ``planned`` is refused, sorted; nothing if it may go on.

    ``comparison`` is that of both. The fixed facts, networks and the order of Kubernetes versions hold in every tier.
    Data is guarded where the recorded tier protects it: there a stateful resource is deleted or replaced only if the
    recorded state announces that the miner, region or zone which it belongs to leaves, and its day has come.
    """
    before, after = policy_graph(recorded), policy_graph(planned)
    found = [*_fixed_facts(before, after), *_networks(before, after, comparison), *_versions(before, after)]
    found += _pools(before, after)
    if before.strict:
        found += [*_losses(before, after, comparison, today), *_stuck(before, after), *_open_locks(before, after)]
    return tuple(sorted(found))


def _fixed_facts(before: Graph, after: Graph) -> Iterator[Refusal]:
    was, will_be = _facts(before), _facts(after)
    for fact in _FACTS:
        if fact in was and fact in will_be and was[fact] != will_be[fact]:
            yield Refusal(
                FIXED,
                fact,
                f"{fact} is {was[fact]} for the life of the environment",
                f"{fact}: {will_be[fact]}",
                f"write {fact}: {was[fact]}, or make another environment (ops new) and move there",
            )


def _facts(graph: Graph) -> Mapping[str, str]:
    """What the environment is; of a state older than its identity, as far as its outputs say."""
    for resource in graph.of_type(tokens.RANDOM_ID):
        if resource.name == _IDENTITY:
            keepers = resource.inputs.view("keepers")
            return {fact: keepers.text(fact) for fact in _FACTS}
    outputs = graph.stack[0].outputs if graph.stack else {}
    return {fact: str(outputs[fact]) for fact in _FACTS if fact in outputs}


def _networks(before: Graph, after: Graph, comparison: Comparison) -> Iterator[Refusal]:
    """Networks that would be replaced under what AWS leaves where it was made."""
    actions = {item.urn: item.action for item in comparison.changed}
    for network in before.of_type(tokens.VPC):
        region = before.region_of(network)
        bound = [one.urn for one in before.of_type(*_BOUND) if before.region_of(one) == region]
        staying = tuple(urn for urn in bound if actions.get(urn) not in (Action.DELETE, Action.REPLACE))
        new = after.by_urn.get(network.urn)
        if new is None or not staying or actions.get(network.urn) is not Action.REPLACE:
            continue
        block, changed = network.inputs.text("cidrBlock"), new.inputs.text("cidrBlock")
        yield Refusal(
            FIXED,
            region,
            f"the network of {region} is {block} for its life: AWS moves nothing to another VPC, so {_listed(staying)} "
            "cannot follow",
            f"regions.{region}.cidr: {changed}" if changed != block else f"{network.name} is replaced",
            f"write {block}, or "
            + (
                f"add another region, move the miners there and list {region} in decommission ({_RUNBOOK})"
                if before.strict
                else "destroy the environment and make it anew"
            ),
            staying,
        )


def _versions(before: Graph, after: Graph) -> Iterator[Refusal]:
    for old in before.of_type(tokens.CLUSTER):
        new = after.by_urn.get(old.urn)
        if new is None:
            continue
        was, will_be = (_MINOR.fullmatch(one.inputs.text("version")) for one in (old, new))
        if was is None or will_be is None:
            continue
        step = int(will_be[1]) - int(was[1])
        if step < 0 or step > 1:
            yield Refusal(
                VERSION,
                old.name,
                f"Kubernetes {was[0]} would become {will_be[0]}: EKS goes one minor at a time and never back",
                f"kubernetes.version: {will_be[0]}",
                f"write {was[0]}" + (f', or "1.{int(was[1]) + 1}" as the next step' if step > 0 else ""),
                (old.urn,),
            )


def _pools(before: Graph, after: Graph) -> Iterator[Refusal]:
    """Node groups that are asked for more nodes than they have: EKS refuses, half-way through the update.

    The number that there is belongs to whoever adds nodes; the program never changes it.
    """
    for old in before.of_type(tokens.NODE_GROUP):
        new = after.by_urn.get(old.urn)
        has, fewest = (_size(one, key) for one, key in ((old, "desiredSize"), (new, "minSize")))
        if new is not None and has is not None and fewest is not None and fewest > has:
            yield Refusal(
                POOL,
                old.name,
                f"its state knows of {has} of its nodes, and EKS refuses a minimum of {fewest} above that",
                "minNodesPerZone of its pool",
                f"first ask for {fewest} nodes and refresh the node group: docs/operations.md, More nodes in a system "
                "or general pool",
                (old.urn,),
            )


def _size(group: Resource | None, key: str) -> int | None:
    if group is None:
        return None
    recorded = group.outputs.get("scalingConfig")
    found = recorded.get(key) if isinstance(recorded, Mapping) else None
    return int(found) if isinstance(found, int | float) else None


def _losses(before: Graph, after: Graph, comparison: Comparison, today: date) -> Iterator[Refusal]:
    owners, guarded = Owners(before), stateful(before)
    groups: defaultdict[tuple[str, Action, str], list[str]] = defaultdict(list)
    for item in comparison.changed:
        resource = guarded.get(item.urn)
        if resource is None or item.action not in (Action.DELETE, Action.REPLACE):
            continue
        leaving = owners.leaving(resource)
        if leaving is None:
            if not _may_go(before, resource, owners):
                groups[_owner(owners, resource), item.action, _cause(item, comparison)].append(item.urn)
        elif today < leaving.day:
            groups[leaving.subject, item.action, _too_early(leaving)].append(item.urn)
    for (owner, action, cause), urns in groups.items():
        early = cause.startswith("decommission.")
        yield Refusal(
            EARLY if early else LOSS,
            owner or "the environment",
            f"{action} of {len(urns)} that hold data or an address: {_listed(urns)}",
            cause or f"the settings no longer make {owner or 'them'}",
            _remedy(before, after, owner, action, early=early),
            tuple(sorted(urns)),
        )


def _may_go(before: Graph, resource: Resource, owners: Owners) -> bool:
    """Nodes that were emptied and unlocked by hand, and what is left of a removal that stopped half-way.

    Of the latter the program that ran last knew nothing any more, so its outputs do not name the owner.
    """
    if resource.protect:
        return False
    if resource.type == tokens.NODE_GROUP and not any(True for _ in stores_on(before, resource)):
        return True
    return any(_unknown_to_outputs(before, part, name) for part, name in owners.of(resource))


def _unknown_to_outputs(graph: Graph, part: str, name: str) -> bool:
    """Whether the outputs list all parts of the kind, and ``name`` is not among them."""
    outputs = graph.stack[0].outputs if graph.stack else {}
    if part == "zone":
        regions = outputs.get("regions")
        region = regions.get(name[:-1]) if isinstance(regions, Mapping) else None
        listed = region.get("zones") if isinstance(region, Mapping) else None
        return isinstance(listed, list) and name not in listed
    listed = outputs.get(f"{part}s")
    return isinstance(listed, Mapping) and name not in listed


def _owner(owners: Owners, resource: Resource) -> str:
    """The narrowest part that the resource belongs to, empty for the environment's own."""
    named = dict(owners.of(resource))
    return next((named[part] for part in ("miner", "zone", "region") if part in named), "")


def _cause(item: ResourceChange, comparison: Comparison) -> str:
    """The inputs that force a replacement, its own or those of the resource that it follows."""
    if item.action is Action.DELETE:
        return ""
    changed = {one.urn: one for one in comparison.changed}
    sources, seen = [item], set[str]()
    roots: set[str] = set()
    while sources:
        one = sources.pop()
        if one.urn in seen:
            continue
        seen.add(one.urn)
        followed = [changed[urn] for urn in one.caused_by if urn in changed]
        sources += followed
        if not followed:
            roots.update(f"{one.name}: {change.path}" for change in one.forced_by or one.changes)
    return ", ".join(sorted(roots))


def _too_early(leaving: Leaving) -> str:
    return f"decommission.{leaving.subject}.date was {leaving.day}"


def _remedy(before: Graph, after: Graph, owner: str, action: Action, *, early: bool) -> str:
    if early:
        return "wait for that day, or bring it forward in an update that changes nothing else"
    if action is Action.DELETE and owner and not _exists(after, owner) and _exists(before, owner):
        return f"put {owner} back, list it in decommission, update, and remove it in an update after that ({_RUNBOOK})"
    return "take the change back; what must be another resource is built beside the old one and its data moved"


def _exists(graph: Graph, owner: str) -> bool:
    """Whether a miner, region or zone of that name is in the stack: all three are in the names of what they have."""
    return any(one.name == owner or one.name.endswith(f"-{owner}") for one in graph.resources)


def _stuck(before: Graph, after: Graph) -> Iterator[Refusal]:
    """What lies in a zone for life, although the zone is to leave: AWS would refuse to delete its subnet at the end."""
    for zone in (leaving.subject for leaving in announced(after) if leaving.part == "zone"):
        held = [
            one.urn
            for one in before.of_type(tokens.FSX_LUSTRE)
            if any(subnet.name.endswith(f"-{zone}") for subnet in before.follow(one, "subnetIds", tokens.SUBNET))
        ]
        held += [
            one.urn
            for one in before.of_type(tokens.DB_CLUSTER_INSTANCE, tokens.DB_INSTANCE)
            if one.outputs.get("availabilityZone") == zone
        ]
        if held:
            yield Refusal(
                ZONE,
                zone,
                f"{_listed(held)} lies in this zone, and stays where it was made",
                f"decommission.{zone}",
                f"take the entry out; {_RUNBOOK} says what has to be elsewhere before a zone can leave",
                tuple(sorted(held)),
            )


def _open_locks(before: Graph, after: Graph) -> Iterator[Refusal]:
    for rule, findings in ((LOCKS, lost_protection(before, after)), (NODES, lost_nodes(before, after))):
        if findings:
            urns = tuple(sorted(finding.urn for finding in findings))
            what = f"{findings[0].message}: {_listed(urns)}"
            yield Refusal(rule, "the environment", what, "the settings, or this program", findings[0].remedy, urns)


def _listed(urns: tuple[str, ...] | list[str], most: int = 4) -> str:
    names = sorted(urn.rsplit("::", 1)[-1] for urn in urns)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
