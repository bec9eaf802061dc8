"""What a miner's stores will be: what the file says, else the tier's default for that profile."""

from components.aerospike.sizing import GIB, Machine, spread
from infra import catalog
from infra.settings.environment import RegionSettings, UtxoStoreSettings
from infra.settings.store_defaults import AerospikeDefaults, UtxoStoreDefaults
from infra.settings.utxo_stores import UtxoStoreKeys

_NONE = AerospikeDefaults(servers=0, replication_factor=1, device="gp3")
"""The profile without Aerospike."""
_GB = 10**9


def on_nvme(keys: UtxoStoreKeys, defaults: UtxoStoreDefaults) -> bool:
    """Whether the store keeps its records on the local disks of a storage pool."""
    edition = _edition(keys, defaults)
    return edition is not _NONE and (keys.device or edition.device) == "nvme"


def utxo_store_settings(keys: UtxoStoreKeys, region: RegionSettings, defaults: UtxoStoreDefaults) -> UtxoStoreSettings:
    """Resolve a UTXO store in a resolved region. A pool that the region lacks has no zones, machines or disks."""
    profile, edition = keys.profile or defaults.profile, _edition(keys, defaults)
    device = keys.device or edition.device
    pool_name = (keys.pool or edition.pool) if on_nvme(keys, defaults) else None
    pool = next((pool for pool in region.nodes.storage if pool.name == pool_name), None)
    zones = region.zones if pool_name is None else pool.zones if pool else ()
    device_gib = keys.device_gib or edition.device_gib
    machine = (
        pool_machine(pool.instance_type) if pool else _gp3_machine(region.nodes.general.instance_types, device_gib)
    )
    return UtxoStoreSettings(
        profile=profile,
        records=keys.records or defaults.records,
        record_bytes=keys.record_bytes or defaults.record_bytes,
        yearly_growth_percent=(
            defaults.yearly_growth_percent if keys.yearly_growth_percent is None else keys.yearly_growth_percent
        ),
        horizon_years=defaults.horizon_years,
        replication_factor=keys.replication_factor or edition.replication_factor,
        servers_by_zone=_servers(keys, edition, profile, zones, region.leaving_zones),
        device=device,
        device_gib=device_gib,
        pool=pool_name,
        machine=machine,
        feature_key=keys.feature_key,
        backups=defaults.backups,
    )


def pool_machine(instance_type: str) -> Machine:
    """What a server gets that has a node of a storage pool to itself; nothing of a type that is not known."""
    known = catalog.instance_types().get(instance_type)
    if known is None or not known.nvme_disks:
        return Machine(memory_bytes=0, disks=0, disk_bytes=0)
    return Machine(
        memory_bytes=int(known.memory_gib * GIB),
        disks=known.nvme_disks,
        disk_bytes=known.nvme_gb * _GB // known.nvme_disks,
    )


def _gp3_machine(instance_types: tuple[str, ...], device_gib: int) -> Machine:
    known = catalog.instance_types()
    memory_gib = min((known[name].memory_gib for name in instance_types if name in known), default=0)
    return Machine(memory_bytes=int(memory_gib * GIB), disks=1, disk_bytes=device_gib * GIB)


def _edition(keys: UtxoStoreKeys, defaults: UtxoStoreDefaults) -> AerospikeDefaults:
    return defaults.editions.get(keys.profile or defaults.profile, _NONE)


def _servers(
    keys: UtxoStoreKeys, edition: AerospikeDefaults, profile: str, zones: tuple[str, ...], leaving: frozenset[str]
) -> dict[str, int]:
    if profile == "enterprise":
        # The operator moves a rack's records away before its servers go: that is done while the nodes still stand.
        staying = (zone for zone in zones if zone not in leaving)
        return dict.fromkeys(staying, keys.nodes_per_zone or edition.servers)
    if not zones:
        return {}
    return dict(zip(zones, spread(keys.nodes or edition.servers, len(zones)), strict=True))
