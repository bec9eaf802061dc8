"""Load an environment's settings: the only reader of Pulumi's configuration."""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from pathlib import Path

import pulumi
import yaml
from pulumi.runtime.config import CONFIG, get_config_env, get_config_secret_keys_env, is_config_secret

from infra import catalog
from infra.settings import notices
from infra.settings.copies import copies_settings
from infra.settings.decommission import day
from infra.settings.defaults import TierDefaults
from infra.settings.draft import Draft
from infra.settings.environment import (
    AccessSettings,
    DecommissionSettings,
    Environment,
    MiningSettings,
    PublicAssetsSettings,
    TransactionLoadSettings,
)
from infra.settings.faults import NAMESPACE, SettingsError
from infra.settings.lifetime import moment
from infra.settings.reading import read
from infra.settings.rules import RULES
from infra.settings.rules.decommission import names
from infra.settings.rules.identity import unknown_stack
from infra.settings.siblings import Sibling
from infra.settings.sleep import resting_miner, resting_region
from infra.settings.transaction_load import loaded_miners

PROJECT = Path(__file__).resolve().parents[2]

_REQUESTS_PER_SECOND = 100
"""Our choice: a node that fetches 32 subtrees at a time, each served in a third of a second."""


def load(project: Path = PROJECT) -> Environment:
    """Read and check the settings of the stack that Pulumi runs.

    Other stack files in `project` are read for their account and networks only. Raises `SettingsError` with every
    fault, before any resource is registered.
    """
    values = {**get_config_env(), **CONFIG.get()}
    encrypted = frozenset(key for key in values if is_config_secret(key)) | frozenset(get_config_secret_keys_env())
    stack = pulumi.get_stack()
    return parse(values, stack=stack, siblings=read_siblings(project, stack), secret_keys=encrypted)


def parse(
    values: Mapping[str, str],
    *,
    stack: str,
    siblings: Sequence[Sibling] = (),
    secret_keys: frozenset[str] = frozenset(),
) -> Environment:
    """Check `values`, a stack's configuration by full key with objects as JSON text, and resolve every default.

    Raises `SettingsError` with all faults at once. Reads no clock, no network and no environment variable.
    """
    if not any(key.startswith(f"{NAMESPACE}:") for key in values):
        raise SettingsError(stack, [unknown_stack(stack, [sibling.stack for sibling in siblings])])
    draft, faults = read(values, stack, siblings, secret_keys)
    for rule in RULES:
        faults.extend(rule(draft))
    if faults:
        raise SettingsError(stack, faults)
    return _environment(draft)


def read_siblings(project: Path, stack: str) -> tuple[Sibling, ...]:
    """Read what the other stack files in `project` say about account and networks, and nothing else of them.

    A stack file ends as the project file does: with `Pulumi.yaml` beside it, the CLI reads `Pulumi.<stack>.yaml` and
    never `Pulumi.<stack>.yml` (`ProjectStackPath` in pulumi's sdk/go/common/workspace/paths.go).
    """
    files = sorted(stack_files(project).items())
    return tuple(_read_sibling(name, path) for name, path in files if name not in ("", stack))


def stack_files(project: Path) -> dict[str, Path]:
    """The stack files in `project` by the name of their stack."""
    return {path.name[len("Pulumi.") : -len(".yaml")]: path for path in project.glob("Pulumi.*.yaml")}


def _read_sibling(stack: str, path: Path) -> Sibling:
    try:
        document = yaml.safe_load(path.read_bytes())
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        return Sibling(stack, problem=str(error).splitlines()[0])
    except RecursionError:
        return Sibling(stack, problem="it is nested too deeply")
    except (ValueError, LookupError, AttributeError):  # what PyYAML lets through of dates and tags without sense
        return Sibling(stack, problem="it holds a value that YAML cannot read")
    config = document.get("config") if isinstance(document, dict) else None
    own = (
        {str(key).removeprefix(f"{NAMESPACE}:"): value for key, value in config.items()}
        if isinstance(config, dict)
        else {}
    )
    regions = own.get("regions")
    return Sibling(
        stack,
        account=str(own.get("account", "")),
        tier=str(own.get("tier", "")),
        networks=dict(_networks(regions)) if isinstance(regions, dict) else {},
    )


def _networks(regions: Mapping[object, object]) -> Iterator[tuple[str, str]]:
    """Yield the networks that can be compared; a malformed one is a fault of its own stack."""
    for name, region in regions.items():
        cidr = region.get("cidr") if isinstance(region, dict) else None
        try:
            yield str(name), str(IPv4Network(str(cidr)))
        except ValueError:
            continue


