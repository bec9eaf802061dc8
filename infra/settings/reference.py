"""Make `docs/configuration.md` from the settings' models.

python -m infra.settings.reference            writes the page
python -m infra.settings.reference --check    exits 1 if the page is not what the models say
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from infra import catalog, versions
from infra.settings import fields
from infra.settings.defaults import TIER_DEFAULTS, PoolDefaults, TierDefaults
from infra.settings.pools import GeneralPoolKeys, SystemPoolKeys
from infra.settings.schema import StackKeys
from infra.settings.section import Doc, Section, entry_name, is_map, section_of
from infra.settings.store_defaults import (
    CopiesDefaults,
    FilesDefaults,
    KafkaDefaults,
    PostgresDefaults,
    UtxoStoreDefaults,
)

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "configuration.md"

_HEAD = """# Configuration reference

Made by `python -m infra.settings.reference` from the models in `infra/settings/`; do not edit it by hand.

One stack is one environment, described by `Pulumi.<stack>.yaml`. Every key below stands under the namespace
`teranode-infra`, next to `pulumi:disable-default-providers: ["*"]`, which is required. All of it is checked before the
first resource is registered; every fault is reported at once with its key, value, rule and remedy.

- Unknown keys are refused. A key with nothing after it is refused: remove the key to get its default.
- Quote what looks like a number and is none: `account: "012345678901"`, `version: "1.30"`. Unquoted, YAML and the
  Pulumi CLI make numbers of them and rewrite them as such (`1.3`), dates too. `ops` refuses unquoted dates, and numbers
  that begin with 0, with their line.
- There are no secrets here. A setting that is encrypted, or a key that looks like one for a secret, is refused.
- The networks of all stack files of the project must be disjoint, and the account of a mainnet environment its own.
"""


def main(argv: list[str] | None = None) -> int:
    """Write or check the page."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.settings.reference", description="Make docs/configuration.md."
    )
    parser.add_argument("--check", action="store_true", help="compare with the page, write nothing")
    text = page()
    if parser.parse_args(argv).check:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        sys.stderr.write(f"{PAGE.relative_to(PROJECT)} is out of date: run python -m infra.settings.reference\n")
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


def page() -> str:
    """Return the text of the page."""
    example = (PROJECT / "Pulumi.testing.yaml").read_text(encoding="utf-8").rstrip()
    parts = [_HEAD, f"## An environment\n\n```yaml\n{example}\n```\n"]
    parts += [_section_part(title, section) for title, section in sections(StackKeys)]
    parts += [_tiers(), _knowledge()]
    return "\n".join(parts)


def sections(root: type[Section]) -> Iterator[tuple[str, type[Section]]]:
    """Yield each section once, at its first place, outer ones first."""
    seen: set[type[Section]] = set()
    pending = [("", root)]
    while pending:
        title, section = pending.pop(0)
        if section in seen:
            continue
        seen.add(section)
        yield title, section
        for field in section.model_fields.values():
            if inner := section_of(field.annotation):
                name = f"{title}.{field.alias}" if title else str(field.alias)
                entry = f".<{entry_name(field)}>" if is_map(field.annotation) else ""
                pending.append((f"{name}{entry}", inner))


def _section_part(title: str, section: type[Section]) -> str:
    doc = " ".join((section.__doc__ or "").split())
    rows = "\n".join(_row(section, field) for field in section.model_fields.values())
    header = "| Key | Meaning | Values | Default: testing | Default: mainnet | Why |\n|---|---|---|---|---|---|"
    return f"## {f'`{title}`' if title else 'Top level'}\n\n{doc}\n\n{header}\n{rows}\n"


def _row(section: type[Section], field: FieldInfo) -> str:
    doc = doc_of(field)
    values = _values(field) + (f" ({doc.unit})" if doc.unit else "")
    testing, mainnet = (_default(section, field, TIER_DEFAULTS[tier]) for tier in get_args(fields.Tier))
    return f"| `{field.alias}` | {doc.meaning} | {values} | {testing} | {mainnet} | {doc.why} |"


def doc_of(field: FieldInfo) -> Doc:
    """Return the documentation that a key carries."""
    return next(note for note in field.metadata if isinstance(note, Doc))


