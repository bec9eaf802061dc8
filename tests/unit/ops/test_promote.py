"""`ops promote`: on what grounds it releases, what it refuses, and in which order it does the rest."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from ops import promote_command
from ops.attest.content import Content
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.outputs import checked_outputs
from ops.promote.approval import PromotionError, refuse_unlisted_losses
from ops.promote.run import Promotion
from ops.pulumi_cli import PulumiCli
from ops.release.plan import MINER, ReleasePlan
from ops.release.stack_file import current_release
from ops.stacks import StackFile
from simulator.compare import compare
from simulator.graph import Graph
from simulator.values import JSON
from tests.support.git_project import git_project
from tests.support.proof import NEW, OLD, TESTING, Proof, verified
from tests.support.stacks import evaluated
from tests.unit.ops.test_release import CLUSTER, JOB, released, synthetic
from tests.unit.simulator.deployments import deployment, resource, urn

END = "--stack mainnet --non-interactive --color never"
ALL = f"up --yes --skip-preview --suppress-outputs {END}"
LEFT = f"preview --expect-no-changes --suppress-outputs {END}"
EXPORT = f"stack export {END}"
ASK = f"preview --json --config-file FILE {END}"


def update(miner: str) -> str:
    targets = f"--target {urn(CLUSTER, f'{miner}-cluster')} --target {urn(JOB, f'{miner}-gate')}"
    return f"up --yes --skip-preview --suppress-outputs {targets} {END}"


@pytest.fixture
def proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Proof:
    project = git_project(tmp_path, monkeypatch)
    project.pulumi.answer("stack export", stdout=json.dumps(evaluated("mainnet").deployment))
    project.pulumi.answer("preview --json", stdout='{"steps": []}')
    return Proof(project, tmp_path)


@pytest.fixture
def changing(monkeypatch: pytest.MonkeyPatch) -> dict[str, Graph]:
    """Two synthetic miners instead of an evaluation; a test may set what there is and what there will be."""
    graphs = {"before": synthetic("v1"), "after": synthetic("v2")}

    def content(stack: StackFile, *_: object) -> Content:
        return replace(TESTING, release=current_release(stack.path))

    monkeypatch.setattr(promote_command, "planned", planned_by(graphs))
    monkeypatch.setattr(promote_command, "content", content)
    return graphs


def planned_by(graphs: Mapping[str, Graph]) -> Callable[..., Promotion]:
    """What plans a promotion from one of these graphs to the other."""

    def planned(stack: StackFile, version: str, *_: object) -> Promotion:
        outputs = checked_outputs(evaluated("testing").exports, "testing")
        release = ReleasePlan(
            stack=stack,
            before=current_release(stack.path),
            version=version,
            steps=released(synthetic("v1"), synthetic("v2")),
            outputs=outputs,
        )
        comparison = compare(graphs["before"], graphs["after"])
        moved = {target for step in release.steps for target in step.targets}
        rest = tuple(change.urn for change in comparison.changed if change.urn not in moved)
        return Promotion(release=release, comparison=comparison, before=OLD, rest=rest)

    return planned


def answers_anew(proof: Proof, *steps: dict[str, JSON]) -> None:
    """All goes well from here on, and the providers' own preview has these steps."""
    (proof.project.pulumi.folder / "answers.json").write_text("[]")
    proof.project.pulumi.answer("stack export", stdout=json.dumps(evaluated("mainnet").deployment))
    proof.project.pulumi.answer("preview --json", stdout=json.dumps({"steps": steps}))
    proof.project.pulumi.answer("up ")
    proof.project.pulumi.answer("preview")


def commands_of(proof: Proof) -> list[str]:
    """Command lines of the CLI so far, without the path of a file that is gone."""
    return [re.sub(r"--config-file \S+", "--config-file FILE", line) for line in proof.project.pulumi.command_lines]


def run(*arguments: str | Path) -> tuple[int, str, str]:
    command = ["promote", "mainnet", "--from", "testing", *map(str, arguments)]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def mainnet(proof: Proof) -> str:
    return current_release(proof.project.folder / "Pulumi.mainnet.yaml")


def test_by_the_program_itself_a_promotion_of_another_release_changes_the_miner_alone(
    proof: Proof, tmp_path: Path
) -> None:
    """The whole way with nothing in its place: state, comparison, policies, order. Mainnet has one miner."""
    state, approval = tmp_path / "state.json", tmp_path / "approval.json"
    state.write_text(json.dumps(evaluated("mainnet").deployment))
    arguments = ("--attestation", proof.attestation(), "--dry-run", "--state", state, "--preview", approval)
    code, stdout, stderr = run(*arguments)
    assert code == ExitCode.CLEAN, stderr
    assert "proved in testing at commit" in stdout
    assert "besides the release" not in stdout
    found = json.loads(approval.read_text())
    assert (found["release"], found["source"], found["stack"]) == (NEW, "testing", "mainnet")
    assert {re.sub(r".*::", "", change["urn"]).split("-")[0] for change in found["changes"]} == {"miner"}
    assert all(change["loss"] == "" for change in found["changes"])
    assert mainnet(proof) == OLD, "a look writes nothing into the stack file"


