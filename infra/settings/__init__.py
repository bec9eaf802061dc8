"""Settings of an environment: read from the stack file, checked as a whole, complete with every default.

    from infra.settings import load
    environment = load()

Order of reading: `schema` and `pools` (the file as written), `fields` (what a single value must be), `defaults` (what
the tier says), `environment` (the result), `rules` (what must hold across keys), `loading` (how it comes together).
"""

from infra.settings.defaults import TierDefaults
from infra.settings.environment import (
    AccessSettings,
    CopiesSettings,
    Environment,
    KubernetesSettings,
    MinerSettings,
    MiningSettings,
    NodePoolSettings,
    NodeSettings,
    PlatformSettings,
    PostgresSettings,
    RegionSettings,
    StoragePoolSettings,
    UtxoStoreSettings,
)
from infra.settings.faults import Fault, SettingsError
from infra.settings.loading import Sibling, load, parse, read_siblings

__all__ = [
    "AccessSettings",
    "CopiesSettings",
    "Environment",
    "Fault",
    "KubernetesSettings",
    "MinerSettings",
    "MiningSettings",
    "NodePoolSettings",
    "NodeSettings",
    "PlatformSettings",
    "PostgresSettings",
    "RegionSettings",
    "SettingsError",
    "Sibling",
    "StoragePoolSettings",
    "TierDefaults",
    "UtxoStoreSettings",
    "load",
    "parse",
    "read_siblings",
]
