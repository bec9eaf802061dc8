"""Changes of one setting between two valid files of the tier mainnet, at least one for every key of the model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from infra.settings.schema import StackKeys
from infra.settings.section import Section, is_map, section_of
from tests.support.stack_settings import REMOVED, changed, stack_file

ACCOUNT = "444455556666"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/{{}}"
_SECRET = f"arn:aws:secretsmanager:{{}}:{ACCOUNT}:secret:{{}}-AbCdEf"
_ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]
_POOL = {"instanceType": "i7i.4xlarge", "nodesPerZone": 6}
_SECOND = {**_POOL, "nodesPerZone": 3}
_ENTRY = {"date": "2026-12-01", "reason": "moved elsewhere, decided in a review"}

_WALLET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:wallet-{{}}-AbCdEf"
_MINING = {
    "certificates": {"us-east-1": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000001"},
    "partners": {"pool-a": {"principals": ["arn:aws:iam::999900001111:root"]}},
}
_ASSETS = {"certificates": _MINING["certificates"], "hosts": {"miner-1": "assets.example.org"}}
_SNAPSHOT = {
    "url": "https://snapshots.example.org/900000",
    "hash": "1" * 64,
    "height": 900_000,
    "headersSha256": "sha256:" + "2" * 64,
    "utxoSetSha256": "sha256:" + "3" * 64,
}
_COMMUNITY = {"profile": "community", "records": 100_000_000, "acceptReseedOnZoneLoss": True}
_OWN_NODES = {"general": {"minNodesPerZone": 2, "maxNodesPerZone": 4}, "storage": {"aerospike": _POOL}}


def _licence(region: str) -> str:
    return _SECRET.format(region, "aerospike-feature-key")


def _bases() -> Mapping[str, dict[str, Any]]:
    one = {
        **stack_file("mainnet"),
        "home": "us-east-1",
        "regions": {"us-east-1": {"cidr": "10.32.0.0/16", "zones": _ZONES}},
        "miners": {name: {"region": "us-east-1"} for name in ("miner-1", "miner-2")},
        "utxoStore": {"featureKey": _licence("us-east-1")},
        "nodes": {"general": {"minNodesPerZone": 2, "maxNodesPerZone": 4}, "storage": {"aerospike": _POOL}},
    }
    two = changed(one, "regions/eu-west-1", {"cidr": "10.33.0.0/16"})
    two["miners"]["miner-3"] = {"region": "eu-west-1", "utxoStore": {"featureKey": _licence("eu-west-1")}}
    return {
        "one": one,
        "two": two,
        "leaving": changed(one, "decommission", {"miner-2": _ENTRY}),
        "mining": {
            **one,
            "mode": "mining",
            "mining": _MINING,
            "miners": {name: {"region": "us-east-1", "walletSecret": _WALLET.format(name)} for name in one["miners"]},
        },
        "ready": {
            **one,
            "mining": _MINING,
            "miners": {name: {"region": "us-east-1", "walletSecret": _WALLET.format(name)} for name in one["miners"]},
        },
        "assets": {
            **one,
            "mode": "mining",
            "mining": _MINING,
            "public": {"assets": _ASSETS},
            "miners": {name: {"region": "us-east-1", "walletSecret": _WALLET.format(name)} for name in one["miners"]},
        },
        "own": changed(changed(one, "nodes", REMOVED), "regions/us-east-1/nodes", _OWN_NODES),
        "three": changed(one, "regions/us-east-1/zones", _ZONES[:3]),
        "msk": changed(changed(one, "regions/us-east-1/zones", _ZONES[:3]), "kafka", {"profile": "msk"}),
        "rds": changed(one, "postgres", {"profile": "rds"}),
        "community": changed(one, "utxoStore", _COMMUNITY),
        "pools": changed(one, "nodes/storage", {"aerospike": _SECOND, "second": _SECOND}),
    }


BASES: Mapping[str, dict[str, Any]] = MappingProxyType(_bases())


@dataclass(frozen=True, slots=True)
class SettingChange:
    """From ``BASES[base]`` to the same with `value` at `path`; `keys` are those of the model that differ."""

    path: str
    value: object
    base: str = "one"

    @property
    def before(self) -> dict[str, Any]:
        """The first file."""
        return BASES[self.base]

    @property
    def after(self) -> dict[str, Any]:
        """The second one."""
        return changed(self.before, self.path, self.value)

    @property
    def keys(self) -> frozenset[str]:
        """Patterns of keys, with <> for a free name, at which the files differ."""
        old, new = dict(leaves(self.before, StackKeys)), dict(leaves(self.after, StackKeys))
        return frozenset(
            pattern
            for path in old.keys() | new.keys()
            if old.get(path, (None, None))[1] != new.get(path, (None, None))[1]
            for pattern in [(new.get(path) or old[path])[0]]
        )

    def __str__(self) -> str:
        """The test's name."""
        return f"{self.base}:{self.path}"


