"""`ops attest`: what is signed, by whom it is proved, and what is refused.

Moto stands for S3 and KMS. It signs every message as a whole, whatever MessageType says; so that a digest is signed as
KMS does it, its signature is made here, by the key that moto holds.
"""

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from moto.kms.utils import ECDSAPrivateKey
from typer.testing import CliRunner

from ops.attest.envelope import PAYLOAD_TYPE, Envelope, EnvelopeError, key_from_pem, opened, pem, read, sealed
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.verify.judge import Rule
from tests.support.aws_account import empty_account
from tests.support.git_project import GitProject, git_project
from tests.support.stacks import ROOT, evaluated

ACCOUNT = "111122223333"
BUCKET = f"teranode-state-{ACCOUNT}-testing"
UPDATED, VERIFIED = "2026-11-20T10:00:00.000Z", "2026-11-20T10:30:00Z"


def signature_of_a_digest(key: ECDSAPrivateKey, message: bytes, signing_algorithm: str) -> bytes:
    assert signing_algorithm == "ECDSA_SHA_256"
    return key.private_key.sign(message, ec.ECDSA(utils.Prehashed(SHA256())))


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """What `ops bootstrap` makes for attestations, in the account of testing."""
    monkeypatch.setattr(ECDSAPrivateKey, "sign", signature_of_a_digest)
    with empty_account(ACCOUNT, monkeypatch, tmp_path):
        kms, s3 = (boto3.client(name, region_name="eu-west-1") for name in ("kms", "s3"))
        key = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName="alias/teranode-attest-testing", TargetKeyId=key)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield s3


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> GitProject:
    """Testing as its stack file says, last updated from the commit that is checked out."""
    made = git_project(tmp_path, monkeypatch)
    made.pulumi.answer("stack export", stdout=json.dumps(evaluated("testing").deployment))
    return made


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["attest", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def verification(**changed: object) -> dict[str, Any]:
    checks = [
        {"miner": miner, "rule": rule.value, "verdict": "holds", "found": "", "remedy": ""}
        for miner in ("miner-1", "miner-2", "miner-3")
        for rule in Rule
    ]
    said = {"format": 1, "stack": "testing", "release": "v0.14.4", "time": VERIFIED, "holds": True, "checks": checks}
    return {**said, **changed}


def written(folder: Path, document: object) -> Path:
    file = folder / "verification.json"
    file.write_text(json.dumps(document))
    return file


def sign(folder: Path, document: object) -> tuple[int, str, str]:
    return run("sign", "testing", "--verification", str(written(folder, document)), "--json")


def test_what_was_proved_is_kept_signed_and_can_be_proved_without_the_account(
    account: Any, project: GitProject, tmp_path: Path
) -> None:
    commit = project.git("rev-parse", "HEAD")
    project.history(commit, end=UPDATED)
    code, stdout, stderr = sign(tmp_path, verification())
    assert code == ExitCode.CLEAN, stderr
    document = json.loads(stdout)
    assert document["place"] == f"s3://{BUCKET}/attestations/v0.14.4/{commit}.json"
    said = document["attestation"]
    assert (said["stack"], said["release"], said["commit"]) == ("testing", "v0.14.4", commit)
    assert said["images"]["miner-1"]["image"].endswith("teranode:v0.14.4")
    assert "blockchain" in said["images"]["miner-1"]["services"]
    assert said["requirements"] == hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    assert said["resources"]["aws:eks/cluster:Cluster"] == 3
    text = (tmp_path / "verification.json").read_bytes()
    proved = said["verification"]
    assert (proved["time"], proved["sha256"]) == (VERIFIED, hashlib.sha256(text).hexdigest())
    assert [check["verdict"] for check in proved["checks"]] == ["holds"] * 21

    public_key = key_from_pem(run("key", "testing")[1].encode(), "printed")
    fetched = tmp_path / "attestation.json"
    assert run("fetch", "testing", "--to", str(fetched), "--commit", commit)[0] == ExitCode.CLEAN
    payload = opened(read(fetched.read_bytes(), "fetched"), public_key, "fetched")
    assert json.loads(payload) == said
    assert payload == json.dumps(said, sort_keys=True, separators=(",", ":")).encode(), "canonical"
    stored = account.get_object(Bucket=BUCKET, Key=f"attestations/v0.14.4/{commit}.json")["Body"].read()
    assert stored == fetched.read_bytes()


@pytest.mark.usefixtures("account")
def test_the_newest_is_fetched_and_all_are_listed(project: GitProject, tmp_path: Path) -> None:
    commits = []
    for number in range(2):
        commits.append(project.commit(f"commit {number}"))
        (project.pulumi.folder / "answers.json").write_text("[]")
        project.pulumi.answer("stack export", stdout=json.dumps(evaluated("testing").deployment))
        project.history(commits[-1], end=UPDATED)
        assert sign(tmp_path, verification())[0] == ExitCode.CLEAN

    listed = [one["commit"] for one in json.loads(run("list", "testing", "--json")[1])["attestations"]]
    assert set(listed) == set(commits)
    assert run("fetch", "testing", "--to", str(tmp_path / "found.json"), "--commit", commits[0])[0] == ExitCode.CLEAN
    assert commits[0] in run("list", "testing")[1]
    code, _, stderr = run("fetch", "testing", "--to", str(tmp_path / "none.json"), "--commit", "0" * 40)
    assert (code, "no attestation of 0000" in stderr) == (ExitCode.USAGE, True)


def test_what_is_no_attestation_keeps_nobody_from_the_others(account: Any, project: GitProject, tmp_path: Path) -> None:
    commit = project.git("rev-parse", "HEAD")
    project.history(commit, end=UPDATED)
    assert sign(tmp_path, verification())[0] == ExitCode.CLEAN
    old = envelope(ec.generate_private_key(ec.SECP256R1()), b'{"format":1}').model_dump_json(by_alias=True)
    for name, body in (("v0.1.0/old.json", old.encode()), ("note.txt", b"\xff")):
        account.put_object(Bucket=BUCKET, Key=f"attestations/{name}", Body=body)

    code, stdout, stderr = run("list", "testing", "--json")
    assert (code, [one["commit"] for one in json.loads(stdout)["attestations"]]) == (ExitCode.CLEAN, [commit])
    assert "v0.1.0/old.json: an attestation of another form than format 2" in stderr
    assert "note.txt: no attestation" in stderr
    assert run("fetch", "testing", "--to", str(tmp_path / "found.json"))[0] == ExitCode.CLEAN


def broken(rule: str, verdict: str) -> list[dict[str, str]]:
    return [{**check, "verdict": verdict} if check["rule"] == rule else check for check in verification()["checks"]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"checks": broken("tip", "fails"), "holds": False}, "tip of miner-1 fails"),
        ({"checks": broken("tip", "unknown")}, "tip of miner-1 unknown"),
        ({"holds": False}, "its own summary"),
        ({"checks": verification()["checks"][1:]}, "does not look at services of miner-1"),
        ({"stack": "mainnet"}, "is of stack 'mainnet'"),
        ({"release": "v0.14.3"}, "is of v0.14.3, and testing has v0.14.4"),
        ({"time": "2026-11-20T09:59:59Z"}, "older than the last update"),
        ({"time": None}, "not what `ops verify STACK --json` prints"),
        ({"format": 2}, "not what `ops verify STACK --json` prints"),
    ],
)
@pytest.mark.usefixtures("account")
def test_a_verification_that_proves_too_little_is_refused(
    project: GitProject, tmp_path: Path, changed: dict[str, object], message: str
) -> None:
    project.history(project.git("rev-parse", "HEAD"), end=UPDATED)
    code, stdout, stderr = sign(tmp_path, verification(**changed))

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert message in stderr
    assert json.loads(run("list", "testing", "--json")[1])["attestations"] == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"environment": {"git.head": "f" * 40, "git.dirty": "false"}}, f"last updated from {'f' * 40}, and"),
        ({"environment": {"git.head": "f" * 40, "git.dirty": "true"}}, "from a work tree with changes"),
        ({"environment": {}}, "last updated from no commit"),
        ({"result": "failed"}, "is a update that failed"),
        ({"kind": "destroy"}, "is a destroy that succeeded"),
    ],
)
@pytest.mark.usefixtures("account")
def test_what_was_not_updated_from_this_commit_is_refused(
    project: GitProject, tmp_path: Path, changed: dict[str, object], message: str
) -> None:
    project.history(project.git("rev-parse", "HEAD"), end=UPDATED, **changed)
    code, _, stderr = sign(tmp_path, verification())

    assert code == ExitCode.USAGE
    assert message in stderr


