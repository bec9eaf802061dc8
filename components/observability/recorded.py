"""The series that Prometheus records every half minute: one number per miner, instead of hundreds per pod.

They are what alert rules judge and what the overview draws, so they are all that has to leave a region. Names follow
Prometheus' own convention, `level:metric:operation`: `miner:` has one series per miner, and so on. Series that tell of
something bad exist only while it is so.

Names of metrics are those of Teranode (docs/references/prometheusMetrics.md and `metrics.go` of its services),
go-libp2p (p2p/net/swarm/swarm_metrics.go), controller-runtime (pkg/internal/controller/metrics),
aerospike-prometheus-exporter (configs/gauge_stats_list.toml), kubelet, kube-state-metrics and Strimzi;
tests/contract/data/metrics.txt lists them with their sources.
"""

from dataclasses import dataclass

from components.teranode.services import SERVICES

MINER_ROLE = 'label_teranode_infra_role="miner", label_teranode_infra_stopped!="true"'
"""The labels of a miner's namespace, as kube-state-metrics spells them; one that is stopped on purpose is left out."""

INTERVAL = "30s"

_TERANODE = '{job="teranode"}'
_OPERATOR = '{job="teranode-operator"}'
_AEROSPIKE = '{job="aerospike"}'
_BACKUPS = '{job="aerospike-backups"}'
_SERVICES = "|".join(sorted(facts.deployment for facts in SERVICES.values()))
_MINERS = f"max by (namespace) (kube_namespace_labels{{{MINER_ROLE}}})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One recorded series: its name, its expression, and what its value is."""

    record: str
    expr: str
    meaning: str


