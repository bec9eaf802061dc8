"""Networks: no overlap with anything they may ever be joined to, and enough zones."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from infra import catalog
from infra.settings.defaults import KUBERNETES_SERVICE_CIDR
from infra.settings.draft import Draft
from infra.settings.faults import NAMESPACE, Fault, fault, listed, stack_file_name, suggestion
from infra.settings.fields import is_zone_name
from infra.settings.free_networks import free_networks

RESERVED_NETWORKS = {
    KUBERNETES_SERVICE_CIDR: "the Kubernetes services of every cluster",
    "172.17.0.0/16": "some AWS services and Docker's bridge (Amazon VPC User Guide, VPC CIDR blocks)",
}


def networks_disjoint(draft: Draft) -> Iterator[Fault]:
    """Overlapping networks can never be peered: neither within the environment nor with another one."""
    own = draft.networks
    for (first, cidr), (second, other) in combinations(sorted(own.items()), 2):
        if _overlap(cidr, other):
            yield _overlap_fault(draft, second, other, f"{NAMESPACE}:regions.{first}.cidr {cidr}")
    for sibling in draft.siblings:
        for (name, cidr), (region, other) in ((a, b) for a in own.items() for b in sibling.networks.items()):
            if _overlap(cidr, other):
                there = f"{stack_file_name(sibling.stack)} {NAMESPACE}:regions.{region}.cidr {other}"
                yield _overlap_fault(draft, name, cidr, there)
    for name, cidr in own.items():
        for reserved, user in RESERVED_NETWORKS.items():
            if _overlap(cidr, reserved):
                yield _overlap_fault(draft, name, cidr, f"{reserved}, which belongs to {user}")


def siblings_readable(draft: Draft) -> Iterator[Fault]:
    """What another stack file hides cannot be compared."""
    for sibling in draft.siblings:
        if sibling.problem:
            yield Fault(
                stack_file_name(sibling.stack),
                f"readable, so that overlaps can be ruled out: {sibling.problem}",
                "mend it",
            )


def _overlap(cidr: str, other: str) -> bool:
    return IPv4Network(cidr).overlaps(IPv4Network(other))


def _overlap_fault(draft: Draft, region: str, cidr: str, other: str) -> Fault:
    free = _free_network(draft)
    return fault(
        f"regions.{region}.cidr", cidr, f"no overlap; it overlaps {other}", f"choose a free block, for example {free}"
    )


def _free_network(draft: Draft) -> IPv4Network | str:
    used = list(draft.networks.values())
    used += [cidr for sibling in draft.siblings for cidr in sibling.networks.values()]
    return next(free_networks(used), "another /16")


def zones_of_region(draft: Draft) -> Iterator[Fault]:
    """Zones are full names of this region's zones, each once, and as many as the tier needs."""
    for name, region in draft.regions.items():
        known = catalog.regions().get(name)
        if known is None:
            continue
        path = f"regions.{name}.zones"
        written = known.default_zones if region.zones is None else region.zones
        for index, zone in enumerate(region.zones or ()):
            yield from _zone_faults(f"{path}[{index}]", zone, known, region.zones or (), index)
        if draft.defaults and (written or region.zones is not None) and path not in draft.refused:
            zones = set(written)
            if len(zones) < draft.defaults.min_zones:
                yield fault(
                    path,
                    sorted(zones),
                    f"at least {draft.defaults.min_zones} zones on the tier {draft.tier} (EKS needs 2)",
                    f"add zones: {name} has {listed(known.zones) or 'no zones in the catalogue'}",
                )


def _zone_faults(path: str, zone: str, known: catalog.Region, zones: tuple[str, ...], index: int) -> Iterator[Fault]:
    if zone in zones[:index]:
        yield fault(path, zone, "each zone once", "remove the repetition")
    if not is_zone_name(zone, known.name):
        letter = f"{known.name}{zone}" if len(zone) == 1 else ""
        remedy = f"write {letter}" if letter else suggestion(zone, known.zones, otherwise=f"for example {known.name}a")
        yield fault(
            path, zone, f"the full name of a zone of {known.name} (not a zone id, nor a zone of another region)", remedy
        )


def network_guard_rails(draft: Draft) -> Iterator[Fault]:
    """The mainnet tier keeps one NAT gateway per zone and private endpoints; nodes always have a way to AWS."""
    for name, region in draft.regions.items():
        if draft.tier == "mainnet" and region.nat in ("none", "single"):
            yield fault(
                f"regions.{name}.nat",
                region.nat,
                "perZone on the tier mainnet: the loss of a zone must not cut off others",
                "write nat: perZone, or remove the key",
            )
        if draft.tier == "mainnet" and region.interface_endpoints == "none":
            yield fault(
                f"regions.{name}.interfaceEndpoints",
                "none",
                "standard on the tier mainnet",
                "write interfaceEndpoints: standard, or remove the key",
            )
        if draft.tier == "testing" and region.nat == "none" and region.interface_endpoints != "standard":
            yield fault(
                f"regions.{name}.nat",
                "none",
                "without NAT, nodes reach AWS by interface endpoints only",
                "write interfaceEndpoints: standard, or nat: single",
            )


def log_retention(draft: Draft) -> Iterator[Fault]:
    """CloudWatch takes certain retentions only, and each tier has its least."""
    days = draft.log_retention_days
    if days is None:
        return
    allowed = catalog.log_retention_days()
    least = draft.defaults.min_log_retention_days if draft.defaults else 0
    if days not in allowed or days < least:
        fitting = [choice for choice in allowed if choice >= max(days, least)] or [allowed[-1]]
        yield fault(
            "logRetentionDays",
            days,
            f"one of {listed(choice for choice in allowed if choice >= least)}",
            f"write {fitting[0]}",
        )


RULES = (networks_disjoint, siblings_readable, zones_of_region, network_guard_rails, log_retention)
