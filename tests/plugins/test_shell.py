"""The simulated shell: its own plugins, backend and credentials, and nothing of the user's."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pulumi.runtime.proto import provider_pb2 as pb

from simulator import shell
from simulator.kubeconfig import KubeconfigError, read_contexts
from simulator.plugins.packages import PACKAGES, version_of
from simulator.rules import tokens as t
from simulator.values import from_struct
from tests.plugins.plugin_process import PROJECT_DIR, Plugin, plugin

AUTHORITY = base64.b64encode(b"-----BEGIN CERTIFICATE-----").decode()
CERTIFICATE = base64.b64encode(b"certificate").decode()
TOKEN = {"token": "t0ken"}
KEY = base64.b64encode(b"key").decode()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project directory with a virtual environment: links to this one."""
    made = tmp_path / "checkout"
    made.mkdir()
    (made / "simulator").symlink_to(PROJECT_DIR / "simulator")
    (made / ".venv").symlink_to(sys.prefix)
    (made / "Pulumi.yaml").write_text("name: project\nruntime: python\n", encoding="utf-8")
    return made


def kubeconfig(path: Path, **user: str) -> Path:
    """A kubeconfig with one context, eu-west-1."""
    content = {
        "clusters": [
            {"name": "c", "cluster": {"server": "https://127.0.0.1:6443", "certificate-authority-data": AUTHORITY}}
        ],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "eu-west-1", "context": {"cluster": "c", "user": "u"}}],
    }
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def create_cluster(aws: Plugin) -> pb.CreateResponse:
    """The smallest cluster that the simulated EKS accepts."""
    vpc = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16").id
    subnets = [
        aws.create(t.SUBNET, zone, vpcId=vpc, cidrBlock=f"10.0.{number}.0/24", availabilityZone=f"eu-west-1{zone}").id
        for number, zone in enumerate("ab")
    ]
    trust = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.create(t.ROLE, "role", assumeRolePolicy=json.dumps({"Statement": [trust]}))
    arn = from_struct(role.properties)["arn"]
    return aws.create(t.CLUSTER, "blue", name="blue", roleArn=arn, vpcConfig={"subnetIds": subnets})


def installed(env: dict[str, str]) -> set[str]:
    """The plugins in the shell's home."""
    return {entry.name for entry in Path(env["PULUMI_HOME"], "plugins").iterdir()}


def test_each_package_has_a_plugin_of_the_pinned_version_under_a_home_of_its_own(tmp_path: Path, project: Path) -> None:
    env = shell.prepare(tmp_path / "shell", project)
    assert installed(env) == {f"resource-{name}-v{version_of(name)}" for name in PACKAGES}
    assert Path(env["PULUMI_HOME"]).is_relative_to(tmp_path / "shell")
    assert env["PULUMI_BACKEND_URL"] == f"{(tmp_path / 'shell' / 'state').as_uri()}?metadata=skip"
    assert env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"


