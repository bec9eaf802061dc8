"""The enterprise edition: racks that survive a zone, users and certificates, and a pool that can be replaced."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.aerospike import AerospikeArgs, EnterpriseArgs, EnterpriseStore, Machine, Records
from components.aerospike.cluster_spec import rack_id
from components.aerospike.sizing import GIB
from components.images import ImageSource
from components.namespace import NamespaceRef
from infra.versions import IMAGES
from simulator import Simulation
from simulator.compare import Action, compare
from simulator.record import RecordedResource
from tests.support import stacks
from tests.support.builders import LOCKED, UNLOCKED, in_region

CLUSTER = "kubernetes:asdb.aerospike.com/v1:AerospikeCluster"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")


def built(*, durable: bool = True, **changes: object) -> Simulation:
    def make(opts: pulumi.ResourceOptions) -> EnterpriseStore:
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier="cluster")
        args = AerospikeArgs(
            namespace=NamespaceRef(name="miner-1", provider=provider, ready=()),
            images=ImageSource(pins=IMAGES, mirrors={}),
            records=Records(count=340_000_000, payload_bytes=1250, yearly_growth_percent=30, horizon_years=2, copies=2),
            servers_by_zone=dict.fromkeys(ZONES, 1),
            pool="aerospike",
            node_selector={"teranode.io/storage": "aerospike"},
            tolerated_taint="teranode.io/storage",
            machine=Machine(memory_bytes=128 * GIB, disks=1, disk_bytes=3_750_000_000_000),
            cpu="4",
            cpu_limit="14",
            protection=LOCKED,
            ready=(),
        )
        edition = EnterpriseArgs(
            licence="aerospike-licence",
            password_secrets={user: f"aerospike-{user}" for user in ("admin", "teranode", "exporter")},
            durable=durable,
            operator=(),
            certificates=(),
            secrets_ready=(),
        )
        return EnterpriseStore("miner-1-utxo-store", replace(args, **changes), edition, opts)

    return in_region(make)


def get(value: object, path: str) -> Any:
    return stacks.at(value, path)


def cluster(simulation: Simulation) -> RecordedResource:
    (found,) = simulation.of_type(CLUSTER)
    return found


def spec(simulation: Simulation) -> Any:
    return get(cluster(simulation).inputs, "spec")


def volumes(simulation: Simulation) -> dict[str, Any]:
    return {volume["name"]: volume for volume in spec(simulation)["storage"]["volumes"]}


def test_each_zone_is_a_rack_with_a_number_of_its_own_and_every_record_is_in_two() -> None:
    found = spec(built())

    assert [(rack["id"], rack["zone"]) for rack in found["rackConfig"]["racks"]] == list(enumerate(ZONES, 1))
    assert found["rackConfig"]["namespaces"] == ["utxo-store"]
    assert (found["size"], found["maxUnavailable"], found["disablePDB"]) == (3, 1, False)
    assert found["aerospikeConfig"]["namespaces"][0]["replication-factor"] == 2


def test_a_zone_that_comes_or_goes_renumbers_no_rack() -> None:
    without_b = spec(built(servers_by_zone={"eu-west-1a": 1, "eu-west-1c": 1}))

    assert [rack["id"] for rack in without_b["rackConfig"]["racks"]] == [1, 3]
    assert rack_id("us-east-1f") == 6


def test_records_lie_on_raw_local_disks_with_a_copy_on_a_network_disk() -> None:
    found = volumes(built())
    claim = found["utxo-0"]["source"]["persistentVolume"]

    assert claim == {"storageClass": "local-nvme", "volumeMode": "Block", "size": "3142Gi"}
    assert found["utxo-0"]["initMethod"] == "blkdiscardWithHeaderCleanup"
    # As large as what the server uses of the local disk, never wiped.
    assert found["shadow-0"]["source"]["persistentVolume"]["size"] == "2048Gi"
    assert "initMethod" not in found["shadow-0"]
    (namespace,) = spec(built())["aerospikeConfig"]["namespaces"]
    assert namespace["storage-engine"]["devices"] == ["/dev/utxo-0 /dev/shadow-0"]


def test_without_durability_there_is_no_network_disk() -> None:
    simulation = built(durable=False)

    assert not [name for name in volumes(simulation) if name.startswith("shadow")]
    (namespace,) = spec(simulation)["aerospikeConfig"]["namespaces"]
    assert namespace["storage-engine"]["devices"] == ["/dev/utxo-0"]


def test_a_restart_goes_back_to_its_disks_and_a_deleted_cluster_keeps_its_volumes() -> None:
    storage = spec(built())["storage"]

    assert storage["localStorageClasses"] == ["local-nvme"]
    assert storage["deleteLocalStorageOnRestart"] is False
    assert storage["deleteLocalStorageOnPodRecovery"] is False
    assert storage["blockVolumePolicy"]["cascadeDelete"] is False
    assert storage["filesystemVolumePolicy"]["cascadeDelete"] is False
    assert spec(built())["podSpec"]["multiPodPerHost"] is False


def test_servers_know_their_users_by_secrets_and_the_licence_by_a_file() -> None:
    found = spec(built())
    users = {user["name"]: (user["secretName"], user["roles"]) for user in found["aerospikeAccessControl"]["users"]}

    assert users["admin"] == ("aerospike-admin", ["sys-admin", "user-admin"])
    assert users["teranode"] == ("aerospike-teranode", ["read-write-udf", "udf-admin", "sindex-admin"])
    assert found["aerospikeConfig"]["security"] == {}
    licence = volumes(built())["licence"]
    assert licence["source"]["secret"]["secretName"] == "aerospike-licence"
    assert found["aerospikeConfig"]["service"]["feature-key-file"] == f"{licence['aerospike']['path']}/features.conf"


def test_servers_speak_tls_among_themselves_by_a_certificate_of_their_own_authority() -> None:
    simulation = built()
    network = spec(simulation)["aerospikeConfig"]["network"]
    certificates = {
        get(found.inputs, "metadata.name"): get(found.inputs, "spec")
        for found in simulation.of_type("kubernetes:cert-manager.io/v1:Certificate")
    }

    name = network["tls"][0]["name"]
    assert network["heartbeat"]["tls-name"] == network["fabric"]["tls-name"] == name == "utxo-store.miner-1"
    assert certificates["utxo-store-tls"]["dnsNames"] == [name]
    assert certificates["utxo-store-tls"]["issuerRef"]["name"] == "utxo-store"
    assert certificates["utxo-store-authority"]["isCA"] is True
    assert volumes(simulation)["tls"]["source"]["secret"]["secretName"] == certificates["utxo-store-tls"]["secretName"]


def test_the_operator_is_waited_for_and_may_read_the_cluster_it_starts() -> None:
    simulation = built()
    (binding,) = simulation.of_type("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")
    (account,) = simulation.of_type("kubernetes:core/v1:ServiceAccount")
    annotations = get(cluster(simulation).inputs, "metadata")["annotations"]

    assert json.loads(annotations["pulumi.com/waitFor"]) == [
        "jsonpath={.status.phase}=Completed",
        f"jsonpath={{.status.size}}={spec(simulation)['size']}",
        f"jsonpath={{.status.image}}={spec(simulation)['image']}",
        *(f"jsonpath={{.status.rackConfig.racks[{rack}].revision}}=aerospike" for rack in range(3)),
    ]
    assert get(binding.inputs, "roleRef.name") == "aerospike-cluster"
    assert get(account.inputs, "metadata.name") == "aerospike-operator-controller-manager"
    assert {account.urn, binding.urn} <= set(cluster(simulation).dependencies)


def test_no_password_is_in_what_the_program_sends() -> None:
    (settings,) = built().of_type("kubernetes:core/v1:ConfigMap")
    text = get(settings.inputs, "data")["ape.toml"]

    assert 'password = "file:/etc/aerospike-password/password"' in text


@pytest.mark.parametrize(("protection", "locked"), [(LOCKED, True), (UNLOCKED, False)])
def test_a_tier_that_protects_locks_the_cluster(protection: object, *, locked: bool) -> None:
    found = cluster(built(protection=protection))

    assert (found.protect, found.retain_on_delete) == (locked, locked)


def test_another_pool_makes_racks_of_another_revision_and_replaces_nothing() -> None:
    old = built()
    new = built(pool="aerospike-2", node_selector={"teranode.io/storage": "aerospike-2"})
    changes = compare(old.deployment, new.deployment).changed

    assert [(change.name, change.action) for change in changes] == [("miner-1-utxo-store-cluster", Action.UPDATE)]
    for rack in spec(new)["rackConfig"]["racks"]:
        assert rack["revision"] == "aerospike-2"
        assert rack["podSpec"]["nodeSelector"] == {"teranode.io/storage": "aerospike-2"}


def test_racks_without_local_disks_are_refused() -> None:
    with pytest.raises(ValueError, match="local disks of a storage pool"):
        built(pool=None)
