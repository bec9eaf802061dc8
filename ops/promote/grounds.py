"""On what grounds a release may go to another environment: an attestation of this very commit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ops.attest.attestation import Attestation, AttestationError, parse
from ops.attest.envelope import key_from_pem, opened, read
from ops.git import GitError, WorkTree
from ops.release.stack_file import text_with_release, with_release
from ops.stacks import StackFile

KEYS = Path("docs") / "attestation-keys"
"""Public keys of attestations, by stack. They are read from the branch that everybody reviews, and from nowhere else: a
commit that brings its own key along proves nothing."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is asked of an attestation.

    - `source`: the stack that it is of.
    - `max_age`: since it was verified.
    - `trusted`: the branch whose keys count, and that has the attested commit.
    """

    source: str
    max_age: timedelta
    trusted: str


def proved(file: Path, grounds: Grounds, directory: Path) -> Attestation:
    """The attestation in ``file``: signed by the key that the trusted branch has for its stack, of a commit of it.

    Nothing of the attested commit is relied on, so it can be asked before that is checked out.

    Raises:
        EnvelopeError: nobody known has signed it.
        AttestationError: there is no such key, or it attests something else, too long ago, or no digest.
        GitError: git cannot say.
    """
    tree = WorkTree(directory)
    trusted = _trusted(tree, grounds.trusted)
    key = f"{KEYS}/{grounds.source}.pem"
    if (text_of_key := tree.at(trusted, key)) is None:
        raise AttestationError(
            f"{grounds.trusted} has no {key}: by it attestations of {grounds.source} are known. Have what "
            f"`ops attest key {grounds.source}` prints reviewed and committed there"
        )
    public_key = key_from_pem(text_of_key.encode(), f"{key} of {grounds.trusted}")
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
    if not _known(tree, found.commit) or not tree.contains(trusted, found.commit):
        raise AttestationError(
            f"{file}: attests commit {found.commit}, which {grounds.trusted} does not contain: nobody reviewed "
            "it. If it was merged since: git fetch origin"
        )
    return found


def _trusted(tree: WorkTree, ref: str) -> str:
    try:
        return tree.commit_of(ref)
    except GitError as error:
        raise AttestationError(
            f"{tree.directory}: no {ref} here, whose keys count: git fetch origin, or name it with --trusted"
        ) from error


def _known(tree: WorkTree, commit: str) -> bool:
    try:
        return tree.commit_of(commit) == commit
    except GitError:
        return False


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
