"""The workflows of GitHub: pinned, of least rights, one at a time for a stack, sound by the checkers of the field."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.bootstrap.roles import SESSION_SECONDS
from ops.exit_codes import ExitCode
from tests.support.stacks import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").rglob("action.yml"))
USES = re.compile(r"^\s*(?:- )?uses: (\S+)(.*)$", re.MULTILINE)
CHANGES_AN_ENVIRONMENT = re.compile(r"role: deploy\b")


def label(path: Path) -> str:
    return str(path.relative_to(ROOT / ".github"))


def read(path: Path) -> dict[Any, Any]:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=label)
def test_every_action_is_pinned_by_commit_with_its_version_beside_it(path: Path) -> None:
    for action, rest in USES.findall(path.read_text()):
        if action.startswith("./"):
            assert (ROOT / action).exists(), action
            continue
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+(\.\d+){0,2}", rest), f"{action}: version"


def test_one_action_is_pinned_at_one_commit() -> None:
    pins = {
        action.split("@")[0]: set[str]()
        for path in (*WORKFLOWS, *ACTIONS)
        for action, _ in USES.findall(path.read_text())
    }
    for path in (*WORKFLOWS, *ACTIONS):
        for action, rest in USES.findall(path.read_text()):
            pins[action.split("@")[0]].add(action + rest)

    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", WORKFLOWS, ids=label)
def test_a_workflow_has_no_right_by_default_and_a_job_names_its_own(path: Path) -> None:
    workflow = read(path)

    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert "permissions" in job, name
        assert all(right in ("read", "write") for right in job["permissions"].values()), name
        assert "timeout-minutes" in job or "uses" in job, f"{name}: ends by itself"


@pytest.mark.parametrize("path", WORKFLOWS, ids=label)
def test_what_changes_an_environment_runs_once_at_a_time_and_is_never_cancelled(path: Path) -> None:
    workflow = read(path)
    for name, job in workflow["jobs"].items():
        if not CHANGES_AN_ENVIRONMENT.search(yaml.safe_dump(job)):
            continue
        concurrency = job.get("concurrency") or workflow["concurrency"]

        assert str(concurrency["group"]).startswith("stack-"), name
        assert concurrency.get("cancel-in-progress", False) is False, name
        assert "environment" in job, f"{name}: its approvals, and the subject of its token"


@pytest.mark.parametrize("path", WORKFLOWS, ids=label)
def test_a_workflow_says_what_runs_beside_it(path: Path) -> None:
    workflow = read(path)

    assert "concurrency" in workflow or all("concurrency" in job for job in workflow["jobs"].values())


def test_credentials_outlive_the_job_that_has_them_and_ask_for_no_more_than_the_role_allows() -> None:
    """Those that end in the middle of an update leave it half done, and what deploys locked out."""
    default = int(read(ROOT / ".github" / "actions" / "state" / "action.yml")["inputs"]["session-seconds"]["default"])
    seen = set[str]()
    for path in WORKFLOWS:
        for name, job in read(path)["jobs"].items():
            for step in job.get("steps", []):
                if not re.search(r"actions/state|configure-aws-credentials", step.get("uses", "")):
                    continue
                asked = step["with"].get("session-seconds") or step["with"].get("role-duration-seconds") or default
                seen.add(f"{path.stem}.{name}")

                assert job["timeout-minutes"] * 60 <= int(asked) <= SESSION_SECONDS, f"{path.stem}.{name}"
    assert {"promote.promote", "roll.roll", "expire.destroy", "preview.prices"} <= seen


def test_what_the_action_is_asked_for_reaches_aws() -> None:
    steps = read(ROOT / ".github" / "actions" / "state" / "action.yml")["runs"]["steps"]

    assert steps[0]["with"]["role-duration-seconds"] == "${{ inputs.session-seconds }}"


def test_nothing_of_an_attested_commit_runs_before_main_has_proved_it() -> None:
    """The commit is a word of whoever may write where attestations are kept, until the keys of main say otherwise."""
    jobs = read(ROOT / ".github" / "workflows" / "promote.yml")["jobs"]
    proof = jobs["attestation"]
    checkout, prove = proof["steps"][0]["with"], next(step for step in proof["steps"] if step.get("id") == "prove")
    assert (checkout["ref"], checkout["fetch-depth"]) == ("main", 0)
    assert proof["outputs"]["commit"] == "${{ steps.prove.outputs.commit }}"
    proved = prove["run"].partition("ops attest check")[2]
    assert 'proved.json" >> "$GITHUB_OUTPUT"' in proved, "the commit is read from what was proved"

    for name, job in jobs.items():
        for step in job["steps"]:
            ref = step.get("with", {}).get("ref", "main")
            if ref != "main":
                assert ref == "${{ needs.attestation.outputs.commit }}", name
                assert step["with"]["fetch-depth"] == 0, f"{name}: origin/main, which has the keys, is there"
                assert "attestation" in job["needs"], name


def test_testing_goes_back_unless_the_release_was_verified_and_no_push_stands_in_the_way() -> None:
    """Also after a job that hung: its time being over is no failure to GitHub. And not because of an attestation."""
    roll = read(ROOT / ".github" / "workflows" / "roll.yml")
    job = roll["jobs"]["roll"]
    (verify,) = (step for step in job["steps"] if step.get("id") == "verify")
    assert "ops verify" in verify["run"]
    assert job["outputs"]["verified"] == "${{ steps.verify.outcome == 'success' }}"
    assert roll[True]["workflow_call"]["outputs"]["verified"]["value"] == "${{ jobs.roll.outputs.verified }}"

    jobs = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    back, revert = jobs["back"], jobs["revert"]
    unverified = "needs.testing.outputs.verified != 'true'"
    assert back["if"] == revert["if"] == f"${{{{ always() && needs.commit.result == 'success' && {unverified} }}}}"
    assert (back["needs"], back["with"]["commit"]) == (["commit", "testing"], "${{ needs.commit.outputs.commit }}")
    before = "${{ needs.testing.outputs.before || needs.commit.outputs.before }}"
    assert back["with"]["release"] == revert["steps"][-1]["with"]["release"] == before, "what ran, else what main said"


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=label)
def test_whatever_is_pushed_goes_through_the_script_that_does_not_lose_a_race(path: Path) -> None:
    assert "git push" not in path.read_text()


LISTS = [path for path in (*WORKFLOWS, *ACTIONS) if "ops env list" in path.read_text()]


@pytest.mark.parametrize("path", LISTS, ids=label)
@pytest.mark.parametrize("code", ExitCode)
def test_a_stack_file_that_is_refused_holds_no_other_stack_back(path: Path, code: ExitCode) -> None:
    """`ops env list` ends with 1 then, and lists the others; any other fault stops the job."""
    found = re.findall(r"-m ops env list(.*)", path.read_text())

    assert found
    for rest in found:
        excused = re.fullmatch(r' --json > "\$RUNNER_TEMP/\w+\.json" \|\| (.+)', rest)
        assert excused, rest
        run = subprocess.run(["bash", "-ec", f"(exit {code:d}) || {excused[1]}"], check=False)
        assert (run.returncode == 0) == (code in (ExitCode.CLEAN, ExitCode.FINDINGS))


def test_zizmor_finds_nothing() -> None:
    program = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [str(program), "--offline", "--no-progress", "--quiet", str(ROOT / ".github")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_actionlint_finds_nothing() -> None:
    program = shutil.which("actionlint")
    if program is None:
        pytest.skip("no actionlint on the PATH (make lint-workflows)")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("command", ["pull-request comment", "preview"])
@pytest.mark.parametrize("code", ExitCode)
def test_what_a_verdict_says_reaches_the_pull_request_and_only_wrong_usage_stops_it(
    command: str, code: ExitCode
) -> None:
    text = (ROOT / ".github" / "workflows" / "preview.yml").read_text()
    found = re.findall(rf"-m ops {command} [^|]*\|\| (.+)", text)

    assert found
    for excused in set(found):
        run = subprocess.run(["bash", "-ec", f"(exit {code:d}) || {excused}"], check=False)
        assert (run.returncode == 0) == (code is not ExitCode.USAGE)
