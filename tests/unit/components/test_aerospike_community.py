"""The community edition: a stateful set that holds what it must, restarts carefully and is locked on mainnet."""

from dataclasses import replace
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.aerospike import AerospikeArgs, CommunityStore, Machine, Records
from components.aerospike.sizing import GIB
from components.images import ImageSource
from components.namespace import NamespaceRef
from infra.versions import IMAGES
from simulator import Simulation
from simulator.record import RecordedResource
from tests.support import stacks
from tests.support.builders import LOCKED, UNLOCKED, in_region

SERVERS = "kubernetes:apps/v1:StatefulSet"
ONE_ON_GP3: dict[str, Any] = {
    "records": Records(count=10_000_000, payload_bytes=1250, yearly_growth_percent=0, horizon_years=2, copies=1),
    "servers_by_zone": {"eu-west-1a": 1, "eu-west-1b": 0},
    "pool": None,
    "node_selector": {"teranode.io/pool": "general"},
    "tolerated_taint": None,
    "machine": Machine(memory_bytes=32 * GIB, disks=1, disk_bytes=50 * GIB),
}
THREE_ON_NVME: dict[str, Any] = {
    "records": Records(count=340_000_000, payload_bytes=1250, yearly_growth_percent=30, horizon_years=2, copies=2),
    "servers_by_zone": {"eu-west-1a": 1, "eu-west-1b": 1, "eu-west-1c": 1},
    "pool": "aerospike",
    "node_selector": {"teranode.io/storage": "aerospike"},
    "tolerated_taint": "teranode.io/storage",
    "machine": Machine(memory_bytes=256 * GIB, disks=2, disk_bytes=3_750_000_000_000),
}


def built(**changes: object) -> Simulation:
    def make(opts: pulumi.ResourceOptions) -> CommunityStore:
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier="cluster")
        args = AerospikeArgs(
            **ONE_ON_GP3,
            namespace=NamespaceRef(name="miner-1", provider=provider, ready=()),
            images=ImageSource(pins=IMAGES, mirrors={}),
            cpu="500m",
            cpu_limit="2",
            protection=UNLOCKED,
            ready=(),
        )
        return CommunityStore("miner-1-utxo-store", replace(args, **changes), opts)

    return in_region(make)


def get(value: object, path: str) -> Any:
    return stacks.at(value, path)


def servers(simulation: Simulation) -> RecordedResource:
    (found,) = simulation.of_type(SERVERS)
    return found


def pod(simulation: Simulation) -> dict[str, Any]:
    return get(servers(simulation).inputs, "spec.template.spec")


def claims(simulation: Simulation) -> dict[str, tuple[str, str, str]]:
    """Class, mode and size of each claim by name."""
    return {
        get(claim, "metadata.name"): (
            get(claim, "spec.storageClassName"),
            get(claim, "spec.volumeMode"),
            get(claim, "spec.resources.requests.storage"),
        )
        for claim in get(servers(simulation).inputs, "spec.volumeClaimTemplates")
    }


def configuration(simulation: Simulation) -> str:
    (found,) = simulation.of_type("kubernetes:core/v1:ConfigMap")
    return get(found.inputs, "data")["aerospike.conf"]


def test_on_network_disks_records_lie_in_a_file_of_nearly_the_whole_disk() -> None:
    simulation = built()

    assert claims(simulation) == {"work": ("gp3-io", "Filesystem", "50Gi")}
    assert f"filesize {49 * GIB}" in configuration(simulation)
    assert "file /var/lib/aerospike/utxo.dat" in configuration(simulation)


def test_on_local_disks_records_lie_on_every_raw_disk_of_the_node() -> None:
    simulation = built(**THREE_ON_NVME)

    assert claims(simulation) == {
        "work": ("gp3", "Filesystem", "1Gi"),
        "disk-0": ("local-nvme", "Block", "3142Gi"),
        "disk-1": ("local-nvme", "Block", "3142Gi"),
    }
    paths = [device["devicePath"] for device in get(pod(simulation), "containers")[0]["volumeDevices"]]
    assert paths == ["/dev/utxo-0", "/dev/utxo-1"]
    assert all(f"device {path}\n" in configuration(simulation) for path in paths)
    assert get(pod(simulation), "nodeSelector") == {"teranode.io/storage": "aerospike"}
    assert get(pod(simulation), "tolerations")[0]["key"] == "teranode.io/storage"


