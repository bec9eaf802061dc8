"""The node pools as they are written in the stack file."""

from typing import Annotated

from pydantic import Field

from infra.catalog import Architecture
from infra.settings import fields
from infra.settings.section import Doc, Section

MAX_NODES_PER_POOL = 450
"""Default quota of nodes per EKS managed node group."""
MIN_DISK_GIB, MAX_DISK_GIB = 20, 16_384
"""A node image fills about 8 GiB and keeps pulled images here; gp3 volumes end at 16 TiB in every region."""
MAX_INSTANCE_TYPES = 20
"""EKS limit: instance types per managed node group."""


class SystemPoolKeys(Section):
    """Nodes for what the cluster itself needs (DNS, controllers, operators)."""

    instance_types: Annotated[
        tuple[fields.InstanceType, ...] | None,
        Field(min_length=1, max_length=MAX_INSTANCE_TYPES),
        Doc(
            "EC2 instance types, in order of preference, all of one architecture",
            "capacity differs by zone and day",
            default="by tier and architecture, see below",
        ),
    ] = None
    min_nodes_per_zone: Annotated[
        int | None,
        Field(ge=1, le=MAX_NODES_PER_POOL),
        Doc(
            "fewest nodes, and how many there are until somebody wants more",
            "with two zones or more, the loss of one must not stop the cluster; a general pool must hold its pods",
            unit="nodes per zone",
            default="min_nodes_per_zone",
        ),
    ] = None
    max_nodes_per_zone: Annotated[
        int | None,
        Field(ge=1, le=MAX_NODES_PER_POOL),
        Doc(
            "most nodes, for whoever adds some (a person, an autoscaler of yours): nothing here does",
            "it caps the bill",
            unit="nodes per zone",
            default="max_nodes_per_zone",
        ),
    ] = None
    disk_gib: Annotated[
        int | None,
        Field(ge=MIN_DISK_GIB, le=MAX_DISK_GIB),
        Doc("root volume (encrypted gp3): images and logs", "no chain data lives here", unit="GiB", default="disk_gib"),
    ] = None


class GeneralPoolKeys(SystemPoolKeys):
    """Nodes for Teranode's stateless services."""

    architecture: Annotated[
        Architecture | None,
        Doc(
            "processor architecture",
            "Graviton (arm64) costs about a fifth less; Teranode's images exist for both",
            default="that of `instanceTypes` if given, else arm64",
        ),
    ] = None
    capacity: Annotated[
        fields.Capacity | None,
        Doc(
            "how instances are bought; `spot` is refused on the mainnet tier",
            "spot is cheap and may vanish in two minutes",
            default="capacity",
        ),
    ] = None


class StoragePoolKeys(Section):
    """Nodes with local NVMe disks, one fixed-size on-demand node group per zone, tainted for their database."""

    instance_type: Annotated[str, Doc("one EC2 instance type with local NVMe disks", "nodes of a rack must be alike")]
    nodes_per_zone: Annotated[
        int | None,
        Field(ge=1, le=MAX_NODES_PER_POOL),
        Doc(
            "nodes in each zone: pods of a rack, plus a spare on the mainnet tier",
            "a replaced node loses its disks; its pod needs a place to refill them",
            unit="nodes",
            default="min_storage_nodes_per_zone",
            mainnet_least="min_storage_nodes_per_zone",
        ),
    ] = None
    zones: Annotated[
        tuple[str, ...] | None,
        Field(min_length=1),
        Doc(
            "zones that carry the pool; only inside `regions.<region>.nodes`",
            "some types are not offered in every zone",
            default="all zones of the region",
        ),
    ] = None


class NodesKeys(Section):
    """Node pools. At the top level they hold for all regions; inside a region they change that region only."""

    system: Annotated[
        SystemPoolKeys | None,
        Doc("the system pool, key by key", "change one key, keep the others", default="by tier, see below"),
    ] = None
    general: Annotated[
        GeneralPoolKeys | None,
        Doc("the general pool, key by key", "change one key, keep the others", default="by tier, see below"),
    ] = None
    storage: Annotated[
        dict[str, StoragePoolKeys] | None,
        Doc(
            "storage pools by name; a map given here replaces the whole default map, `{}` means none",
            "a pool half-changed by a merge would be hard to read",
            default="by tier, see below",
        ),
    ] = None
