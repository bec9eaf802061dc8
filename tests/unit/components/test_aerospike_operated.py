"""The enterprise edition in a miner's namespace: what it reads, whom it lets in, and where its backups go."""

import json
import re
from typing import Any

import pytest

from simulator import Simulation
from simulator.record import RecordedResource
from tests.support import stacks
from tests.support.stacks import evaluated

CLUSTER = "kubernetes:asdb.aerospike.com/v1:AerospikeCluster"
SYNCED = "kubernetes:external-secrets.io/v1:ExternalSecret"
SERVICE = "kubernetes:asdb.aerospike.com/v1beta1:AerospikeBackupService"
BACKUP = "kubernetes:asdb.aerospike.com/v1beta1:AerospikeBackup"
LICENCE = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:aerospike-feature-key-AbCdEf"


@pytest.fixture
def mainnet() -> Simulation:
    return evaluated("mainnet")


def get(value: object, path: str) -> Any:
    return stacks.at(value, path)


def only(simulation: Simulation, token: str) -> RecordedResource:
    (found,) = simulation.of_type(token)
    return found


def cluster_spec(simulation: Simulation) -> Any:
    return get(only(simulation, CLUSTER).inputs, "spec")


def synced(simulation: Simulation, name: str) -> Any:
    (found,) = [one for one in simulation.of_type(SYNCED) if one.name == f"{name}-external-secret"]
    return found


def secret_name(resource: RecordedResource) -> str:
    return resource.id.rpartition("/")[2]


def statements(simulation: Simulation, name: str) -> dict[str, Any]:
    return {one["Sid"]: one for one in json.loads(str(simulation.named(name).inputs["policy"]))["Statement"]}


def test_each_user_has_a_secret_with_the_one_key_that_the_operator_reads(mainnet: Simulation) -> None:
    users = {one["name"]: one["secretName"] for one in cluster_spec(mainnet)["aerospikeAccessControl"]["users"]}

    assert sorted(users) == ["admin", "backup", "exporter", "restore", "teranode"]
    for user, name in users.items():
        secret = synced(mainnet, f"miner-1-utxo-store-secrets-{user}")
        (entry,) = get(secret.inputs, "spec.data")
        assert (entry["secretKey"], entry["remoteRef"]["property"]) == ("password", user)
        assert entry["remoteRef"]["version"].startswith("uuid/")
        assert name == secret_name(secret)


def test_the_licence_is_a_file_and_not_a_key_of_an_object(mainnet: Simulation) -> None:
    secret = synced(mainnet, "miner-1-utxo-store-secrets-licence")
    (volume,) = [one for one in cluster_spec(mainnet)["storage"]["volumes"] if one["name"] == "licence"]

    assert get(secret.inputs, "spec.data") == [{"secretKey": "features.conf", "remoteRef": {"key": LICENCE}}]
    assert volume["source"]["secret"]["secretName"] == secret_name(secret)


def test_the_stores_reader_reads_passwords_and_licence_and_nothing_else_of_the_miner(mainnet: Simulation) -> None:
    passwords = mainnet.named("miner-1-secrets-aerospike-secret").outputs["arn"]
    read = statements(mainnet, "miner-1-utxo-store-secrets-reader-policy")["ReadNamedSecrets"]

    assert read["Resource"] == [passwords, LICENCE]


def test_servers_wait_for_operators_disks_and_secrets(mainnet: Simulation) -> None:
    waited = {urn.rpartition("::")[2] for urn in only(mainnet, CLUSTER).dependencies}

    assert {
        "eu-west-1-platform-aerospike-operator-release",
        "eu-west-1-platform-local-disks-provisioner-release",
        "miner-1-utxo-store-secrets-licence-external-secret",
        "miner-1-utxo-store-secrets-admin-external-secret",
        "miner-1-utxo-store-racks-certificates-servers",
    } <= waited


def test_the_operator_comes_in_and_servers_ask_the_kubernetes_api(mainnet: Simulation) -> None:
    operator = mainnet.named("miner-1-namespace-policy-utxo-store-operator")
    api = mainnet.named("miner-1-namespace-policy-utxo-store-kubernetes-api")
    (rule,) = get(operator.inputs, "spec.ingress")

    assert rule["ports"] == [{"port": 3000, "protocol": "TCP"}]
    (peer,) = rule["from"]
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "aerospike-operator"}
    (rule,) = get(api.inputs, "spec.egress")
    assert [one["ipBlock"]["cidr"] for one in rule["to"]] == ["10.32.0.0/16", "172.20.0.0/16"]


