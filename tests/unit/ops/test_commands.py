"""The commands as a person runs them, on a one-region stack file."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops import commands
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.stacks import PROJECT_DIR, StackFile
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
  teranode-infra:utxoStore: { device: nvme }
"""


@pytest.fixture(autouse=True)
def no_siblings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evaluate no other stacks, which would take longer than all the rest; a test of theirs says which."""
    beside(monkeypatch)


def beside(monkeypatch: pytest.MonkeyPatch, *files: Path) -> None:
    """Let the project have the stacks of these files, named ``Pulumi.STACK.yaml``."""
    stacks = [StackFile(file.name.split(".")[1], file) for file in files]
    monkeypatch.setattr(commands, "project_stacks", lambda: stacks)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("stack") / "Pulumi.small.yaml"
    file.write_text(STACK_FILE)
    return file


@pytest.fixture(scope="module")
def state(stack: Path) -> Path:
    """The simulated deployment that --state writes."""
    file = stack.with_name("state.json")
    with pytest.MonkeyPatch.context() as monkeypatch:
        beside(monkeypatch)
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
    assert re.search(r"up is 1\.0\d times the longest unavoidable chain", text)
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_preview_fits_about_a_screen_and_full_shows_every_resource(stack: Path, state: Path) -> None:
    short, full = output("preview", str(stack)), output("preview", str(stack), "--full")
    graph = Graph(json.loads(state.read_text()))
    assert len(short.splitlines()) <= 84
    assert all(node.name in full for node in graph.nodes.values() if node.custom)


def test_the_written_state_compares_with_no_difference(stack: Path, state: Path) -> None:
    assert "no changes" in output("preview", str(stack), "--baseline", str(state))


def test_lost_state_is_the_first_line_of_the_changes_with_its_cause(stack: Path, state: Path) -> None:
    code, text, _ = run("preview", changed(stack, "10.48.0.0/16", "10.49.0.0/16"), "--baseline", str(state))
    assert code == ExitCode.REFUSED
    assert text.index("regions.eu-west-1.cidr") < text.index("Changes against the baseline")
    lines = text.split("Changes against the baseline\n")[1].split("\n\n")[0].splitlines()
    assert "would lose data" in lines[1]
    assert "replace" in lines[2]
    assert "forced by subnetIds; loses the data on the local disks" in lines[3]
    vpc = next(number for number, line in enumerate(lines) if "network-vpc" in line)
    assert "forced by cidrBlock" in lines[vpc + 1]


def test_json_is_one_document_of_a_stated_format(stack: Path, state: Path) -> None:
    document = json.loads(output("preview", str(stack), "--json", "--baseline", str(state)))
    assert document["format"] == 2
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
    assert output("picture", str(stack), "--svg", str(file)) == (
        f"{file}  written: a picture of small, to look at in a browser\n"
    )
    assert "10.48.0.0/16" in file.read_text()


def sibling(folder: Path, name: str, changes: Mapping[str, str]) -> Path:
    """A stack file like the one under test, with texts of it replaced."""
    text = STACK_FILE
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    file = folder / f"Pulumi.{name}.yaml"
    file.write_text(text)
    return file


def test_a_network_that_overlaps_another_stacks_is_a_finding(
    stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(monkeypatch, sibling(tmp_path, "twin", {}))
    code, stdout, _ = run("preview", str(stack), "--json")
    policies = json.loads(stdout)["policies"]
    assert code == ExitCode.FINDINGS
    assert policies["otherStacks"] == {"evaluated": ["twin"], "notEvaluated": {}}
    assert "NET-1-FLEET" in {finding["rule"] for finding in policies["findings"]}


def test_a_stack_that_gets_along_with_its_siblings_stays_clean(
    stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(monkeypatch, sibling(tmp_path, "other", {"10.48.0.0/16": "10.49.0.0/16"}))
    code, stdout, _ = run("preview", str(stack))
    assert "beside other" in stdout
    assert code == ExitCode.CLEAN


def test_a_sibling_that_cannot_be_evaluated_is_said_and_is_no_fault_of_the_stack(
    stack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(monkeypatch, sibling(tmp_path, "broken", {"config:": "config: ["}))
    code, stdout, _ = run("preview", str(stack))
    assert "broken not held beside this stack" in stdout
    assert code == ExitCode.CLEAN


@pytest.mark.parametrize("inner_form", [False, True])
def test_a_dropped_protection_is_a_finding(stack: Path, state: Path, tmp_path: Path, inner_form: bool) -> None:  # noqa: FBT001
    before = json.loads(state.read_text())
    vpc = next(row for row in before["deployment"]["resources"] if row["type"] == "aws:ec2/vpc:Vpc")
    vpc["protect"] = True
    file = tmp_path / "protected.json"
    file.write_text(json.dumps(before["deployment"] if inner_form else before))
    code, stdout, _ = run("preview", str(stack), "--baseline", str(file), "--json")
    document = json.loads(stdout)
    assert code == ExitCode.FINDINGS
    assert [(found["rule"], found["urn"]) for found in document["policies"]["findings"]] == [("R5", vpc["urn"])]
    assert document["changes"]["resources"] == []


@pytest.mark.parametrize(
    ("arguments", "kubeconfig"),
    [
        (["--directory", "/dev/null"], None),
        (["--directory"], None),
        (["--shell", "fish"], None),
        (["--directory", "{folder}"], "{folder}/missing"),
    ],
)
def test_a_simulated_shell_that_cannot_be_prepared_makes_the_eval_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], kubeconfig: str | None
) -> None:
    project = tmp_path / "project"
    (project / ".venv").mkdir(parents=True)
    (project / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (project / "Pulumi.yaml").write_text("name: project\n")
    monkeypatch.setattr(commands, "PROJECT_DIR", project)
    if kubeconfig:
        monkeypatch.setenv("TERANODE_SIM_KUBECONFIG", kubeconfig.format(folder=tmp_path))
    code, stdout, stderr = run("simulator", "env", *(argument.format(folder=tmp_path) for argument in arguments))
    assert code == ExitCode.USAGE
    assert stdout == "false\n"
    assert stderr
    assert "Traceback" not in stderr


def test_without_a_cli_the_eval_of_a_simulated_shell_fails_and_names_the_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, stdout, stderr = run("simulator", "env", "--directory", str(tmp_path / "shell"))
    assert (code, stdout) == (ExitCode.USAGE, "false\n")
    assert "no pulumi CLI on the PATH" in stderr
    assert "3.272 or newer" in stderr
    assert not (tmp_path / "shell").exists()


def test_the_eval_of_a_failed_command_runs_nothing_after_it() -> None:
    command = f'eval "$({sys.executable} -m ops simulator env --directory /dev/null 2>/dev/null)" && echo ran'
    shell = subprocess.run(["sh", "-c", command], cwd=PROJECT_DIR, capture_output=True, text=True, check=False)
    assert (shell.returncode != 0, shell.stdout) == (True, "")
