"""Sources of what runs on the clusters, as they are written in the stack file, and what a tier says of it."""

from dataclasses import dataclass
from typing import Annotated

from infra.settings import fields
from infra.settings.section import Doc, Section


@dataclass(frozen=True, slots=True)
class MonitoringDefaults:
    """How much each cluster's Prometheus keeps: its volume, the days, and the memory of its newest hours."""

    storage_gib: int
    retention_days: int
    memory: str


class ChartKeys(Section):
    """Where one chart comes from; its version is pinned in `infra/versions.py` and no key's to change."""

    repository: Annotated[
        fields.ChartRepository,
        Doc(
            "`https://…`: a Helm repository; `oci://…`: a registry's folder of charts; anything else: a folder of "
            "unpacked charts, relative to the project. Each holds the chart under its own name",
            "a cluster that may not reach the internet takes charts from a mirror; a folder lets a chart be tried out",
        ),
    ]


class PlatformKeys(Section):
    """Operators and platform services of every cluster: where their charts and images come from."""

    charts: Annotated[
        dict[str, ChartKeys] | None,
        Doc(
            "charts by name, those that come from elsewhere only; the names are those in `infra/versions.py`",
            "the projects' own repositories are the default",
            default="the official repositories",
        ),
    ] = None
    image_mirrors: Annotated[
        dict[fields.Registry, fields.RegistryPrefix] | None,
        Doc(
            "registry to the prefix that takes its place in every image, for example "
            "`quay.io: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay`; a mirror keeps repositories, tags and "
            "digests",
            "a registry's limits and outages stop nodes that replace others; what is mirrored can be scanned",
            default="none",
        ),
    ] = None
