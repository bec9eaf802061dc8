"""`ops release` with a synthetic pulumi executable: what it writes, which commands it gives, where it stops."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from ops import commands
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.outputs import checked_outputs
from ops.pulumi_cli import InterruptedRunError, PulumiCli
from ops.release.plan import MINER, MinerStep, ReleasePlan, steps
from ops.release.stack_file import ReleaseError, current_release, with_release
from ops.stacks import PROJECT_DIR, StackFile, find_stack
from simulator.compare import compare
from simulator.graph import Graph
from simulator.values import JSON
from tests.support import fake_pulumi
from tests.support.fake_pulumi import FakePulumi
from tests.support.stacks import evaluated
from tests.unit.simulator.deployments import STACK, deployment, resource, urn

CLUSTER = "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster"
JOB = "kubernetes:batch/v1:Job"
END = "--stack testing --non-interactive --color never"


def synthetic(image: str, *, zone: str = "a") -> Graph:
    """Two miners, each with its Cluster and the gate that waits for it, and a zone that is nobody's."""
    rows: list[dict[str, JSON]] = [resource("aws:route53/zone:Zone", "zone", {"comment": zone})]
    for miner in ("miner-2", "miner-1"):
        home = urn(MINER, miner)
        cluster: dict[str, JSON] = {"spec": {"image": image}, "metadata": {"name": "teranode", "namespace": miner}}
        gate: dict[str, JSON] = {
            "spec": {"template": {"image": image}},
            "metadata": {"name": "gate", "namespace": miner},
        }
        rows += [
            resource(MINER, miner, custom=False),
            resource(CLUSTER, f"{miner}-cluster", cluster, parent=home),
            {**resource(JOB, f"{miner}-gate", gate, parent=home), "dependencies": [urn(CLUSTER, f"{miner}-cluster")]},
        ]
    return Graph(deployment(*rows))


