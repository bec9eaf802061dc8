"""What somebody is told of stores and volumes, from recorded series alone. Plain data: no resources."""

from components.observability.alert import Alert, Severity

_CLAIM = "{{ $labels.persistentvolumeclaim }} in {{ $labels.namespace }}, {{ $labels.region }}"
_MINER = "{{ $labels.miner }} in {{ $labels.region }}"

STORE_ALERTS = (
    Alert(
        name="AerospikeStopsWrites",
        expr="miner:aerospike_stop_writes:max > 0",
        lasting="1m",
        severity=Severity.CRITICAL,
        summary=f"The UTXO store of {_MINER} refuses writes",
        description="A server is full, out of memory, or its clock is off: the node stands still.",
        why="Aerospike's documentation of the metric: any value but 0 is critical",
    ),
    Alert(
        name="AerospikeFillsUp",
        expr="miner:aerospike_available:min < 0.15",
        lasting="15m",
        severity=Severity.WARNING,
        summary=f"The UTXO store of {_MINER} has {{{{ $value | humanizePercentage }}}} left",
        description="At 5 % (stop-writes-avail-pct) it refuses writes.",
        why="our choice: three times the limit at which writes stop",
    ),
    Alert(
        name="AerospikeLostPartitions",
        expr="miner:aerospike_lost_partitions:max > 0",
        lasting="5m",
        severity=Severity.CRITICAL,
        summary=f"{{{{ $value }}}} partitions of the UTXO store of {_MINER} cannot be served",
        description="Servers that hold all copies of them are gone or have lost their disks.",
        why="Aerospike's documentation of dead_partitions and unavailable_partitions: any value but 0 is critical",
    ),
    Alert(
        name="AerospikeMigrationsStuck",
        expr="miner:aerospike_migrations:sum > 0 and delta(miner:aerospike_migrations:sum[1h]) >= 0",
        lasting="30m",
        severity=Severity.WARNING,
        summary=f"Records of {_MINER} do not move on to their servers",
        description="For an hour no partition has arrived: copies are missing meanwhile.",
        why="our choice: a partition is some 100 MB on mainnet, which moves in seconds",
    ),
    Alert(
        name="UtxoBackupMissing",
        expr=(
            "time() - miner:utxo_backup:max > 36 * 3600"
            " or (miner:utxo_backup_service:count offset 1d) unless on (miner, region) miner:utxo_backup:max"
        ),
        lasting="1h",
        severity=Severity.CRITICAL,
        summary=f"The UTXO store of {_MINER} has not been backed up for a day and a half",
        description="Without it a lost store is seeded or synced anew.",
        why="our choice: one backup a day, and half a day for it to end",
    ),
    Alert(
        name="KafkaLostPartitions",
        expr="kafka:lost_partitions:sum > 0",
        lasting="5m",
        severity=Severity.CRITICAL,
        summary="{{ $value }} partitions of Kafka in {{ $labels.region }} have no leader",
        description="Nobody can write to them or read from them: services of the region's miners wait.",
        why="strimzi: prometheus-kafka-rules.yaml, any value but 0",
    ),
    Alert(
        name="KafkaUnderReplicated",
        expr="kafka:under_replicated_partitions:sum > 0",
        lasting="30m",
        severity=Severity.WARNING,
        summary="Copies of {{ $value }} partitions of Kafka in {{ $labels.region }} lag behind",
        description="A broker is gone, or its disk is too slow. The next loss stops writes.",
        why="our choice: a broker is back within minutes after a node's replacement",
    ),
    Alert(
        name="KafkaLagGrows",
        expr="kafka_group:lag:sum > 10000 and deriv(kafka_group:lag:sum[30m]) > 0",
        lasting="15m",
        severity=Severity.WARNING,
        summary="{{ $labels.consumergroup }} in {{ $labels.region }} falls behind",
        description="It has {{ $value }} messages to read, and ever more. Kafka keeps them half an hour at most.",
        why="our choice: a burst is read within minutes; what grows for longer is never caught up",
    ),
    Alert(
        name="VolumeFillsUp",
        expr="volume:used:ratio > 0.80",
        lasting="15m",
        severity=Severity.WARNING,
        summary=f"{_CLAIM} is {{{{ $value | humanizePercentage }}}} full",
        description="It grows in place where its class allows it.",
        why="teranode: docs/howto/miners/minersManagingDiskSpace.md, 80 %",
    ),
    Alert(
        name="VolumeAlmostFull",
        expr="volume:used:ratio > 0.85",
        lasting="5m",
        severity=Severity.CRITICAL,
        summary=f"{_CLAIM} is {{{{ $value | humanizePercentage }}}} full",
        description="A node without room for blocks stops.",
        why="teranode: docs/howto/miners/minersManagingDiskSpace.md, 85 %",
    ),
)