def test_backups_reach_their_prefix_and_may_ask_for_the_bucket(mainnet: Simulation) -> None:
    bucket = str(mainnet.named("eu-west-1-objects-bucket-backups").outputs["arn"])
    found = statements(mainnet, "miner-1-utxo-store-backups-identity-policy")
    association = mainnet.named("miner-1-utxo-store-backups-identity-association")
    storage = get(only(mainnet, SERVICE).inputs, "spec.config.storage.bucket.s3-storage")

    assert found["ObjectsOfPrefix"]["Resource"] == f"{bucket}/miner-1/utxo-store/*"
    assert found["AskForBucket"]["Condition"] == {"Null": {"s3:prefix": "true"}}
    assert (association.inputs["namespace"], association.inputs["serviceAccount"]) == (
        "miner-1",
        get(only(mainnet, SERVICE).inputs, "spec.podSpec.serviceAccountName"),
    )
    assert storage["path"] == "miner-1/utxo-store"


def test_jobs_of_a_backup_reach_their_prefix_and_no_manifest(mainnet: Simulation) -> None:
    bucket = str(mainnet.named("eu-west-1-objects-bucket-backups").outputs["arn"])
    found = statements(mainnet, "miner-1-utxo-store-sets-identity-policy")
    association = mainnet.named("miner-1-utxo-store-sets-identity-association")
    account = mainnet.named("miner-1-utxo-store-sets-account")

    assert found["ObjectsOfPrefix"]["Resource"] == f"{bucket}/sets/miner-1/*"
    assert found["ListPrefix"]["Condition"] == {"StringLike": {"s3:prefix": "sets/miner-1/*"}}
    assert association.inputs["serviceAccount"] == get(account.inputs, "metadata.name") == "utxo-store-sets"
    assert account.inputs["automountServiceAccountToken"] is False


def test_jobs_of_a_backup_may_call_aws(mainnet: Simulation) -> None:
    for name in ("aws", "identity"):
        policy = mainnet.named(f"miner-1-namespace-policy-utxo-store-sets-{name}")
        assert get(policy.inputs, "spec.podSelector.matchLabels") == {"app.kubernetes.io/name": "utxo-store-sets"}


def test_nothing_that_runs_has_the_password_of_the_user_who_may_empty_the_store(mainnet: Simulation) -> None:
    secret = secret_name(synced(mainnet, "miner-1-utxo-store-secrets-restore"))
    users = {one["name"]: one for one in cluster_spec(mainnet)["aerospikeAccessControl"]["users"]}
    sets = get(dict(mainnet.exports), "miners.miner-1.utxoStoreSets")

    assert users["restore"]["roles"] == ["read-write", "sindex-admin", "truncate", "udf-admin"]
    assert all("truncate" not in one["roles"] for name, one in users.items() if name != "restore")
    assert sets["writerSecret"] == users["restore"]["secretName"] == secret
    naming = {one.name for one in mainnet.resources if secret in json.dumps(one.inputs, default=str)}
    assert naming == {only(mainnet, CLUSTER).name, "miner-1-utxo-store-secrets-restore-external-secret"}


def test_a_whole_backup_is_made_every_day_and_two_weeks_of_them_are_kept(mainnet: Simulation) -> None:
    config = get(only(mainnet, BACKUP).inputs, "spec.config")
    (routine,) = config["backup-routines"].values()
    policy = get(only(mainnet, SERVICE).inputs, "spec.config.backup-policies")[routine["backup-policy"]]

    assert re.fullmatch(r"0 \d+ \d+ \* \* \*", routine["interval-cron"])
    assert "incr-interval-cron" not in routine
    assert routine["namespaces"] == ["utxo-store"]
    assert policy["retention"] == {"full": 14}
    assert policy["sealed"] is False, "records that change while it runs would be in no backup"


def test_the_backup_service_logs_in_as_its_own_user_by_a_mounted_file(mainnet: Simulation) -> None:
    service = get(only(mainnet, SERVICE).inputs, "spec")
    (cluster,) = get(only(mainnet, BACKUP).inputs, "spec.config.aerospike-cluster").values()
    (mounted,) = service["secrets"]

    assert cluster["credentials"]["user"] == "backup"
    assert cluster["credentials"]["password-path"] == f"{mounted['volumeMount']['mountPath']}/password"
    assert mounted["secretName"] == secret_name(synced(mainnet, "miner-1-utxo-store-secrets-backup"))


def test_the_operators_webhook_takes_the_names_of_a_backup(mainnet: Simulation) -> None:
    backup = only(mainnet, BACKUP).inputs
    owned = f"{get(backup, 'metadata.namespace')}-{get(backup, 'metadata.name')}"
    config = get(backup, "spec.config")

    assert all(name.startswith(owned) for kind in ("aerospike-cluster", "backup-routines") for name in config[kind])