def released(before: Graph, after: Graph) -> tuple[MinerStep, ...]:
    return steps(compare(before, after).changed, after)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the CLI works: a copy of the stack file of testing."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(PROJECT_DIR / "Pulumi.testing.yaml", folder)
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(folder))
    return folder


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release of the synthetic miners instead of an evaluation."""

    def plan(stack: StackFile, version: str) -> ReleasePlan:
        return ReleasePlan(
            stack=stack,
            before=current_release(stack.path),
            version=version,
            steps=released(synthetic("v1"), synthetic("v2")),
            outputs=checked_outputs(evaluated("testing").exports, "testing"),
        )

    monkeypatch.setattr(commands, "plan", plan)


@pytest.fixture
def cli(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:  # noqa: ARG001 (sets the folder)
    found = fake_pulumi.install(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(tmp_path / "project"))
    return found


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["release", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def update(miner: str) -> str:
    """The command line that releases to one synthetic miner."""
    targets = f"--target {urn(CLUSTER, f'{miner}-cluster')} --target {urn(JOB, f'{miner}-gate')}"
    return f"up --yes --skip-preview --suppress-outputs {targets} {END}"


def test_the_changes_of_a_release_are_taken_by_miner_the_cluster_before_its_gate() -> None:
    found = released(synthetic("v1"), synthetic("v2"))

    assert [step.miner for step in found] == ["miner-1", "miner-2"]
    assert [change.name for change in found[0].changes] == ["miner-1-cluster", "miner-1-gate"]


def test_what_changes_more_than_miners_is_no_release() -> None:
    with pytest.raises(ReleaseError, match="update zone"):
        released(synthetic("v1"), synthetic("v2", zone="b"))


def test_what_makes_or_deletes_something_is_no_release() -> None:
    more = synthetic("v2")
    gate = resource(JOB, "miner-1-gate-v2", {"metadata": {"name": "other"}}, parent=urn(MINER, "miner-1"))
    rows = [{**node_row(more, name)} for name in more.nodes]
    with pytest.raises(ReleaseError, match="create miner-1-gate-v2"):
        released(synthetic("v1"), Graph({"deployment": {"resources": [*rows, gate]}}))


def node_row(graph: Graph, name: str) -> dict[str, JSON]:
    node = graph.nodes[name]
    return {
        "urn": node.urn,
        "type": node.type,
        "custom": node.custom,
        "id": node.id,
        "parent": node.parent or (STACK if node.urn != STACK else ""),
        "inputs": dict(node.inputs),
        "outputs": dict(node.outputs),
        "dependencies": list(node.dependencies),
    }


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("how", ["--yes", "--dry-run"])
def test_a_release_that_runs_already_is_nothing_to_do(cli: FakePulumi, project: Path, how: str) -> None:
    cli.answer("preview")
    named = current_release(project / "Pulumi.testing.yaml")
    code, stdout, _ = run("testing", named, how)

    assert (code, cli.command_lines) == (ExitCode.CLEAN, [f"preview --expect-no-changes --suppress-outputs {END}"])
    assert f"{named} runs already" in stdout
    assert "nothing is to be done" in stdout
    assert "miner-1" not in stdout


@pytest.mark.usefixtures("planned")
def test_a_release_that_the_file_names_but_the_stack_has_not_is_rolled_out(cli: FakePulumi, project: Path) -> None:
    """As after a commit of the version that no update followed, or an update that failed."""
    named = current_release(project / "Pulumi.testing.yaml")
    cli.answer("up ")
    cli.answer("preview", stderr="error: no changes were expected but changes were proposed\n", code=255)
    _, stdout, _ = run("testing", named, "--yes")

    assert cli.command_lines[1:-1] == [update("miner-1"), update("miner-2")]
    assert f"{named} is named already" in stdout
    assert "nothing is to be done" not in stdout


@pytest.mark.usefixtures("planned")
def test_whoever_interrupts_the_look_at_the_stack_has_released_nothing(
    cli: FakePulumi, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: PulumiCli) -> int:
        raise InterruptedRunError

    monkeypatch.setattr(PulumiCli, "nothing_left", interrupted)
    code, _, stderr = run("testing", current_release(project / "Pulumi.testing.yaml"), "--yes")

    assert (code, cli.command_lines) == (ExitCode.USAGE, [])
    assert "nothing was changed" in stderr


@pytest.mark.usefixtures("planned")
def test_one_miner_is_updated_after_the_other_and_the_end_is_proved(cli: FakePulumi, project: Path) -> None:
    cli.answer("up ")
    cli.answer("preview")
    code, stdout, _ = run("testing", "v0.15.0", "--yes")

    assert code == ExitCode.CLEAN
    assert cli.command_lines == [
        update("miner-1"),
        update("miner-2"),
        f"preview --expect-no-changes --suppress-outputs {END}",
    ]
    assert {call["folder"] for call in cli.calls} == {str(project)}
    assert current_release(project / "Pulumi.testing.yaml") == "v0.15.0"
    assert "v0.15.0 is released" in stdout


@pytest.mark.usefixtures("planned")
def test_the_first_gate_that_fails_stops_the_release_and_says_how_to_go_on_and_back(
    cli: FakePulumi, project: Path
) -> None:
    cli.answer("up ", "miner-2-gate", stderr="error: the gate failed\n", code=255)
    cli.answer("up ")
    code, stdout, _ = run("testing", "v0.15.0", "--yes")

    assert code == ExitCode.FINDINGS
    assert cli.command_lines == [update("miner-1"), update("miner-2")]
    assert "Stopped at miner-2, which may run both releases. On v0.15.0: miner-1. Not touched: none." in stdout
    assert "kubectl --context testing-us-east-1 --namespace miner-2" in stdout
    assert "python -m ops release testing v0.15.0 " in stdout
    assert "python -m ops release testing v0.14.4\n" in stdout
    assert current_release(project / "Pulumi.testing.yaml") == "v0.15.0"


@pytest.mark.usefixtures("planned")
def test_a_release_that_stopped_can_be_repeated_from_the_start(cli: FakePulumi, project: Path) -> None:
    file = project / "Pulumi.testing.yaml"
    file.write_text(with_release(file, "v0.15.0"))
    before = file.read_bytes()
    cli.answer("up ", "miner-1-gate", code=1)
    code, stdout, _ = run("testing", "v0.15.0", "--yes")

    assert code == ExitCode.FINDINGS
    assert file.read_bytes() == before
    assert "is named already" in stdout
    assert "Not touched: miner-2" in stdout
    assert "<the release before>" in stdout


@pytest.mark.usefixtures("planned")
def test_other_changes_of_the_stack_are_said_at_the_end(cli: FakePulumi) -> None:
    cli.answer("up ")
    cli.answer("preview", stderr="error: no changes were expected but changes were proposed\n", code=255)
    code, stdout, _ = run("testing", "v0.15.0", "--yes")

    assert code == ExitCode.FINDINGS
    assert "v0.15.0 is released, but the stack has other changes" in stdout


@pytest.mark.usefixtures("planned")
def test_a_dry_run_shows_the_plan_without_a_cli_and_changes_nothing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    before = (project / "Pulumi.testing.yaml").read_bytes()
    code, stdout, _ = run("testing", "v0.15.0", "--dry-run")

    assert code == ExitCode.CLEAN
    assert "v0.15.0 takes the place of v0.14.4" in stdout
    assert [line.split()[-2] for line in stdout.splitlines() if "miner-1-" in line] == [
        "miner-1-cluster",
        "miner-1-gate",
    ]
    assert (project / "Pulumi.testing.yaml").read_bytes() == before


@pytest.mark.usefixtures("planned")
def test_without_a_terminal_and_without_yes_nothing_happens(cli: FakePulumi, project: Path) -> None:
    before = (project / "Pulumi.testing.yaml").read_bytes()
    code, _, stderr = run("testing", "v0.15.0")

    assert code == ExitCode.USAGE
    assert "--yes" in stderr
    assert cli.command_lines == []
    assert (project / "Pulumi.testing.yaml").read_bytes() == before


@pytest.mark.usefixtures("planned")
def test_without_a_cli_the_file_stays_as_it_is(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    before = (project / "Pulumi.testing.yaml").read_bytes()
    code, stdout, stderr = run("testing", "v0.15.0", "--yes")

    assert code == ExitCode.USAGE
    assert "no pulumi CLI on the PATH" in stderr
    assert "--dry-run" in stderr
    assert "--only-write" in stderr
    assert stdout == "", "it was asked for after the evaluation"
    assert (project / "Pulumi.testing.yaml").read_bytes() == before


@pytest.mark.usefixtures("planned")
def test_a_version_without_its_digest_is_said_to_be_of_no_use_for_mainnet(cli: FakePulumi) -> None:
    cli.answer("up ")
    cli.answer("preview")
    for arguments in (("--dry-run",), ("--only-write",), ("--yes",)):
        assert "v0.15.0 has no digest: it can never be promoted" in run("testing", "v0.15.0", *arguments)[1]
        whole = f"v0.15.0@sha256:{'1' * 64}"
        assert "has no digest" not in run("testing", whole, *arguments)[1]


@pytest.mark.usefixtures("cli", "planned")
def test_what_is_written_is_committed_and_then_released() -> None:
    stdout = run("testing", "v0.15.0", "--only-write")[1]
    commands = [line.strip() for line in stdout.splitlines() if line.startswith("  ")]

    assert commands == [
        "git commit --message 'testing gets v0.15.0' Pulumi.testing.yaml",
        ".venv/bin/python -m ops release testing v0.15.0",
    ]


def test_only_written_a_release_is_checked_and_rolled_out_nowhere(cli: FakePulumi, project: Path) -> None:
    """Also of mainnet: its file says what was promoted."""
    shutil.copy(PROJECT_DIR / "Pulumi.mainnet.yaml", project)
    version = f"v0.15.0@sha256:{'1' * 64}"

    code, stdout, _ = run("mainnet", version, "--only-write")
    assert code == ExitCode.CLEAN
    assert f"Pulumi.mainnet.yaml  names {version}, in the place of" in stdout
    assert f"git commit --message 'mainnet gets {version}' Pulumi.mainnet.yaml" in stdout
    assert "ops release" not in stdout, "mainnet is promoted to"
    assert "as it did before; nothing was rolled out" in run("mainnet", version, "--only-write")[1]
    assert current_release(project / "Pulumi.mainnet.yaml") == version
    assert run("mainnet", "v0.15.0", "--only-write")[0] == ExitCode.USAGE, "mainnet needs a digest"
    assert current_release(project / "Pulumi.mainnet.yaml") == version
    assert cli.calls == []


def test_mainnet_is_not_released_to_but_promoted_to(cli: FakePulumi, project: Path) -> None:
    shutil.copy(PROJECT_DIR / "Pulumi.mainnet.yaml", project)
    before = (project / "Pulumi.mainnet.yaml").read_bytes()
    code, _, stderr = run("mainnet", f"v0.15.0@sha256:{'1' * 64}", "--yes")

    assert code == ExitCode.USAGE
    assert "ops promote mainnet --from STACK" in stderr
    assert run("mainnet", f"v0.15.0@sha256:{'1' * 64}", "--dry-run")[::2] == (code, stderr), "a plan that nobody may do"
    assert run("mainnet", "v0.15.0", "--dry-run")[::2] == (code, stderr), "before its digest is asked for"
    assert cli.calls == []
    assert (project / "Pulumi.mainnet.yaml").read_bytes() == before


@pytest.mark.parametrize("version", ["latest", "0.15.0", "v0.15", "v0.15.0@sha256:12", "v0.15.0\n  x: y"])
def test_a_version_that_the_settings_refuse_is_refused_before_anything_is_written(
    cli: FakePulumi, version: str
) -> None:
    file = find_stack("testing", Path(cli.folder.parent / "project")).path
    before = file.read_bytes()
    code, _, stderr = run("testing", version, "--yes")

    assert code == ExitCode.USAGE
    assert "v<major>.<minor>.<patch>" in stderr
    assert cli.command_lines == []
    assert file.read_bytes() == before


def test_a_file_that_the_cli_does_not_read_is_refused(project: Path, tmp_path: Path) -> None:  # noqa: ARG001
    elsewhere = tmp_path / "Pulumi.testing.yaml"
    shutil.copy(PROJECT_DIR / "Pulumi.testing.yaml", elsewhere)
    code, _, stderr = run(str(elsewhere), "v0.15.0", "--dry-run")

    assert code == ExitCode.USAGE
    assert "not this file" in stderr


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("  teranode-infra:release: v0.14.4", "  teranode-infra:release: v0.15.0"),
        ('  teranode-infra:release: "v0.14.4"  # moves', '  teranode-infra:release: "v0.15.0"  # moves'),
        ("  'teranode-infra:release': 'v0.14.4@sha256:00'\r", "  'teranode-infra:release': 'v0.15.0'\r"),
        ("  release:   v0.14.4", "  release:   v0.15.0"),
    ],
)
def test_of_a_stack_file_nothing_but_the_release_changes(tmp_path: Path, line: str, changed: str) -> None:
    around = "# About release: v0.14.4\nconfig:\n  a: { release: v0.14.4 } # x\n{}\n\n  b:   [1,  2]\nother: ü\n"
    file = tmp_path / "Pulumi.testing.yaml"
    file.write_bytes(around.replace("{}", line).encode())

    assert with_release(file, "v0.15.0") == around.replace("{}", changed)


def test_both_stack_files_of_the_project_keep_all_but_the_release(tmp_path: Path) -> None:
    for stack in ("testing", "mainnet"):
        source = PROJECT_DIR / f"Pulumi.{stack}.yaml"
        text = with_release(source, "v9.9.9")
        before, after = yaml.safe_load(source.read_text()), yaml.safe_load(text)
        assert after["config"].pop("teranode-infra:release") == "v9.9.9"
        before["config"].pop("teranode-infra:release")
        assert after == before
        (tmp_path / source.name).write_text(text)


@pytest.mark.parametrize("content", ["config: {}", "config:\n  teranode-infra:release: [1]", "[", "", "- a"])
def test_a_stack_file_without_a_release_is_said(tmp_path: Path, content: str) -> None:
    file = tmp_path / "Pulumi.testing.yaml"
    file.write_text(content)
    with pytest.raises(ReleaseError, match=r"Pulumi\.testing\.yaml"):
        with_release(file, "v0.15.0")


def test_an_interrupted_cli_is_left_to_end_by_itself(tmp_path: Path) -> None:
    """It would leave the stack locked if it were killed. The synthetic one interrupts its parent, then saves a file."""
    executable = tmp_path / "pulumi"
    executable.write_text(
        f"#!{sys.executable}\nimport os, pathlib, signal\nos.kill(os.getppid(), signal.{signal.SIGINT.name})\n"
        f"pathlib.Path({str(tmp_path / 'saved')!r}).touch()\n"
    )
    executable.chmod(0o755)
    script = (
        "from pathlib import Path\nfrom ops.pulumi_cli import InterruptedRunError, PulumiCli\n"
        f"try:\n    PulumiCli({str(executable)!r}, Path('.'), 'testing').update(['urn'])\n"
        "except InterruptedRunError:\n    print('interrupted')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT_DIR, capture_output=True, text=True, check=True)

    assert done.stdout == "interrupted\n"
    assert (tmp_path / "saved").exists()