def _values(field: FieldInfo) -> str:
    if section_of(field.annotation):
        return "mapping by name" if is_map(field.annotation) else "mapping"
    kinds = list(_kinds(field.annotation))
    if choices := [choice for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind)]:
        return ", ".join(f"`{choice}`" for choice in choices)
    limits = {
        name: limit
        for note in field.metadata
        for name in ("ge", "le")
        if (limit := getattr(note, name, None)) is not None
    }
    if limits:
        return f"{limits['ge']} to {limits['le']}"
    if any(get_origin(kind) is dict for kind in kinds):
        return "text by name"
    if bool in kinds:
        return "`true`, `false`"
    return "list" if any(get_origin(kind) is tuple for kind in kinds) else "whole number" if int in kinds else "text"


def _kinds(annotation: object) -> Iterator[object]:
    """Yield the types that a value may have, without the None that stands for an absent key."""
    if isinstance(annotation, UnionType) or get_origin(annotation) in (Union, Annotated):
        for inner in get_args(annotation) if get_origin(annotation) is not Annotated else get_args(annotation)[:1]:
            yield from _kinds(inner)
    elif annotation is not NoneType:
        yield annotation


_POOLS: dict[type[Section], Literal["system", "general"]] = {SystemPoolKeys: "system", GeneralPoolKeys: "general"}


def _default(section: type[Section], field: FieldInfo, defaults: TierDefaults) -> str:
    default = doc_of(field).default
    if field.is_required():
        return "required"
    if section in _POOLS and default in PoolDefaults.__dataclass_fields__:
        return f"`{getattr(getattr(defaults, _POOLS[section]), default)}`"
    value = _at(defaults, default)
    return default if value is None else f"`{value}`"


def _at(defaults: TierDefaults, path: str) -> object:
    """Return what an attribute path leads to; None for words that are no path."""
    value: object = defaults
    for name in path.split("."):
        value = getattr(value, name, None)
    return value


def _tiers() -> str:
    rows = [
        ("zones per region", lambda tier: f"{tier.zones_per_region}, at least {tier.min_zones}"),
        ("system pool", lambda tier: _pool(tier.system)),
        ("general pool", lambda tier: _pool(tier.general)),
        ("storage pools, where a store is on NVMe", lambda tier: "; ".join(_storage(tier))),
        ("Postgres", lambda tier: _postgres(tier.postgres)),
        ("least retention of its backups", lambda tier: f"{tier.postgres.min_backup_retention_days} days"),
        ("UTXO store", lambda tier: _utxo_store(tier.utxo_store)),
        ("least copies of a record", lambda tier: str(tier.utxo_store.min_replication_factor)),
        ("UTXO stores are backed up", lambda tier: _yes(value=tier.utxo_store.backups)),
        ("shared files", lambda tier: _files(tier.files)),
        ("Kafka", lambda tier: _kafka(tier.kafka)),
        ("backups are copied to another region", lambda tier: _copies(tier.copies)),
        ("told of alarms, unless one is named", lambda tier: tier.alarm_recipient),
        ("least log retention", lambda tier: f"{tier.min_log_retention_days} days"),
        ("least storage nodes per zone", lambda tier: str(tier.min_storage_nodes_per_zone)),
        ("Pulumi protects data and clusters", lambda tier: _yes(value=tier.protect)),
        ("AWS deletion protection", lambda tier: _yes(value=tier.deletion_protection)),
        ("a deleted database leaves a snapshot", lambda tier: _yes(value=tier.final_snapshots)),
        ("KMS deletion window", lambda tier: f"{tier.kms_deletion_window_days} days"),
        ("a deleted secret can be restored for", lambda tier: f"{tier.secret_recovery_days} days"),
        ("volumes outlive their claims", lambda tier: _yes(value=tier.retain_volumes)),
        (
            "Prometheus keeps",
            lambda tier: f"{tier.monitoring.retention_days} days in {tier.monitoring.storage_gib} GiB a replica",
        ),
        ("operators run twice, in different zones", lambda tier: _yes(value=tier.high_availability)),
        ("zonal shift", lambda tier: _yes(value=tier.zonal_shift)),
        ("buckets are deleted with their objects", lambda tier: _yes(value=tier.force_destroy)),
        ("a backup cannot be deleted for", lambda tier: f"{tier.object_lock_days} days"),
    ]
    tiers = [TIER_DEFAULTS[tier] for tier in get_args(fields.Tier)]
    lines = "\n".join(f"| {name} | {' | '.join(render(tier) for tier in tiers)} |" for name, render in rows)
    return (
        "## What a tier means\n\nDefaults of the pools, and guard rails that no key can lower.\n\n"
        f"| | testing | mainnet |\n|---|---|---|\n{lines}\n"
    )


