"""The configuration of a UTXO store, as both editions read it: held to reviewed files, and to what sizing reckons with.

After a wanted change: python -m tests.unit.components.test_aerospike_config
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.aerospike import config, scripts, sizing
from components.aerospike.config import (
    NAMESPACE_SETTINGS,
    SERVICE_SETTINGS,
    STORAGE_SETTINGS,
    Device,
    ServerConfig,
    Tls,
    configuration_file,
    operator_config,
)

GOLDEN = Path(__file__).parent / "golden"
FILES = ServerConfig(
    replication_factor=1,
    devices=(Device(path="/var/lib/aerospike/utxo.dat", file_bytes=49 * sizing.GIB),),
    seeds=("utxo-store-0.utxo-store.miner-1.svc.cluster.local",),
    cluster_name="utxo-store",
    node_id="NODE_ID",
    work_directory="/var/lib/aerospike",
)
DISKS = ServerConfig(
    replication_factor=2,
    devices=(Device(path="/dev/utxo-0", shadow="/dev/shadow-0"), Device(path="/dev/utxo-1", shadow="/dev/shadow-1")),
    feature_key_file="/etc/aerospike/licence/features.conf",
    tls=Tls(
        name="utxo-store.miner-1",
        certificate_file="/etc/aerospike/tls/tls.crt",
        key_file="/etc/aerospike/tls/tls.key",
        authority_file="/etc/aerospike/tls/ca.crt",
    ),
)


def renders() -> dict[str, str]:
    return {
        "aerospike.conf": configuration_file(FILES),
        "aerospike-config.yaml": yaml.safe_dump(operator_config(DISKS), sort_keys=False),
    }


@pytest.mark.parametrize("name", ["aerospike.conf", "aerospike-config.yaml"])
def test_the_configuration_is_the_reviewed_one(name: str) -> None:
    assert renders()[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_both_editions_hold_records_alike() -> None:
    community = configuration_file(FILES)
    namespaces: Any = operator_config(DISKS)["namespaces"]
    (namespace,) = namespaces
    for setting in (*NAMESPACE_SETTINGS, *STORAGE_SETTINGS):
        shown = str(setting.value).lower() if isinstance(setting.value, bool) else setting.value
        assert f" {setting.name} {shown}\n" in community
        assert {**namespace, **namespace["storage-engine"]}[setting.name] == setting.value


def test_functions_that_teranode_registers_are_kept_where_the_start_made_room() -> None:
    (path,) = re.findall(r"user-path (\S+)", configuration_file(FILES))
    made = scripts.PREPARE.replace("$WORK_DIRECTORY", str(FILES.work_directory))
    assert f'"{path}"' in made


def test_every_setting_has_a_reason_and_stands_once() -> None:
    settings = (*SERVICE_SETTINGS, *NAMESPACE_SETTINGS, *STORAGE_SETTINGS)
    assert all(setting.why for setting in settings)
    assert len({setting.name for setting in settings}) == len(settings)


def test_the_server_is_told_what_sizing_reckons_with() -> None:
    values = {setting.name: setting.value for setting in (*NAMESPACE_SETTINGS, *STORAGE_SETTINGS)}
    assert values["defrag-lwm-pct"] == sizing.LOW_WATER_PERCENT
    assert values["max-write-cache"] == sizing.WRITE_CACHE_BYTES
    assert values["stop-writes-sys-memory-pct"] == sizing.MEMORY_PERCENT
    assert int(values["stop-writes-avail-pct"]) < sizing.RESERVE_PERCENT


def test_nothing_is_ever_expired_or_evicted() -> None:
    values = {setting.name: setting.value for setting in (*NAMESPACE_SETTINGS, *STORAGE_SETTINGS)}
    assert (values["default-ttl"], values["evict-used-pct"]) == (0, 0)


def test_a_store_without_a_device_or_on_two_kinds_is_refused() -> None:
    with pytest.raises(ValueError, match="lost at every restart"):
        ServerConfig(replication_factor=1, devices=())
    with pytest.raises(ValueError, match="not on both"):
        ServerConfig(replication_factor=1, devices=(Device(path="/a"), Device(path="/b", file_bytes=1)))


def test_teranode_is_pointed_at_the_namespace_and_set_that_it_expects() -> None:
    assert (config.NAMESPACE, config.SET, config.SERVICE_PORT) == ("utxo-store", "utxo", 3000)


if __name__ == "__main__":
    for name, text in renders().items():
        (GOLDEN / name).write_text(text, encoding="utf-8")