def approved(proof: Proof, tmp_path: Path) -> tuple[str | Path, ...]:
    """Options of a promotion that was looked at and approved."""
    attestation, file = proof.attestation(), tmp_path / "approval.json"
    assert run("--attestation", attestation, "--dry-run", "--preview", file)[0] == ExitCode.CLEAN
    return "--attestation", attestation, "--approved", file


@pytest.mark.usefixtures("changing")
def test_what_was_approved_is_released_miner_by_miner(proof: Proof, tmp_path: Path) -> None:
    options = approved(proof, tmp_path)
    proof.project.pulumi.answer("up ")
    proof.project.pulumi.answer("preview")
    code, _, stderr = run(*options)

    assert code == ExitCode.CLEAN, stderr
    assert commands_of(proof)[1:] == [EXPORT, ASK, update("miner-1"), update("miner-2"), LEFT]
    assert mainnet(proof) == NEW


def test_what_the_commit_changes_besides_comes_first_and_on_the_release_that_runs(
    proof: Proof, tmp_path: Path, changing: dict[str, Graph]
) -> None:
    changing["after"] = synthetic("v2", zone="b")
    options = approved(proof, tmp_path)
    proof.project.pulumi.answer("up ", "--target")
    proof.project.pulumi.answer("up ", code=1)
    proof.project.pulumi.answer("preview")
    code, stdout, _ = run(*options)
    assert code == ExitCode.FINDINGS
    assert "Stopped before the release began" in stdout
    assert mainnet(proof) == OLD
    assert proof.project.pulumi.command_lines[-1] == ALL

    answers_anew(proof)
    assert run(*options)[0] == ExitCode.CLEAN
    assert proof.project.pulumi.command_lines[-4:] == [ALL, update("miner-1"), update("miner-2"), LEFT]
    assert mainnet(proof) == NEW


def test_a_promotion_that_stopped_half_way_is_repeated_with_the_same_approval(
    proof: Proof, tmp_path: Path, changing: dict[str, Graph]
) -> None:
    """The first miner is done: less is left than was approved. The stack file names the release already."""
    options = approved(proof, tmp_path)
    proof.project.pulumi.answer("up ", "miner-2", code=1)
    proof.project.pulumi.answer("up ")
    proof.project.pulumi.answer("preview")
    assert run(*options)[0] == ExitCode.FINDINGS
    assert mainnet(proof) == NEW

    changing["before"] = Graph(half_done())
    answers_anew(proof)
    code, _, stderr = run(*options)
    assert code == ExitCode.CLEAN, stderr


def half_done() -> dict[str, JSON]:
    rows: list[dict[str, JSON]] = []
    for graph, miner in ((synthetic("v1"), "miner-2"), (synthetic("v2"), "miner-1")):
        for node in graph.nodes.values():
            if miner in node.urn:
                row = resource(node.type, node.urn.rsplit("::", 1)[-1], node.inputs, custom=node.custom)
                rows.append({**row, "parent": node.parent, "dependencies": list(node.dependencies)})
    rows.append(resource("aws:route53/zone:Zone", "zone", {"comment": "a"}))
    return deployment(*rows)


def test_what_differs_from_the_approval_is_refused_by_name(
    proof: Proof, tmp_path: Path, changing: dict[str, Graph]
) -> None:
    options = approved(proof, tmp_path)
    changing["after"] = synthetic("v2", zone="b")
    code, _, stderr = run(*options)

    assert code == ExitCode.USAGE
    assert "mainnet has changed since the approval: zone: approved nothing, now update (comment)" in stderr
    assert not [line for line in proof.project.pulumi.command_lines if line.startswith("up")]
    assert mainnet(proof) == OLD


@pytest.mark.usefixtures("changing")
def test_an_approval_of_another_commit_or_of_something_else_is_refused(proof: Proof, tmp_path: Path) -> None:
    _, _, _, file = approved(proof, tmp_path)
    proof.project.commit()
    code, _, stderr = run("--attestation", proof.attestation(), "--approved", file)
    assert code == ExitCode.USAGE
    assert "approved is commit" in stderr

    other = tmp_path / "other.json"
    other.write_text("{}")
    code, _, stderr = run("--attestation", proof.attestation(), "--approved", other)
    assert (code, "not what `ops promote --dry-run --preview FILE` writes" in stderr) == (ExitCode.USAGE, True)


