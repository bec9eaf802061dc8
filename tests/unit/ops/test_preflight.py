"""`ops preflight` in moto's account.

Moto has no quotas but the VPC's, no builds of EKS add-ons, no database options of current versions, and does not
simulate policies: what AWS answers to these calls is written down here. Registries are written down too.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from typer.testing import CliRunner

from infra.versions import KUBERNETES_RELEASES
from ops import preflight_command
from ops.aws.session import Aws
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.preflight import registry
from ops.preflight.reading import Trouble
from ops.preflight.registry import Answer
from tests.support import fake_pulumi
from tests.support.stacks import evaluated, stack_file

ACCOUNT = "111122223333"
Record = Callable[[Mapping[str, Any]], object]
QUOTAS = {"L-1216C47A": 256.0, "L-0263D0A3": 5.0, "L-1194D53C": 100.0}
BUILDS = {name: build for release in KUBERNETES_RELEASES.values() for name, build in release.addons.items()}


class Cloud:
    """Answers of AWS by service and call, in place of moto's."""

    def __init__(self) -> None:
        self.quotas: dict[str, float] = dict(QUOTAS)
        self.builds: dict[str, list[str]] = {name: [build] for name, build in BUILDS.items()}
        self.denied: set[str] = set()
        self.database_zones: list[str] = ["a", "b", "c"]
        self.faults: dict[str, str] = {}
        self.asked: list[str] = []

    def session(self) -> boto3.Session:
        session = boto3.Session()
        session.events.register("provide-client-params", self._kept)
        session.events.register("before-call", self._answer)
        return session

    def _kept(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        context["asked"] = dict(params)
        self.asked.append(model.name)

    def _answer(
        self, model: Any, request_signer: Any, context: dict[str, Any], **_: object
    ) -> tuple[SimpleNamespace, object] | None:
        fault = self.faults.get(model.name)
        if fault:
            raise ClientError({"Error": {"Code": fault, "Message": "said"}}, model.name)
        answers: dict[str, Record] = {
            "GetServiceQuota": self._quota,
            "DescribeAddonVersions": self._builds,
            "SimulatePrincipalPolicy": self._simulated,
            "DescribeOrderableDBInstanceOptions": lambda _: {
                "OrderableDBInstanceOptions": [
                    {"AvailabilityZones": [{"Name": f"{request_signer.region_name}{z}"} for z in self.database_zones]}
                ]
            },
        }
        if model.name not in answers:
            return None
        return SimpleNamespace(status_code=200), answers[model.name](context["asked"])

    def _quota(self, params: Mapping[str, Any]) -> object:
        value = self.quotas.get(params["QuotaCode"], 1000.0)
        return {"Quota": {"QuotaCode": params["QuotaCode"], "Value": value, "Adjustable": True}}

    def _builds(self, params: Mapping[str, Any]) -> object:
        versions = [{"addonVersion": build} for build in self.builds[params["addonName"]]]
        return {"addons": [{"addonName": params["addonName"], "addonVersions": versions}]}

    def _simulated(self, params: Mapping[str, Any]) -> object:
        decided = {name: "implicitDeny" if name in self.denied else "allowed" for name in params["ActionNames"]}
        results = [{"EvalActionName": name, "EvalDecision": decision} for name, decision in decided.items()]
        return {"EvaluationResults": results, "IsTruncated": False}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloud]:
    """An empty account with everything that AWS and registries should have."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        "MOTO_ACCOUNT_ID": ACCOUNT,
        "PATH": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", ACCOUNT)
    charts = "entries:\n" + "".join(
        f"  {name}:\n  - apiVersion: v2\n    version: {version}\n"
        for name, version in (
            ("aws-load-balancer-controller", "3.5.0"),
            ("cert-manager", "v1.21.1"),
            ("external-secrets", "2.9.0"),
            ("kube-prometheus-stack", "82.13.3"),
        )
    )
    found = Answer(200, {"docker-content-digest": f"sha256:{'1' * 64}"}, charts.encode())
    monkeypatch.setattr(registry, "_request", lambda *_, **__: found)
    recorded = Cloud()
    monkeypatch.setattr(Aws, "of", lambda _: Aws(recorded.session()))
    with mock_aws():
        yield recorded


@pytest.fixture
def state(tmp_path: Path) -> str:
    """The export of a stack that was never updated."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": []}}), encoding="utf-8")
    return str(path)


