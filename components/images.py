"""Container images: where each comes from, pinned, and the mirror that may stand in for its registry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

# Form of a reference: the distribution project's reference grammar. The registry is required: what a bare name means
# is the container runtime's own default, and a mirror could not be told from it.
_REFERENCE = re.compile(
    r"(?P<registry>[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?|localhost(:\d+)?)"
    r"/(?P<repository>[a-z0-9]+([._/-]+[a-z0-9]+)*)"
    r":(?P<tag>[\w][\w.-]{0,127})"
    r"(@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image, taken apart as charts want it; `digest` counts, `tag` says to people what it is."""

    registry: str
    repository: str
    tag: str
    digest: str | None = None

    @classmethod
    def parse(cls, reference: str) -> "Image":
        """Take `<registry>/<repository>:<tag>[@sha256:<digest>]` apart; raises `ValueError` for any other form."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise ValueError(
                f"image {reference!r} is not <registry>/<repository>:<tag>, optionally with @sha256:<digest>"
            )
        return cls(registry=match["registry"], repository=match["repository"], tag=match["tag"], digest=match["digest"])

    @property
    def name(self) -> str:
        """Registry and repository, without a version."""
        return f"{self.registry}/{self.repository}"

    @property
    def version(self) -> str:
        """The tag, with the digest if one is pinned: for charts that have no field for a digest."""
        return f"{self.tag}@{self.digest}" if self.digest else self.tag

    @property
    def reference(self) -> str:
        """The whole of it, as a pod spec takes it."""
        return f"{self.name}:{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSource:
    """The images of an environment.

    - `pins`: references by the name under which components ask for them.
    - `mirrors`: for a registry such as `quay.io` the prefix that takes its place, for example
      `111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay`. A mirror keeps repositories, tags and digests.
    """

    pins: Mapping[str, str]
    mirrors: Mapping[str, str]

    def image(self, name: str) -> Image:
        """The pinned image `name`, from its mirror if its registry has one; raises `ValueError` if none is pinned."""
        if name not in self.pins:
            raise ValueError(f"no image is pinned under the name {name}")
        return self._mirrored(Image.parse(self.pins[name]))

    def reference(self, name: str) -> str:
        """The pinned image `name` as a pod spec takes it."""
        return self.image(name).reference

    def mirrored(self, reference: str) -> str:
        """Any other image, from its mirror if its registry has one."""
        return self._mirrored(Image.parse(reference)).reference

    def prefix(self, registry: str) -> str:
        """What stands for a registry: its mirror's prefix, else itself."""
        return self.mirrors.get(registry, registry)

    def _mirrored(self, image: Image) -> Image:
        host, _, folder = self.prefix(image.registry).partition("/")
        return replace(image, registry=host, repository=f"{folder}/{image.repository}" if folder else image.repository)
