"""How much memory, disk and how many nodes a UTXO store needs. Arithmetic only, no resources.

After Aerospike's capacity-planning guide and its guide for secondary indexes (both for server 8.1):

    records in n years = records * (1 + growth) ** n
    record on disk     = payload + header, rounded up to 16 bytes
    disk               = records * copies * record on disk / low-water mark / (1 - reserve)
    primary index      = records * copies * 64 bytes
    secondary index    = records * copies * 14 bytes / fill of a B-tree
    memory of a server = (indexes / servers + caches of its disks + the process) / the part that it may use

A store that is to survive the loss of a zone is measured with the servers that remain when its largest zone is gone:
they come to hold every copy. Checked against mainnet, 340 million records of 400 to 500 GB with about 20 GB of primary
index: the formula says 441 GB and 21.8 GB for one copy.

The community edition counts too: at most 8 servers, and one does not start if its disks exceed 1,280 GiB for each copy
(`AS_NODE_STORAGE_SZ` and `g_unique_data_size` in the server's source).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

GIB = 2**30

INDEX_ENTRY_BYTES = 64
SECONDARY_ENTRY_BYTES = 14
SECONDARY_FILL = 0.5
"""The emptiest that nodes of a B-tree are. A record is in one of Teranode's two secondary indexes at a time."""

RECORD_HEADER_BYTES = 44
"""35 bytes of metadata and 4 of end mark (`as_flat_record` in the server's source), 5 for the name of the set."""
RECORD_UNIT_BYTES = 16

LOW_WATER_PERCENT = 50
"""Blocks less full than this are rewritten (`defrag-lwm-pct`): at worst every block is just as full as this."""
RESERVE_PERCENT = 10
"""Part of a disk that is planned to stay free: at 5 % (`stop-writes-avail-pct`) the server refuses writes."""
MAX_DEVICE_BYTES = 2 * 2**40
"""What a pointer of the index can address; the server ignores the rest of a larger disk."""

WRITE_CACHE_BYTES = GIB
READ_CACHE_BYTES = GIB // 4
SERVER_BYTES = GIB
"""The process itself: sprigs, threads, connections, user-defined functions."""
MEMORY_PERCENT = 90
"""Writes stop when this part of the memory is used (`stop-writes-sys-memory-pct`)."""
NODE_MEMORY_PERCENT = 85
"""What a node leaves to its largest pod; kubelet, kernel and the agents of every node take the rest."""

COMMUNITY_MAX_SERVERS = 8
COMMUNITY_DISK_BYTES_PER_COPY = 1280 * GIB


@dataclass(frozen=True, kw_only=True)
class Records:
    """What is to be stored.

    - `payload_bytes`: of the bins of one record, on average.
    - `yearly_growth_percent`, `horizon_years`: the store is measured as it will be then.
    - `copies`: the replication factor.
    """

    count: int
    payload_bytes: int
    yearly_growth_percent: int
    horizon_years: int
    copies: int

    @property
    def future_count(self) -> int:
        """How many records there will be at the horizon."""
        return ceil(self.count * Fraction(100 + self.yearly_growth_percent, 100) ** self.horizon_years)

    @property
    def disk_bytes_each(self) -> int:
        """What one copy of one record takes on disk."""
        return ceil((self.payload_bytes + RECORD_HEADER_BYTES) / RECORD_UNIT_BYTES) * RECORD_UNIT_BYTES

    @property
    def data_bytes(self) -> int:
        """What the records of one copy take on disk at the horizon, in full blocks."""
        return self.future_count * self.disk_bytes_each

    @property
    def index_bytes(self) -> int:
        """The primary index of one copy at the horizon."""
        return self.future_count * INDEX_ENTRY_BYTES

    @property
    def secondary_bytes(self) -> int:
        """The secondary indexes of one copy at the horizon."""
        return ceil(self.future_count * SECONDARY_ENTRY_BYTES / SECONDARY_FILL)


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What one server may use: `memory_bytes` of a node, and `disks` disks of `disk_bytes` each."""

    memory_bytes: int
    disks: int
    disk_bytes: int

    @property
    def usable_disk_bytes(self) -> int:
        """What the server can address of its disks."""
        return self.disks * min(self.disk_bytes, MAX_DEVICE_BYTES)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How many servers run in each zone, and whether they must hold everything without any one of the zones."""

    servers_by_zone: tuple[int, ...]
    survives_zone: bool

    @property
    def servers(self) -> int:
        """All of them."""
        return sum(self.servers_by_zone)

    @property
    def remaining(self) -> int:
        """How many servers hold the data in the worst case that is planned for."""
        return self.servers - (max(self.servers_by_zone, default=0) if self.survives_zone else 0)


