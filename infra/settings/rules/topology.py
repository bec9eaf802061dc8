"""Regions and miners: which exist, what they are called, and where each miner lives."""

from collections.abc import Iterator

from infra import catalog
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, name_fault, nearest, reference, suggestion
from infra.settings.fields import PARTITION, label_problem

MAX_MINER_CHARACTERS = 32
"""A miner's name begins the names of its databases, roles, topics and stateful sets. The tightest is a label on the
pods of an Aerospike rack, 63 characters, of which rack, ordinal and revision hash take about half."""

RESERVED_NAMESPACES = (
    "aerospike",
    "amazon-cloudwatch",
    "cert-manager",
    "default",
    "external-dns",
    "external-secrets",
    "kafka",
    "karpenter",
    "monitoring",
    "operators",
    "strimzi",
    "teranode-operator",
    "traefik",
)

TESTING_MINERS, TESTING_MIN_REGIONS = 3, 2


def regions_exist(draft: Draft) -> Iterator[Fault]:
    """Only regions with EKS are known, and only those of one partition can be built in."""
    known, usable = catalog.regions(), _usable_regions()
    if draft.region_names == ():
        yield fault("regions", {}, "at least one region", "for example eu-west-1: { cidr: 10.16.0.0/16 }")
    for name in draft.region_names or ():
        if name not in known:
            remedy = suggestion(name, usable, otherwise="name an AWS region with EKS, for example eu-west-1")
            yield name_fault(f"regions.{name}", "a known AWS region", remedy)
        elif known[name].partition != PARTITION:
            yield name_fault(
                f"regions.{name}",
                f"a region of the partition {PARTITION}; it lies in {known[name].partition}, whose service names and "
                "DNS suffixes the components do not use",
                f"choose a region of {PARTITION}, for example eu-west-1",
            )


def home_exists(draft: Draft) -> Iterator[Fault]:
    """The private zone is anchored in one of the environment's regions."""
    yield from _declared_region("home", draft.home, draft)


def miners_live_somewhere(draft: Draft) -> Iterator[Fault]:
    """A miner's region is one of the environment's."""
    for name, miner in draft.miners.items():
        yield from _declared_region(f"miners.{name}.region", miner.region, draft)


def _declared_region(path: str, region: str | None, draft: Draft) -> Iterator[Fault]:
    """Refuse a region that the environment lacks, unless mending a misspelt name under `regions` would supply it."""
    if not region or not draft.region_names or region in draft.region_names:
        return
    usable = _usable_regions()
    declared = [name for name in draft.region_names if name in usable]
    misspelt = [name for name in draft.region_names if name not in usable]
    if declared and not any(region in nearest(name, usable) for name in misspelt):
        yield fault(path, region, "a region of this environment", reference(region, declared))


def _usable_regions() -> list[str]:
    return sorted(name for name, region in catalog.regions().items() if region.partition == PARTITION)


def miner_names(draft: Draft) -> Iterator[Fault]:
    """A miner's name is its namespace."""
    for name in draft.miner_names or ():
        if problem := label_problem(name, MAX_MINER_CHARACTERS):
            yield name_fault(f"miners.{name}", problem, "rename it now: a miner's name is fixed once it has data")
        elif name in RESERVED_NAMESPACES or name.startswith("kube-"):
            yield name_fault(f"miners.{name}", "not the namespace of a platform component", "for example miner-1")


def number_of_miners(draft: Draft) -> Iterator[Fault]:
    """The stack `testing` is the shared acceptance environment; any other may have any number from one."""
    if draft.miner_names is None:
        return
    count = len(draft.miner_names)
    if draft.stack == "testing" and count < TESTING_MINERS:
        yield fault(
            "miners",
            list(draft.miner_names),
            f"the stack testing has at least {TESTING_MINERS} miners, this has {count}",
            "add miners, or make a stack of another name",
        )
    if count == 0 and draft.stack != "testing":
        yield fault("miners", {}, "at least one miner", "for example miner-1: { region: eu-west-1 }")
    places = [miner.region for miner in draft.miners.values() if miner.region]
    if draft.stack == "testing" and len(places) >= TESTING_MINERS and len(set(places)) < TESTING_MIN_REGIONS:
        yield fault(
            "miners",
            {name: miner.region for name, miner in draft.miners.items()},
            f"the stack testing spreads its miners over at least {TESTING_MIN_REGIONS} regions",
            "move one to another region, or make a stack of another name",
        )


RULES = (regions_exist, home_exists, miners_live_somewhere, miner_names, number_of_miners)
