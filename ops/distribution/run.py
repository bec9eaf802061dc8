"""Everything of a release for testers: looked at first, then copied, then looked at again."""

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from botocore.client import BaseClient

from infra import versions
from infra.settings import Environment
from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws
from ops.distribution.binaries import Binary, compared, in_folder, stored
from ops.distribution.crane import Crane, logged_in
from ops.distribution.images import DistributionError, ImageCopy, copied, planned
from ops.outputs import DistributionOutputs
from ops.preflight.registry import Registries
from ops.preflight.sources import Image, parse

SOURCES: Mapping[str, str] = {versions.TERANODE_IMAGE.rpartition("/")[2]: versions.TERANODE_IMAGE}
"""Where each image comes from, by the name of the repository that it goes to."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be there afterwards, and what of it is there already."""

    version: str
    """The release, without a digest: the tag of images, and the folder of binaries."""
    images: tuple[ImageCopy, ...]
    bucket: str
    binaries: tuple[Binary, ...]

    @property
    def complete(self) -> bool:
        """Whether there is nothing to do."""
        return all(item.already_there for item in (*self.images, *self.binaries))


@dataclass(frozen=True, slots=True)
class Places:
    """The registries that are read, those with a login, and the bucket's service."""

    registries: Registries
    logins: Mapping[str, str]
    s3: BaseClient


def places_of_testers(aws: Aws, environment: Environment) -> Places:
    """Log in where testers read: nobody else is asked with an account.

    Raises:
        UsageError: the environment has no testers, or the credentials are another account's.
    """
    if not environment.testers:
        raise DistributionError(
            f"Pulumi.{environment.name}.yaml names no testers, so there is nothing to fill. Write their accounts into "
            "`distribution.testers`, run pulumi up, then repeat the command"
        )
    refuse_other_accounts(aws, environment.name, environment.account, environment.home)
    [granted] = aws.client("ecr", environment.home).get_authorization_token()["authorizationData"]
    host = granted["proxyEndpoint"].partition("://")[2]
    logins = {host: granted["authorizationToken"]}
    return Places(Registries(logins=logins), logins, aws.client("s3", environment.home))


def plan(
    places: Places, testers: DistributionOutputs | None, release: str, images: Collection[str], folder: Path | None
) -> Plan:
    """Look at everything that is to be copied. Changes nothing.

    Raises:
        DistributionError: something cannot be distributed.
    """
    if testers is None:
        raise DistributionError("the stack has no repositories for testers yet: run pulumi up, then repeat the command")
    wanted = sorted(set(images) or testers.repositories)
    unknown = [name for name in wanted if name not in testers.repositories or name not in SOURCES]
    if unknown:
        known = sorted(set(testers.repositories).intersection(SOURCES))
        raise DistributionError(f"{', '.join(unknown)}: testers get {', '.join(known)} and nothing else")
    version, _, digest = release.partition("@")
    binaries = in_folder(folder, version) if folder else []
    copies = [
        planned(
            places.registries, name, _named(SOURCES[name], version, digest), _named(testers.repositories[name], version)
        )
        for name in wanted
    ]
    return Plan(version, tuple(copies), testers.bucket, tuple(compared(places.s3, testers.bucket, binaries)))


def distribute(places: Places, wanted: Plan, executable: Callable[[], str], tell: Callable[[str], object]) -> None:
    """Make the plan true, images first; what is there already is only looked at again.

    Raises:
        DistributionError: `crane` is needed, and there is none.
        UnfinishedError: it stopped half-way. The next run goes on.
    """
    with ExitStack() as block:
        crane: Crane | None = None
        for copy in wanted.images:
            tell(f"copying {copy.target.written}")
            if crane is None and not copy.already_there:
                crane = block.enter_context(logged_in(executable(), places.logins))
            copied(places.registries, copy, crane.copy if crane else _nothing)
    for binary in wanted.binaries:
        tell(f"storing {binary.key}")
        stored(places.s3, wanted.bucket, binary)


def _nothing(_source: str, _target: str) -> None:
    """What is there is not copied."""


def _named(name: str, tag: str, digest: str = "") -> Image:
    image = parse(f"{name}:{tag}{f'@{digest}' if digest else ''}")
    if image is None:
        raise DistributionError(f"{name}:{tag} names no image")
    return image
