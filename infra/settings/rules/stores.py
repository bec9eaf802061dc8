"""The UTXO stores as they will be, each with the section that says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from components.aerospike import sizing
from infra.settings.draft import Draft
from infra.settings.environment import RegionSettings, StoragePoolSettings, UtxoStoreSettings
from infra.settings.rules.pools import resolved_regions
from infra.settings.utxo_stores import UtxoStoreKeys


@dataclass(frozen=True, slots=True)
class Store:
    """A miner's store as it will be, in its region, with the section that says so."""

    miner: str
    keys: UtxoStoreKeys
    section: str
    settings: UtxoStoreSettings
    region: RegionSettings

    def path(self, key: str) -> str:
        """Where a key stands, or would stand."""
        alias = UtxoStoreKeys.model_fields[key].alias
        written = getattr(self.keys, key) is not None
        return f"{self.section}.{alias}" if written else f"{self.section}.{alias} (the tier's default)"

    @property
    def pool(self) -> StoragePoolSettings | None:
        """The pool whose disks it uses, if the region has it."""
        return next((pool for pool in self.region.nodes.storage if pool.name == self.settings.pool), None)

    @property
    def layout(self) -> sizing.Layout:
        """Its servers; racks with several copies survive the loss of a zone."""
        racks = self.settings.profile == "enterprise" and len(self.settings.servers_by_zone) > 1
        return sizing.Layout(
            servers_by_zone=tuple(self.settings.servers_by_zone.values()),
            survives_zone=racks and self.settings.replication_factor > 1,
        )

    @property
    def records(self) -> sizing.Records:
        """What it must hold."""
        settings = self.settings
        return sizing.Records(
            count=settings.records,
            payload_bytes=settings.record_bytes,
            yearly_growth_percent=settings.yearly_growth_percent,
            horizon_years=settings.horizon_years,
            copies=settings.replication_factor,
        )


def sections(draft: Draft) -> Iterator[tuple[str, UtxoStoreKeys]]:
    """Each section that the file has, with its path; without a profile there is nothing to judge a section by."""
    if draft.utxo_store and "utxoStore.profile" not in draft.refused:
        yield "utxoStore", draft.utxo_store
    for name, miner in draft.miners.items():
        if miner.utxo_store and f"miners.{name}.utxoStore.profile" not in draft.refused:
            yield f"miners.{name}.utxoStore", miner.utxo_store


def stores(draft: Draft) -> Iterator[Store]:
    """Each miner's store that can be resolved: in a known region of the environment, of a known tier."""
    if draft.defaults is None:
        return
    regions = {region.name: region for region in resolved_regions(draft)}
    for name, miner in draft.miners.items():
        section = "utxoStore" if miner.utxo_store is None else f"miners.{name}.utxoStore"
        if miner.region in regions and f"{section}.profile" not in draft.refused:
            yield Store(
                miner=name,
                keys=draft.utxo_store_keys(name),
                section=section,
                settings=draft.utxo_store_settings(name, draft.defaults),
                region=regions[miner.region],
            )
