"""`ops env expire`: moto's account, and a synthetic pulumi whose state is what a test says, read after read."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.aws.session import Aws
from ops.cli import app
from ops.destroy.remains import Fate as RemainFate
from ops.destroy.remains import Remain
from ops.environments.asleep_key import with_asleep
from ops.environments.expire import Fate, Hands, destroy_due
from ops.environments.listing import rows
from ops.environments.new import Wish, draft, save
from ops.environments.power import Power, node_switches, switch, switchable
from ops.exit_codes import ExitCode
from ops.pulumi_cli import InterruptedRunError, PulumiCli
from ops.stacks import PROJECT_DIR, find_stack, project_stacks
from simulator.graph import Graph
from simulator.simulate import simulate
from tests.support import fake_pulumi
from tests.support.aws_account import empty_account
from tests.support.dev_cloud import ACCOUNT, CLUSTER, REGION, Cloud
from tests.support.fake_pulumi import FakePulumi

PAST = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
LINES = "--stack dev --non-interactive --color never"
OWN_TAGS = {"environment": "dev", "managed-by": "pulumi", "project": "teranode-infra"}
URN = "urn:pulumi:dev::teranode-infra::{}::{}"
PROVIDER = {
    "urn": URN.format("pulumi:providers:kubernetes", "eks"),
    "custom": True,
    "type": "pulumi:providers:kubernetes",
    "id": "1",
    "inputs": {"clusterIdentifier": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{CLUSTER}"},
}
KAFKA = {
    "urn": URN.format("kubernetes:kafka.strimzi.io/v1:Kafka", "kafka"),
    "custom": True,
    "type": "kubernetes:kafka.strimzi.io/v1:Kafka",
    "id": "kafka/broker",
    "provider": f"{PROVIDER['urn']}::1",
}
SUBNET = {
    "urn": URN.format("aws:ec2/subnet:Subnet", "one"),
    "custom": True,
    "type": "aws:ec2/subnet:Subnet",
    "id": "subnet-1",
}


def state(*resources: object) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": resources}})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Stack files of testing and of dev, which is one region of it with one miner, past its end."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.testing.yaml"):
        shutil.copy(PROJECT_DIR / name, folder)
    environment(folder, "dev")
    return folder


@pytest.fixture
def pulumi(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """One that knows dev and cab, and removes what it is told to."""
    fake = fake_pulumi.install(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(project))
    fake.answer("stack ls", stdout='[{"name": "organization/teranode-infra/dev"}, {"name": "cab"}]')
    fake.answer("stack rm")
    return fake


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloud]:
    with empty_account(ACCOUNT, monkeypatch, tmp_path):
        yield Cloud()


def environment(project: Path, name: str, account: str = ACCOUNT, end: datetime | None = PAST) -> None:
    """Another environment like testing."""
    save(draft(Wish(name, ("eu-west-1",), 1, end), find_stack("testing", project), project))
    file = project / f"Pulumi.{name}.yaml"
    file.write_text(file.read_text().replace(ACCOUNT, account))


def held(pulumi: FakePulumi, *resources: object, stack: str = "dev", reads: int = 2) -> None:
    """A state that has these so often, before the first `destroy` and after, and is empty then."""
    for _ in range(reads):
        pulumi.answer("stack export", f"--stack {stack}", stdout=state(*resources), once=True)
    pulumi.answer("stack export", f"--stack {stack}", stdout=state())


def expired(project: Path, cloud: Cloud) -> list[tuple[str, Fate, str]]:
    hands = Hands(Aws.of(None), lambda name: PulumiCli.find(name, project), cloud.wait, str)
    done = destroy_due(rows(project_stacks(project), project), NOW, hands)
    return [(one.name, one.fate, one.reason) for one in done]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["env", "expire", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def done(pulumi: FakePulumi, *words: str) -> list[str]:
    """The command lines so far that begin with one of these."""
    return [line for line in pulumi.command_lines if line.startswith(words)]


def test_what_is_past_its_end_is_shown_and_nothing_is_done(pulumi: FakePulumi) -> None:
    code, stdout, _ = run()
    document = json.loads(run("--json")[1])

    assert (code, pulumi.calls) == (ExitCode.CLEAN, [])
    assert "--yes destroys it" in stdout
    assert [(one["name"], one["fate"], one["expires"]) for one in document["environments"]] == [
        ("dev", "due", "2020-01-01T00:00:00Z")
    ]


def test_it_is_destroyed_in_order_swept_proved_and_its_stack_removed(
    project: Path, pulumi: FakePulumi, cloud: Cloud
) -> None:
    tags = [{"Key": key, "Value": value} for key, value in OWN_TAGS.items()]
    specification = [{"ResourceType": "volume", "Tags": tags}]
    lost = cloud.ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1, TagSpecifications=specification)["VolumeId"]
    held(pulumi, SUBNET)
    pulumi.answer("destroy")

    assert expired(project, cloud) == [("dev", Fate.DESTROYED, "commit that Pulumi.dev.yaml is gone")]
    assert done(pulumi, "destroy", "stack rm") == [
        f"destroy --yes --skip-preview --suppress-outputs {LINES}",
        "stack rm dev --yes --non-interactive --color never",
    ]
    assert lost not in {one["VolumeId"] for one in cloud.ec2.describe_volumes()["Volumes"]}


def test_what_does_not_go_keeps_its_stack_and_the_next_run_goes_on(
    project: Path, pulumi: FakePulumi, cloud: Cloud
) -> None:
    held(pulumi, SUBNET, reads=4)
    pulumi.answer("destroy")

    ((_, fate, reason),) = expired(project, cloud)
    assert fate is Fate.FAILED
    assert "1 thing left: .venv/bin/python -m ops destroy dev --yes" in reason
    assert done(pulumi, "stack rm") == []

    assert [fate for _, fate, _ in expired(project, cloud)] == [Fate.DESTROYED]


def test_what_is_not_proved_gone_keeps_its_stack(
    project: Path, pulumi: FakePulumi, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS's list of tags keeps what was deleted for an hour, which moto's does not."""
    held(pulumi, reads=0)
    unknown = [Remain(REGION, "arn:aws:x", RemainFate.UNKNOWN)]
    monkeypatch.setattr("ops.destroy.environment.remains", lambda *_: unknown)

    ((_, fate, reason),) = expired(project, cloud)
    assert (fate, done(pulumi, "stack rm")) == (Fate.UNPROVED, [])
    assert "1 thing could not be told" in reason


