"""UTXO stores: keys that fit the profile, a licence, copies and racks."""

from collections.abc import Iterator, Sequence

from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, full_path, listed, shown
from infra.settings.rules.pools import storage_path
from infra.settings.rules.stores import Store, sections, stores
from infra.settings.utxo_stores import UtxoStoreKeys

# Key, profiles that read it, what to do instead.
_READ_BY: Sequence[tuple[str, frozenset[str], str]] = (
    ("records", frozenset({"enterprise", "community"}), "remove the key: Postgres is sized by its own section"),
    ("record_bytes", frozenset({"enterprise", "community"}), "remove the key: Postgres is sized by its own section"),
    ("yearly_growth_percent", frozenset({"enterprise", "community"}), "remove the key"),
    ("replication_factor", frozenset({"enterprise", "community"}), "remove the key"),
    ("nodes_per_zone", frozenset({"enterprise"}), "write nodes, the servers in all, with the profile community"),
    ("nodes", frozenset({"community"}), "write nodesPerZone with the profile enterprise"),
    ("device", frozenset({"enterprise", "community"}), "remove the key"),
    ("device_gib", frozenset({"community"}), "remove the key: local disks are used whole"),
    ("pool", frozenset({"enterprise", "community"}), "remove the key"),
    ("feature_key", frozenset({"enterprise"}), "remove the key: only the enterprise edition has a licence"),
    ("accept_reseed_on_zone_loss", frozenset({"community"}), "remove the key"),
)


def keys_fit_the_profile(draft: Draft) -> Iterator[Fault]:
    """A key that the profile would ignore is refused: its author expects something of it."""
    for section, keys in sections(draft):
        profile = keys.profile or (draft.defaults and draft.defaults.utxo_store.profile)
        if not profile:
            continue
        for key, readers, remedy in _READ_BY:
            value = getattr(keys, key)
            if value is not None and profile not in readers:
                alias = UtxoStoreKeys.model_fields[key].alias
                rule = f"absent with the profile {profile}; it belongs to {listed(sorted(readers))}"
                yield fault(f"{section}.{alias}", value, rule, remedy)
        yield from _device_faults(draft, section, keys, profile)


def _device_faults(draft: Draft, section: str, keys: UtxoStoreKeys, profile: str) -> Iterator[Fault]:
    if profile == "enterprise" and keys.device == "gp3":
        yield fault(
            f"{section}.device",
            keys.device,
            "nvme with the profile enterprise: its racks own the local disks of a pool",
            "remove the key, or write profile: community",
        )
    if profile != "community" or draft.defaults is None:
        return
    device = keys.device or draft.defaults.utxo_store.editions["community"].device
    if device == "nvme" and keys.device_gib is not None:
        yield fault(
            f"{section}.deviceGib",
            keys.device_gib,
            "absent with device: nvme, whose disks are used whole",
            "remove the key, or write device: gp3",
        )
    if device == "gp3" and keys.pool is not None:
        yield fault(f"{section}.pool", keys.pool, "absent with device: gp3", "remove the key, or write device: nvme")


def licence_is_there(draft: Draft) -> Iterator[Fault]:
    """Several servers of the enterprise edition need a feature key, in the account and region that use it."""
    for store in stores(draft):
        if store.settings.profile != "enterprise":
            continue
        if store.settings.feature_key is None:
            if f"{store.section}.featureKey" in draft.refused:
                continue
            yield fault(
                f"{store.section}.featureKey",
                None,
                "the secret with the licence: the profile enterprise runs no cluster without a feature key",
                "put features.conf into a secret of Secrets Manager by hand and write its ARN here "
                "(featureKey: arn:…), or choose the profile community",
            )
            continue
        _, _, _, region, account, *_ = store.settings.feature_key.split(":")
        if draft.account and account != draft.account:
            yield _licence_fault(
                store,
                f"a secret of the environment's account {draft.account}; it lies in {account}",
                "make the secret in the environment's own account",
            )
        if region != store.region.name:
            yield _licence_fault(
                store,
                f"a secret in {store.region.name}, the region of {store.miner}; it lies in {region}",
                f"replicate the secret to {store.region.name} and write the replica's ARN, "
                f"for one miner in miners.{store.miner}.utxoStore",
            )


def _licence_fault(store: Store, rule: str, remedy: str) -> Fault:
    """Show the ARN, which is no secret, although the key's name looks like one's."""
    return Fault(full_path(f"{store.section}.featureKey"), rule, remedy, value=shown(store.settings.feature_key))


def community_is_accepted(draft: Draft) -> Iterator[Fault]:
    """Controls AER-4 and R10: mainnet loses no zone's records unless somebody has accepted it."""
    for section, keys in sections(draft):
        profile = keys.profile or (draft.defaults and draft.defaults.utxo_store.profile)
        accepted = keys.accept_reseed_on_zone_loss
        if profile != "community":
            continue
        if draft.tier == "mainnet" and not accepted:
            yield fault(
                f"{section}.profile",
                "community",
                "on the tier mainnet only with acceptReseedOnZoneLoss: true: the community edition knows no racks, "
                "so both copies of a record may lie in one zone",
                "write profile: enterprise, or accept that losing a zone means seeding the store anew",
            )
        if draft.tier == "testing" and accepted is not None:
            yield fault(
                f"{section}.acceptReseedOnZoneLoss",
                accepted,
                "absent on the tier testing, which promises nothing about zones",
                "remove the key",
            )


def copies_and_racks(draft: Draft) -> Iterator[Fault]:
    """Controls AER-3 and AER-4: enough copies, and on mainnet a rack in each of three zones."""
    crowded: dict[tuple[str, int, int], list[str]] = {}
    for store in stores(draft):
        settings, tier = store.settings, draft.defaults
        if settings.profile == "postgres" or tier is None:
            continue
        least = tier.utxo_store.min_replication_factor
        if settings.replication_factor < least:
            yield fault(
                store.path("replication_factor"),
                settings.replication_factor,
                f"at least {least} copies on the tier {draft.tier}",
                f"write {least}, or remove the key",
            )
        elif settings.servers_by_zone and settings.replication_factor > store.layout.servers:
            where = (store.path("replication_factor"), settings.replication_factor, store.layout.servers)
            crowded.setdefault(where, []).append(store.miner)
        racks = len(settings.servers_by_zone)
        if settings.profile == "enterprise" and store.pool and racks < tier.utxo_store.min_racks:
            yield fault(
                storage_path(draft, store.region.name, store.pool.name, "zones"),
                store.pool.zones,
                f"at least {tier.utxo_store.min_racks} zones on the tier {draft.tier}: the racks of {store.miner} lie "
                f"in {racks}, and two cannot take over what a third held",
                "give the pool more zones",
            )
    for (path, copies, servers), miners in crowded.items():
        yield fault(
            path,
            copies,
            f"at most one copy on each server; servers of {listed(sorted(miners))}: {servers}",
            "lower replicationFactor, or add servers",
        )


RULES = (keys_fit_the_profile, licence_is_there, community_is_accepted, copies_and_racks)
