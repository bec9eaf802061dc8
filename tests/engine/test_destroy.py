"""`ops destroy` with the ordinary CLI and the real engine; moto answers for AWS where no provider does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from tests.engine.conftest import IRELAND, SimulatedShell, open_shell, succeeds

ACCOUNT = "111122223333"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The account of the stack file, empty."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", ACCOUNT)
    with mock_aws():
        yield


def destroy(shell: SimulatedShell, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    """In this process, where moto answers; the CLI and its plugins run as they always do."""
    with monkeypatch.context() as patched:
        for name, value in shell.environment.items():
            patched.setenv(name, value)
        result = CliRunner().invoke(app, ["destroy", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def free_interface() -> str:
    """As the VPC CNI leaves one behind: with tags of its cluster only."""
    ec2: Any = boto3.client("ec2", region_name="eu-west-1")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    tags = [{"Key": "cluster.k8s.amazonaws.com/name", "Value": "dev-eu-west-1"}]
    made = ec2.create_network_interface(
        SubnetId=subnet, TagSpecifications=[{"ResourceType": "network-interface", "Tags": tags}]
    )
    return made["NetworkInterface"]["NetworkInterfaceId"]


@pytest.mark.usefixtures("account")
def test_an_environment_is_shown_first_then_destroyed_to_nothing_and_what_it_left_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = open_shell(tmp_path, IRELAND)
    succeeds(shell, "up", "--yes", "--skip-preview")
    before = shell.world()
    interface = free_interface()

    code, shown, _ = destroy(shell, monkeypatch, "dev")
    assert code == ExitCode.CLEAN
    assert "Nothing was done." in shown
    assert shell.world() == before

    succeeds(shell, "state", "protect", "--all", "--yes")
    code, _, said = destroy(shell, monkeypatch, "dev", "--yes")
    assert code == ExitCode.USAGE
    assert "the state has locks on" in said
    assert shell.world() == before, "it was refused too late"
    succeeds(shell, "state", "unprotect", "--all", "--yes")

    code, printed, said = destroy(shell, monkeypatch, "dev", "--yes", "--json")
    assert code == ExitCode.CLEAN, printed + said
    document = json.loads(printed)
    assert [one["id"] for one in document["removed"]] == [interface]
    assert shell.world() == []
    assert not shell.state().get("resources")

    assert destroy(shell, monkeypatch, "dev", "--yes")[0] == ExitCode.CLEAN, "it cannot be repeated"