def test_what_has_a_lock_in_its_state_is_refused_whatever_its_stack_file_says(
    project: Path, pulumi: FakePulumi, cloud: Cloud
) -> None:
    held(pulumi, {**SUBNET, "protect": True})

    ((_, fate, reason),) = expired(project, cloud)
    assert (fate, done(pulumi, "destroy", "stack rm")) == (Fate.REFUSED, [])
    assert "has locks on one" in reason


def sleeping(project: Path, cloud: Cloud) -> None:
    file = project / "Pulumi.dev.yaml"
    regions = switchable(Graph(simulate(file, project_dir=PROJECT_DIR).deployment))
    switch(node_switches(Aws.of(None), regions, Power.OFF), wait=cloud.wait, tell=str)
    file.write_text(with_asleep(file, asleep=True))
    assert cloud.nodes == 0


def test_what_sleeps_gets_its_nodes_before_it_is_taken_down(project: Path, pulumi: FakePulumi, cloud: Cloud) -> None:
    """Operators must run to let go of what they hold by finalizers."""
    sleeping(project, cloud)
    held(pulumi, PROVIDER, KAFKA)
    pulumi.answer("destroy")

    assert [fate for _, fate, _ in expired(project, cloud)] == [Fate.DESTROYED]
    assert cloud.nodes == 2


def test_repeated_after_its_clusters_went_what_sleeps_is_not_asked_for_nodes(
    project: Path, pulumi: FakePulumi, cloud: Cloud
) -> None:
    sleeping(project, cloud)
    for pool in ("system", "general"):
        cloud.eks.delete_nodegroup(clusterName=CLUSTER, nodegroupName=f"{pool}-a")
    cloud.eks.delete_cluster(name=CLUSTER)
    held(pulumi, SUBNET)
    pulumi.answer("destroy")

    assert [fate for _, fate, _ in expired(project, cloud)] == [Fate.DESTROYED]


def test_one_that_fails_keeps_none_of_the_others(project: Path, pulumi: FakePulumi, cloud: Cloud) -> None:
    environment(project, "cab")
    held(pulumi, SUBNET, stack="cab", reads=3)
    held(pulumi, SUBNET)
    pulumi.answer("destroy")
    found = expired(project, cloud)

    assert [(name, fate) for name, fate, _ in found] == [("cab", Fate.FAILED), ("dev", Fate.DESTROYED)]
    assert done(pulumi, "stack rm") == ["stack rm dev --yes --non-interactive --color never"]