@pytest.mark.usefixtures("changing")
def test_without_an_approval_a_person_is_asked_and_without_a_terminal_nothing_is_done(proof: Proof) -> None:
    code, _, stderr = run("--attestation", proof.attestation())

    assert code == ExitCode.USAGE
    assert "There is no terminal to ask at" in stderr
    assert commands_of(proof) == [EXPORT, ASK]


@pytest.mark.usefixtures("changing")
def test_to_roll_back_is_to_promote_the_attestation_before(proof: Proof, tmp_path: Path) -> None:
    """The commit of the attestation is checked out, whatever came after it."""
    before, first = proof.releases(OLD)
    proof.releases(NEW)
    proof.project.git("checkout", "--quiet", before)
    file = tmp_path / "approval.json"
    proof.project.pulumi.answer("up ")
    proof.project.pulumi.answer("preview")

    assert run("--attestation", first, "--dry-run", "--preview", file)[0] == ExitCode.CLEAN
    code, _, stderr = run("--attestation", first, "--approved", file)
    assert code == ExitCode.CLEAN, stderr
    assert mainnet(proof) == OLD
    assert proof.project.pulumi.command_lines[-1] == LEFT


@pytest.mark.usefixtures("changing")
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"stack": "dev"}, "attests stack 'dev', not 'testing'"),
        ({"release": "v0.15.0"}, "a tag that may move"),
        ({"commit": "f" * 40}, f"attests commit {'f' * 40}, which origin/main does not contain"),
    ],
)
def test_an_attestation_of_something_else_is_refused(proof: Proof, changed: dict[str, object], message: str) -> None:
    code, stdout, stderr = run("--attestation", proof.attestation(**changed), "--dry-run")

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert message in stderr


@pytest.mark.usefixtures("changing")
def test_an_old_verification_is_refused_however_new_its_signature(proof: Proof) -> None:
    file = proof.attestation(verification=verified(datetime.now(UTC) - timedelta(days=31)))
    code, _, stderr = run("--attestation", file, "--dry-run")
    assert (code, "verified 31 days ago" in stderr) == (ExitCode.USAGE, True)

    assert run("--attestation", file, "--dry-run", "--max-age-days", "32")[0] == ExitCode.CLEAN


@pytest.mark.usefixtures("changing")
def test_who_signs_by_another_key_or_is_not_known_is_refused(proof: Proof) -> None:
    file = proof.attestation()
    proof.trust(ec.generate_private_key(ec.SECP256R1()))
    code, _, stderr = run("--attestation", file, "--dry-run")
    assert (code, "not signed by the key" in stderr) == (ExitCode.USAGE, True)

    (proof.project.folder / "docs" / "attestation-keys" / "testing.pem").unlink()
    proof.project.commit("trust nobody")
    code, _, stderr = run("--attestation", file, "--dry-run")
    assert (code, "what `ops attest key testing` prints reviewed" in stderr) == (ExitCode.USAGE, True)


@pytest.mark.usefixtures("changing")
@pytest.mark.parametrize("name", ["Pulumi.mainnet.yaml", "Pulumi.testing.yaml", "new.py"])
def test_a_work_tree_that_is_not_the_commit_is_refused(proof: Proof, name: str) -> None:
    file = proof.project.folder / name
    file.write_text((file.read_text() if file.exists() else "") + "# changed\n")
    code, _, stderr = run("--attestation", proof.attestation(), "--dry-run")

    assert code == ExitCode.USAGE
    assert re.search(rf"differs from [0-9a-f]{{40}} in {re.escape(name)}:", stderr)


def step(urn: str, operation: str, **old: JSON) -> dict[str, JSON]:
    return {"op": operation, "urn": urn, "oldState": {"custom": True, **old}, "newState": {"custom": True}}


def one_of(stack: str, kind: str) -> str:
    rows = Graph(evaluated(stack).deployment).nodes.values()
    return next(node.urn for node in rows if node.type == kind)


@pytest.mark.usefixtures("changing")
@pytest.mark.parametrize(
    ("kind", "operation", "message"),
    [
        ("aws:rds/cluster:Cluster", "replace", "the providers would replace"),
        ("aws:rds/cluster:Cluster", "create-replacement", "the providers would replace"),
        ("aws:s3/bucket:Bucket", "delete", "the providers would delete"),
        ("aws:ec2/launchTemplate:LaunchTemplate", "delete-replaced", "the providers would replace"),
    ],
)
def test_what_the_providers_lose_and_nobody_approved_is_refused_before_anything_is_done(
    proof: Proof, tmp_path: Path, kind: str, operation: str, message: str
) -> None:
    """The evaluation foresaw no such thing; the provider decides, and it decides otherwise."""
    options, lost = approved(proof, tmp_path), one_of("mainnet", kind)
    answers_anew(proof, step(lost, operation))
    code, _, stderr = run(*options)

    assert code == ExitCode.USAGE
    assert f"{message} {lost.rsplit('::', 1)[-1]}" in stderr
    assert not [line for line in commands_of(proof) if line.startswith("up")]
    assert mainnet(proof) == OLD


