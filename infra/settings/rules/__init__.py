"""Rules across keys: each takes the well-formed part of a stack file and yields the faults it finds."""

from collections.abc import Callable, Iterator

from infra.settings.draft import Draft
from infra.settings.faults import Fault
from infra.settings.rules import (
    access,
    backups,
    capacity,
    chains,
    compute,
    databases,
    decommission,
    distribution,
    files,
    general_room,
    identity,
    kafka,
    kubernetes,
    modes,
    network,
    notifications,
    offers,
    platform,
    public_assets,
    secrets,
    sleep,
    topology,
    transaction_load,
    utxo_capacity,
    utxo_stores,
)

Rule = Callable[[Draft], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    *identity.RULES,
    *chains.RULES,
    *modes.RULES,
    *public_assets.RULES,
    *transaction_load.RULES,
    *access.RULES,
    *topology.RULES,
    *decommission.RULES,
    *network.RULES,
    *kubernetes.RULES,
    *offers.RULES,
    *compute.RULES,
    *capacity.RULES,
    *databases.RULES,
    *files.RULES,
    *backups.RULES,
    *platform.RULES,
    *notifications.RULES,
    *distribution.RULES,
    *utxo_stores.RULES,
    *utxo_capacity.RULES,
    *general_room.RULES,
    *kafka.RULES,
    *secrets.RULES,
    *sleep.RULES,
)