def test_after_an_interrupt_no_other_is_begun(
    project: Path, pulumi: FakePulumi, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ace", "cab"):
        environment(project, name)

    def interrupted(*_: object) -> int:
        raise InterruptedRunError

    monkeypatch.setattr(PulumiCli, "exists", lambda _: True)
    monkeypatch.setattr(PulumiCli, "destroy", interrupted)
    for name in ("ace", "cab", "dev"):
        pulumi.answer("stack export", f"--stack {name}", stdout=state(SUBNET))
    found = expired(project, cloud)

    assert [(name, fate) for name, fate, _ in found] == [
        ("ace", Fate.INTERRUPTED),
        ("cab", Fate.DUE),
        ("dev", Fate.DUE),
    ]
    assert done(pulumi, "stack rm") == []


def test_where_a_stack_is_gone_nothing_is_asked_of_it_again(project: Path, pulumi: FakePulumi, cloud: Cloud) -> None:
    shutil.move(project / "Pulumi.dev.yaml", project / "Pulumi.gone.yaml")
    ((name, fate, reason),) = expired(project, cloud)

    assert (name, fate, len(pulumi.calls)) == ("gone", Fate.GONE, 1)
    assert "remove Pulumi.gone.yaml" in reason


def test_a_stack_that_is_gone_with_things_left_behind_keeps_its_stack_file(
    project: Path, pulumi: FakePulumi, cloud: Cloud
) -> None:
    """Somebody removed it by hand, or it never came to a stack: nobody proved that nothing is left."""
    shutil.move(project / "Pulumi.dev.yaml", project / "Pulumi.gone.yaml")
    tags = [{"Key": key, "Value": value} for key, value in {**OWN_TAGS, "environment": "gone"}.items()]
    specification = [{"ResourceType": "volume", "Tags": tags}]
    left = cloud.ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1, TagSpecifications=specification)["VolumeId"]

    ((name, fate, reason),) = expired(project, cloud)
    assert (name, fate, len(pulumi.calls)) == ("gone", Fate.FAILED, 1)
    assert f"no such stack, and 1 thing of it all the same: arn:aws:ec2:{REGION}:{ACCOUNT}:volume/{left}" in reason


def test_a_stack_that_is_gone_and_could_not_be_looked_for_keeps_its_stack_file(
    project: Path, pulumi: FakePulumi, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.move(project / "Pulumi.dev.yaml", project / "Pulumi.gone.yaml")
    unknown = [Remain(REGION, "", RemainFate.UNKNOWN, "not asked")]
    monkeypatch.setattr("ops.environments.expire.remains", lambda *_: unknown)

    ((_, fate, reason),) = expired(project, cloud)
    assert (fate, len(pulumi.calls)) == (Fate.UNPROVED, 1)
    assert "1 thing could not be told" in reason


def test_another_account_is_refused_and_ends_in_an_exit_code(project: Path, pulumi: FakePulumi, cloud: Cloud) -> None:
    environment(project, "cab", "999988887777")
    held(pulumi, reads=0)
    code, stdout, _ = run("--yes", "--json")
    fates = {one["name"]: one["fate"] for one in json.loads(stdout)["environments"]}

    assert (code, fates) == (ExitCode.FINDINGS, {"cab": "refused", "dev": "destroyed"})
    assert not any("cab" in line for line in pulumi.command_lines)
    assert cloud.database == "available"


@pytest.mark.usefixtures("cloud")
def test_one_is_destroyed_alone_and_with_the_profile_that_was_named(
    project: Path, pulumi: FakePulumi, tmp_path: Path
) -> None:
    environment(project, "cab")
    (tmp_path / "config").write_text("[profile devops]\nregion = eu-west-1\n")
    (tmp_path / "credentials").write_text("[devops]\naws_access_key_id = a\naws_secret_access_key = b\n")
    held(pulumi, reads=0)
    code, stdout, stderr = run("dev", "--yes", "--profile", "devops", "--json")

    assert code == ExitCode.CLEAN, stderr
    assert [(one["name"], one["fate"]) for one in json.loads(stdout)["environments"]] == [("dev", "destroyed")]
    assert not any("cab" in line for line in pulumi.command_lines)
    assert {call["profile"] for call in pulumi.calls} == {"devops"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("testing", "testing is not past its end, it has none"),
        ("later", "later is not past its end, its end is 2999-01-01T00:00:00Z"),
        ("broken", "its settings are refused"),
        ("nobody", "unknown stack 'nobody'"),
    ],
)
def test_one_that_is_not_past_its_end_is_refused(project: Path, pulumi: FakePulumi, name: str, said: str) -> None:
    environment(project, "later", end=datetime(2999, 1, 1, tzinfo=UTC))
    environment(project, "broken")
    file = project / "Pulumi.broken.yaml"
    file.write_text(file.read_text().replace("chain: regtest", "chain: nochain"))
    code, stdout, stderr = run(name, "--yes")

    assert (code, stdout, pulumi.calls) == (ExitCode.USAGE, "", [])
    assert said in stderr


def test_a_stack_file_that_is_refused_is_never_destroyed(project: Path, pulumi: FakePulumi) -> None:
    """A tier that stays has no end, so the settings refuse the file, and what is refused is not judged."""
    file = project / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("tier: testing", "tier: mainnet"))
    code, stdout, stderr = run("--yes")

    assert (code, pulumi.calls) == (ExitCode.FINDINGS, [])
    assert "No environment is past its end" in stdout
    assert "dev was not judged" in stderr


def test_the_stacks_of_the_project_have_no_end() -> None:
    assert not [row for row in rows(project_stacks(), PROJECT_DIR) if row.expired(datetime(2999, 1, 1, tzinfo=UTC))]