@pytest.mark.usefixtures("account")
def test_a_stack_that_is_not_all_that_its_commit_makes_is_not_attested(project: GitProject, tmp_path: Path) -> None:
    """As after an update of some resources alone: it ended well, from this commit, and something is still missing."""
    recorded = json.loads(json.dumps(evaluated("testing").deployment))
    rows = recorded["deployment"]["resources"]
    rows.remove(next(row for row in rows if row["type"] == "aws:ec2/vpc:Vpc"))
    (project.pulumi.folder / "answers.json").write_text("[]")
    project.pulumi.answer("stack export", stdout=json.dumps(recorded))
    project.history(project.git("rev-parse", "HEAD"), end=UPDATED)
    code, stdout, stderr = sign(tmp_path, verification())

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert "aws:ec2/vpc:Vpc: 2 are attested, 3 made" in stderr
    assert json.loads(run("list", "testing", "--json")[1])["attestations"] == []


@pytest.mark.usefixtures("account")
def test_a_work_tree_with_changes_is_refused_and_names_them(project: GitProject, tmp_path: Path) -> None:
    project.history(project.git("rev-parse", "HEAD"), end=UPDATED)
    (project.folder / "new file.py").write_text("")
    (project.folder / "requirements.txt").write_text("other")
    code, _, stderr = sign(tmp_path, verification())

    assert code == ExitCode.USAGE
    assert 'differs from its commit in requirements.txt, "new file.py"' in stderr