def test_an_installed_plugin_starts_from_any_directory_and_prints_its_port(tmp_path: Path, project: Path) -> None:
    env = shell.prepare(tmp_path / "shell", project)
    executable = next(Path(env["PULUMI_HOME"]).rglob("pulumi-resource-random"))
    with subprocess.Popen(
        [executable], env={**os.environ, **env}, cwd="/", stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline().strip().isdigit()
        started.terminate()
    assert started.returncode == 0


def test_credentials_of_the_user_do_not_reach_the_shell(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "pul-real")
    env = shell.prepare(tmp_path / "shell", project)
    script = shell.render_exports(env) + "env"
    shown = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    for leaked in ("production", "AKIAREAL", "pul-real"):
        assert leaked not in shown
        assert leaked not in str(shell.merged(env, os.environ))
    assert "AWS_SHARED_CREDENTIALS_FILE=/dev/null" in shown


def test_values_with_spaces_and_quotes_survive_the_eval(tmp_path: Path, project: Path) -> None:
    env = shell.prepare(tmp_path / "it's a shell", project)
    script = shell.render_exports(env) + 'printf %s "$PULUMI_HOME"'
    shown = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown == env["PULUMI_HOME"]


def test_a_project_without_virtual_environment_is_told_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(shell.ShellError, match="make setup"):
        shell.prepare(tmp_path / "shell", tmp_path)


def test_with_real_servers_the_kubernetes_plugin_is_left_to_the_cli(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.prepare(tmp_path / "shell", project)
    monkeypatch.setenv("TERANODE_SIM_KUBECONFIG", str(kubeconfig(tmp_path / "config", **TOKEN)))
    env = shell.prepare(tmp_path / "shell", project)
    assert not any("kubernetes" in name for name in installed(env))
    assert "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION" not in env
    assert env["PATH"].startswith(str(tmp_path / "shell" / "bin"))


@pytest.mark.parametrize(
    ("user", "status"),
    [
        (TOKEN, TOKEN),
        (
            {"client-certificate-data": CERTIFICATE, "client-key-data": KEY},
            {"clientCertificateData": "certificate", "clientKeyData": "key"},
        ),
    ],
)
def test_the_stand_in_for_aws_logs_in_to_the_regions_server(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch, user: dict[str, str], status: dict[str, str]
) -> None:
    monkeypatch.setenv("TERANODE_SIM_KUBECONFIG", str(kubeconfig(tmp_path / "config", **user)))
    env = shell.merged(shell.prepare(tmp_path / "shell", project), os.environ)
    ask = ["aws", "--region", "eu-west-1", "eks", "get-token", "--output", "json", "--cluster-name", "any"]
    answer = json.loads(subprocess.run(ask, env=env, capture_output=True, text=True, check=True).stdout)
    assert (answer["kind"], answer["status"]) == ("ExecCredential", status)

    elsewhere = subprocess.run([*ask[:2], "us-east-1", *ask[3:]], env=env, capture_output=True, text=True, check=False)
    assert elsewhere.returncode != 0
    assert "no context named us-east-1; it has eu-west-1" in elsewhere.stderr


@pytest.mark.parametrize("user", [{}, {"exec": "aws"}, {"client-certificate-data": CERTIFICATE}])
def test_a_context_without_usable_credentials_is_refused(tmp_path: Path, user: dict[str, str]) -> None:
    with pytest.raises(KubeconfigError, match="context eu-west-1: needs a token, or a client certificate"):
        read_contexts(kubeconfig(tmp_path / "config", **user))


def test_a_file_that_is_no_kubeconfig_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text("clusters: []\n", encoding="utf-8")
    with pytest.raises(KubeconfigError, match="not a kubeconfig: users, contexts"):
        read_contexts(path)


def test_a_simulated_cluster_hands_out_the_real_servers_address(tmp_path: Path) -> None:
    config = kubeconfig(tmp_path / "config", **TOKEN)
    with plugin("aws", tmp_path / "world.sqlite", TERANODE_SIM_KUBECONFIG=str(config)) as aws:
        created = from_struct(create_cluster(aws).properties)
    assert created["endpoint"] == "https://127.0.0.1:6443"
    assert created["certificateAuthority"] == {"data": AUTHORITY}


def test_a_plugin_outside_a_simulated_shell_says_what_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulator.plugins", "aws"]
    started = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=False)
    assert started.returncode == 1
    assert "TERANODE_SIM_WORLD is not set" in started.stderr
    env = {**os.environ, "TERANODE_SIM_WORLD": str(tmp_path / "w"), "TERANODE_SIM_SPEED": "fast"}
    hurried = subprocess.run(command, cwd=PROJECT_DIR, env=env, capture_output=True, text=True, check=False)
    assert "TERANODE_SIM_SPEED=fast: must be a number from 0" in hurried.stderr