@pytest.mark.usefixtures("changing")
def test_a_person_is_shown_what_the_providers_replace_unless_it_holds_data_or_is_locked(proof: Proof) -> None:
    template = one_of("mainnet", "aws:ec2/launchTemplate:LaunchTemplate")
    answers_anew(proof, step(template, "replace"))
    code, stdout, stderr = run("--attestation", proof.attestation())
    assert (code, "There is no terminal to ask at" in stderr) == (ExitCode.USAGE, True)
    assert f"the providers also replace {template.rsplit('::', 1)[-1]}" in stdout

    for lost in (step(template, "replace", protect=True), step(one_of("mainnet", "aws:s3/bucket:Bucket"), "replace")):
        answers_anew(proof, lost)
        code, _, stderr = run("--attestation", proof.attestation())
        assert (code, "the providers would replace" in stderr) == (ExitCode.USAGE, True)


@pytest.mark.usefixtures("changing")
def test_what_was_approved_or_loses_nothing_is_not_refused(proof: Proof, tmp_path: Path) -> None:
    options = approved(proof, tmp_path)
    gate = urn(JOB, "miner-1-gate")
    planned = json.loads(Path(options[-1]).read_text())["changes"]
    assert {one["action"] for one in planned if one["urn"] == gate} == {"replace"}
    answers_anew(
        proof,
        step(gate, "create-replacement"),
        step(gate, "delete-replaced"),
        step(one_of("mainnet", "aws:rds/cluster:Cluster"), "update"),
        step(one_of("mainnet", "aws:s3/bucket:Bucket"), "same"),
        {**step(urn(MINER, "gone"), "delete"), "oldState": {"custom": False}},
    )
    code, _, stderr = run(*options)

    assert code == ExitCode.CLEAN, stderr


@pytest.mark.usefixtures("changing")
def test_the_providers_are_asked_about_the_new_release(
    proof: Proof, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options, asked = approved(proof, tmp_path), list[str]()

    def answer(_: PulumiCli, file: Path) -> str:
        asked.append(current_release(file))
        return "{}"

    monkeypatch.setattr(PulumiCli, "preview", answer)
    code, _, stderr = run(*options)
    assert (code, asked) == (ExitCode.USAGE, [NEW])
    assert "its JSON has no steps" in stderr
    assert mainnet(proof) == OLD


REGION, DECOMMISSION = "teranode:region:Region", "teranode:decommission:Decommission"
DATABASE = "aws:rds/instance:Instance"


def losing(*, announced: str | None) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """A region with a database, and nothing of it: before and after."""
    region = resource(REGION, "us-east-1", custom=False)
    database = resource(DATABASE, "database", {"engine": "postgres"}, parent=urn(REGION, "us-east-1"))
    marker: dict[str, JSON] = {"part": "region", "subject": "us-east-1", "date": announced or "", "reason": "moved"}
    entry = [resource(DECOMMISSION, "us-east-1", marker, custom=False)] if announced else []
    return deployment(region, database, *entry), deployment()


@pytest.mark.parametrize(("announced", "refused"), [(None, True), ("2026-11-24", True), ("2026-11-23", False)])
def test_what_holds_data_goes_only_if_the_state_announced_it_and_its_day_has_come(
    *, announced: str | None, refused: bool
) -> None:
    before, after = losing(announced=announced)
    comparison = compare(before, after)
    if not refused:
        refuse_unlisted_losses(comparison, before, date(2026, 11, 23))
        return
    with pytest.raises(PromotionError, match=r"it would delete database \(the database\)"):
        refuse_unlisted_losses(comparison, before, date(2026, 11, 23))


def test_a_locked_resource_goes_not_either() -> None:
    before, after = losing(announced=None)
    comparison = compare(before, after)
    locked = replace(
        comparison,
        resources=tuple(replace(one, loss="", protected=one.type == DATABASE) for one in comparison.resources),
    )
    with pytest.raises(PromotionError, match=r"delete database \(locked\)"):
        refuse_unlisted_losses(locked, before, date(2026, 11, 23))


def test_files_of_a_dry_run_are_refused_without_one(tmp_path: Path) -> None:
    code, _, stderr = run("--attestation", tmp_path / "x", "--preview", tmp_path / "y")

    assert code == ExitCode.USAGE
    assert "need --dry-run" in stderr
