"""`ops env sleep` and `wake`: moto's account, and a synthetic pulumi that records what it is told.

Moto stops databases at once and refuses what AWS refuses of their states; states on the way, which it does not have,
are answered by hand.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops import rest_commands
from ops.aws.session import Aws
from ops.cli import app
from ops.environments.asleep_key import StackTextError, with_asleep
from ops.environments.new import Wish, draft, save
from ops.environments.power import Power, PowerError, Switch, Switchable, database_switches, node_switches, switch
from ops.environments.power import switchable as read_switchable
from ops.environments.sleep import Rest, carry_out, plan
from ops.exit_codes import ExitCode
from ops.pulumi_cli import PulumiCli
from ops.stacks import PROJECT_DIR, StackFile, find_stack
from simulator.graph import Graph
from tests.support import fake_pulumi
from tests.support.aws_account import empty_account
from tests.support.dev_cloud import ACCOUNT, CLUSTER, REGION, Cloud
from tests.support.fake_pulumi import FakePulumi
from tests.support.stacks import evaluated

PAST = datetime(2020, 1, 1, tzinfo=UTC)
LINES = "--stack dev --non-interactive --color never"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Stack files of testing and of dev, which is one region of it with one miner, past its end."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.testing.yaml"):
        shutil.copy(PROJECT_DIR / name, folder)
    save(draft(Wish("dev", ("eu-west-1",), 1, PAST), find_stack("testing", folder), folder))
    return folder


@pytest.fixture
def pulumi(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    fake = fake_pulumi.install(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(project))
    return fake


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloud]:
    with empty_account(ACCOUNT, monkeypatch, tmp_path):
        yield Cloud()


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["env", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def cli(project: Path, stack: str = "dev") -> PulumiCli:
    return PulumiCli.find(stack, project)


def rest(project: Path, power: Power) -> Rest:
    return plan(find_stack("dev", project), project, power)


def text(project: Path) -> str:
    return (project / "Pulumi.dev.yaml").read_text()


def test_an_environment_sleeps_and_wakes_and_its_file_is_as_before(
    project: Path, pulumi: FakePulumi, cloud: Cloud
) -> None:
    pulumi.answer("up")
    pulumi.answer("refresh")
    before, told = text(project), []

    carry_out(rest(project, Power.OFF), Aws.of(None), cli(project), wait=cloud.wait, tell=told.append)
    assert (cloud.desired, cloud.nodes, cloud.database) == ({"system": 0, "general": 0}, 0, "stopped")
    assert 'teranode-infra:asleep: "true"' in text(project)
    assert pulumi.command_lines == [f"up --yes --skip-preview --suppress-outputs {LINES}"]
    assert any("from 1 to 0" in line for line in told)

    waking = rest(project, Power.ON)
    carry_out(waking, Aws.of(None), cli(project), wait=cloud.wait, tell=told.append)
    assert (cloud.desired, cloud.nodes, cloud.database) == ({"system": 1, "general": 1}, 2, "available")
    assert text(project) == before
    targets = " ".join(f"--target {urn}" for urn in waking.groups)
    assert pulumi.command_lines[1:] == [
        f"refresh --yes --skip-preview --suppress-outputs {targets} {LINES}",
        f"up --yes --skip-preview --suppress-outputs {LINES}",
    ]


def test_asleep_twice_is_asleep_once(project: Path, pulumi: FakePulumi, cloud: Cloud) -> None:
    pulumi.answer("up")
    for _ in range(2):
        carry_out(rest(project, Power.OFF), Aws.of(None), cli(project), wait=cloud.wait, tell=str)
    waits = cloud.waits
    carry_out(rest(project, Power.OFF), Aws.of(None), cli(project), wait=cloud.wait, tell=str)

    assert cloud.waits == waits, "what is asleep is waited for"
    assert (cloud.nodes, cloud.database) == (0, "stopped")


def test_a_database_that_aws_started_again_is_stopped_again(project: Path, pulumi: FakePulumi, cloud: Cloud) -> None:
    pulumi.answer("up")
    carry_out(rest(project, Power.OFF), Aws.of(None), cli(project), wait=cloud.wait, tell=str)
    cloud.rds.start_db_instance(DBInstanceIdentifier="dev-postgres")
    carry_out(rest(project, Power.OFF), Aws.of(None), cli(project), wait=cloud.wait, tell=str)

    assert cloud.database == "stopped"


def test_where_the_update_fails_nothing_is_switched_off(
    pulumi: FakePulumi, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The services run on: their nodes and databases stay until they are stopped."""
    monkeypatch.setattr(rest_commands.time, "sleep", cloud.wait)
    pulumi.answer("preview --expect-no-changes")
    pulumi.answer("up", code=255)
    code, _, stderr = run("sleep", "dev", "--yes")

    assert (code, cloud.nodes, cloud.database) == (ExitCode.FINDINGS, 2, "available")
    assert "pulumi up failed" in stderr
    assert "repeat the command" in stderr


