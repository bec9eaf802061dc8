"""`ops backup`, `backup-list` and `restore` from end to end: a synthetic API server, and moto's S3.

What a Job does is rehearsed in `tests/postgres/test_backup.py`; here it ends at once and says what it found.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.stub import Stubber
from moto import mock_aws
from typer.testing import CliRunner

from ops import backup_command
from ops.aws.session import AwsError
from ops.backup.bucket import BucketRecords
from ops.backup.file_system import Lustre
from ops.backup.jobs import REFUSED, copy_job, restore_job, seal_job, trial
from ops.backup.kubernetes_site import RIGHTS
from ops.backup.model import BackupError, read_manifest
from ops.backup.place import Place
from ops.backup.plan import Target, targets
from ops.backup.pods import waits_for
from ops.backup.switch import FIELD_MANAGER
from ops.cli import app
from ops.environments.listing import rows
from ops.exit_codes import ExitCode
from ops.outputs import checked_outputs
from ops.stacks import PROJECT_DIR, find_stack
from simulator.values import JSON
from tests.support.builders import IMAGES
from tests.support.fake_api_server import IMAGE, PULUMI, ApiServer
from tests.support.fake_kubernetes import write_kubeconfig
from tests.support.stacks import evaluated

ACCOUNT, REGION, BUCKET = "111122223333", "eu-west-1", "backups-of-testing"
SAID = json.dumps({"height": "120", "files": 4, "bytes": 2**20, "sha256": "ab" * 32})


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.seconds = 1_780_000_000.0

    def time(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@dataclass
class Shell:
    """A person at work on miner-1 of testing."""

    server: ApiServer
    state: Path
    clock: Clock
    s3: Any

    def run(self, *arguments: str) -> tuple[int, str, str]:
        command, *rest = arguments
        line = [command, "testing", "--miner", "miner-1", "--state", str(self.state), *rest]
        result = CliRunner().invoke(app, line, catch_exceptions=False)
        return result.exit_code, result.stdout, result.stderr

    @property
    def keys(self) -> list[str]:
        """Of what is recorded; who began last is written beside it."""
        listed = self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", ())
        return [one["Key"] for one in listed if not one["Key"].endswith("/begun")]

    @property
    def spec(self) -> dict[str, object]:
        return self.server.objects["clusters"]["teranode"]["spec"]

    @property
    def owners(self) -> list[dict[str, Any]]:
        """Who owns fields of the `Cluster`."""
        return self.server.objects["clusters"]["teranode"]["metadata"]["managedFields"]

    def stop(self) -> None:
        """What `enabled: false` in the stack file does."""
        self.spec["enabled"] = False
        self.server.objects["pods"].clear()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", ACCOUNT)
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    outputs: dict[str, Any] = json.loads(json.dumps(dict(evaluated("testing").exports)))
    outputs["regions"][REGION]["buckets"] = {"backups": BUCKET}
    urn = "urn:pulumi:testing::teranode-infra::pulumi:pulumi:Stack::teranode-infra-testing"
    stack = {"urn": urn, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": outputs}
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": [stack]}}))
    clock = Clock()
    monkeypatch.setattr(backup_command, "time", clock)
    with mock_aws(), ApiServer().serving() as server:
        one = outputs["regions"][REGION]
        context = {one["kubernetesContext"]: (one["clusterArn"], server.url)}
        monkeypatch.setenv("KUBECONFIG", str(write_kubeconfig(tmp_path / "kubeconfig", context)))
        s3 = boto3.client("s3", region_name=REGION)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        server.said = SAID
        yield Shell(server, state, clock, s3)


def test_a_backup_stops_copies_starts_and_is_recorded(shell: Shell) -> None:
    code, stdout, stderr = shell.run("backup", "--yes", "--json")

    assert code == ExitCode.CLEAN, stderr
    [manifest] = json.loads(stdout)["backups"]
    assert (manifest["height"], manifest["files"], manifest["miner"]) == (120, 4, "miner-1")
    assert manifest["release"] == "v0.13.0@sha256:ab", "what wrote it, not what the stack file names by now"
    assert shell.keys == [f"backups/miner-1/{manifest['id']}.json"]
    assert shell.spec == {"enabled": True, "image": IMAGE}
    assert not shell.server.objects["leases"]
    assert not shell.server.objects["jobs"]


def test_pulumi_may_stop_a_miner_that_was_backed_up(shell: Shell) -> None:
    shell.server.busy = 3
    code, _, stderr = shell.run("backup", "--yes")

    assert code == ExitCode.CLEAN, stderr
    assert {one["manager"] for one in shell.owners} == {PULUMI}
    assert shell.server.apply({"enabled": False, "image": IMAGE}) == 200


def test_a_backup_takes_away_the_owner_that_an_earlier_one_left(shell: Shell) -> None:
    left = {"manager": FIELD_MANAGER, "operation": "Update", "fieldsV1": {"f:spec": {"f:enabled": {}}}}
    shell.owners.append(left)
    assert shell.server.apply({"enabled": False}) == 409
    code, _, stderr = shell.run("backup", "--yes")

    assert code == ExitCode.CLEAN, stderr
    assert shell.server.apply({"enabled": False}) == 200


def test_a_cluster_that_never_holds_still_is_said_and_the_next_backup_puts_it_in_order(shell: Shell) -> None:
    shell.server.busy = 1000
    code, _, stderr = shell.run("backup", "--yes")
    assert (code, "who owns the Cluster of miner-1: the API server answers 409" in stderr) == (ExitCode.FINDINGS, True)

    shell.server.busy = 0
    shell.clock.sleep(61)
    code, _, stderr = shell.run("backup", "--yes")
    assert (code, shell.spec["enabled"]) == (ExitCode.CLEAN, True), stderr
    assert shell.server.apply({"enabled": False}) == 200


def test_what_is_recorded_is_listed(shell: Shell) -> None:
    shell.run("backup", "--yes")
    shell.clock.sleep(60)
    shell.run("backup", "--yes")
    code, stdout, _ = shell.run("backup-list")

    assert code == ExitCode.CLEAN
    assert len([line for line in stdout.splitlines() if line.startswith("miner-1 ")]) == 2


def test_a_dry_run_says_what_would_be_stopped_and_asks_no_cluster(shell: Shell) -> None:
    code, stdout, _ = shell.run("backup", "--dry-run")

    assert code == ExitCode.CLEAN
    assert "miner-1  eu-west-1  is stopped, copied and started" in stdout
    assert not shell.server.changes


def test_a_job_that_fails_is_a_finding_and_the_miner_runs(shell: Shell) -> None:
    shell.server.code, shell.server.said = 1, "no space left on device"
    code, _, stderr = shell.run("backup", "--yes")

    assert code == ExitCode.FINDINGS
    assert "miner-1: the Job failed: no space left on device" in stderr
    assert shell.spec["enabled"] is True
    assert not shell.keys


def test_images_that_cannot_be_pulled_stop_no_miner(shell: Shell) -> None:
    shell.server.waits = {"waiting": {"reason": "ImagePullBackOff", "message": "not found: postgres:17"}}
    code, _, stderr = shell.run("backup", "--yes")

    assert code == ExitCode.FINDINGS
    assert "not started for 5 minutes: backup-0, databases: ImagePullBackOff: not found: postgres:17" in stderr
    assert not [change for change in shell.server.changes if change[1] == "clusters"]
    assert not shell.server.objects["leases"]
    assert not shell.server.objects["jobs"]


def test_a_pod_is_tried_out_with_all_that_it_takes_and_no_work() -> None:
    place = mainnet().place("20261123t071500z")
    job: Any = copy_job(place)
    tried: Any = trial(job)
    pods = [one["spec"]["template"]["spec"] for one in (job, tried)]

    assert [one["image"] for one in containers(tried)] == [one["image"] for one in containers(job)]
    assert {tuple(one["command"]) for one in containers(tried)} == {("/bin/sh", "-c", ":")}
    for key in ("volumes", "nodeSelector", "serviceAccountName", "securityContext"):
        assert pods[0][key] == pods[1][key]


RUNS, ENDED = {"running": {}}, {"terminated": {"exitCode": 0, "message": "said"}}


@pytest.mark.parametrize(
    ("states", "conditions", "waits"),
    [
        ([ENDED, RUNS], [], ""),
        ([ENDED, ENDED], [], ""),
        ([RUNS, {"waiting": {"reason": "PodInitializing"}}], [], ""),
        ([ENDED, {"waiting": {"reason": "ErrImagePull", "message": "m"}}], [], "pod-0, second: ErrImagePull: m"),
        ([], [], "pod-0, first: nothing is said"),
        (
            [],
            [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}],
            "pod-0, Unschedulable: 0/3 nodes",
        ),
    ],
)
def test_a_pod_says_for_what_it_waits(states: list[JSON], conditions: list[JSON], waits: str) -> None:
    said: list[JSON] = [
        {"name": name, "state": state} for name, state in zip(("first", "second"), states, strict=False)
    ]
    pod: dict[str, JSON] = {
        "metadata": {"name": "pod-0"},
        "spec": {"initContainers": [{"name": "first"}], "containers": [{"name": "second"}]},
        "status": {"conditions": conditions, "initContainerStatuses": said[:1], "containerStatuses": said[1:]},
    }

    assert waits_for(pod) == waits


def test_a_refusal_is_told_from_the_failure_of_a_program_that_a_script_calls() -> None:
    place = Place("miner-1", "one", IMAGES, aerospike=True)
    for job, step in ((restore_job(place, "ab" * 32, replace_data=True), "check"), (seal_job(place), "seal")):
        spec: Any = job["spec"]
        [refusal, _] = spec["podFailurePolicy"]["rules"]
        assert refusal["onExitCodes"] == {"containerName": step, "operator": "In", "values": [REFUSED]}
        [refusing] = [one for one in containers(job) if "REFUSED=" in one["command"][-1]]
        assert (refusing["name"], f"REFUSED={REFUSED}\n" in refusing["command"][-1]) == (step, True)
    # psql ends with 3 where a statement of a script fails: that is tried again.
    assert REFUSED not in (1, 2, 3)


def test_a_job_without_a_pod_waits() -> None:
    assert "events of the Job" in waits_for(None)


def test_an_api_server_that_goes_away_leaves_what_the_next_backup_puts_in_order(shell: Shell) -> None:
    shell.server.away_from = ("POST", "jobs", 2)
    code, _, stderr = shell.run("backup", "--yes")
    assert code == ExitCode.FINDINGS
    assert "Then repeat the command" in stderr
    assert shell.spec["enabled"] is False

    shell.server.away_from, shell.server.away = None, False
    code, _, stderr = shell.run("backup", "--yes")
    assert code == ExitCode.FINDINGS
    assert "is at work" in stderr
    shell.clock.sleep(61)
    code, _, stderr = shell.run("backup", "--yes")
    assert code == ExitCode.CLEAN, stderr
    assert "putting it in order first" in stderr
    assert shell.spec["enabled"] is True


def test_a_restore_shows_first_and_does_nothing(shell: Shell) -> None:
    shell.run("backup", "--yes")
    [key] = shell.keys
    shell.stop()
    shell.server.changes.clear()
    code, _, stderr = shell.run("restore", "--from", Path(key).stem)
    assert (code, "--accept-release" in stderr) == (ExitCode.USAGE, True)
    code, stdout, stderr = shell.run("restore", "--from", Path(key).stem, "--accept-release")

    assert code == ExitCode.CLEAN, stderr
    assert "height 120, 4 files; refused if it has data" in stdout
    assert "nothing was done" in stderr
    assert not shell.server.changes


def test_a_restore_says_how_the_miner_is_started(shell: Shell) -> None:
    shell.run("backup", "--yes")
    [key] = shell.keys
    shell.stop()
    code, stdout, stderr = shell.run("restore", "--from", Path(key).stem, "--accept-release", "--yes")

    assert code == ExitCode.CLEAN, stderr
    assert "pulumi up --stack testing" in stdout
    assert shell.spec["enabled"] is False
    assert not shell.server.objects["leases"]


def test_a_running_miner_and_an_unknown_backup_are_refused(shell: Shell) -> None:
    shell.run("backup", "--yes")
    [key] = shell.keys
    code, _, stderr = shell.run("restore", "--from", Path(key).stem, "--accept-release", "--yes")
    assert (code, "the miner is not stopped" in stderr) == (ExitCode.USAGE, True)

    code, _, stderr = shell.run("restore", "--from", "20200101t000000z", "--yes")
    assert (code, "no backup 20200101t000000z of miner-1 is recorded" in stderr) == (ExitCode.USAGE, True)


def test_a_person_who_may_not_write_to_the_bucket_or_make_a_job_stops_no_miner(shell: Shell) -> None:
    shell.server.refused = {("create", "jobs"), ("patch", "clusters")}
    code, _, stderr = shell.run("backup", "--yes")
    assert (code, "may not create jobs, patch clusters in the miner's namespace" in stderr) == (ExitCode.FINDINGS, True)

    shell.server.refused = set()
    shell.s3.delete_bucket(Bucket=BUCKET)
    code, _, stderr = shell.run("backup", "--yes")
    assert (code, "PutObject" in stderr) == (ExitCode.FINDINGS, True)
    assert shell.spec["enabled"] is True
    assert {change[1] for change in shell.server.changes} <= {"selfsubjectaccessreviews"}


@pytest.mark.parametrize(
    ("conditions", "said"), [([], "is being imported"), ([{"type": "Failed", "status": "True"}], "by halves")]
)
def test_a_miner_that_is_being_seeded_is_not_backed_up(shell: Shell, conditions: list[object], said: str) -> None:
    shell.server.add("jobs", "seed", {"status": {"conditions": conditions}})
    code, _, stderr = shell.run("backup", "--yes")
    assert (code, said in stderr) == (ExitCode.FINDINGS, True)
    assert {change[1] for change in shell.server.changes} <= {"selfsubjectaccessreviews"}

    shell.server.add("jobs", "seed", {"status": {"conditions": [{"type": "Complete", "status": "True"}]}})
    code, _, stderr = shell.run("backup", "--yes")
    assert code == ExitCode.CLEAN, stderr


def test_the_runbook_has_the_rights_that_are_asked_for() -> None:
    page = (PROJECT_DIR / "docs" / "runbooks" / "backup-and-restore.md").read_text()
    role = yaml.safe_load(page.partition("```yaml\n")[2].partition("```")[0])
    asked = {(group, plural): set(verbs) for group, plural, verbs in RIGHTS}

    assert asked == {(one["apiGroups"][0], one["resources"][0]): set(one["verbs"]) for one in role["rules"]}


def test_old_backups_are_shown_first_and_then_removed(shell: Shell) -> None:
    for _ in range(3):
        shell.run("backup", "--yes")
        shell.clock.sleep(60)
    before = shell.keys
    code, stdout, stderr = shell.run("backup-remove", "--keep", "2")
    assert (code, shell.keys) == (ExitCode.CLEAN, before), stderr
    assert f"beside the 2 newest: {Path(before[0]).stem}\n" in stdout

    code, stdout, stderr = shell.run("backup-remove", "--keep", "2", "--yes", "--json")
    assert (code, shell.keys) == (ExitCode.CLEAN, before[1:]), stderr
    [gone] = json.loads(stdout)["backups"]
    assert (gone["id"], json.loads(stdout)["dryRun"]) == (Path(before[0]).stem, False)
    assert not shell.server.objects["leases"]


def test_objects_without_a_manifest_are_shown_and_removed(shell: Shell) -> None:
    shell.run("backup", "--yes")
    recorded = Path(shell.keys[0]).stem
    for one in (recorded, "20200101t000000z"):
        shell.s3.put_object(Bucket=BUCKET, Key=f"sets/miner-1/{one}/utxo/a.asb", Body=b"x")
    code, stdout, stderr = shell.run("backup-remove", "--keep", "2")
    assert (code, "without a manifest, unfinished unless under way: 20200101t000000z\n" in stdout) == (
        0,
        True,
    ), stderr

    code, stdout, stderr = shell.run("backup-remove", "--keep", "2", "--yes", "--json")
    assert (code, json.loads(stdout)["unfinished"]) == (ExitCode.CLEAN, {"miner-1": ["20200101t000000z"]}), stderr
    assert [key for key in shell.keys if key.startswith("sets/")] == [f"sets/miner-1/{recorded}/utxo/a.asb"]


def lustre() -> tuple[Any, str]:
    fsx = boto3.client("fsx", region_name=REGION)
    made = fsx.create_file_system(
        FileSystemType="LUSTRE",
        StorageCapacity=1200,
        SubnetIds=["subnet-0123456789abcdef0"],
        SecurityGroupIds=["sg-0123456789abcdef0"],
    )
    return fsx, made["FileSystem"]["FileSystemId"]


def test_a_file_system_is_backed_up_once_for_a_token_and_let_go(shell: Shell) -> None:
    fsx, file_system = lustre()
    own = Lustre(fsx, file_system)
    backup = own.begin("miner-1-20261123t071500z")

    assert backup is not None
    assert [one["BackupId"] for one in fsx.describe_backups()["Backups"]] == [backup]
    own.remove(backup)
    assert not fsx.describe_backups()["Backups"]
    with Stubber(fsx) as answers:
        answers.add_client_error("delete_backup", "BackupNotFound")
        own.remove(backup)
    assert shell.keys == []


def test_a_file_system_that_is_being_backed_up_is_waited_for_and_a_refusal_is_told(shell: Shell) -> None:
    fsx, file_system = lustre()
    with Stubber(fsx) as answers:
        answers.add_client_error("create_backup", "BackupInProgress")
        answers.add_client_error("create_backup", "AccessDeniedException")
        assert Lustre(fsx, file_system).begin("token") is None
        with pytest.raises(AwsError, match="not allowed: CreateBackup"):
            Lustre(fsx, file_system).begin("token")
    assert shell.keys == []


def with_file_system(shell: Shell, file_system: str) -> None:
    """The miner has a Lustre of its own."""
    exported = json.loads(shell.state.read_text())
    exported["deployment"]["resources"][0]["outputs"]["miners"]["miner-1"]["fileSystem"] = file_system
    shell.state.write_text(json.dumps(exported))


def test_a_set_is_in_a_backup_of_its_file_system_which_goes_with_it(shell: Shell) -> None:
    fsx, file_system = lustre()
    with_file_system(shell, file_system)
    code, stdout, stderr = shell.run("backup", "--yes", "--json")
    [made] = fsx.describe_backups()["Backups"]

    assert code == ExitCode.CLEAN, stderr
    assert json.loads(stdout)["backups"][0]["fileSystemBackup"] == made["BackupId"]
    shell.clock.sleep(60)
    shell.run("backup", "--yes")
    code, _, stderr = shell.run("backup-remove", "--keep", "1", "--yes")
    assert code == ExitCode.CLEAN, stderr
    assert made["BackupId"] not in [one["BackupId"] for one in fsx.describe_backups()["Backups"]]


def test_a_set_whose_file_system_is_not_backed_up_is_recorded_and_a_finding(shell: Shell) -> None:
    with_file_system(shell, "fs-0123456789abcdef0")
    code, _, stderr = shell.run("backup", "--yes")

    assert code == ExitCode.FINDINGS
    assert len(shell.keys) == 1
    assert f"aws fsx create-backup --region {REGION} --file-system-id fs-0123456789abcdef0" in stderr
    assert shell.spec["enabled"] is True


def test_objects_are_known_by_their_versions(shell: Shell) -> None:
    shell.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for key in ("sets/miner-1/one/utxo/a", "sets/miner-1/one/utxo/b", "sets/miner-1/one/utxo-b", "sets/miner-10/one"):
        shell.s3.put_object(Bucket=BUCKET, Key=key, Body=b"1234")
    records = BucketRecords(shell.s3, BUCKET)
    taken = records.utxo("sets/miner-1/one/utxo")
    assert (taken.objects, taken.bytes) == (2, 8)

    shell.s3.put_object(Bucket=BUCKET, Key="sets/miner-1/one/utxo/a", Body=b"1234")
    overwritten = records.utxo("sets/miner-1/one/utxo")
    assert (overwritten.objects, overwritten.bytes) == (2, 8)
    assert overwritten != taken
    records.remove_utxo("sets/miner-1/one/utxo")
    assert records.utxo("sets/miner-1/one/utxo").objects == 0
    assert records.utxo("sets/miner-10").objects == 1


def test_credentials_of_another_account_are_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", "999999999999")
    code, _, stderr = shell.run("backup", "--yes")

    assert (code, "these credentials are of 999999999999" in stderr) == (ExitCode.USAGE, True)
    assert not shell.server.changes


def test_a_manifest_of_a_newer_format_is_refused() -> None:
    with pytest.raises(BackupError, match="format up to 2"):
        read_manifest('{"format": 3}', "somewhere")


def containers(job: dict[str, JSON]) -> list[dict[str, Any]]:
    spec: Any = job["spec"]
    return [*spec["template"]["spec"]["initContainers"], *spec["template"]["spec"]["containers"]]


@pytest.mark.parametrize("aerospike", [True, False])
def test_a_job_gets_the_login_of_the_database_and_no_other_secret(*, aerospike: bool) -> None:
    place = Place("miner-1", "20261123t071500z", IMAGES, aerospike=aerospike)
    for job in (copy_job(place), restore_job(place, "ab" * 32, replace_data=False)):
        steps = containers(job)
        secrets = [one["valueFrom"] for step in steps for one in step["env"] if "valueFrom" in one]
        assert {one["secretKeyRef"]["key"] for one in secrets} == {"blockchain_store"}
        assert all(step["securityContext"]["capabilities"] == {"drop": ["ALL"]} for step in steps)
        assert any(step["name"].startswith("utxo") for step in steps) == aerospike


def mainnet(**of_miner: object) -> Target:
    exports = json.loads(json.dumps(dict(evaluated("mainnet").exports)))
    exports["regions"][REGION]["buckets"] = {"backups": BUCKET}
    exports["miners"]["miner-1"] |= of_miner
    [row] = rows([find_stack("mainnet")], PROJECT_DIR)
    assert row.environment is not None
    [target] = targets(row.environment, checked_outputs(exports, "mainnet"), ())
    return target


def test_mainnets_utxo_store_is_copied_to_the_bucket_by_a_user_who_may_only_read() -> None:
    place = mainnet().place("20261123t071500z")
    assert place.operated is not None
    template: Any = copy_job(place)["spec"]
    pod = template["template"]["spec"]
    [utxo] = [step for step in pod["initContainers"] if step["name"] == "utxo"]
    [login] = [volume for volume in pod["volumes"] if volume["name"] == "login"]

    assert pod["serviceAccountName"] == "utxo-store-sets"
    assert login["secret"]["secretName"] == place.operated.reader_secret
    assert "sets/miner-1/20261123t071500z/utxo" in utxo["command"]
    assert utxo["command"][utxo["command"].index("--user") + 1] == "backup"


def test_only_a_restore_gets_the_password_of_the_user_who_may_empty_the_store() -> None:
    place = mainnet().place("20261123t071500z")
    assert place.operated is not None
    restored = json.dumps(restore_job(place, "ab" * 32, replace_data=True))
    assert place.operated.writer_secret in restored
    assert place.operated.reader_secret not in restored
    for job in (copy_job(place), seal_job(place)):
        assert place.operated.writer_secret not in json.dumps(job)
    assert "login" not in json.dumps(seal_job(place))


def test_a_store_without_users_for_backups_is_refused() -> None:
    with pytest.raises(BackupError, match="no user who may copy it"):
        mainnet(utxoStoreSets=None)


def test_a_place_keeps_partial_backups_apart() -> None:
    place = Place("miner-1", "one", IMAGES, aerospike=True)

    assert place.partial.startswith(place.sets)
    assert replace(place, id="two").set != place.set
    assert (PROJECT_DIR / "docs" / "runbooks" / "backup-and-restore.md").is_file()
