"""Signed binaries of a folder, and the bucket that testers read."""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from ops.aws.session import code_of
from ops.distribution.images import DistributionError, UnfinishedError

SIGNATURES = (".asc", ".minisig", ".sig", ".sigstore.json")
_CHECKSUM = ".sha256"
_SUM = re.compile(r"([0-9a-f]{64})(?: [ *](?P<name>\S.*))?\s*")
_MAX_BYTES = 5 * 2**30
"""S3 takes no more in one request, and only one request is atomic."""
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
_ABSENT = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(frozen=True, slots=True)
class Binary:
    """A file, its place in the bucket, and its SHA-256."""

    path: Path
    key: str
    sha256: bytes
    already_there: bool = False


def in_folder(folder: Path, version: str) -> list[Binary]:
    """The files of a folder and of those in it, each checked to have its checksum and a signature beside it; sorted.

    Signatures are not verified: whose key is the right one is known to those who give it to the testers.

    Raises:
        DistributionError: one of them is missing or wrong.
    """
    if not folder.is_dir():
        raise DistributionError(f"{folder} is no folder")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    problems = [problem for path in files if (problem := _problem(path))]
    contents = [path for path in files if _signed(path) == path]
    if not contents:
        problems.append(f"{folder} has no binaries")
    if problems:
        raise DistributionError("\n".join([*problems, "Nothing was done: sign the release again, then repeat"]))
    return [Binary(path, f"{version}/{path.relative_to(folder).as_posix()}", _sha256(path)) for path in files]


def _signed(path: Path) -> Path:
    """The file that this one is the checksum or the signature of; itself if it is neither."""
    ending = next((one for one in (_CHECKSUM, *SIGNATURES) if path.name.endswith(one)), "")
    return path.with_name(path.name.removesuffix(ending)) if ending else path


def _problem(path: Path) -> str | None:
    signed = _signed(path)
    if signed != path:
        return None if signed.is_file() else f"{path}: there is no {signed.name} beside it"
    if path.is_symlink() or path.stat().st_size > _MAX_BYTES:
        return f"{path}: not a file of at most 5 GiB"
    if not any(path.with_name(path.name + ending).is_file() for ending in SIGNATURES):
        return f"{path}: there is no signature beside it ({', '.join(path.name + ending for ending in SIGNATURES)})"
    return _checksum_problem(path)


def _checksum_problem(path: Path) -> str | None:
    checksum = path.with_name(path.name + _CHECKSUM)
    if not checksum.is_file():
        return f"{path}: there is no {checksum.name} beside it"
    stated = _SUM.fullmatch(checksum.read_text(encoding="utf-8", errors="replace"))
    if stated is None or stated["name"] not in (None, path.name):
        return f"{checksum}: not a line of `sha256sum {path.name}`"
    return None if stated[1] == _sha256(path).hex() else f"{path}: its SHA-256 is not the one in {checksum.name}"


def compared(s3: BaseClient, bucket: str, binaries: list[Binary]) -> list[Binary]:
    """The same, and which of them are in the bucket.

    Raises:
        DistributionError: one is there with another content.
    """
    found = []
    for binary in binaries:
        there = _stored(s3, bucket, binary.key)
        if there not in (None, binary.sha256):
            raise DistributionError(
                f"s3://{bucket}/{binary.key} has another content than {binary.path}: a file is published once. "
                "Distribute a new version"
            )
        found.append(Binary(binary.path, binary.key, binary.sha256, already_there=there is not None))
    return found


def stored(s3: BaseClient, bucket: str, binary: Binary) -> None:
    """Put a file where nothing is; S3 refuses it if it arrives with another checksum.

    Raises:
        UnfinishedError: meanwhile there is something.
    """
    if binary.already_there:
        return
    try:
        with binary.path.open("rb") as content:
            s3.put_object(
                Bucket=bucket,
                Key=binary.key,
                Body=content,
                ChecksumSHA256=base64.b64encode(binary.sha256).decode(),
                IfNoneMatch="*",
            )
    except ClientError as error:
        if code_of(error) not in _TAKEN:
            raise
        raise UnfinishedError(f"s3://{bucket}/{binary.key} was written by somebody else: repeat the command") from error


def _stored(s3: BaseClient, bucket: str, key: str) -> bytes | None:
    """The SHA-256 of an object by its content, whoever wrote it; None if there is none."""
    try:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"]
    except ClientError as error:
        if code_of(error) in _ABSENT:
            return None
        raise
    digest = hashlib.sha256()
    for chunk in body.iter_chunks(2**20):
        digest.update(chunk)
    return digest.digest()


def _sha256(path: Path) -> bytes:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").digest()