def leaves(value: Mapping[str, Any], section: type[Section], path: str = "", pattern: str = "") -> Iterator[Any]:
    """Every key of a file that holds no section: its path, and its pattern with its value."""
    for field in section.model_fields.values():
        key = str(field.alias)
        if key not in value:
            continue
        inner, here, kind = section_of(field.annotation), f"{path}{key}", f"{pattern}{key}"
        if inner is None:
            yield here, (kind, value[key])
        elif is_map(field.annotation):
            for name, entry in value[key].items():
                yield f"{here}.{name}", (kind, "")
                yield from leaves(entry, inner, f"{here}.{name}.", f"{kind}.<>.")
        else:
            yield from leaves(value[key], inner, f"{here}.", f"{kind}.")


def patterns(section: type[Section], prefix: str = "") -> Iterator[str]:
    """Every key of the model that holds no section, with <> for a free name."""
    for field in section.model_fields.values():
        inner, key = section_of(field.annotation), f"{prefix}{field.alias}"
        if inner is None:
            yield key
        else:
            yield from patterns(inner, f"{key}.<>." if is_map(field.annotation) else f"{key}.")


_NODES: Mapping[str, object] = {
    "system/instanceTypes": ["m7i.xlarge"],
    "system/minNodesPerZone": 2,
    "system/maxNodesPerZone": 3,
    "system/diskGib": 80,
    "general/instanceTypes": ["m7g.8xlarge"],
    "general/minNodesPerZone": 3,
    "general/maxNodesPerZone": 5,
    "general/diskGib": 300,
    "general/architecture": "amd64",
    "storage/aerospike/instanceType": "i7i.8xlarge",
    "storage/aerospike/nodesPerZone": 7,
}
_STORE: Mapping[str, object] = {
    "records": 345_000_000,
    "recordBytes": 1300,
    "yearlyGrowthPercent": 20,
    "replicationFactor": 3,
    "nodesPerZone": 2,
    "featureKey": _SECRET.format("us-east-1", "another-feature-key"),
}
CHANGES: tuple[SettingChange, ...] = (
    SettingChange("owner", "another@example.org"),
    SettingChange("chain", "testnet"),
    SettingChange("release", "v0.14.5@sha256:" + "1" * 64),
    SettingChange("home", "eu-west-1", "two"),
    *(
        SettingChange(f"access/{key}Role", _ROLE.format(f"another-{key}"))
        for key in ("deploy", "admin", "operator", "readOnly", "preview", "drift")
    ),
    SettingChange("access/permissionsBoundary", f"arn:aws:iam::{ACCOUNT}:policy/another"),
    SettingChange("regions/eu-west-1", {"cidr": "10.33.0.0/16"}),
    SettingChange("regions/us-east-1/cidr", "10.34.0.0/16"),
    SettingChange("regions/us-east-1/zones", _ZONES[:3]),
    SettingChange("regions/us-east-1/zones", [*_ZONES[1:], "us-east-1f"]),
    SettingChange("regions/us-east-1/nat", "perZone"),
    SettingChange("regions/us-east-1/interfaceEndpoints", "standard"),
    *(SettingChange(f"nodes/{path}", value) for path, value in _NODES.items()),
    SettingChange("regions/us-east-1/nodes", _OWN_NODES),
    *(SettingChange(f"regions/us-east-1/nodes/{path}", value, "own") for path, value in _NODES.items()),
    SettingChange("regions/us-east-1/nodes/storage/aerospike/zones", _ZONES[:3], "own"),
    *(SettingChange(f"utxoStore/{key}", value) for key, value in _STORE.items()),
    SettingChange("utxoStore", {"profile": "postgres"}),
    SettingChange("utxoStore", _COMMUNITY),
    SettingChange("utxoStore", {**_COMMUNITY, "device": "gp3", "deviceGib": 400}),
    SettingChange("utxoStore/nodes", 4, "community"),
    SettingChange("utxoStore/pool", "second", "pools"),
    SettingChange("nodes/storage/second", REMOVED, "pools"),
    SettingChange("miners/miner-2/utxoStore", {"profile": "postgres"}),
    SettingChange("miners/miner-2/utxoStore", _STORE),
    SettingChange("miners/miner-2/utxoStore", {**_COMMUNITY, "device": "gp3", "deviceGib": 400, "nodes": 4}),
    SettingChange("miners/miner-2/utxoStore", {"featureKey": _STORE["featureKey"], "pool": "second"}, "pools"),
    SettingChange(
        "miners/miner-1/walletKey", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{'0' * 8}-0000-0000-0000-{'0' * 12}", "mining"
    ),
    SettingChange("mode", "mining", "ready"),
    SettingChange("miners/miner-1/mode", "mining", "ready"),
    SettingChange("miners/miner-1/walletSecret", _WALLET.format("another"), "mining"),
    SettingChange("mining/certificates/us-east-1", _MINING["certificates"]["us-east-1"][:-1] + "2", "mining"),
    SettingChange("mining/partners/pool-a/principals", ["arn:aws:iam::999900002222:root"], "mining"),
    SettingChange("platform/charts", {"cert-manager": {"repository": "oci://charts.example.org/mirror"}}),
    SettingChange("miners/miner-3", {"region": "us-east-1"}),
    SettingChange("miners/miner-2", REMOVED),
    SettingChange("miners/miner-3", {"region": "us-east-1"}, "two"),
    SettingChange("miners/miner-3", REMOVED, "two"),
    SettingChange("miners/miner-1/credentials", 2),
    SettingChange("miners/miner-1/enabled", value=False),
    SettingChange("miners/miner-1/snapshot", _SNAPSHOT),
    SettingChange("miners/miner-1/svNodes", ["node.example.org:8333"]),
    SettingChange("postgres/profile", "rds"),
    SettingChange("postgres/instanceClass", "db.r7g.xlarge"),
    SettingChange("postgres/storageGib", 100, "rds"),
    SettingChange("postgres/auroraStorage", "ioOptimized"),
    SettingChange("postgres/backupRetentionDays", 20),
    SettingChange("files/profile", "efs"),
    SettingChange("files/capacityGib", 2400),
    SettingChange("files/throughputMbpsPerTib", 500),
    SettingChange("platform/imageMirrors", {"quay.io": "mirror.example.org/quay"}),
    SettingChange("notifications/email", "another@example.org"),
    SettingChange("notifications/rules", "none"),
    SettingChange("notifications/monthlyBudgetUsd", 20000),
    SettingChange("notifications/pages", "https://github.com/example/teranode-infra/blob/main/"),
    SettingChange("kafka", {"profile": "msk"}, "three"),
    SettingChange("kafka/brokers", 6),
    SettingChange("kafka/partitionsHigh", 64),
    SettingChange("kafka/storageGib", 100),
    SettingChange("kafka/instanceType", "kafka.m7g.xlarge", "msk"),
    SettingChange("backups/copyRegion", "ca-central-1"),
    SettingChange("backups/retentionDays", 60),
    SettingChange("logRetentionDays", 731),
    SettingChange("decommission", {"miner-2": _ENTRY}),
    SettingChange("decommission", {"us-east-1d": _ENTRY}),
    SettingChange("decommission/miner-2/date", "2026-12-02", "leaving"),
    SettingChange("decommission/miner-2/reason", "another reason for the same", "leaving"),
    SettingChange("kubernetes/version", "1.35"),
    SettingChange("public/peers", value=False),
    SettingChange("public", {"assets": _ASSETS}, "mining"),
    SettingChange("public/assets", REMOVED, "assets"),
    SettingChange("public/assets/hosts/miner-1", "other.example.org", "assets"),
    SettingChange("public/assets/certificates/us-east-1", _ASSETS["certificates"]["us-east-1"][:-1] + "3", "assets"),
    SettingChange("public/assets/requestsPerSecond", 50, "assets"),
    SettingChange("distribution", {"testers": ["999900001111"]}),
)

ALONE_IMPOSSIBLE: Mapping[str, str] = MappingProxyType(
    {
        "account": "every role and secret that the file names belongs to it",
        "tier": "the chain mainnet has the tier mainnet",
        "access.apiCidrs": "refused where the API is private",
        "kubernetes.endpointAccess": "private on the tier mainnet",
        "nodes.general.capacity": "onDemand on the tier mainnet",
        "regions.<>.nodes.general.capacity": "onDemand on the tier mainnet",
        "nodes.storage.<>.zones": "refused: each region has its own",
        "regions.<>.assumeOffered": "refused unless something else in the file asks for it",
        "expires": "refused on the tier mainnet",
        "asleep": "refused on the tier mainnet",
        "transactionLoad.transactionsPerSecond": "of the chain regtest",
        "transactionLoad.miners": "of the chain regtest",
        **{
            f"blockGenerator.{key}": "of the chain regtest"
            for key in ("enabled", "intervalSeconds", "spreadSeconds", "rotation")
        },
    }
)
"""Keys at which two valid files of the tier never differ alone, and why."""
