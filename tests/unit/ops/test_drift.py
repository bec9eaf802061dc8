"""`ops drift`: with a synthetic CLI whose answers have the form of the real one's, and moto's account for the sweep."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from typer.testing import CliRunner

from ops.aws.session import Aws
from ops.cli import app
from ops.drift.noise import FILE, NoiseError, read_noise
from ops.drift.refresh import read_refresh
from ops.drift.sweep import regions_of, sweep
from ops.exit_codes import ExitCode
from ops.pulumi_cli import PulumiCliError
from tests.support import fake_pulumi
from tests.support.fake_pulumi import FakePulumi

ACCOUNT = "111122223333"
TODAY = date(2026, 11, 23)
GROUP = "aws:cloudwatch/logGroup:LogGroup"
NODES = "aws:eks/nodeGroup:NodeGroup"
REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-1")
DRIFTED = "error: no changes were expected for refresh but changes were proposed\n"
OWN_TAGS = {"environment": "testing", "managed-by": "pulumi", "project": "teranode-infra"}


def step(token: str, name: str, operation: str = "refresh", **more: object) -> dict[str, object]:
    """One step as the CLI's JSON has it; the values are secret, and must not be shown."""
    urn = f"urn:pulumi:testing::teranode-infra::teranode:region:Region${token}::{name}"
    state = {"urn": urn, "id": f"{name}-id", "outputs": {"value": "hunter2", "arn": f"arn:aws:x:::{name}"}}
    return {"op": operation, "urn": urn, "oldState": state, "newState": state, **more}


def document(*steps: Mapping[str, object], **more: object) -> str:
    return json.dumps({"config": {}, "steps": steps, **more})


DIFFERENT = (
    step(GROUP, "logs", "update", detailedDiff={"retentionInDays": {"kind": "update"}}),
    step(NODES, "pool", "update", detailedDiff={"scalingConfig.desiredSize": {"kind": "update"}}),
    step("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", "delete", newState=None),
    step("aws:ec2/vpc:Vpc", "network"),
)


# The refresh


def test_a_difference_a_loss_and_known_noise_are_told_apart() -> None:
    found = read_refresh(document(*DIFFERENT), read_noise(TODAY))

    assert [(one.name, one.gone, one.paths) for one in found.changes] == [
        ("logs", False, ("retentionInDays",)),
        ("alarm", True, ()),
    ]
    assert [one.name for one in found.noise] == ["pool"]
    assert {"network-id", "arn:aws:x:::network"} <= found.known


def test_noise_beside_a_difference_does_not_hide_it() -> None:
    both = {"scalingConfig.desiredSize": {"kind": "update"}, "scalingConfig.maxSize": {"kind": "update"}}

    [change] = read_refresh(document(step(NODES, "pool", "update", detailedDiff=both)), read_noise(TODAY)).changes
    assert change.paths == ("scalingConfig.maxSize",)


def test_a_difference_that_the_provider_does_not_explain_is_found_by_comparing() -> None:
    changed = step(GROUP, "logs", "update", detailedDiff=None, newState={"outputs": {"value": "other"}})

    [change] = read_refresh(document(changed), read_noise(TODAY)).changes
    assert change.paths == ("arn", "value")
    silent = step(GROUP, "logs", "update", detailedDiff=None)
    assert [one.paths for one in read_refresh(document(silent), read_noise(TODAY)).changes] == [()], "it is lost"


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        ("not JSON", "printed no JSON"),
        ("{}", "has no steps"),
        (
            document(diagnostics=[{"severity": "error", "message": "AccessDenied"}]),
            "did not come to its end: AccessDen",
        ),
    ],
)
def test_a_refresh_that_did_not_end_is_no_proof_of_anything(printed: str, message: str) -> None:
    with pytest.raises(PulumiCliError, match=message):
        read_refresh(printed, read_noise(TODAY))


# Known noise


def test_the_file_of_known_noise_is_whole_and_every_entry_ends_within_a_year() -> None:
    today = datetime.now(UTC).date()
    noise = read_noise(TODAY)

    assert noise.expired == ()
    assert all(one.until <= max(today, TODAY) + timedelta(days=366) for one in (*noise.changes, *noise.strays))


def test_noise_past_its_end_excuses_nothing_and_is_named() -> None:
    noise = read_noise(date(2099, 1, 1))

    assert "aws:eks/nodeGroup:NodeGroup scalingConfig.desiredSize" in noise.expired
    assert [one.name for one in read_refresh(document(*DIFFERENT), noise).changes] == ["logs", "alarm", "pool"]


@pytest.mark.parametrize("text", ["changes: [{type: a, path: b, until: 2027-01-01}]", "changes: [", "other: []"])
def test_noise_without_a_reason_or_in_another_form_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "noise.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(NoiseError, match=r"noise\.yaml"):
        read_noise(TODAY, path)
    assert FILE.is_file()


# The sweep


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The account that Pulumi.testing.yaml names."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "MOTO_ACCOUNT_ID": ACCOUNT,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", ACCOUNT)
    with mock_aws():
        yield


def ec2(region: str = "eu-west-1") -> Any:
    return boto3.client("ec2", region_name=region)


def tagged(kind: str, **more: str) -> Mapping[str, object]:
    return {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in {**OWN_TAGS, **more}.items()]}


def strays(known: Sequence[str] = ()) -> list[str]:
    found = sweep(Aws.of(None), "testing", REGIONS, frozenset(known), read_noise(TODAY))
    assert found.unknown == {}
    return [f"{one.region} {one.arn.rsplit('/', 1)[-1]}" for one in found.strays]


