"""One image of a release: what its source has, what is in the environment's repository, and the copy between them.

OCI Image Index 1.0 and Distribution Specification 1.1; ECR never gives a tag of an immutable repository to another
digest.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from ops.errors import UsageError
from ops.preflight.reading import Trouble
from ops.preflight.registry import Registries
from ops.preflight.sources import Image

PLATFORMS = ("linux/amd64", "linux/arm64")
"""What testers run: both of these in each image."""


class DistributionError(UsageError):
    """A release cannot be distributed as it was asked for; nothing was done."""


class UnfinishedError(Exception):
    """A copy stopped, or what arrived is not what was sent. The message says what to do."""


@dataclass(frozen=True, slots=True)
class ImageCopy:
    """One image: the index of the source, the manifests that it names, and the tag that it gets."""

    name: str
    source: Image
    target: Image
    manifests: tuple[str, ...]
    """Digests of all that the index names: of each architecture, and of attestations beside them."""
    already_there: bool

    @property
    def digest(self) -> str:
        """Of the index, in the source and in the copy."""
        return self.source.digest


class _Platform(BaseModel):
    os: str = ""
    architecture: str = ""


class _Manifest(BaseModel):
    digest: str
    platform: _Platform = _Platform()


class _Index(BaseModel):
    manifests: tuple[_Manifest, ...]


def planned(registries: Registries, name: str, source: Image, target: Image) -> ImageCopy:
    """What is to copy of an image. Reads both registries and changes nothing.

    Raises:
        DistributionError: the source does not have it, or not for each architecture; or its tag is taken by another.
    """
    written = _asked(registries.manifest(source, source.digest or source.tag), source)
    digest = f"sha256:{hashlib.sha256(written).hexdigest()}"
    if source.digest not in ("", digest):
        raise DistributionError(f"{source.written}: its registry gave {digest} instead. Do not distribute it")
    index = _index(written, source)
    found = {f"{one.platform.os}/{one.platform.architecture}" for one in index.manifests}
    missing = [platform for platform in PLATFORMS if platform not in found]
    if missing:
        raise DistributionError(
            f"{source.written}: its index has no {' and no '.join(missing)}. Publish the release for "
            f"{' and '.join(PLATFORMS)}, then distribute it"
        )
    there = registries.digest(target, target.tag)
    if isinstance(there, Trouble):
        raise DistributionError(f"{target.written}: {there.what}")
    if there not in (None, digest):
        raise DistributionError(
            f"{target.written} is {there} already, and {source.written} is {digest}: a tag is given once. Distribute "
            "a new version; what testers have stays what it is"
        )
    exact = Image(source.registry, source.repository, source.tag, digest)
    manifests = tuple(one.digest for one in index.manifests)
    complete = there is not None and not _missing(registries, target, manifests)
    return ImageCopy(name, exact, target, manifests, already_there=complete)


def copied(registries: Registries, copy: ImageCopy, crane: Callable[[str, str], None]) -> None:
    """Copy an image unless it is there, then look whether it arrived bit by bit.

    Raises:
        UnfinishedError: it did not.
    """
    if not copy.already_there:
        crane(
            f"{copy.source.registry}/{copy.source.repository}@{copy.digest}",
            f"{copy.target.registry}/{copy.target.repository}:{copy.target.tag}",
        )
    arrived = registries.digest(copy.target, copy.target.tag)
    if isinstance(arrived, Trouble):
        raise UnfinishedError(f"{copy.target.written}: {arrived.what}. Repeat the command: what is there stays")
    if arrived != copy.digest:
        raise UnfinishedError(
            f"{copy.target.written} is {arrived or 'not there'} after the copy, not {copy.digest}. Name it to no "
            "tester; repeat the command"
        )
    missing = _missing(registries, copy.target, copy.manifests)
    if missing:
        raise UnfinishedError(
            f"{copy.target.written}: {', '.join(missing)} did not arrive. Name it to no tester; repeat the command"
        )


def _missing(registries: Registries, target: Image, manifests: tuple[str, ...]) -> list[str]:
    """The manifests that a repository does not have under the digest that the index names."""
    return [digest for digest in manifests if registries.digest(target, digest) != digest]


def _asked(found: bytes | Trouble | None, source: Image) -> bytes:
    if isinstance(found, Trouble):
        raise DistributionError(f"{source.written}: {found.what}")
    if found is None:
        raise DistributionError(f"{source.written} is not published: correct the version, or wait until it is")
    return found


def _index(written: bytes, source: Image) -> _Index:
    try:
        return _Index.model_validate_json(written)
    except ValidationError:
        raise DistributionError(
            f"{source.written} is one image, not an index of several architectures. Publish the release for "
            f"{' and '.join(PLATFORMS)}, then distribute it"
        ) from None