SERIES = (
    Recorded(record="region:heartbeat:info", expr="vector(1)", meaning="1 as long as the region can be heard"),
    Recorded(
        record="miner:namespace:info",
        expr=f'label_replace({_MINERS}, "miner", "$1", "namespace", "(.+)")',
        meaning="1 for every miner that should run, whether its pods do or not",
    ),
    Recorded(
        record="miner_service:up:sum",
        expr=f"sum by (miner, service) (up{_TERANODE})",
        meaning="pods of a service that answer Prometheus",
    ),
    Recorded(
        record="miner:fsm_state:max",
        expr=f"max by (miner) (teranode_blockchain_fsm_current_state{_TERANODE})",
        meaning="state of the node: 0 IDLE, 1 RUNNING, 2 CATCHINGBLOCKS, 3 LEGACYSYNCING",
    ),
    Recorded(
        record="miner:block_height:max",
        # Block assembly knows the best height from the first block after its start on, the current one at once.
        expr=(
            f"max by (miner) (teranode_blockassembly_best_block_height{_TERANODE}"
            f" > teranode_blockassembly_current_block_height{_TERANODE}"
            f" or teranode_blockassembly_current_block_height{_TERANODE})"
        ),
        meaning="height of the chain that the miner follows, in blocks",
    ),
    Recorded(
        record="miner:reorganisations:increase1h",
        expr=f"sum by (miner) (increase(teranode_blockassembly_reorg{_TERANODE}[1h]))",
        meaning="times in the last hour that the miner left one chain for another",
    ),
    Recorded(
        record="miner:connections:sum",
        # A counter without events is not exported: nothing closed yet, and no connection at all, are both zero.
        expr=(
            f"sum by (miner) (libp2p_swarm_connections_opened_total{_TERANODE})"
            f" - (sum by (miner) (libp2p_swarm_connections_closed_total{_TERANODE})"
            f" or sum by (miner) (libp2p_swarm_connections_opened_total{_TERANODE}) * 0)"
            ' or max by (miner) (up{job="teranode", service="peer"} == 1) * 0'
        ),
        meaning="open connections to other nodes",
    ),
    Recorded(
        record="miner:blocks_queued:sum",
        expr=(
            f"sum by (miner) (teranode_blockvalidation_block_found_ch{_TERANODE})"
            f" + sum by (miner) (teranode_blockvalidation_catchup_ch{_TERANODE})"
        ),
        meaning="blocks that wait for validation",
    ),
    Recorded(
        record="miner:blocks_persisted:increase6h",
        expr=f"sum by (miner) (increase(teranode_blockpersister_persist_block_count{_TERANODE}[6h]))",
        meaning="blocks that the block persister has written in the last six hours",
    ),
    Recorded(
        record="miner:images:count",
        expr=(
            'count by (miner) (label_replace(count by (namespace, image_spec) (kube_pod_container_info{container=~"'
            f'{_SERVICES}"}}), "miner", "$1", "namespace", "(.+)"))'
        ),
        meaning="different images that one miner's services run",
    ),
    Recorded(
        record="teranode_operator:up:sum",
        expr=f"sum(up{_OPERATOR})",
        meaning="pods of Teranode's operator that answer Prometheus",
    ),
    Recorded(
        record="teranode_operator:errors:increase30m",
        expr=f"sum by (controller) (increase(controller_runtime_reconcile_errors_total{_OPERATOR}[30m])) > 0",
        meaning="times in the last half hour that Teranode's operator failed to make what a resource asks for",
    ),
    Recorded(
        record="miner:aerospike_stop_writes:max",
        expr=(
            f"max by (miner) (aerospike_namespace_stop_writes{_AEROSPIKE})"
            f" or max by (miner) (aerospike_namespace_clock_skew_stop_writes{_AEROSPIKE})"
        ),
        meaning="1 while a server refuses writes",
    ),
    Recorded(
        record="miner:aerospike_lost_partitions:max",
        expr=(
            f"max by (miner) (aerospike_namespace_dead_partitions{_AEROSPIKE}"
            f" + aerospike_namespace_unavailable_partitions{_AEROSPIKE})"
        ),
        meaning="partitions, of 4096, that no server can serve",
    ),
    Recorded(
        record="miner:aerospike_migrations:sum",
        expr=f"sum by (miner) (aerospike_namespace_migrate_tx_partitions_remaining{_AEROSPIKE})",
        meaning="partitions that servers still have to hand to others",
    ),
    Recorded(
        record="miner:utxo_backup_service:count",
        expr=f"count by (miner) (up{_BACKUPS})",
        meaning="services that back up the miner's UTXO store, whether they answer or not",
    ),
    Recorded(
        record="miner:utxo_backup:max",
        # The service knows what it has done itself, since it was started.
        expr=f"max by (miner) (max_over_time(aerospike_backup_service_last_successful_backup_timestamp{_BACKUPS}[2d]))",
        meaning="when the UTXO store was last backed up, in seconds of Unix time; absent where that is two days ago",
    ),
    Recorded(
        record="miner:aerospike_available:min",
        expr=f"min by (miner) (aerospike_namespace_data_avail_pct{_AEROSPIKE}) / 100",
        meaning="free part of the fullest server's storage; at 0.05 it refuses writes",
    ),
    Recorded(
        record="kafka:lost_partitions:sum",
        expr="sum(kafka_controller_kafkacontroller_offlinepartitionscount)",
        meaning="partitions without a leader",
    ),
    Recorded(
        record="kafka:under_replicated_partitions:sum",
        expr="sum(kafka_server_replicamanager_underreplicatedpartitions)",
        meaning="partitions of which a copy lags behind",
    ),
    Recorded(
        record="kafka_group:lag:sum",
        expr="sum by (consumergroup) (kafka_consumergroup_lag)",
        meaning="messages that a group of readers has not read yet",
    ),
    Recorded(
        record="volume:used:ratio",
        # The store's file takes its whole volume from the start; how full it is, Aerospike knows.
        expr=(
            "max by (namespace, persistentvolumeclaim) (1 -"
            ' kubelet_volume_stats_available_bytes{persistentvolumeclaim!~"work-utxo-store-.*"}'
            ' / kubelet_volume_stats_capacity_bytes{persistentvolumeclaim!~"work-utxo-store-.*"}) > 0.5'
        ),
        meaning="used part of a volume that is more than half full",
    ),
    Recorded(
        record="workload:unavailable:info",
        expr=(
            'max by (namespace, workload) (label_replace(kube_deployment_status_condition{condition="Available",'
            ' status="false"} == 1, "workload", "$1", "deployment", "(.+)")'
            " or label_replace(kube_statefulset_status_replicas_ready < kube_statefulset_replicas,"
            ' "workload", "$1", "statefulset", "(.+)")) >= bool 0'
        ),
        meaning="1 for a Deployment or StatefulSet that lacks pods",
    ),
    Recorded(
        record="node:unready:info",
        expr='max by (node) (kube_node_status_condition{condition="Ready", status="true"} == 0) >= bool 0',
        meaning="1 for a node that is not ready",
    ),
    Recorded(
        record="job:failed:info",
        expr='max by (namespace, job_name) (kube_job_failed{condition="true"}) == 1',
        meaning="1 for a Job that gave up",
    ),
)
"""Every recorded series."""


def rules() -> dict[str, object]:
    """The spec of the `PrometheusRule` that records them."""
    return {
        "groups": [
            {
                "name": "recorded",
                "interval": INTERVAL,
                "rules": [{"record": series.record, "expr": series.expr} for series in SERIES],
            }
        ]
    }
