"""`ops destroy`: with a synthetic CLI, a simulated state, and moto's account for what is left behind."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from ops.aws.session import Aws
from ops.cli import app
from ops.destroy.leftovers import Estate, Kind, Leftover, find, remove
from ops.destroy.plan import DestroyRefusedError, Phase, plan, refuse_protected
from ops.destroy.remains import Fate, remains
from ops.destroy.run import destroy
from ops.exit_codes import ExitCode
from ops.preflight.reading import Reader
from ops.pulumi_cli import InterruptedRunError
from simulator.graph import Graph
from tests.support import fake_pulumi
from tests.support.fake_pulumi import FakePulumi
from tests.support.stacks import evaluated

ACCOUNT = "111122223333"
REGION = "eu-west-1"
CLUSTER = "testing-eu-west-1"
OWN = {"environment": "testing", "managed-by": "pulumi", "project": "teranode-infra"}
OF_CNI = {"cluster.k8s.amazonaws.com/name": CLUSTER}
OF_DRIVER = {f"kubernetes.io/cluster/{CLUSTER}": "owned"}
OF_CONTROLLER = {"elbv2.k8s.aws/cluster": CLUSTER}
STRANGER = {**OWN, "environment": "another"}
LOG_GROUP = f"/aws/eks/{CLUSTER}/cluster"
ESTATE = Estate("testing", {REGION: CLUSTER}, {REGION: frozenset({LOG_GROUP})})


# What goes and what forbids it


def test_every_resource_of_testing_goes_and_its_keys_are_named_as_staying() -> None:
    graph = Graph(evaluated("testing").deployment)
    made = plan(graph)

    assert made.locked == ()
    assert made.total == sum(node.custom and not node.is_provider for node in graph.nodes.values())
    assert {node.type.rsplit(":", 1)[-1] for node in made.phases[Phase.TERANODE]} == {"Cluster"}
    assert all(made.phases[phase] for phase in Phase)
    keys = [node for node in graph.nodes.values() if node.type == "aws:kms/key:Key"]
    assert len([stay for stay in made.stays if stay.type == "aws:kms/key:Key"]) == len(keys)


def test_the_order_of_the_phases_is_that_of_the_dependencies() -> None:
    """Nothing of an earlier phase is needed by one of a later phase, as far as it is not the rest."""
    graph = Graph(evaluated("testing").deployment)
    made = plan(graph)
    rank = {node.urn: number for number, phase in enumerate(Phase) for node in made.phases[phase]}
    nodes = {one.urn for one in made.phases[Phase.NODES]}

    for node in made.phases[Phase.TERANODE]:
        needed = _closure(graph, node.urn)
        assert needed & nodes
        assert not {urn for urn in needed if rank.get(urn) == 0}
    for node in made.phases[Phase.OPERATORS]:
        assert _closure(graph, node.urn) & nodes, f"{node.name} may outlive its nodes"


def _closure(graph: Graph, urn: str) -> set[str]:
    seen: set[str] = set()
    waiting = [urn]
    while waiting:
        new = graph.prerequisites.get(waiting.pop(), frozenset()) - seen
        seen |= new
        waiting += new
    return seen


def test_mainnet_is_refused_by_its_tier_and_by_its_locks_and_told_the_way() -> None:
    made = plan(Graph(evaluated("mainnet").deployment))

    with pytest.raises(DestroyRefusedError, match=r"tier mainnet.*decommission"):
        refuse_protected("mainnet", "mainnet")
    with pytest.raises(DestroyRefusedError, match=r"has locks on .* and \d+ more: nothing was done"):
        refuse_protected("mainnet", "testing", made)
    refuse_protected("testing", "testing", plan(Graph(evaluated("testing").deployment)))


# What is left behind


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "MOTO_ACCOUNT_ID": ACCOUNT,
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", ACCOUNT)
    with mock_aws():
        yield


def client(service: str, region: str = REGION) -> Any:
    return boto3.client(service, region_name=region)


def pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def specification(kind: str, tags: Mapping[str, str]) -> list[dict[str, object]]:
    return [{"ResourceType": kind, "Tags": pairs(tags)}]


def interface(tags: Mapping[str, str], groups: Sequence[str] = ()) -> str:
    ec2 = client("ec2")
    made = ec2.create_network_interface(
        SubnetId=ec2.describe_subnets()["Subnets"][0]["SubnetId"],
        Groups=list(groups),
        TagSpecifications=specification("network-interface", tags),
    )
    return made["NetworkInterface"]["NetworkInterfaceId"]


def volume(tags: Mapping[str, str]) -> str:
    made = client("ec2").create_volume(
        AvailabilityZone=f"{REGION}a", Size=1, TagSpecifications=specification("volume", tags)
    )
    return made["VolumeId"]


def security_group(name: str, tags: Mapping[str, str]) -> str:
    made = client("ec2").create_security_group(
        GroupName=name, Description=name, TagSpecifications=specification("security-group", tags)
    )
    return made["GroupId"]


def target_group(name: str, tags: Mapping[str, str]) -> str:
    ec2 = client("ec2")
    made = client("elbv2").create_target_group(
        Name=name,
        Protocol="TCP",
        Port=80,
        VpcId=ec2.describe_vpcs()["Vpcs"][0]["VpcId"],
        TargetType="ip",
        Tags=pairs(tags),
    )
    return made["TargetGroups"][0]["TargetGroupArn"]


def log_group(name: str, tags: Mapping[str, str] | None = None) -> str:
    client("logs").create_log_group(logGroupName=name, tags=dict(tags or {}))
    return name


def everything(tags_of: Mapping[Kind, Mapping[str, str]], prefix: str) -> dict[Kind, str]:
    return {
        Kind.INTERFACE: interface(tags_of[Kind.INTERFACE]),
        Kind.TARGET_GROUP: target_group(f"{prefix}-group", tags_of[Kind.TARGET_GROUP]),
        Kind.VOLUME: volume(tags_of[Kind.VOLUME]),
        Kind.LOG_GROUP: log_group(f"{prefix}-logs", tags_of[Kind.LOG_GROUP]),
        Kind.SECURITY_GROUP: security_group(f"{prefix}-rules", tags_of[Kind.SECURITY_GROUP]),
    }


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("kind", [Kind.INTERFACE, Kind.VOLUME, Kind.TARGET_GROUP, Kind.SECURITY_GROUP])
def test_of_each_kind_only_what_carries_the_environments_tags_or_its_clusters_goes(kind: Kind) -> None:
    clusters = {Kind.INTERFACE: OF_CNI, Kind.VOLUME: OF_DRIVER}.get(kind, OF_CONTROLLER)
    mine = {
        everything(dict.fromkeys(Kind, tags), f"mine-{number}")[kind] for number, tags in enumerate((OWN, clusters))
    }
    for number, tags in enumerate((STRANGER, {"environment": "testing"}, {"Name": "nobody's"})):
        everything(dict.fromkeys(Kind, tags), f"others-{number}")
    reader = Reader(Aws.of(None))

    found = [one for one in find(reader, REGION, ESTATE, frozenset()) if one.kind is kind]

    assert {one.id for one in found} == mine
    assert [remove(reader, one) for one in found] == ["", ""]
    assert not [one for one in find(reader, REGION, ESTATE, frozenset()) if one.kind is kind]
    assert [remove(reader, one) for one in found] == ["", ""], "what is gone by itself is no failure"


@pytest.mark.usefixtures("account")
def test_a_log_group_that_came_back_without_tags_is_known_by_its_exact_name() -> None:
    log_group(LOG_GROUP)
    log_group(f"{LOG_GROUP}-of-somebody")
    log_group("/aws/eks/another/cluster", OWN)
    log_group("/aws/rds/testing", STRANGER)
    reader = Reader(Aws.of(None))

    found = find(reader, REGION, ESTATE, frozenset())

    assert LOG_GROUP in {one.id for one in found}
    assert {one.id for one in found} <= {LOG_GROUP, "/aws/eks/another/cluster"}
    client("logs").tag_log_group(logGroupName=LOG_GROUP, tags=STRANGER)
    assert LOG_GROUP not in {one.id for one in find(reader, REGION, ESTATE, frozenset())}


@pytest.mark.usefixtures("account")
def test_what_is_in_use_or_in_the_state_stays() -> None:
    group = security_group("used", OWN)
    holder = interface(STRANGER, [group])
    known = volume(OWN)

    assert find(Reader(Aws.of(None)), REGION, ESTATE, frozenset({known})) == []
    client("ec2").delete_network_interface(NetworkInterfaceId=holder)
    assert [one.id for one in find(Reader(Aws.of(None)), REGION, ESTATE, frozenset({known}))] == [group]


@pytest.mark.usefixtures("account")
def test_what_aws_refuses_to_delete_says_why() -> None:
    ec2, lost = client("ec2"), volume(OWN)
    made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    ec2.attach_volume(VolumeId=lost, InstanceId=made, Device="/dev/sdf")

    assert "VolumeInUse" in remove(Reader(Aws.of(None)), Leftover(REGION, Kind.VOLUME, lost))


# The proof


@pytest.mark.usefixtures("account")
def test_what_must_stay_is_told_from_what_is_left() -> None:
    kms, secrets = client("kms"), client("secretsmanager")
    leaving, living = (
        kms.create_key(Tags=[{"TagKey": key, "TagValue": value} for key, value in OWN.items()])["KeyMetadata"]["KeyId"]
        for _ in range(2)
    )
    kms.schedule_key_deletion(KeyId=leaving, PendingWindowInDays=7)
    secret = secrets.create_secret(Name="one", SecretString="x", Tags=pairs(OWN))["ARN"]
    network = client("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=specification("vpc", OWN))["Vpc"]
    ended = client("ec2").run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, TagSpecifications=specification("instance", OWN)
    )["Instances"][0]["InstanceId"]
    client("ec2").terminate_instances(InstanceIds=[ended])
    volume(STRANGER)

    found = {one.arn.rsplit("/", 1)[-1]: one.fate for one in remains(Aws.of(None), "testing", [REGION])}

    assert found[leaving] is Fate.STAYS
    assert found[living] is Fate.LEFT
    assert found[network["VpcId"]] is Fate.LEFT
    assert ended not in found
    assert found.get(secret, Fate.LEFT) is Fate.LEFT
    assert len(found) <= 4


# Rounds


class Stack:
    """A stack whose `destroy` goes on by one resource with each thing that somebody else frees."""

    def __init__(self, left: Sequence[str], *, blocked_by: set[str], interrupt: bool = False) -> None:
        self.left, self.blocked_by, self.interrupt, self.calls = list(left), blocked_by, interrupt, 0

    def destroy(self) -> int:
        self.calls += 1
        if self.interrupt:
            raise InterruptedRunError
        if not self.blocked_by:
            self.left = []
        return 1 if self.left else 0

    def export(self) -> str:
        resources = [
            {"urn": f"urn:pulumi:testing::teranode-infra::{token}::one", "custom": True, "type": token, "id": "one"}
            for token in self.left
        ]
        return json.dumps({"version": 3, "deployment": {"resources": resources}})


def nothing(_: str, __: frozenset[str]) -> Sequence[tuple[Leftover, str]]:
    return []


def test_a_network_that_a_lost_interface_holds_goes_in_the_next_round() -> None:
    stack = Stack(["aws:ec2/subnet:Subnet"], blocked_by={"eni-1"})

    def sweep(region: str, _: frozenset[str]) -> Sequence[tuple[Leftover, str]]:
        return [(Leftover(region, Kind.INTERFACE, stack.blocked_by.pop()), "")] if stack.blocked_by else []

    outcome = destroy(stack, [REGION], sweep, lambda _: None)

    assert (outcome.resources, stack.calls) == ([], 2)
    assert [one.id for one in outcome.removed] == ["eni-1"]


def test_a_round_that_frees_nothing_is_the_last_one() -> None:
    stack = Stack(["aws:ec2/subnet:Subnet"], blocked_by={"somebody"})

    outcome = destroy(stack, [REGION], nothing, lambda _: None)

    assert stack.calls == 1
    assert [node.type for node in outcome.blocking] == ["aws:ec2/subnet:Subnet"]


def test_after_an_interrupt_nothing_more_is_done() -> None:
    swept: list[str] = []
    stack = Stack(["aws:ec2/subnet:Subnet"], blocked_by=set(), interrupt=True)

    outcome = destroy(stack, [REGION], lambda region, _: swept.append(region) or [], lambda _: None)

    assert outcome.interrupted
    assert not swept


def test_a_region_in_which_something_may_still_run_is_not_swept() -> None:
    deployment = evaluated("testing").deployment
    graph = Graph(deployment)
    gone = {urn for urn, region in graph.regions.items() if region == REGION}
    left = [one for one in _resources(deployment) if one["urn"] not in gone]

    class Half:
        def destroy(self) -> int:
            return 1

        def export(self) -> str:
            return json.dumps({"version": 3, "deployment": {"resources": left}})

    swept: list[str] = []
    destroy(Half(), [REGION, "us-east-1"], lambda region, _: swept.append(region) or [], lambda _: None)
    assert swept == [REGION]


def _resources(deployment: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(deployment.get("deployment", deployment)["resources"])


# The command


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    return fake_pulumi.install(tmp_path / "bin", monkeypatch)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["destroy", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("account")
def test_mainnet_is_refused_before_the_cli_is_asked_anything(cli: FakePulumi) -> None:
    code, _, said = run("mainnet", "--yes")

    assert code == ExitCode.USAGE
    assert "docs/runbooks/decommission.md" in said
    assert cli.command_lines == []


@pytest.mark.usefixtures("account")
def test_another_account_is_refused_before_anything_is_done(cli: FakePulumi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999988887777")

    code, _, said = run("testing", "--yes")

    assert code == ExitCode.USAGE
    assert "is of account 111122223333, and these credentials are of 999988887777" in said
    assert cli.command_lines == []


@pytest.mark.usefixtures("account")
def test_without_yes_it_is_only_shown(cli: FakePulumi) -> None:
    cli.answer("stack export", stdout=json.dumps({"version": 3, "deployment": evaluated("testing").deployment}))

    code, shown, said = run("testing")

    assert code == ExitCode.CLEAN, said
    assert "Teranode" in shown
    assert "ops destroy testing --yes" in shown
    assert all(line.startswith("stack export") for line in cli.command_lines)
    document = json.loads(run("testing", "--json")[1])
    assert document["dryRun"] is True
    assert [one["phase"] for one in document["phases"]] == [phase.value for phase in Phase]


STUCK = {
    "urn": "urn:pulumi:testing::teranode-infra::kubernetes:kafka.strimzi.io/v1:Kafka::kafka",
    "custom": True,
    "type": "kubernetes:kafka.strimzi.io/v1:Kafka",
    "id": "kafka/broker",
    "provider": "urn:pulumi:testing::teranode-infra::pulumi:providers:kubernetes::eks::1",
}
PROVIDER = {
    "urn": "urn:pulumi:testing::teranode-infra::pulumi:providers:kubernetes::eks",
    "custom": True,
    "type": "pulumi:providers:kubernetes",
    "id": "1",
    "inputs": {"clusterIdentifier": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{CLUSTER}"},
}


@pytest.mark.usefixtures("account")
def test_a_stuck_finalizer_is_named_with_the_command_that_frees_it(cli: FakePulumi) -> None:
    cli.answer("stack export", stdout=json.dumps({"version": 3, "deployment": {"resources": [PROVIDER, STUCK]}}))
    cli.answer("destroy", code=255)

    code, shown, _ = run("testing", "--yes")

    assert code == ExitCode.FINDINGS
    assert (
        f"kubectl --context {CLUSTER} --namespace kafka patch Kafka.v1.kafka.strimzi.io broker --type merge "
        '--patch \'{"metadata":{"finalizers":null}}\'' in shown
    )
    assert "testing is not destroyed: 1 thing left." in shown


@pytest.mark.usefixtures("account")
def test_with_an_empty_state_it_sweeps_proves_and_names_the_last_command(cli: FakePulumi) -> None:
    cli.answer("stack export", stdout=json.dumps({"version": 3, "deployment": {}}))
    lost = volume(OWN)

    code, shown, said = run("testing", "--yes")

    assert code == ExitCode.CLEAN, shown + said
    assert f"removed  {REGION}  volume {lost}" in shown
    assert "pulumi stack rm testing" in shown
    assert all(line.startswith("stack export") for line in cli.command_lines), "there is nothing to destroy"


@pytest.mark.usefixtures("account")
def test_with_a_profile_the_cli_gets_it_too(cli: FakePulumi, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile devops]\nregion = eu-west-1\n")
    (tmp_path / "credentials").write_text("[devops]\naws_access_key_id = a\naws_secret_access_key = b\n")
    cli.answer("stack export", stdout=json.dumps({"version": 3, "deployment": {}}))

    code, _, said = run("testing", "--profile", "devops")

    assert code == ExitCode.CLEAN, said
