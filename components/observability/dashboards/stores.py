"""What miners keep their data in: Aerospike, Kafka where it runs in the cluster, and volumes.

Postgres, file systems and MSK are AWS's own and stand in CloudWatch, where their alarms are.
"""

from components.observability.dashboards.model import Dashboard, Panel, Query, Variable

_OF = '{job=~"$job", instance=~"$instance"}'
_MINERS = '{job=~"$job", instance=~"$instance", miner=~"$miner"}'
_WINDOW = "[$__rate_interval]"


def _rate(metric: str, by: str, labels: str = _MINERS) -> str:
    return f"sum by ({by}) (rate({metric}{labels}{_WINDOW}))"


_VOLUME_LEGEND = "{{namespace}} {{persistentvolumeclaim}}"

STORES = Dashboard(
    uid="teranode-stores",
    title="Teranode / Stores",
    description="Aerospike, Kafka and volumes of this region.",
    variables=(
        Variable(name="miner", query="label_values(miner:namespace:info, miner)"),
        Variable(name="job", query="label_values(up, job)"),
        Variable(name="instance", query='label_values(up{job=~"$job"}, instance)'),
    ),
    panels=(
        Panel(
            title="Aerospike: servers",
            description="Servers of each miner that answer, and servers that see each other. The two must be equal.",
            queries=(
                Query(expr=f"sum by (miner) (aerospike_node_up{_MINERS})", legend="{{miner}} answer"),
                Query(
                    expr=f"min by (miner) (aerospike_node_stats_cluster_size{_MINERS})",
                    legend="{{miner}} see each other",
                ),
            ),
            unit="none",
        ),
        Panel(
            title="Aerospike: writes refused",
            description="1 while a server refuses writes: full, out of memory, or its clock is off.",
            queries=(Query(expr=f"max by (miner) (aerospike_namespace_stop_writes{_MINERS})"),),
            unit="bool_yes_no",
        ),
        Panel(
            title="Aerospike: storage",
            description="Used part of the fullest server's storage, and the part that is free for writing.",
            queries=(
                Query(expr=f"max by (miner) (aerospike_namespace_data_used_pct{_MINERS})", legend="{{miner}} used"),
                Query(expr=f"min by (miner) (aerospike_namespace_data_avail_pct{_MINERS})", legend="{{miner}} free"),
            ),
            unit="percent",
        ),
        Panel(
            title="Aerospike: free memory",
            description="Free memory of the server that has least; the index lies there.",
            queries=(Query(expr=f"min by (miner) (aerospike_node_stats_system_free_mem_pct{_MINERS})"),),
            unit="percent",
        ),
        Panel(
            title="Aerospike: records",
            description="Records with all their copies.",
            queries=(Query(expr=f"sum by (miner) (aerospike_namespace_objects{_MINERS})"),),
            unit="short",
        ),
        Panel(
            title="Aerospike: migrations and lost partitions",
            description="Partitions that still move to other servers, and those that no server can serve.",
            queries=(
                Query(
                    expr=f"sum by (miner) (aerospike_namespace_migrate_tx_partitions_remaining{_MINERS})",
                    legend="{{miner}} to move",
                ),
                Query(
                    expr=(
                        f"max by (miner) (aerospike_namespace_dead_partitions{_MINERS}"
                        f" + aerospike_namespace_unavailable_partitions{_MINERS})"
                    ),
                    legend="{{miner}} lost",
                ),
            ),
            unit="none",
        ),
        Panel(
            title="Aerospike: requests",
            description="Reads, writes and functions a second that succeeded.",
            queries=(
                Query(expr=_rate("aerospike_namespace_client_read_success", "miner"), legend="{{miner}} reads"),
                Query(expr=_rate("aerospike_namespace_client_write_success", "miner"), legend="{{miner}} writes"),
                Query(expr=_rate("aerospike_namespace_client_udf_complete", "miner"), legend="{{miner}} functions"),
            ),
            unit="ops",
        ),
        Panel(
            title="Aerospike: failed requests",
            description="Reads and writes a second that failed or took too long.",
            queries=(
                Query(expr=_rate("aerospike_namespace_client_read_error", "miner"), legend="{{miner}} read errors"),
                Query(expr=_rate("aerospike_namespace_client_write_error", "miner"), legend="{{miner}} write errors"),
                Query(
                    expr=_rate("aerospike_namespace_client_write_timeout", "miner"), legend="{{miner}} write timeouts"
                ),
            ),
            unit="ops",
        ),
        Panel(
            title="Kafka: partitions in trouble",
            description="Partitions without a leader, and those of which a copy lags behind.",
            queries=(
                Query(expr=f"sum(kafka_controller_kafkacontroller_offlinepartitionscount{_OF})", legend="no leader"),
                Query(
                    expr=f"sum(kafka_server_replicamanager_underreplicatedpartitions{_OF})",
                    legend="a copy lags",
                ),
            ),
            unit="none",
        ),
        Panel(
            title="Kafka: traffic",
            description="Bytes a second that miners write and read.",
            queries=(
                Query(
                    expr=f"sum(rate(kafka_server_brokertopicmetrics_bytesinpersec_total{_OF}{_WINDOW}))",
                    legend="written",
                ),
                Query(
                    expr=f"sum(rate(kafka_server_brokertopicmetrics_bytesoutpersec_total{_OF}{_WINDOW}))",
                    legend="read",
                ),
            ),
            unit="Bps",
        ),
        Panel(
            title="Kafka: unread messages",
            description="Messages that a group of readers has not read yet, as the exporter beside brokers in the "
            "cluster sees it; MSK tells CloudWatch.",
            queries=(Query(expr=f"sum by (consumergroup) (kafka_consumergroup_lag{_OF})", legend="{{consumergroup}}"),),
            unit="short",
        ),
        Panel(
            title="Volumes: used",
            description="Used part of every volume with a file system. Aerospike's own fills up once and stays full.",
            queries=(
                Query(
                    expr=(
                        "max by (namespace, persistentvolumeclaim) (1 -"
                        f" kubelet_volume_stats_available_bytes{_OF} / kubelet_volume_stats_capacity_bytes{_OF})"
                    ),
                    legend=_VOLUME_LEGEND,
                ),
            ),
            unit="percentunit",
        ),
        Panel(
            title="Volumes: free inodes",
            description="Files that can still be made. Teranode writes many small ones.",
            queries=(
                Query(
                    expr=f"min by (namespace, persistentvolumeclaim) (kubelet_volume_stats_inodes_free{_OF})",
                    legend=_VOLUME_LEGEND,
                ),
            ),
            unit="short",
        ),
    ),
)