def _pool(pool: PoolDefaults) -> str:
    types = " or ".join(f"`{' '.join(names)}` ({architecture})" for architecture, names in pool.instance_types.items())
    size = f"{pool.min_nodes_per_zone} to {pool.max_nodes_per_zone} per zone"
    return f"{size}, {types}, {pool.disk_gib} GiB, `{pool.capacity}`"


def _storage(tier: TierDefaults) -> Iterator[str]:
    for name, pool in tier.storage.items():
        yield f"`{name}`: {pool.nodes_per_zone} `{pool.instance_type}` per zone"


def _postgres(postgres: PostgresDefaults) -> str:
    classes = " or ".join(f"`{name}` ({profile})" for profile, name in postgres.instance_classes.items())
    windows = f"backup {postgres.backup_window}, maintenance {postgres.maintenance_window} UTC"
    return f"`{postgres.profile}`, {classes}, {'with' if postgres.standby else 'no'} standby, {windows}"


def _utxo_store(store: UtxoStoreDefaults) -> str:
    editions = "; ".join(
        f"`{name}`: {edition.servers} {'per zone' if name == 'enterprise' else 'in all'}, "
        f"replication factor {edition.replication_factor}, `{edition.device}`"
        for name, edition in store.editions.items()
    )
    return f"`{store.profile}` ({editions}), measured {store.horizon_years} years ahead"


def _files(files: FilesDefaults) -> str:
    owner = "one per miner" if files.per_miner else "one per region"
    days = files.backup_retention_days
    return f"`{files.profile}`, Lustre {owner}, {f'backups for {days} days' if days else 'no backups'}"


def _copies(copies: CopiesDefaults) -> str:
    if not copies.made:
        return "where `backups.copyRegion` names one"
    return f"always, for at least {copies.min_retention_days} days; by default to the region that goes with home"


def _kafka(kafka: KafkaDefaults) -> str:
    return (
        f"`{kafka.profile}`, {kafka.partitions_high} partitions of busy topics, {kafka.storage_gib} GiB a broker; "
        f"{kafka.brokers} brokers where the profile has several"
    )


def _yes(*, value: bool) -> str:
    return "yes" if value else "no"


def _knowledge() -> str:
    ends = catalog.kubernetes_standard_support()
    pinned = ", ".join(
        f"{version} (standard support until {ends[version]})" for version in versions.KUBERNETES_RELEASES
    )
    regions = sorted(catalog.regions().items())
    foreign = ", ".join(name for name, region in regions if region.partition != fields.PARTITION)
    usable = [(name, region) for name, region in regions if region.partition == fields.PARTITION]
    unknown = ", ".join(name for name, region in usable if not region.zones)
    opt_in = ", ".join(name for name, region in usable if region.opt_in)
    return (
        f"## What validation knows\n\nIt works offline, from data of {catalog.as_of()} in `infra/data/`.\n\n"
        f"- Kubernetes minors with pinned node image and add-ons: {pinned}.\n"
        f"- Regions that must be enabled for the account and stated in `assumeOffered`: {opt_in}.\n"
        f"- Regions without data on zones and instance types, to be stated likewise, zones named: {unknown}.\n"
        f"- Regions of other partitions than `{fields.PARTITION}`, which are refused: {foreign}.\n"
        "- EKS refuses some zone ids; which letter such a zone has differs from account to account. `us-east-1e` is\n"
        "  refused because it is the one in most accounts; whoever knows better states it in `assumeOffered`.\n"
        "  A notice of every run names the ids, with the command that lists the account's zones.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