def _environment(draft: Draft) -> Environment:
    tier, chain, access, defaults = draft.tier, draft.chain, draft.access, draft.defaults
    account, owner, release, home = draft.account, draft.owner, draft.release, draft.home
    if not (tier and chain and access and defaults and account and owner and release and home):
        raise AssertionError("a required key is absent although no fault was found")
    asleep = draft.asleep is True
    regions = {name: draft.region_settings(name, defaults) for name in sorted(draft.regions)}
    miners = {name: draft.miner_settings(name, defaults) for name in sorted(draft.miners)}
    if asleep:
        regions = {name: resting_region(region) for name, region in regions.items()}
        miners = {name: resting_miner(miner) for name, miner in miners.items()}
    return Environment(
        name=draft.stack,
        account=account,
        owner=owner,
        tier=tier,
        chain=chain,
        release=release,
        home=home,
        expires=moment(draft.expires) if draft.expires else None,
        decommission=_decommission(draft),
        asleep=asleep,
        access=AccessSettings(**access.model_dump()),
        kubernetes=draft.kubernetes_settings(defaults),
        postgres=draft.postgres_settings(defaults),
        files=draft.files_settings(defaults),
        platform=draft.platform_settings(),
        kafka=draft.kafka_settings(defaults),
        copies=copies_settings(draft),
        block_generator=draft.block_generator_settings(),
        transaction_load=_transaction_load(draft),
        mining=_mining(draft),
        public_peers=chain == "mainnet" and (draft.public is None or draft.public.peers is not False),
        public_assets=_public_assets(draft),
        alarm_email=draft.alarm_email(defaults),
        alert_rules=draft.alert_rules(),
        testers=tuple(sorted(draft.distribution.testers)) if draft.distribution else None,
        monthly_budget_usd=draft.monthly_budget_usd(),
        pages=draft.pages(),
        log_retention_days=draft.log_retention_days or defaults.log_retention_days,
        defaults=defaults,
        regions=regions,
        miners=miners,
        notices=(
            *_notices(draft),
            _database_notice(draft, defaults),
            *notices.of_files(draft, defaults),
            *notices.of_mining(draft, miners),
        ),
    )


def _mining(draft: Draft) -> MiningSettings | None:
    if draft.mining is None:
        return None
    partners = {name: partner.principals for name, partner in sorted(draft.mining.partners.items())}
    return MiningSettings(certificates=dict(sorted(draft.mining.certificates.items())), partners=partners)


def _public_assets(draft: Draft) -> PublicAssetsSettings | None:
    keys = draft.public.assets if draft.public else None
    if keys is None:
        return None
    return PublicAssetsSettings(
        certificates=dict(sorted(keys.certificates.items())),
        hosts=dict(sorted(keys.hosts.items())),
        requests_per_second=keys.requests_per_second or _REQUESTS_PER_SECOND,
    )


def _decommission(draft: Draft) -> dict[str, DecommissionSettings]:
    known = names(draft)
    return {
        name: DecommissionSettings(part=next(known.parts(name)), day=day(keys.date), reason=keys.reason)
        for name, keys in sorted(draft.decommission.items())
    }


def _transaction_load(draft: Draft) -> TransactionLoadSettings | None:
    keys, blocks = draft.transaction_load, draft.block_generator_settings()
    if keys is None or blocks is None:
        return None
    return TransactionLoadSettings(
        per_second=keys.transactions_per_second, miners=loaded_miners(keys, draft.miners, blocks.rotation)
    )


def _database_notice(draft: Draft, defaults: TierDefaults) -> str:
    settings = draft.postgres_settings(defaults)
    engine = "aurora-postgresql" if settings.profile == "aurora" else "postgres"
    return (
        f"{', '.join(sorted(draft.regions))}: whether {settings.instance_class} is offered there for {engine} "
        f"{settings.engine_version} is not known offline. Before the first up, ask in each region: "
        f"aws rds describe-orderable-db-instance-options --engine {engine} --engine-version {settings.engine_version} "
        f"--db-instance-class {settings.instance_class} "
        "--query 'OrderableDBInstanceOptions[].AvailabilityZones[].Name' --region <region>"
    )


def _notices(draft: Draft) -> Iterator[str]:
    for name, region in sorted(draft.regions.items()):
        if refused := catalog.eks_refused_zone_ids(name):
            yield (
                f"{name}: EKS refuses the zones with the ids {', '.join(refused)}; which letters they have in account "
                f"{draft.account} is unknown here. Before the first up, look them up and name other zones in "
                f"regions.{name}.zones if one of these is used: aws ec2 describe-availability-zones --region {name} "
                "--query 'AvailabilityZones[].[ZoneName,ZoneId]' --output table"
            )
        for statement in region.assume_offered:
            yield f"{name}: {statement} is stated to be available, not known to be (data of {catalog.as_of()})"