def test_the_command_tells_what_goes_on_and_when_databases_start_again(
    pulumi: FakePulumi, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest_commands.time, "sleep", cloud.wait)
    pulumi.answer("preview --expect-no-changes")
    pulumi.answer("up")
    code, stdout, stderr = run("sleep", "dev", "--yes")
    listed = json.loads(run("list", "--json")[1])["environments"]

    assert code == ExitCode.CLEAN, stderr
    assert "dev sleeps" in stdout
    assert "by itself after seven days" in stdout
    assert "NAT gateways, load balancers" in stdout
    assert {one["name"]: one["asleep"] for one in listed} == {"dev": True, "testing": False}


def test_a_dry_run_needs_neither_account_nor_cli(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(project))
    monkeypatch.setenv("PATH", "")
    before = text(project)
    code, stdout, _ = run("sleep", "dev", "--dry-run", "--json")
    document = json.loads(stdout)

    assert (code, text(project)) == (ExitCode.CLEAN, before)
    assert (document["power"], document["done"]) == ("off", False)
    assert document["regions"] == {
        REGION: {"clusters": [CLUSTER], "poolSizes": {"general": 1, "system": 1}, "databases": ["dev-postgres"]}
    }


@pytest.mark.parametrize("word", ["sleep", "wake"])
def test_without_a_cli_nothing_is_evaluated_and_the_dry_run_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(project))
    monkeypatch.setenv("PATH", "")
    code, stdout, stderr = run(word, "dev")

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert "no pulumi CLI on the PATH" in stderr
    assert "--dry-run shows what would be done" in stderr


def test_one_that_is_awake_is_told_to_be_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(project))
    awake, asleep = run("wake", "dev", "--dry-run")[1], run("sleep", "dev", "--dry-run")[1]

    assert "Pulumi.dev.yaml says already that it is awake. AWS is asked" in awake
    assert "already" not in asleep


@pytest.mark.parametrize(
    ("stack", "edit", "message"),
    [
        ("testing", None, "the stack testing is always on"),
        ("dev", ("tier: testing", "tier: mainnet"), "the tier mainnet is always on"),
        (
            "dev",
            ("  teranode-infra:home", "  teranode-infra:utxoStore: { device: nvme }\n  teranode-infra:home"),
            "gp3",
        ),
    ],
)
def test_what_may_not_sleep_is_refused_before_anything_is_asked(
    project: Path, pulumi: FakePulumi, stack: str, edit: tuple[str, str] | None, message: str
) -> None:
    file = project / f"Pulumi.{stack}.yaml"
    if edit:
        file.write_text(file.read_text().replace(*edit))
    before = file.read_text()
    code, stdout, stderr = run("sleep", stack, "--yes")

    assert (code, stdout, pulumi.calls) == (ExitCode.USAGE, "", [])
    assert message in stderr
    assert file.read_text() == before


def test_credentials_of_another_account_are_refused(project: Path, pulumi: FakePulumi, cloud: Cloud) -> None:
    file = project / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace(ACCOUNT, "999988887777"))
    code, _, stderr = run("sleep", "dev", "--yes")

    assert code == ExitCode.USAGE
    assert "is of account 999988887777, and these credentials are of 111122223333" in stderr
    assert (pulumi.calls, cloud.nodes, cloud.database) == ([], 2, "available")


@pytest.mark.usefixtures("cloud")
def test_other_changes_are_not_made_by_the_way(project: Path, pulumi: FakePulumi) -> None:
    pulumi.answer("preview --expect-no-changes", code=255)
    before = text(project)
    code, _, stderr = run("sleep", "dev", "--yes")

    assert code == ExitCode.USAGE
    assert "changes that were never made" in stderr
    assert (len(pulumi.calls), text(project)) == (1, before)


def test_without_a_terminal_it_asks_for_yes(project: Path, pulumi: FakePulumi) -> None:
    code, _, stderr = run("wake", "dev")

    assert (code, pulumi.calls) == (ExitCode.USAGE, [])
    assert "say --yes" in stderr
    assert project.exists()


def test_a_group_that_may_not_be_empty_is_not_forced(cloud: Cloud) -> None:
    cloud.eks.update_nodegroup_config(clusterName=CLUSTER, nodegroupName="system-a", scalingConfig={"minSize": 1})
    one = Switchable(REGION, (CLUSTER,), {"system": 1, "general": 1}, (), ())

    with pytest.raises(PowerError, match="least size is 1"):
        switch(node_switches(Aws.of(None), [one], Power.OFF), wait=cloud.wait, tell=str)