@pytest.mark.usefixtures("account")
def test_another_account_is_refused_before_anything_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    code, stdout, stderr = run("list", "mainnet")

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert "of account 444455556666" in stderr
    monkeypatch.undo()


def envelope(key: ec.EllipticCurvePrivateKey, payload: bytes = b'{"a":1}') -> Envelope:
    return sealed(payload, key.public_key(), lambda digest: key.sign(digest, ec.ECDSA(utils.Prehashed(SHA256()))))


def test_openssl_proves_a_signature_over_what_dsse_says(tmp_path: Path) -> None:
    """Another implementation, on the bytes that the specification names."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = envelope(key)
    kind = PAYLOAD_TYPE.encode()
    signed = b"DSSEv1 " + str(len(kind)).encode() + b" " + kind + b" 7 " + b'{"a":1}'
    (tmp_path / "signed").write_bytes(signed)
    (tmp_path / "signature").write_bytes(base64.b64decode(made.signatures[0].sig))
    (tmp_path / "key.pem").write_text(pem(key.public_key()))
    command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "signed"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stdout == "Verified OK\n"


def test_what_is_changed_or_signed_by_another_is_refused() -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    made = envelope(key)
    payload = base64.b64encode(b'{"a":2}').decode()
    for bad in (
        made.model_copy(update={"payload": payload}),
        made.model_copy(update={"payload_type": "text/plain"}),
        made.model_copy(update={"signatures": ()}),
        made.model_copy(update={"signatures": envelope(other).signatures}),
        made.model_copy(update={"payload": "not base64"}),
    ):
        with pytest.raises(EnvelopeError):
            opened(bad, key.public_key(), "it")
    assert opened(made, key.public_key(), "it") == b'{"a":1}'


def test_a_signature_that_is_not_of_the_key_is_found_before_anybody_relies_on_it() -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(EnvelopeError):
        sealed(b"x", key.public_key(), lambda digest: other.sign(digest, ec.ECDSA(utils.Prehashed(SHA256()))))


@pytest.mark.parametrize("curve", [ec.SECP384R1(), None])
def test_a_file_without_a_key_of_the_right_kind_is_refused(curve: ec.EllipticCurve | None) -> None:
    text = pem(ec.generate_private_key(curve).public_key()).encode() if curve else b"nothing"
    with pytest.raises(EnvelopeError, match="ops attest key"):
        key_from_pem(text, "docs/attestation-keys/testing.pem")