def test_servers_find_each_other_by_name_before_they_are_ready() -> None:
    simulation = built(**THREE_ON_NVME)
    (service,) = simulation.of_type("kubernetes:core/v1:Service")

    assert get(service.inputs, "spec.clusterIP") == "None"
    assert get(service.inputs, "spec.publishNotReadyAddresses") is True
    for number in range(3):
        name = f"utxo-store-{number}.utxo-store.miner-1.svc.cluster.local"
        assert f"mesh-seed-address-port {name} 3002\n" in configuration(simulation)


def test_no_two_servers_share_a_node_and_one_at_a_time_may_be_missing() -> None:
    simulation = built(**THREE_ON_NVME)
    terms = get(pod(simulation), "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution")
    (budget,) = simulation.of_type("kubernetes:policy/v1:PodDisruptionBudget")

    assert [term["topologyKey"] for term in terms] == ["kubernetes.io/hostname"]
    assert get(budget.inputs, "spec.maxUnavailable") == 1
    assert get(pod(simulation), "topologySpreadConstraints")[0]["topologyKey"] == "topology.kubernetes.io/zone"


def test_the_next_restart_waits_until_every_record_is_back() -> None:
    simulation = built(**THREE_ON_NVME)
    server = get(pod(simulation), "containers")[0]
    (scripts,) = simulation.of_type("kubernetes:core/v1:ConfigMap")
    settled = get(scripts.inputs, "data")["settled"]

    assert get(servers(simulation).inputs, "spec.updateStrategy.type") == "RollingUpdate"
    assert server["readinessProbe"]["exec"]["command"] == ["/scripts/settled"]
    assert server["lifecycle"]["preStop"]["exec"]["command"] == ["/scripts/leave"]
    assert server["livenessProbe"]["exec"]["command"] == ["/scripts/alive"]
    assert "migrate_partitions_remaining=0" in settled
    assert "cluster_size=$SERVERS" in settled
    assert {"name": "SERVERS", "value": "3"} in server["env"]


def test_a_cold_start_has_hours_to_read_the_disks() -> None:
    probe = get(pod(built()), "containers")[0]["startupProbe"]

    assert probe["periodSeconds"] * probe["failureThreshold"] >= 6 * 3600


def test_another_configuration_is_another_object_that_the_pods_name() -> None:
    (configmap,) = built().of_type("kubernetes:core/v1:ConfigMap")

    assert get(configmap.inputs, "immutable") is True
    assert get(configmap.inputs, "metadata.name").startswith("miner-1-utxo-store-configuration-")


@pytest.mark.parametrize(("shape", "root"), [(ONE_ON_GP3, False), (THREE_ON_NVME, True)])
def test_pods_have_no_rights_and_are_root_only_for_raw_disks(shape: dict[str, Any], *, root: bool) -> None:
    spec = pod(built(**shape))
    containers = [*get(spec, "containers"), *get(spec, "initContainers")]

    assert (get(spec, "securityContext.runAsUser") == 0) is root
    assert get(spec, "automountServiceAccountToken") is False
    for container in containers:
        security = container["securityContext"]
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert set(container["resources"]) == {"requests", "limits"}


def test_memory_follows_from_the_records() -> None:
    def memory(**changes: object) -> int:
        return int(get(pod(built(**changes)), "containers")[0]["resources"]["limits"]["memory"].removesuffix("Mi"))

    more = replace(ONE_ON_GP3["records"], count=100_000_000)
    assert 3000 < memory() < 4000
    assert memory(records=more) - memory() == pytest.approx(90_000_000 * 92 / 0.9 / 2**20, rel=0.01)


def test_a_tier_that_protects_keeps_servers_and_volumes() -> None:
    locked, open_ = servers(built(protection=LOCKED)), servers(built())
    policy = "spec.persistentVolumeClaimRetentionPolicy"

    assert (locked.protect, locked.retain_on_delete) == (True, True)
    assert get(locked.inputs, policy) == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    assert (open_.protect, open_.retain_on_delete) == (False, False)
    assert get(open_.inputs, policy) == {"whenDeleted": "Delete", "whenScaled": "Retain"}


@pytest.mark.parametrize("count", [0, 9])
def test_a_number_of_servers_that_the_edition_does_not_join_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} servers: the community edition joins 1 to 8"):
        built(servers_by_zone={"eu-west-1a": count})
