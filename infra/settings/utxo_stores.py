"""UTXO stores as they are written in the stack file."""

from typing import Annotated

from pydantic import Field

from infra.settings import arns, fields
from infra.settings.section import Doc, Section

MAX_RECORDS = 10**12
"""A thousand times the mainnet set of 2026."""
MIN_RECORD_BYTES, MAX_RECORD_BYTES = 100, 1_048_000
"""The server's largest record is 1 MiB (`max-record-size`); Teranode keeps what is larger beside the store."""
MAX_GROWTH_PERCENT = 1000
MAX_REPLICATION_FACTOR = 4
"""Every copy costs what the first one costs; two survive the loss of a zone, three that of two servers at once."""
MAX_SERVERS_PER_ZONE = 64
MAX_SERVERS = 8
"""Of the community edition."""
MIN_DEVICE_GIB, MAX_DEVICE_GIB = 12, 2048
"""The class `gp3-io` buys 6,000 IOPS, for which EBS wants 12 GiB; Aerospike uses at most 2 TiB of a disk."""


class UtxoStoreKeys(Section):
    """The UTXO store of every miner, or below `miners` of that miner alone, whose section then stands for itself.

    Another profile is another store, empty at first: the miner is seeded anew. `docs/stores.md` compares the profiles.
    """

    profile: Annotated[
        fields.UtxoProfile | None,
        Doc(
            "`enterprise`: Aerospike under its operator, a rack per zone; `community`: Aerospike without licence and "
            "without racks; `postgres`: a table in the miner's own database",
            "only racks keep copies in different zones; Postgres holds what is small",
            default="utxo_store.profile",
        ),
    ] = None
    records: Annotated[
        int | None,
        Field(ge=1, le=MAX_RECORDS),
        Doc(
            "records today; a transaction has one for every 128 outputs, from its first output to its last spend",
            "memory, disks and servers are checked against them",
            unit="records",
            default="utxo_store.records",
        ),
    ] = None
    record_bytes: Annotated[
        int | None,
        Field(ge=MIN_RECORD_BYTES, le=MAX_RECORD_BYTES),
        Doc(
            "content of a record, on average",
            "with headers, 1,250 make the 440 GB of mainnet",
            unit="bytes",
            default="utxo_store.record_bytes",
        ),
    ] = None
    yearly_growth_percent: Annotated[
        int | None,
        Field(ge=0, le=MAX_GROWTH_PERCENT),
        Doc(
            "growth of the number of records; the store must hold those of two years from now",
            "moving to larger disks takes days",
            unit="percent a year",
            default="utxo_store.yearly_growth_percent",
        ),
    ] = None
    replication_factor: Annotated[
        int | None,
        Field(ge=1, le=MAX_REPLICATION_FACTOR),
        Doc(
            "copies of each record; on the tier mainnet at least 2",
            "with one copy, a lost disk is a lost store",
            default="by tier and profile, below",
            mainnet_least="utxo_store.min_replication_factor",
        ),
    ] = None
    nodes_per_zone: Annotated[
        int | None,
        Field(ge=1, le=MAX_SERVERS_PER_ZONE),
        Doc(
            "servers in each zone (`enterprise`); each takes a whole node of its pool",
            "a rack holds as much as any other",
            unit="servers",
            default="1",
        ),
    ] = None
    nodes: Annotated[
        int | None,
        Field(ge=1, le=MAX_SERVERS),
        Doc(
            "servers in all (`community`), spread over the zones",
            "the community edition joins no more than eight",
            unit="servers",
            default="by tier, below",
        ),
    ] = None
    device: Annotated[
        fields.StoreDevice | None,
        Doc(
            "`nvme`: the raw local disks of a storage pool; `gp3`: a network disk per server (`community` only)",
            "local disks are fast and die with their node",
            default="by tier and profile, below",
        ),
    ] = None
    device_gib: Annotated[
        int | None,
        Field(ge=MIN_DEVICE_GIB, le=MAX_DEVICE_GIB),
        Doc("size of the disk of each server, with `device: gp3`", "it never shrinks", unit="GiB", default="50"),
    ] = None
    pool: Annotated[
        str | None,
        Field(min_length=1),
        Doc(
            "the storage pool whose disks hold the records, with `device: nvme`; changed as "
            "`docs/runbooks/replace-nvme-pool.md` says",
            "a pool is replaced by a second one",
            default="`aerospike`",
        ),
    ] = None
    feature_key: Annotated[
        arns.SecretArn | None,
        Doc(
            "ARN of the secret in Secrets Manager that holds Aerospike's `features.conf` as it is, not as JSON "
            "(`enterprise`: required); it lies in the miner's region, encrypted by Secrets Manager's own key",
            "the licence; the secret is made by hand, so that its value never enters the program",
            default="none",
        ),
    ] = None
    accept_reseed_on_zone_loss: Annotated[
        bool | None,
        Doc(
            "`true` is the price of `community` on the tier mainnet, and refused elsewhere",
            "without racks both copies of a record may lie in one zone: losing it means seeding the store anew",
            default="`false`",
        ),
    ] = None
