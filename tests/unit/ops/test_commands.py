"""The commands as a person runs them, on a one-region stack file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from simulator.graph import Graph

STACK_FILE = """\
config:
  pulumi:disable-default-providers: ["*"]
  teranode-infra:account: "111122223333"
  teranode-infra:owner: devops@example.org
  teranode-infra:tier: testing
  teranode-infra:chain: regtest
  teranode-infra:release: v0.14.4
  teranode-infra:home: eu-west-1
  teranode-infra:access:
    deployRole: arn:aws:iam::111122223333:role/deploy
    adminRole: arn:aws:iam::111122223333:role/admin
    apiCidrs: [198.51.100.0/24]
  teranode-infra:regions: { eu-west-1: { cidr: 10.48.0.0/16 } }
  teranode-infra:miners: { miner-1: { region: eu-west-1 } }
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("stack") / "Pulumi.small.yaml"
    file.write_text(STACK_FILE)
    return file


@pytest.fixture(scope="module")
def state(stack: Path) -> Path:
    """The simulated deployment that --state writes."""
    file = stack.with_name("state.json")
    assert "Modelled duration" in output("preview", str(stack), "--state", str(file))
    return file


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def output(*arguments: str) -> str:
    code, stdout, stderr = run(*arguments)
    assert code in (ExitCode.CLEAN, ExitCode.FINDINGS), stderr
    return stdout


def changed(stack: Path, old: str, new: str) -> str:
    file = stack.parent / "changed" / stack.name
    file.parent.mkdir(exist_ok=True)
    assert old in STACK_FILE
    file.write_text(STACK_FILE.replace(old, new))
    return str(file)


def test_a_preview_shows_every_section_in_plain_text(stack: Path) -> None:
    text = output("preview", str(stack))
    for section in ("Resources", "Resources by type", "Modelled duration", "critical path of up", "Policies"):
        assert section in text
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_preview_fits_about_a_screen_and_full_shows_every_resource(stack: Path, state: Path) -> None:
    short, full = output("preview", str(stack)), output("preview", str(stack), "--full")
    graph = Graph(json.loads(state.read_text()))
    assert len(short.splitlines()) < 80
    assert all(node.name in full for node in graph.nodes.values() if node.custom)


def test_the_written_state_compares_with_no_difference(stack: Path, state: Path) -> None:
    assert "no changes" in output("preview", str(stack), "--baseline", str(state))


def test_lost_state_is_the_first_line_of_the_changes_with_its_cause(stack: Path, state: Path) -> None:
    text = output("preview", changed(stack, "10.48.0.0/16", "10.49.0.0/16"), "--baseline", str(state))
    lines = text.split("Changes against the baseline\n")[1].split("\n\n")[0].splitlines()
    assert "would lose data" in lines[1]
    assert "replace" in lines[2]
    assert "forced by subnetIds; loses the data on the local disks" in lines[3]
    vpc = next(number for number, line in enumerate(lines) if "network-vpc" in line)
    assert "forced by cidrBlock" in lines[vpc + 1]


def test_json_is_one_document_of_a_stated_format(stack: Path, state: Path) -> None:
    document = json.loads(output("preview", str(stack), "--json", "--baseline", str(state)))
    assert document["format"] == 1
    assert document["stack"] == "small"
    assert document["changes"]["resources"] == []
    assert document["up"]["seconds"] == document["up"]["criticalPath"][-1]["finishSeconds"]
    assert sum(document["countsByType"].values()) == len(document["resources"])


def test_wrong_settings_are_printed_without_a_traceback(stack: Path) -> None:
    code, stdout, stderr = run("preview", changed(stack, "home: eu-west-1", "home: eu-west-9"))
    assert code == ExitCode.USAGE
    assert "teranode-infra:home" in stderr
    assert "Traceback" not in stderr
    assert stdout == ""


@pytest.mark.parametrize("content", ["not json", "[]", '{"deployment": {"resources": [1]}}'])
def test_a_baseline_that_is_no_deployment_is_refused(stack: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(content)
    code, _, stderr = run("preview", str(stack), "--baseline", str(file))
    assert code == ExitCode.USAGE
    assert str(file) in stderr


def test_a_baseline_of_another_stack_is_refused(stack: Path, state: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(state.read_text().replace("urn:pulumi:small::", "urn:pulumi:large::"))
    code, _, stderr = run("preview", str(stack), "--baseline", str(other))
    assert code == ExitCode.USAGE
    assert "the baseline is of stack 'large'" in stderr


def test_a_file_that_cannot_be_written_is_said(stack: Path, tmp_path: Path) -> None:
    code, _, stderr = run("preview", str(stack), "--state", str(tmp_path / "missing" / "state.json"))
    assert code == ExitCode.USAGE
    assert "cannot be written" in stderr


def test_an_unknown_stack_is_a_usage_fault() -> None:
    code, _, stderr = run("preview", "testng")
    assert code == ExitCode.USAGE
    assert "did you mean 'testing'?" in stderr


def test_help_names_the_exit_codes_and_imports_no_pulumi() -> None:
    script = "import sys; from ops.cli import app; sys.exit('pulumi' in sys.modules or 'rich.console' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
    assert "Exit codes: 0 clean" in output("preview", "--help")


def test_a_picture_is_written_as_svg(stack: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.svg"
    output("picture", str(stack), "--svg", str(file))
    assert "10.48.0.0/16" in file.read_text()
