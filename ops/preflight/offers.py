"""Whether a region has the zones, instance types, database classes and add-on builds that a program names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from infra import catalog
from ops.preflight.checks import Area, Check, Verdict
from ops.preflight.needs import Evaluated, offered
from ops.preflight.reading import Reader, Trouble, or_trouble
from ops.render.text import count

_CANDIDATES = 12
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class DatabaseClass:
    """A class of an engine, and the zones of a region that must have it; none where AWS chooses the zone."""

    engine: str
    version: str
    name: str
    zones: frozenset[str]


def zone_checks(reader: Reader, region: str, evaluated: Evaluated) -> Iterator[Check]:
    """The zones of a region's subnets, and the instance types of its nodes in them."""
    subnets = [node for placed, node in evaluated.of_type("aws:ec2/subnet:Subnet") if placed == region]
    zones = sorted({str(subnet.inputs.get("availabilityZone")) for subnet in subnets})
    known = or_trouble(lambda: reader.client("ec2", region).describe_availability_zones()["AvailabilityZones"])
    yield judge_zones(region, zones, known if isinstance(known, Trouble) else _zones(known))
    wanted = offered(evaluated).get(region, {})
    if wanted:
        names = sorted({*wanted, *(other for name in wanted for other in alternatives(name))})
        found = or_trouble(lambda: _instance_offers(reader, region, names))
        yield from judge_instance_types(region, wanted, found)


def _zones(known: Iterable[Mapping[str, object]]) -> Mapping[str, tuple[str, str]]:
    return {str(zone["ZoneName"]): (str(zone["ZoneId"]), str(zone["State"])) for zone in known}


def judge_zones(region: str, zones: Iterable[str], known: Mapping[str, tuple[str, str]] | Trouble) -> Check:
    """Whether the account has these zones; ``known`` has the id and the state of each by its name."""
    if isinstance(known, Trouble):
        return known.check(Area.ZONES, region, "zones")
    refused = catalog.eks_refused_zone_ids(region)
    wrong = []
    for name in zones:
        zone_id, state = known.get(name, ("", "absent"))
        if zone_id in refused:
            wrong.append(f"{name} is {zone_id} in this account, which EKS refuses")
        elif state != "available":
            wrong.append(f"{name} is {state}")
    if not wrong:
        return Check(Area.ZONES, region, "zones", Verdict.HOLDS, ", ".join(zones))
    good = [name for name, (zone_id, state) in sorted(known.items()) if state == "available" and zone_id not in refused]
    remedy = f"name others in regions.{region}.zones before the first update: {', '.join(good)}"
    return Check(Area.ZONES, region, "zones", Verdict.FAILS, "; ".join(wrong), remedy)


def _instance_offers(reader: Reader, region: str, names: list[str]) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for offer in reader.all(
        "ec2",
        region,
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": names}],
    ):
        found[str(offer["InstanceType"])].add(str(offer["Location"]))
    return {name: frozenset(zones) for name, zones in found.items()}


def judge_instance_types(
    region: str, wanted: Mapping[str, frozenset[str]], offers: Mapping[str, frozenset[str]] | Trouble
) -> Iterator[Check]:
    """Whether every zone offers what must run in it; where one does not, what is like it and all of them offer."""
    for name, zones in sorted(wanted.items()):
        if isinstance(offers, Trouble):
            yield offers.check(Area.ZONES, region, name)
            continue
        missing = sorted(zones - offers.get(name, frozenset()))
        if not missing:
            yield Check(Area.ZONES, region, name, Verdict.HOLDS, f"in {', '.join(sorted(zones))}")
            continue
        others = [other for other in alternatives(name) if zones <= offers.get(other, frozenset())][:_SHOWN]
        remedy = f"instead: {', '.join(others)}" if others else "no type like it is in all of these zones: name others"
        found = f"not in {', '.join(missing)}"
        yield Check(Area.ZONES, region, name, Verdict.FAILS, found, f"{remedy} (instanceType of the pool, or zones)")


def alternatives(name: str) -> list[str]:
    """Instance types that hold what one holds: architecture, vCPUs, memory, local disks; the smallest first."""
    types = catalog.instance_types()
    like = types.get(name)
    if like is None:
        return []
    fitting = [
        one
        for one in types.values()
        if one.name != name
        and one.architecture == like.architecture
        and one.vcpu >= like.vcpu
        and one.memory_gib >= like.memory_gib
        and one.nvme_gb >= like.nvme_gb
        and bool(one.nvme_disks) is bool(like.nvme_disks)
    ]
    fitting.sort(key=lambda one: (one.vcpu, one.memory_gib, one.nvme_gb, one.name))
    return [one.name for one in fitting[:_CANDIDATES]]


