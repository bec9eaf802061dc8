"""Where a chart comes from, as Helm takes it: a repository, a registry, or a folder. No resources."""

from dataclasses import dataclass
from urllib.parse import urlsplit

_HTTPS_PORT = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSource:
    """One chart of an exact version.

    - `repository`: `https://…` a Helm repository, `oci://…` a registry's folder of charts, anything else a folder of
      unpacked charts beside the program.
    - `archive`: the packed chart in Base64, for a folder only: a pod cannot read the disk on which Pulumi runs.
    """

    name: str
    version: str
    repository: str
    archive: str | None = None

    @property
    def chart(self) -> str:
        """The chart as Helm is asked for it; a Helm repository is named beside it."""
        return self.name if self.repository_url else f"{self.repository}/{self.name}"

    @property
    def repository_url(self) -> str | None:
        """URL of the Helm repository, if it is one."""
        return self.repository if self.repository.startswith("https://") else None

    @property
    def port(self) -> int:
        """TCP port under which the source answers."""
        return (urlsplit(self.repository).port if "://" in self.repository else None) or _HTTPS_PORT
