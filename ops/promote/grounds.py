"""On what grounds a release may go to another environment: an attestation of this very commit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ops.attest.attestation import Attestation, AttestationError, parse
from ops.attest.envelope import key_from_pem, opened, read
from ops.git import WorkTree
from ops.release.stack_file import text_with_release, with_release
from ops.stacks import StackFile

KEYS = Path("docs") / "attestation-keys"
"""Public keys of attestations, by stack. They are of the commit: whoever changes one is reviewed."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is asked of an attestation: the stack that it is of, and its age at most."""

    source: str
    max_age: timedelta


def proved(file: Path, grounds: Grounds, directory: Path) -> Attestation:
    """The attestation in ``file``, signed by the key of the stack that it must be of.

    Raises:
        EnvelopeError: nobody known has signed it.
        AttestationError: there is no such key, or it attests something else, too long ago, or no digest.
    """
    key = directory / KEYS / f"{grounds.source}.pem"
    try:
        public_key = key_from_pem(key.read_bytes(), str(key))
    except OSError as error:
        raise AttestationError(
            f"{key}: no such file: by it attestations of {grounds.source} are known. Commit what "
            f"`ops attest key {grounds.source}` prints"
        ) from error
    try:
        text = file.read_bytes()
    except OSError as error:
        raise AttestationError(f"{file}: cannot be read ({error.strerror}): `ops attest fetch` gets one") from error
    found = parse(opened(read(text, str(file)), public_key, str(file)), str(file))
    if found.stack != grounds.source:
        raise AttestationError(f"{file}: attests stack {found.stack!r}, not {grounds.source!r}")
    age = datetime.now(UTC) - found.verification.time
    if age > grounds.max_age:
        raise AttestationError(
            f"{file}: verified {age.days} days ago, and --max-age-days allows {grounds.max_age.days}: verify "
            f"{grounds.source} again at that commit and attest it, or allow more"
        )
    if "@sha256:" not in found.release:
        raise AttestationError(
            f"{file}: attests {found.release}, a tag that may move: release it to {grounds.source} with its digest"
        )
    return found


def refuse_another_commit(stack: StackFile, attestation: Attestation, directory: Path) -> None:
    """Refuse a work tree that is not the attested commit; the release of ``stack`` alone may be written already.

    Raises:
        AttestationError: another commit, or changes.
        ReleaseError: the stack file cannot take the release.
    """
    tree, name = WorkTree(directory), stack.path.name
    if (head := tree.head()) != attestation.commit:
        raise AttestationError(
            f"{head} is checked out, and {attestation.commit} was proved in {attestation.stack}: git checkout "
            f"{attestation.commit}"
        )
    changed = tree.changed(name)
    committed = text_with_release(tree.at_head(name), attestation.release, stack.path)
    if committed != with_release(stack.path, attestation.release):
        changed.append(name)
    if changed:
        raise AttestationError(
            f"the work tree differs from {attestation.commit} in {', '.join(changed)}: what was proved is the commit. "
            "Put it aside (git stash), and keep attestations and approvals elsewhere"
        )