def test_more_nodes_than_the_program_starts_with_are_left(cloud: Cloud) -> None:
    cloud.eks.update_nodegroup_config(clusterName=CLUSTER, nodegroupName="general-a", scalingConfig={"desiredSize": 3})
    one = Switchable(REGION, (CLUSTER,), {"system": 1, "general": 2}, (), ())
    switch(node_switches(Aws.of(None), [one], Power.ON), wait=cloud.wait, tell=str)

    assert cloud.desired == {"system": 1, "general": 3}


def states(*found: str) -> Callable[[], str]:
    """Moto has no states on the way: these come one after another."""
    left = list(found)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


class Databases:
    """RDS that answers by hand."""

    def __init__(self, *found: str) -> None:
        self.state, self.asked = states(*found), [""][:0]

    def client(self, _service: str, _region: str) -> "Databases":
        return self

    def describe_db_clusters(self, **_: str) -> dict[str, object]:
        return {"DBClusters": [{"Status": self.state()}]}

    def stop_db_cluster(self, **_: str) -> None:
        self.asked.append("stop")

    def start_db_cluster(self, **_: str) -> None:
        self.asked.append("start")


def switched(rds: Databases, power: Power) -> list[Switch]:
    one = Switchable(REGION, (), {}, (), ("dev-postgres",))
    return database_switches(rds, [one], power)  # pyright: ignore[reportArgumentType]


def test_a_database_under_way_is_waited_for_and_asked_once() -> None:
    rds, told = Databases("backing-up", "available", "stopping", "stopping", "stopped"), []
    switch(switched(rds, Power.OFF), wait=lambda _: None, tell=told.append)

    assert rds.asked == ["stop"]
    assert [line.rpartition(": ")[2] for line in told] == ["backing-up", "asked to stop", "stopping", "stopping"]
    rds = Databases("stopping", "stopped", "starting", "available")
    switch(switched(rds, Power.ON), wait=lambda _: None, tell=str)
    assert rds.asked == ["start"]


@pytest.mark.parametrize(
    "state", ["storage-full", "failed", "incompatible-parameters", "inaccessible-encryption-credentials"]
)
def test_a_state_that_does_not_end_is_told_at_once(state: str) -> None:
    with pytest.raises(PowerError, match=f"is {state}, which does not end by itself"):
        switch(switched(Databases(state), Power.OFF), wait=lambda _: None, tell=str)


def test_what_never_gets_there_is_given_up_with_its_state() -> None:
    with pytest.raises(PowerError, match="after 40 minutes: database cluster dev-postgres in eu-west-1: stopping"):
        switch(switched(Databases("stopping"), Power.OFF), wait=lambda _: None, tell=str)


def test_the_aurora_of_a_region_is_one_switch() -> None:
    (one,) = read_switchable(Graph(evaluated("mainnet").deployment))

    assert (one.databases, one.aurora) == ((), ("mainnet-postgres",))


def test_the_key_comes_and_goes_and_everything_else_stays(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    original = "# A\nconfig:  # B\n    teranode-infra:tier: testing # C\n\n    # D\n    teranode-infra:owner: 'a@b.c'\n"
    file.write_text(original)
    file.write_text(with_asleep(file, asleep=True))
    assert file.read_text() == original.replace("# B\n", '# B\n    teranode-infra:asleep: "true"\n')
    assert with_asleep(file, asleep=True) == file.read_text()
    assert with_asleep(file, asleep=False) == original
    for written in ("teranode-infra:asleep: true", "asleep: false", '"teranode-infra:asleep": "true"'):
        file.write_text(f"{original}    {written}\n")
        assert with_asleep(file, asleep=False) == original
    file.write_text("config: { teranode-infra:tier: testing }\n")
    with pytest.raises(StackTextError, match="by hand"):
        with_asleep(file, asleep=True)
    assert with_asleep(file, asleep=False) == file.read_text()
    file.write_text("config: [\n")
    with pytest.raises(StackTextError, match="not YAML"):
        with_asleep(file, asleep=True)


def test_a_stack_file_elsewhere_is_not_what_the_cli_reads(project: Path, pulumi: FakePulumi, tmp_path: Path) -> None:
    copy = tmp_path / "Pulumi.dev.yaml"
    shutil.copy(project / "Pulumi.dev.yaml", copy)
    code, _, stderr = run("sleep", str(copy), "--yes")

    assert (code, pulumi.calls) == (ExitCode.USAGE, [])
    assert "not this file" in stderr
    assert StackFile("dev", copy).path.exists()