@pytest.mark.usefixtures("account")
def test_what_the_state_does_not_know_is_found_in_every_region() -> None:
    network = ec2().create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[tagged("vpc")])["Vpc"]["VpcId"]
    far = ec2("us-east-1").create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=[tagged("vpc")])["Vpc"]["VpcId"]
    ec2().create_vpc(CidrBlock="10.2.0.0/16", TagSpecifications=[tagged("vpc", environment="another")])
    made = {"managed-by": "ops-bootstrap"}
    ec2().create_vpc(CidrBlock="10.3.0.0/16", TagSpecifications=[tagged("vpc", **made)])

    assert strays([network]) == [f"us-east-1 {far}"]
    assert strays([f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc/{far}"]) == [f"eu-west-1 {network}"]


@pytest.mark.usefixtures("account")
def test_nodes_and_their_disks_belong_to_their_group_and_a_disk_left_behind_to_nobody() -> None:
    ec2().run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[tagged("instance", **{"eks:nodegroup-name": "general"}), tagged("volume")],
    )
    left = ec2().create_volume(AvailabilityZone="eu-west-1a", Size=1, TagSpecifications=[tagged("volume")])
    by_hand = ec2().run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, TagSpecifications=[tagged("instance")]
    )["Instances"][0]

    assert strays() == [f"eu-west-1 {by_hand['InstanceId']}", f"eu-west-1 {left['VolumeId']}"]


@pytest.mark.usefixtures("account")
def test_a_nodes_network_interface_goes_with_it_and_one_that_hands_made_is_told_of() -> None:
    network = ec2().create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2().create_subnet(VpcId=network, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    node = {**tagged("instance", **{"eks:nodegroup-name": "general"})}
    first = {"DeviceIndex": 0, "SubnetId": subnet, "DeleteOnTermination": True}
    made = ec2().run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, NetworkInterfaces=[first], TagSpecifications=[node]
    )["Instances"][0]
    own = made["NetworkInterfaces"][0]["NetworkInterfaceId"]
    ec2().create_tags(Resources=[own], Tags=node["Tags"])
    free, attached = (
        ec2().create_network_interface(SubnetId=subnet, TagSpecifications=[tagged("network-interface")])[
            "NetworkInterface"
        ]["NetworkInterfaceId"]
        for _ in range(2)
    )
    ec2().attach_network_interface(NetworkInterfaceId=attached, InstanceId=made["InstanceId"], DeviceIndex=1)

    assert strays() == sorted(f"eu-west-1 {one}" for one in (free, attached))


def test_a_region_that_only_the_state_names_is_swept_too() -> None:
    assert regions_of(["arn:aws:backup:eu-west-3:1:backup-vault:one", "arn:aws:iam::1:role/one", "vpc-1"]) == {
        "eu-west-3"
    }


# The command


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    return fake_pulumi.install(tmp_path / "bin", monkeypatch)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["drift", "testing", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("account")
def test_drift_is_shown_and_returned_and_no_value_of_it(cli: FakePulumi) -> None:
    cli.answer("refresh", stdout=document(*DIFFERENT), stderr=DRIFTED, code=7)
    ec2().create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[tagged("vpc")])

    code, stdout, stderr = run()

    assert code == ExitCode.FINDINGS, stdout + stderr
    assert "testing has drifted: 2 changes, 1 stray, 1 known" in stdout
    assert "differs in retentionInDays" in stdout
    assert "is gone" in stdout
    assert ":vpc/" in stdout
    assert "hunter2" not in stdout + run("--json")[1]
    [line, _] = cli.command_lines
    assert line.startswith("refresh --preview-only --expect-no-changes --json --stack testing")


@pytest.mark.usefixtures("account")
def test_without_drift_everything_says_so(cli: FakePulumi) -> None:
    cli.answer("refresh", stdout=document(DIFFERENT[3]))

    code, stdout, _ = run("--json")

    assert code == ExitCode.CLEAN
    assert json.loads(stdout) == {
        "format": 1,
        "stack": "testing",
        "clean": True,
        "changes": [],
        "noise": [],
        "strays": [],
        "unknown": {},
        "expiredNoise": [],
    }
    assert "is as its state says: 0 changes, 0 strays, 0 known" in run()[1]


@pytest.mark.usefixtures("account")
def test_noise_alone_is_no_drift_though_the_cli_says_so(cli: FakePulumi) -> None:
    cli.answer("refresh", stdout=document(DIFFERENT[1]), stderr=DRIFTED, code=7)

    assert run()[0] == ExitCode.CLEAN


@pytest.mark.usefixtures("account")
def test_a_cli_that_fails_and_one_that_is_missing_are_no_drift(
    cli: FakePulumi, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.answer("refresh", stderr="error: no stack named 'testing' found", code=1)

    code, stdout, stderr = run()
    assert (code, stdout) == (ExitCode.USAGE, "")
    assert "no stack named 'testing' found" in stderr
    monkeypatch.setenv("PATH", "")
    assert "no pulumi CLI on the PATH" in run()[2]


@pytest.mark.usefixtures("account")
def test_a_region_that_could_not_be_swept_is_unknown_and_none_is_asked_where_none_should_be(
    cli: FakePulumi, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.answer("refresh", stdout=document(DIFFERENT[3]))
    with monkeypatch.context() as patched:
        patched.setattr("ops.drift.sweep._tagged", _denied)
        code, stdout, _ = run()
    assert code == ExitCode.UNKNOWN
    assert "us-east-1: not asked: not allowed: GetResources" in stdout

    code, stdout, _ = run("--without-sweep")
    assert code == ExitCode.CLEAN
    assert "strays not looked for" in stdout


def _denied(*_: object) -> None:
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "said"}}, "GetResources")
