"""On what grounds `ops promote` acts: whose word counts, and what a signature alone does not make true."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from ops.attest.attestation import AttestationError, CheckedRule, MinerImages
from ops.attest.content import differences, refuse_other_content
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.verify.judge import Rule
from tests.support.git_project import git_project
from tests.support.proof import CHECKS, NEW, OLD, TESTING, Proof, verified


@pytest.fixture
def proof(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Proof:
    return Proof(git_project(tmp_path, monkeypatch), tmp_path)


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def promote(file: Path, *more: str) -> tuple[int, str, str]:
    return run("promote", "mainnet", "--from", "testing", "--attestation", file, "--dry-run", *more)


def check(file: Path, *more: str) -> tuple[int, str, str]:
    return run("attest", "check", file, "--from", "testing", *more)


def test_a_commit_that_brings_its_own_key_along_is_refused_before_and_after_it_is_checked_out(proof: Proof) -> None:
    """Whoever may write where attestations are kept names a commit of a branch, which has another key in its tree."""
    proof.key = ec.generate_private_key(ec.SECP256R1())
    proof.trust(proof.key, reviewed=False)
    file = proof.attestation()

    for code, stdout, stderr in (check(file), promote(file)):
        assert (code, stdout) == (ExitCode.USAGE, "")
        assert "not signed by the key" in stderr


def test_a_commit_that_nobody_reviewed_is_refused_although_the_right_key_signed_it(proof: Proof) -> None:
    commit = proof.project.commit("on a branch", reviewed=False)
    file = proof.attestation()
    for code, stdout, stderr in (check(file), promote(file)):
        assert (code, stdout) == (ExitCode.USAGE, "")
        assert f"attests commit {commit}, which origin/main does not contain" in stderr

    proof.project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert check(file)[0] == ExitCode.CLEAN


def test_a_commit_of_before_is_no_less_reviewed_and_counts_by_the_key_of_today(proof: Proof) -> None:
    old, file = proof.releases(OLD)
    proof.releases(NEW)
    assert check(file)[0] == ExitCode.CLEAN

    proof.trust(ec.generate_private_key(ec.SECP256R1()))
    proof.project.git("checkout", "--quiet", old)
    code, _, stderr = promote(file)
    assert (code, "not signed by the key" in stderr) == (ExitCode.USAGE, True)


def test_without_the_branch_whose_keys_count_nothing_is_believed(proof: Proof) -> None:
    file = proof.attestation()
    proof.project.git("update-ref", "-d", "refs/remotes/origin/main")
    code, _, stderr = check(file)
    assert (code, "no origin/main here, whose keys count: git fetch origin" in stderr) == (ExitCode.USAGE, True)

    assert check(file, "--trusted", "main")[0] == ExitCode.CLEAN


NOW = datetime.now(UTC)
FORGED = {
    "no check": (
        {"verification": verified(NOW).model_copy(update={"checks": ()})},
        "does not look at height of miner-1",
    ),
    "one check less": ({"verification": verified(NOW, *CHECKS[1:])}, "does not look at services of miner-1"),
    "a check that fails": (
        {"verification": verified(NOW, *CHECKS[1:], CheckedRule(miner="miner-1", rule=Rule.SERVICES, verdict="fails"))},
        "services of miner-1 fails",
    ),
    "other packages": ({"requirements": "0" * 64}, f"requirements {'0' * 64} is attested"),
    "a release that the commit does not name": ({"release": OLD}, f"release {OLD} is attested, the commit has {NEW}"),
    "no image": ({"images": {}}, "miner-1: nothing is attested, "),
    "another image": (
        {"images": {**TESTING.images, "miner-1": MinerImages(image="evil", services=("peer",))}},
        "miner-1: evil in peer is attested, ",
    ),
    "no resource": ({"resources": {}}, ": 0 are attested, "),
    "a resource less": (
        {"resources": {**TESTING.resources, "aws:ec2/vpc:Vpc": 2}},
        "aws:ec2/vpc:Vpc: 2 are attested, 3 made",
    ),
    "another environment": ({"environment": "mainnet"}, "environment mainnet is attested"),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_the_right_key_signed_and_cannot_be_so_is_refused(proof: Proof, what: str) -> None:
    changed, message = FORGED[what]
    attested = proof.made(**changed)
    with pytest.raises(AttestationError, match=re.escape(message)):
        refuse_other_content(attested, TESTING, "it")


def test_what_fits_the_commit_differs_in_nothing_and_is_not_refused(proof: Proof) -> None:
    attested = proof.made()
    refuse_other_content(attested, TESTING, "it")

    assert list(differences(attested, TESTING)) == []


def test_a_forgery_by_the_right_key_is_refused_by_the_program_of_the_commit(proof: Proof) -> None:
    """All that was ever left empty by a forger at once, and nothing in the place of the evaluation."""
    code, stdout, stderr = promote(proof.attestation(images={}, resources={}, requirements="0" * 64))

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert "does not fit commit" in stderr
    assert f"{'0' * 64} is attested" in stderr
