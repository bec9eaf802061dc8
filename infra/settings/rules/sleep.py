"""Which environments may sleep: those that nobody counts on, and that keep no data on disks of their nodes."""

from collections.abc import Iterator

from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, listed
from infra.settings.rules.pools import resolved_regions


def what_stays_does_not_sleep(draft: Draft) -> Iterator[Fault]:
    """Mainnet, and the environment that everybody shares, are always on."""
    if not draft.asleep:
        return
    for name, stays in (("the tier mainnet", draft.tier == "mainnet"), ("the stack testing", draft.stack == "testing")):
        if stays:
            yield fault("asleep", "true", f"absent: {name} is always on", "remove the key")


def no_data_on_disks_of_nodes(draft: Draft) -> Iterator[Fault]:
    """A stopped node comes back with other disks."""
    if not draft.asleep:
        return
    pools = {f"{pool.name} in {region.name}" for region in resolved_regions(draft) for pool in region.nodes.storage}
    if pools:
        yield fault(
            "asleep",
            "true",
            f"absent with storage pools: local disks lose everything with their nodes ({listed(sorted(pools))})",
            "remove the key; an environment that shall sleep keeps its records on network disks: "
            "utxoStore: { device: gp3 }",
        )


RULES = (what_stays_does_not_sleep, no_data_on_disks_of_nodes)
