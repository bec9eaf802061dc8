"""What may leave an environment, and what the rest must be able to do without it."""

from collections.abc import Iterator

from infra import catalog
from infra.settings.decommission import Names
from infra.settings.draft import Draft
from infra.settings.faults import Fault, listed, name_fault, nearest


def names(draft: Draft) -> Names:
    """Everything that an entry can name."""
    return Names(
        miners=draft.miner_names or (),
        regions=draft.region_names or (),
        zones=[zone for name in draft.regions for zone in _zones(draft, name)],
    )


def entries_name_what_is_there(draft: Draft) -> Iterator[Fault]:
    """An entry stands as long as what it names: so a misspelt name lifts nobody's locks, and no entry is left over."""
    known = names(draft)
    for name in draft.decommission:
        parts = list(known.parts(name))
        if not parts:
            close = nearest(name, known, count=1)
            yield name_fault(
                f"decommission.{name}",
                "a miner, region or zone of this file; what was removed leaves this section in the same update",
                f"did you mean {close[0]}? Otherwise remove the entry" if close else "remove the entry",
            )
        elif len(parts) > 1:
            yield name_fault(
                f"decommission.{name}",
                f"one thing of that name; here it is a {' and a '.join(parts)}",
                "list everything else that leaves with it by name",
            )


def only_what_is_locked_needs_an_entry(draft: Draft) -> Iterator[Fault]:
    """Where nothing is locked an entry would do nothing, and look as if it did."""
    if draft.defaults and not draft.defaults.protect:
        for name in draft.decommission:
            yield name_fault(
                f"decommission.{name}", f"absent: the tier {draft.tier} locks nothing", "remove it where it is declared"
            )


def home_stays(draft: Draft) -> Iterator[Fault]:
    """What the environment has once, it has there: the private zone and the workspace of alerts."""
    if draft.home and draft.home in draft.decommission:
        yield name_fault(
            f"decommission.{draft.home}",
            "not the home region, which owns the private zone and is fixed for the life of the environment",
            "build another environment; then docs/runbooks/decommission.md says how to take this one down as a whole",
        )


def a_miner_stays(draft: Draft) -> Iterator[Fault]:
    """An environment without miners is none."""
    leaving = [name for name, miner in draft.miners.items() if {name, miner.region} & set(draft.decommission)]
    if draft.miners and len(leaving) == len(draft.miners):
        listed_names = sorted({name for miner in leaving for name in (miner, draft.miners[miner].region)})
        for name in listed_names:
            if name in draft.decommission:
                yield name_fault(
                    f"decommission.{name}",
                    "a miner that stays: no other is left",
                    "add another miner first; docs/runbooks/decommission.md says how to take down an environment",
                )


def enough_zones_stay(draft: Draft) -> Iterator[Fault]:
    """A zone can leave a region that has more than its tier needs, and takes its racks along before."""
    for name in draft.regions:
        zones = _zones(draft, name)
        leaving = [zone for zone in zones if zone in draft.decommission]
        if not leaving or draft.defaults is None:
            continue
        if len(zones) - len(leaving) < draft.defaults.min_zones:
            known = catalog.regions().get(name)
            free = sorted(set(known.zones if known else ()) - set(zones))
            yield name_fault(
                f"decommission.{leaving[0]}",
                f"at least {draft.defaults.min_zones} zones that stay in {name}, on the tier {draft.tier}",
                f"add one to regions.{name}.zones first: {listed(free)}" if free else f"{name} has no other zone",
            )


def _zones(draft: Draft, region: str) -> tuple[str, ...]:
    """The zones of a well-formed region, whose tier may not be known."""
    known = catalog.regions().get(region)
    if known is None or draft.defaults is None:
        return ()
    return draft.region_zones(region, draft.defaults)


RULES = (
    entries_name_what_is_there,
    only_what_is_locked_needs_an_entry,
    home_stays,
    a_miner_stays,
    enough_zones_stay,
)
