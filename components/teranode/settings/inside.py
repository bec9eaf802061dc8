"""Settings of what a node does by itself: messages, stores, mining policy, logs."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import pulumi

from components.teranode.settings import render
from components.teranode.settings.keys import Group, Key


@dataclass(frozen=True, kw_only=True)
class KafkaSettings(Group):
    """Where messages go; topics carry the name of the miner."""

    hosts: Annotated[
        pulumi.Input[str],
        Key(
            name="KAFKA_HOSTS",
            meaning="Brokers as host:port, parted by commas.",
            default="localhost:9092",
            render=render.hosts_text,
        ),
    ]
    replication_factor: Annotated[
        int,
        Key(
            name="KAFKA_REPLICATION_FACTOR",
            meaning="Copies of each topic; more than there are brokers fails.",
            default="3",
            source="settings.conf",
            render=render.whole,
        ),
    ]
    partitions_high: Annotated[
        int,
        Key(
            name="KAFKA_PARTITIONS_HIGH",
            meaning="Partitions of each of the five busy topics.",
            default="32",
            source="settings.conf",
            render=render.whole,
        ),
    ]
    tls: Annotated[
        bool,
        Key(
            name="KAFKA_ENABLE_TLS",
            meaning="TLS to the brokers; there is no other protection, Teranode knows no SASL.",
            default="false",
            render=render.boolean,
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class PolicySettings(Group):
    """What the node mines and accepts."""

    min_mining_fee: Annotated[
        Decimal,
        Key(
            name="minminingtxfee",
            meaning="BSV for a kilobyte below which a transaction is not mined.",
            default="0.00000500",
            render=render.fee,
        ),
    ]
    block_assembly_disabled: Annotated[
        bool | None,
        Key(
            name="blockassembly_disabled",
            meaning="Whether validated transactions are kept from block assembly, which then follows the chain alone.",
            default="false",
            render=render.boolean,
        ),
    ]
    block_max_bytes: Annotated[
        int,
        Key(
            name="blockmaxsize",
            meaning="Largest block that it assembles, in bytes.",
            default="4294967296",
            render=render.whole,
        ),
    ]
    excessive_block_bytes: Annotated[
        int,
        Key(
            name="excessiveblocksize",
            meaning="Largest block that it accepts, in bytes.",
            default="10737418240",
            render=render.whole,
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class AerospikePolicy:
    """How long an operation on Aerospike is tried: with pauses between, until `total_timeout_ms` is over."""

    max_retries: int
    pause_ms: int
    socket_timeout_ms: int
    total_timeout_ms: int

    def __str__(self) -> str:
        """The URL that Teranode takes."""
        parameters = {
            "MaxRetries": render.whole(self.max_retries),
            "SleepBetweenRetries": render.duration(self.pause_ms),
            "SleepMultiplier": "1",
            "TotalTimeout": render.duration(self.total_timeout_ms),
            "SocketTimeout": render.duration(self.socket_timeout_ms),
        }
        return f"aerospike:///?{render.query(parameters)}"


@dataclass(frozen=True, kw_only=True)
class StoreSettings(Group):
    """How stores are used. Where they are is secret, for the passwords in it."""

    utxo_batch_size: Annotated[
        int,
        Key(
            name="utxostore_utxoBatchSize",
            meaning="Outputs in one record. Must never change after the first start, whatever the default becomes.",
            default="128",
            render=render.whole,
        ),
    ]
    tx_meta_cache_mib: Annotated[
        int,
        Key(
            name="txMetaCacheMaxMB",
            meaning="Memory of the subtree validator for what is known of transactions, in MiB.",
            default="1024",
            render=render.whole,
        ),
    ]
    persisted_blocks: Annotated[
        str,
        Key(
            name="blockPersister_stateFile",
            meaning="Which blocks the block persister has kept, where it does not ask the database for that. Elsewhere "
            "on the volume it would be nobody's: two miners on one Lustre would share it, and no backup have it.",
            default="/data/blockpersister_state.txt",
            source="settings.conf",
        ),
    ]
    postgres_connections: Annotated[
        int | None,
        Key(
            name="postgres_maxOpenConns",
            meaning="Connections to Postgres that each replica of a service may open.",
            default="50",
            render=render.whole,
        ),
    ]
    postgres_idle_connections: Annotated[
        int | None,
        Key(
            name="postgres_maxIdleConns",
            meaning="Connections to Postgres that each replica of a service keeps.",
            default="50",
            render=render.whole,
        ),
    ]
    aerospike_reads: Annotated[
        str | None,
        Key(
            name="aerospike_readPolicy",
            meaning="How long a read is tried.",
            default="aerospike:///?MaxRetries=5&SleepBetweenRetries=500ms&SleepMultiplier=1"
            "&TotalTimeout=1s&SocketTimeout=1s",
        ),
    ]
    aerospike_writes: Annotated[
        str | None,
        Key(
            name="aerospike_writePolicy",
            meaning="How long a write is tried.",
            default="aerospike:///?MaxRetries=5&SleepBetweenRetries=500ms&SleepMultiplier=1"
            "&TotalTimeout=1s&SocketTimeout=1s",
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class OperationSettings(Group):
    """Logs, and addresses inside the node that Teranode's own context lacks."""

    validator_http_address: Annotated[
        str,
        Key(
            name="validator_httpAddress",
            meaning="Where transactions go that are too large for Kafka; the default is the sender's own pod.",
            default="http://localhost:8834",
            render=render.url,
        ),
    ]
    rpc_cache: Annotated[
        bool | None,
        Key(
            name="rpc_cache_enabled",
            meaning="Whether RPC answers with what was true up to ten seconds ago: too long where blocks come faster.",
            default="true",
            render=render.boolean,
        ),
    ]
    json_logs: Annotated[
        bool,
        Key(name="jsonLogging", meaning="Logs as JSON.", default="false", render=render.boolean),
    ]
    pretty_logs: Annotated[
        bool,
        Key(name="prettyLogs", meaning="Logs for a terminal, in colours.", default="true", render=render.boolean),
    ]