@pytest.fixture
def _evaluated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The testing environment, as it was evaluated for other tests."""
    monkeypatch.setattr(preflight_command, "simulate", lambda *_, **__: evaluated("testing"))


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["preflight", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def not_holding(*arguments: str) -> tuple[int, dict[tuple[str, str], dict[str, str]]]:
    code, stdout, stderr = run(*arguments, "--json")
    assert stdout, stderr
    checks = json.loads(stdout)["checks"]
    return code, {(one["place"], one["subject"]): one for one in checks if one["verdict"] != "holds"}


@pytest.mark.usefixtures("_evaluated_once")
def test_a_new_account_that_has_everything_is_ready(cloud: Cloud, state: str) -> None:
    code, stdout, stderr = run("testing", "--state", state)

    assert code == ExitCode.CLEAN, stdout + stderr
    assert "testing is ready" in stdout
    assert "whether AWS has capacity at this moment" in stdout, "what was not looked at must say so"
    writing = ("Create", "Put", "Delete", "Update", "Modify", "Request", "Enable", "Tag")
    assert [name for name in cloud.asked if name.startswith(writing)] == []
    assert "GetSecretValue" not in cloud.asked


@pytest.mark.usefixtures("_evaluated_once")
def test_everything_that_is_wrong_is_found_in_one_run_with_what_to_do(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ec2 = boto3.client("ec2", "us-east-1")
    for _ in range(5):
        ec2.allocate_address(Domain="vpc")
    cloud.quotas["L-1216C47A"] = 5.0
    cloud.builds["coredns"] = ["v9.9.9-eksbuild.1"]
    cloud.database_zones = []
    cloud.denied = {"rds:CreateDBInstance"}
    urn = "urn:pulumi:testing::teranode-infra::aws:ec2/vpc:Vpc::eu-west-1-network-vpc"
    provider = "urn:pulumi:testing::teranode-infra::pulumi:providers:aws::aws-eu-west-1::5177"
    pending = [{"resource": {"urn": urn, "type": "aws:ec2/vpc:Vpc", "provider": provider}, "type": "creating"}]
    state = tmp_path / "broken.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": [], "pending_operations": pending}}))
    absent = Answer(404, {})
    monkeypatch.setattr(registry, "_request", lambda url, *_, **__: absent if "/teranode/" in url else Answer(500, {}))

    code, found = not_holding("testing", "--state", str(state))

    assert code == ExitCode.FINDINGS
    vcpus = found["eu-west-1", "On-Demand vCPUs of A, C, D, H, I, M, R, T, Z"]
    assert vcpus["found"] == "needs 56 vCPUs, others use 0; 5 allowed"
    assert vcpus["command"] == (
        "aws service-quotas request-service-quota-increase --region eu-west-1 --service-code ec2 "
        "--quota-code L-1216C47A --desired-value 56"
    )
    # Moto's own five addresses: the quota is full, and another region's is not.
    assert found["us-east-1", "Elastic IPs"]["command"].endswith("--quota-code L-0263D0A3 --desired-value 6")
    assert ("eu-west-1", "Elastic IPs") not in found
    [coredns] = [one for (place, subject), one in found.items() if place == "eu-west-1" and "coredns" in subject]
    assert "v9.9.9-eksbuild.1" in coredns["remedy"]
    assert [subject for place, subject in found if place == "us-east-1" and subject.startswith("postgres")]
    role = found["account", "teranode-deploy-testing"]
    assert "rds:CreateDBInstance (implicitDeny)" in role["found"]
    assert role["command"] == ".venv/bin/python -m ops bootstrap testing --check"
    assert found["account", urn]["command"] == (
        "pulumi import --stack testing aws:ec2/vpc:Vpc eu-west-1-network-vpc '<id>' "
        "--provider provider=urn:pulumi:testing::teranode-infra::pulumi:providers:aws::aws-eu-west-1 "
        "--generate-code=false"
    )
    assert found["account", "image ghcr.io/bsv-blockchain/teranode:v0.14.4"]["verdict"] == "fails"
    assert found["account", "chart cert-manager v1.21.1"]["verdict"] == "unknown"


@pytest.mark.usefixtures("_evaluated_once")
def test_what_the_environment_has_already_is_not_counted_twice(cloud: Cloud, state: str) -> None:
    ec2 = boto3.client("ec2", "eu-west-1")
    cloud.quotas["L-0263D0A3"] = 1.0
    tags = [{"ResourceType": "elastic-ip", "Tags": [{"Key": "environment", "Value": "testing"}]}]
    ec2.allocate_address(Domain="vpc", TagSpecifications=tags)
    assert not_holding("testing", "--state", state) == (ExitCode.CLEAN, {})

    tags[0]["Tags"] = [{"Key": "environment", "Value": "another"}]
    ec2.allocate_address(Domain="vpc", TagSpecifications=tags)
    code, found = not_holding("testing", "--state", state)
    assert code == ExitCode.FINDINGS
    assert found["eu-west-1", "Elastic IPs"]["found"] == "needs 1, others use 1; 1 allowed"


@pytest.mark.usefixtures("cloud", "_evaluated_once")
def test_without_a_state_or_a_cli_the_state_is_unknown_and_so_is_the_result() -> None:
    code, found = not_holding("testing")

    assert code == ExitCode.UNKNOWN
    assert list(found) == [("account", "operations under way")]
    assert "no pulumi CLI on the PATH" in found["account", "operations under way"]["found"]


@pytest.mark.usefixtures("cloud", "_evaluated_once")
@pytest.mark.parametrize(
    ("answer", "code", "verdict"),
    [
        ({"stdout": json.dumps({"version": 3, "deployment": {"resources": []}})}, ExitCode.CLEAN, []),
        ({"stderr": "error: no stack named 'testing' found", "code": 1}, ExitCode.CLEAN, []),
        ({"stderr": "error: no credentials", "code": 1}, ExitCode.UNKNOWN, ["unknown"]),
    ],
)
def test_the_state_is_asked_of_the_cli_and_a_stack_that_is_not_there_yet_has_nothing_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Mapping[str, Any], code: int, verdict: list[str]
) -> None:
    fake_pulumi.install(tmp_path / "bin", monkeypatch).answer("stack export", **answer)

    found = not_holding("testing")

    assert (found[0], [one["verdict"] for one in found[1].values()]) == (code, verdict)


@pytest.mark.usefixtures("_evaluated_once")
def test_without_a_network_to_registries_nothing_is_taken_for_published(
    cloud: Cloud, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cloud.quotas
    monkeypatch.setattr(registry, "_request", lambda *_, **__: Trouble("ghcr.io cannot be reached"))

    code, found = not_holding("testing", "--state", state)

    assert code == ExitCode.UNKNOWN
    assert {one["area"] for one in found.values()} == {"sources"}
    assert {one["verdict"] for one in found.values()} == {"unknown"}


@pytest.mark.usefixtures("_evaluated_once")
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("AccessDeniedException", "not allowed: GetServiceQuota"),
        ("TooManyRequestsException", "throttles GetServiceQuota"),
    ],
)
def test_a_question_that_aws_refuses_is_unknown_and_the_others_are_answered(
    cloud: Cloud, state: str, fault: str, message: str
) -> None:
    cloud.faults = {"GetServiceQuota": fault}

    code, found = not_holding("testing", "--state", state)

    assert code == ExitCode.UNKNOWN
    assert {one["area"] for one in found.values()} == {"quotas"}
    assert all(message in one["found"] and one["verdict"] == "unknown" for one in found.values())
    assert found["eu-west-1", "EKS clusters"]["remedy"] == "look by hand whether 1 fits"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("ExpiredToken", "have expired (GetCallerIdentity): aws sso login"),
        ("InvalidClientTokenId", "does not know these credentials"),
    ],
)
def test_credentials_that_do_not_hold_end_the_command(cloud: Cloud, state: str, fault: str, message: str) -> None:
    cloud.faults = {"GetCallerIdentity": fault}

    code, stdout, stderr = run("testing", "--state", state)

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert message in stderr


@pytest.mark.usefixtures("cloud")
def test_another_account_is_refused_before_anything_else_is_asked(state: str) -> None:
    code, stdout, stderr = run("mainnet", "--state", state)

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert "of account 444455556666, and these credentials are of 111122223333" in stderr


@pytest.mark.usefixtures("cloud")
def test_a_region_that_the_account_has_not_opened_fails_alone(state: str, tmp_path: Path) -> None:
    file = stack_file(
        tmp_path,
        "far",
        "testing",
        regions={
            "eu-west-1": {"cidr": "10.200.0.0/16"},
            "eu-central-2": {"cidr": "10.201.0.0/16", "assumeOffered": ["eu-central-2"]},
        },
        miners={"miner-1": {"region": "eu-west-1"}},
    )

    code, found = not_holding(str(file), "--state", state)

    assert code == ExitCode.FINDINGS
    assert found["eu-central-2", "enabled"]["command"] == "aws account enable-region --region-name eu-central-2"
    assert {one["verdict"] for (place, subject), one in found.items() if subject != "enabled"} == {"unknown"}
    assert {place for place, _ in found} == {"eu-central-2"}