def spread(servers: int, zones: int) -> tuple[int, ...]:
    """Servers by zone as Kubernetes spreads them evenly, for example 4 over 3 zones as 2, 1 and 1."""
    return tuple(servers // zones + (zone < servers % zones) for zone in range(zones))


def disk_bytes(records: Records, layout: Layout) -> int:
    """Disk that each server needs."""
    part_of_disk = Fraction(LOW_WATER_PERCENT, 100) * Fraction(100 - RESERVE_PERCENT, 100)
    return ceil(records.data_bytes * records.copies / part_of_disk / layout.remaining)


def memory_bytes(records: Records, layout: Layout, disks: int) -> int:
    """Memory that each server needs: the limit of its container."""
    indexes = Fraction((records.index_bytes + records.secondary_bytes) * records.copies, layout.remaining)
    caches = disks * (WRITE_CACHE_BYTES + READ_CACHE_BYTES)
    return ceil((indexes + caches + SERVER_BYTES) / Fraction(MEMORY_PERCENT, 100))


def shortfalls(records: Records, layout: Layout, machine: Machine) -> Iterator[str]:
    """Say, with the numbers, what of this layout cannot hold the records; nothing if all of it can."""
    if layout.servers < records.copies:
        yield f"{records.copies} copies need as many servers, there are {layout.servers}"
    if layout.survives_zone and layout.remaining < 1:
        yield f"all {layout.servers} servers are in one zone, none would be left without it"
    if layout.remaining < 1:
        return
    lost = f" of {layout.servers}, a zone lost," if layout.survives_zone else ""
    case = f"each of {layout.remaining} server{'s' * (layout.servers > 1)}{lost}"
    scale = (
        f"{records.future_count:,} records in {records.horizon_years} years, "
        f"{records.copies} {'copies' if records.copies > 1 else 'copy'}"
    )
    needed, usable = disk_bytes(records, layout), machine.usable_disk_bytes
    if needed > usable:
        yield f"{scale}: {case} needs {_gib(needed)} GiB of disk and can use {_gib(usable, up=False)}"
    needed, usable = memory_bytes(records, layout, machine.disks), machine.memory_bytes * NODE_MEMORY_PERCENT // 100
    if needed > usable:
        yield f"{scale}: {case} needs {_gib(needed)} GiB of memory and its node leaves it {_gib(usable, up=False)}"


def community_shortfalls(layout: Layout, machine: Machine, copies: int) -> Iterator[str]:
    """Say, with the numbers, what of this layout the community edition refuses to run."""
    if layout.servers > COMMUNITY_MAX_SERVERS:
        yield f"the community edition joins at most {COMMUNITY_MAX_SERVERS} servers, here are {layout.servers}"
    limit = copies * COMMUNITY_DISK_BYTES_PER_COPY
    if machine.usable_disk_bytes > limit:
        yield (
            f"a server of the community edition does not start with more than {_gib(limit)} GiB of disk at "
            f"replication factor {copies}, here are {_gib(machine.usable_disk_bytes)}"
        )


def smallest_fit(records: Records, layout: Layout, machines: Mapping[str, Machine]) -> str | None:
    """Name the machine with the least disk, then the least memory, on which the layout holds the records."""
    fitting = [name for name, machine in machines.items() if not any(shortfalls(records, layout, machine))]
    return min(
        fitting, key=lambda name: (machines[name].usable_disk_bytes, machines[name].memory_bytes, name), default=None
    )


def _gib(count: int, *, up: bool = True) -> str:
    return f"{ceil(count / GIB) if up else count // GIB:,}"
