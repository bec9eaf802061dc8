"""Databases of miners: made by jobs in the one namespace that sees the administrator."""

import pytest

from components import naming
from simulator import RecordedResource, Simulation, simulate
from simulator.compare import Action, compare
from tests.support.stack_settings import stack_file as document
from tests.support.stacks import ROOT, at, evaluated, stack_file

JOB, SYNCED = "kubernetes:batch/v1:Job", "kubernetes:external-secrets.io/v1:ExternalSecret"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 (a type)


def job(simulation: Simulation, miner: str = "miner-1") -> RecordedResource:
    return simulation.named(f"{miner}-database-job")


def container(resource: RecordedResource) -> object:
    return at(resource.inputs, "spec.template.spec.containers.0")


def environment(resource: RecordedResource) -> dict[str, object]:
    variables = at(container(resource), "env")
    assert isinstance(variables, list)
    return {str(at(one, "name")): at(one, "value") if "value" in one else at(one, "valueFrom") for one in variables}


def in_databases(simulation: Simulation, token: str) -> list[RecordedResource]:
    found = simulation.of_type(token)
    return [one for one in found if at(one.inputs, "metadata.namespace") == "databases"]


@pytest.mark.parametrize(
    ("miner", "database"), [("miner-1", "miner_1"), ("a", "a"), ("taal-eu-west", "taal_eu_west"), ("m1", "m1")]
)
def test_a_database_is_called_like_its_miner(miner: str, database: str) -> None:
    assert naming.miner_database(miner) == database


@pytest.mark.parametrize(
    "miner", ["postgres", "rdsadmin", "pg-one", "template1", "teranode-admin", "a--b", "Miner", ""]
)
def test_a_name_that_postgres_or_another_miner_could_have_is_refused(miner: str) -> None:
    with pytest.raises(ValueError, match="not valid"):
        naming.miner_database(miner)


def test_the_administrators_secret_is_synced_into_one_namespace_only() -> None:
    simulation = evaluated("testing")
    arns = {
        str(at(server.outputs, "masterUserSecrets.0.secretArn"))
        for server in simulation.of_type("aws:rds/instance:Instance")
    }
    readers = [
        one for one in simulation.of_type(SYNCED) if any(arn in str(at(one.inputs, "spec.data")) for arn in arns)
    ]

    assert len(readers) == 3
    assert {at(one.inputs, "metadata.namespace") for one in readers} == {"databases"}


def test_a_job_is_kept_repeated_a_few_times_and_ends() -> None:
    spec = at(job(evaluated("testing")).inputs, "spec")
    assert isinstance(spec, dict)

    assert "ttlSecondsAfterFinished" not in spec
    assert spec["backoffLimit"] == 6
    assert spec["activeDeadlineSeconds"] == 1200
    assert at(spec, "template.spec.restartPolicy") == "Never"


def test_a_job_demands_tls_and_gets_what_is_secret_from_secrets() -> None:
    found = environment(job(evaluated("testing")))

    assert found["PGSSLMODE"] == "require"
    assert found["DATABASES"] == "miner_1"
    assert found["PGPASSWORD"] == {"secretKeyRef": {"name": "administrator", "key": "password"}}
    assert {key for key, value in found.items() if isinstance(value, dict)} == {
        "PGUSER",
        "PGPASSWORD",
        "OWNER",
        "LOGIN_A",
        "LOGIN_B",
        "VERIFIER_A",
        "VERIFIER_B",
    }


def test_a_job_can_do_nothing_but_speak_to_postgres() -> None:
    simulation = evaluated("testing")
    pod = at(job(simulation).inputs, "spec.template.spec")
    policies = {str(at(one.inputs, "metadata.name")) for one in in_databases(simulation, POLICY)}

    assert at(pod, "automountServiceAccountToken") is False
    assert at(pod, "securityContext.runAsNonRoot") is True
    assert at(container(job(simulation)), "securityContext.readOnlyRootFilesystem") is True
    assert policies == {"deny-all", "dns", "postgres"}
    [namespace, *_] = [
        one
        for one in simulation.of_type("kubernetes:core/v1:Namespace")
        if at(one.inputs, "metadata.name") == "databases"
    ]
    assert "restricted" in str(at(namespace.inputs, "metadata.labels"))


def test_a_job_waits_for_the_server_and_for_what_it_reads() -> None:
    simulation = evaluated("testing")
    awaited = {simulation.by_urn[urn].type for urn in job(simulation).dependencies}

    assert {"aws:rds/instance:Instance", SYNCED, "kubernetes:core/v1:ConfigMap"} <= awaited


def test_new_credentials_are_another_login_and_a_restart_of_that_miner_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    before = evaluated("testing")
    miners = {**document("testing")["miners"], "miner-1": {"region": "eu-west-1", "credentials": 2}}
    folder = tmp_path_factory.mktemp("rotated")
    path = stack_file(folder, "testing", "testing", miners=miners)
    after = simulate(path, project_dir=ROOT, baseline=before.deployment)
    changed = compare(before.deployment, after.deployment).changed

    jobs = {change.name for change in changed if change.type == JOB}
    assert jobs == {"miner-1-database-job", "miner-1-settings-restart-job"}
    assert all(change.name.startswith("miner-1-") for change in changed)
    assert not [change for change in changed if change.action in (Action.CREATE, Action.DELETE)]
    replaced = {change.name for change in changed if change.type == PASSWORD}
    assert "miner-1-secrets-database-password-b" in replaced
    assert not replaced & {
        "miner-1-secrets-database-password-a",
        "miner-1-secrets-p2p-seed",
        "miner-1-secrets-wallet-seed",
    }