def database_checks(reader: Reader, region: str, evaluated: Evaluated) -> Iterator[Check]:
    """The classes of a region's databases."""
    for wanted in sorted(_databases(region, evaluated), key=lambda one: one.name):
        zones = or_trouble(lambda wanted=wanted: _database_zones(reader, region, wanted))
        yield judge_database(region, wanted, zones)


def _databases(region: str, evaluated: Evaluated) -> set[DatabaseClass]:
    found: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for token in ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"):
        for placed, node in evaluated.of_type(token):
            if placed == region:
                key = tuple(str(node.inputs.get(name)) for name in ("engine", "engineVersion", "instanceClass"))
                zone = node.inputs.get("availabilityZone")
                found[key[0], key[1], key[2]].update([str(zone)] if zone else [])
    return {DatabaseClass(*key, frozenset(zones)) for key, zones in found.items()}


def _database_zones(reader: Reader, region: str, wanted: DatabaseClass) -> frozenset[str]:
    options = reader.all(
        "rds",
        region,
        "describe_orderable_db_instance_options",
        "OrderableDBInstanceOptions",
        Engine=wanted.engine,
        EngineVersion=wanted.version,
        DBInstanceClass=wanted.name,
    )
    zones = (zone for option in options if isinstance(has := option.get("AvailabilityZones"), list) for zone in has)
    return frozenset(str(zone["Name"]) for zone in zones)


def judge_database(region: str, wanted: DatabaseClass, zones: frozenset[str] | Trouble) -> Check:
    """Whether a class of a database can be ordered where it must be."""
    subject = f"{wanted.engine} {wanted.version} on {wanted.name}"
    if isinstance(zones, Trouble):
        return zones.check(Area.VERSIONS, region, subject)
    if zones and wanted.zones <= zones:
        return Check(Area.VERSIONS, region, subject, Verdict.HOLDS, f"in {', '.join(sorted(zones))}")
    missing = sorted(wanted.zones - zones)
    found = f"not in {', '.join(missing)}" if missing and zones else "not offered in the region"
    remedy = "name another postgres.instanceClass; this lists what there is"
    command = (
        f"aws rds describe-orderable-db-instance-options --region {region} --engine {wanted.engine} --engine-version "
        f"{wanted.version} --query 'OrderableDBInstanceOptions[].DBInstanceClass' --output text"
    )
    return Check(Area.VERSIONS, region, subject, Verdict.FAILS, found, remedy, command)


def addon_checks(reader: Reader, region: str, evaluated: Evaluated) -> Iterator[Check]:
    """The builds of a region's EKS add-ons for its Kubernetes version."""
    for placed, cluster in evaluated.of_type("aws:eks/cluster:Cluster"):
        if placed != region:
            continue
        minor, name = str(cluster.inputs.get("version")), cluster.inputs.get("name")
        addons = {
            str(addon.inputs.get("addonName")): str(addon.inputs.get("addonVersion"))
            for _, addon in evaluated.of_type("aws:eks/addon:Addon")
            if addon.inputs.get("clusterName") == name
        }
        for addon, build in sorted(addons.items()):
            builds = or_trouble(lambda addon=addon, minor=minor: _builds(reader, region, minor, addon))
            yield judge_addon(region, minor, f"{addon} {build}", build, builds)


def _builds(reader: Reader, region: str, minor: str, addon: str) -> list[str]:
    found = reader.all("eks", region, "describe_addon_versions", "addons", kubernetesVersion=minor, addonName=addon)
    versions = (version for one in found if isinstance(has := one.get("addonVersions"), list) for version in has)
    return [str(version["addonVersion"]) for version in versions]


def judge_addon(region: str, minor: str, subject: str, build: str, builds: list[str] | Trouble) -> Check:
    """Whether EKS has a build of an add-on for a Kubernetes minor; ``builds`` are those that it has, newest first."""
    if isinstance(builds, Trouble):
        return builds.check(Area.VERSIONS, region, subject)
    if build in builds:
        return Check(Area.VERSIONS, region, subject, Verdict.HOLDS, f"offered for Kubernetes {minor}")
    shown = ", ".join(builds[:_SHOWN])
    remedy = f"pin one of these in infra/versions.py: {shown}" if builds else "choose another kubernetes.version"
    found = f"not offered for Kubernetes {minor}; {count(len(builds), 'other build')} are"
    return Check(Area.VERSIONS, region, subject, Verdict.FAILS, found, remedy)
