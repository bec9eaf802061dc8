"""What AWS offers where: regions, zones and instance types, with what the catalogue does not know said as unknown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from infra import catalog
from infra.settings.draft import Draft
from infra.settings.environment import RegionSettings
from infra.settings.faults import Fault, fault, listed, nearest, suggestion
from infra.settings.fields import PARTITION, is_zone_name
from infra.settings.rules.pools import PoolTypes, pool_types, resolved_regions

ALTERNATIVES = 3


@dataclass
class _Trust:
    """The statements of one region, and which of them something needed."""

    path: str
    statements: Sequence[str]
    needed: set[str] = field(default_factory=set)

    def covers(self, *names: str) -> bool:
        """Whether one of `names` is stated to be offered; each of them counts as needed."""
        self.needed.update(names)
        return any(name in self.statements for name in names)

    def remedy(self, name: str) -> str:
        return f"verify it in the account, then state it: assumeOffered: [{name}]"

    def needless(self) -> Iterator[Fault]:
        for index, name in enumerate(self.statements):
            if name not in self.needed or name in self.statements[:index]:
                yield fault(
                    f"{self.path}[{index}]",
                    name,
                    "a name that validation asked for: this one is known, unused or repeated",
                    "remove it, so that it cannot cover a later mistake",
                )


def offered(draft: Draft) -> Iterator[Fault]:
    """Each region, zone and instance type is known to be offered, or stated to be."""
    known = catalog.regions()
    resolved = {region.name: region for region in resolved_regions(draft)}
    for name, keys in draft.regions.items():
        if name not in known or known[name].partition != PARTITION:
            continue
        trust = _Trust(f"regions.{name}.assumeOffered", keys.assume_offered)
        yield from _region_faults(known[name], trust, has_zones=bool(keys.zones))
        yield from _zone_faults(known[name], keys.zones or (), trust)
        if name in resolved:
            for pool in pool_types(draft, resolved[name]):
                yield from _type_faults(resolved[name], pool, trust)
            yield from trust.needless()


def _region_faults(region: catalog.Region, trust: _Trust, *, has_zones: bool) -> Iterator[Fault]:
    path = f"regions.{region.name}"
    doubts = ["enabled for the account: the region is opt-in"] if region.opt_in else []
    if not region.zones:
        doubts.append("a region whose zones and instance types are known: there is no data on this one")
        if not has_zones:
            yield fault(
                f"{path}.zones", None, "named here: the catalogue knows no zones of this region", "name its zones"
            )
    if doubts and not trust.covers(region.name):
        yield fault(path, region.name, "; ".join(doubts), trust.remedy(region.name))


def _zone_faults(region: catalog.Region, zones: Sequence[str], trust: _Trust) -> Iterator[Fault]:
    for index, zone in enumerate(zones):
        path = f"regions.{region.name}.zones[{index}]"
        if not is_zone_name(zone, region.name):
            continue  # a fault by itself, whatever AWS offers
        if region.zones and zone not in region.zones and not trust.covers(zone):
            remedy = f"choose from {listed(region.zones)}, or {trust.remedy(zone)}"
            yield fault(path, zone, f"a zone of {region.name} that the catalogue knows", remedy)
        if zone in catalog.eks_refused_zones() and not trust.covers(zone):
            yield fault(
                path,
                zone,
                "a zone that takes EKS clusters; EKS refuses it in most accounts (zone letters differ by account)",
                f"choose another, or {trust.remedy(zone)}",
            )


def _type_faults(region: RegionSettings, pool: PoolTypes, trust: _Trust) -> Iterator[Fault]:
    types = catalog.instance_types()
    for name in dict.fromkeys(pool.instance_types):
        if name not in types:
            remedy = suggestion(name, types, otherwise="name a current EC2 instance type, for example m7g.large")
            yield fault(pool.path, name, "an instance type of the catalogue", remedy)
            continue
        zones = catalog.zones_offering(name, region.name)
        missing = sorted(set(pool.zones) & _judged_zones(region.name, trust) - zones) if zones is not None else []
        if missing and not trust.covers(name):
            close = _alternatives(types[name], region.name, pool.zones)
            choose = f"choose {' or '.join(close)}, other zones, or " if close else "choose other zones, or "
            yield fault(
                pool.path,
                name,
                f"offered in every zone of the pool; {listed(missing)} lack it",
                choose + trust.remedy(name),
            )


def _judged_zones(region: str, trust: _Trust) -> set[str]:
    """Zones that the data speaks of. A zone that EKS refuses is a fault by itself unless it is stated to be usable."""
    return set(catalog.regions()[region].zones) - (catalog.eks_refused_zones() - set(trust.statements))


def _alternatives(wanted: catalog.InstanceType, region: str, zones: Sequence[str]) -> list[str]:
    """Return types of the same size and kind that all `zones` offer, the most alike first."""
    fitting = [
        other.name
        for other in catalog.instance_types().values()
        if (other.vcpu, other.architecture) == (wanted.vcpu, wanted.architecture)
        and other.memory_gib >= wanted.memory_gib
        and (other.nvme_disks > 0) == (wanted.nvme_disks > 0)
        and set(zones) <= (catalog.zones_offering(other.name, region) or set())
    ]
    return list(nearest(wanted.name, fitting, ALTERNATIVES)) or fitting[:ALTERNATIVES]


RULES = (offered,)
