"""One miner in depth: what its services do, from block to transaction to process."""

from components.observability.dashboards.model import Dashboard, Panel, Query, Variable

_OF = '{job=~"$job", instance=~"$instance", miner="$miner"}'
_WINDOW = "[$__rate_interval]"


def _rate(metric: str, by: str) -> str:
    return f"sum by ({by}) (rate({metric}{_OF}{_WINDOW}))"


def _mean(histogram: str) -> str:
    """Mean of a histogram over the window, by service."""
    return f"{_rate(f'{histogram}_sum', 'service')} / {_rate(f'{histogram}_count', 'service')}"


def _gauge(metric: str) -> str:
    return f"max by (service) ({metric}{_OF})"


MINER = Dashboard(
    uid="teranode-miner",
    title="Teranode / One miner",
    description="The services of one miner of this region.",
    variables=(
        Variable(name="miner", query='label_values(up{job="teranode"}, miner)', many=False),
        Variable(name="job", query='label_values(up{miner="$miner", service!=""}, job)'),
        Variable(name="instance", query='label_values(up{miner="$miner", job=~"$job"}, instance)'),
    ),
    panels=(
        Panel(
            title="State of the node",
            description="Only RUNNING follows the chain and serves others.",
            queries=(Query(expr=_gauge("teranode_blockchain_fsm_current_state"), legend="state"),),
            states=True,
            unit="none",
        ),
        Panel(
            title="Answering pods",
            description="Pods of each service that answer Prometheus.",
            queries=(Query(expr=f"sum by (service) (up{_OF})", legend="{{service}}"),),
            unit="none",
        ),
        Panel(
            title="Block height",
            description="The best height that block assembly heard of, and the one that it builds on.",
            queries=(
                Query(expr=_gauge("teranode_blockassembly_best_block_height"), legend="best"),
                Query(expr=_gauge("teranode_blockassembly_current_block_height"), legend="built on"),
            ),
            unit="none",
        ),
        Panel(
            title="Blocks that wait",
            description="Found blocks and catch-ups that block validation has not begun. Three are a concern.",
            queries=(
                Query(expr=_gauge("teranode_blockvalidation_block_found_ch"), legend="found"),
                Query(expr=_gauge("teranode_blockvalidation_catchup_ch"), legend="catch-up"),
            ),
            unit="none",
        ),
        Panel(
            title="Time for a block",
            description="Mean time to validate a block and to persist it.",
            queries=(
                Query(expr=_mean("teranode_blockvalidation_validate_block"), legend="validation"),
                Query(expr=_mean("teranode_blockpersister_persist_block"), legend="persisting"),
            ),
            unit="s",
        ),
        Panel(
            title="Reorganisations",
            description="Times per second that block assembly left one chain for another.",
            queries=(Query(expr=_rate("teranode_blockassembly_reorg", "miner"), legend="reorganisations"),),
            unit="ops",
        ),
        Panel(
            title="Transactions a second",
            description="Transactions that come in by propagation, are validated, and reach the block in assembly. "
            "The three should be equal over time.",
            queries=(
                Query(expr=_rate("teranode_propagation_transactions_count", "miner"), legend="propagation"),
                Query(expr=_rate("teranode_validator_transactions_count", "miner"), legend="validator"),
                Query(expr=_rate("teranode_subtreeprocessor_add_tx", "miner"), legend="block assembly"),
            ),
            unit="ops",
        ),
        Panel(
            title="Transactions in assembly",
            description="Transactions of the next block, and those that wait to be added.",
            queries=(
                Query(expr=_gauge("teranode_blockassembly_transactions"), legend="in subtrees"),
                Query(expr=_gauge("teranode_blockassembly_queued_transactions"), legend="queued"),
            ),
            unit="short",
        ),
        Panel(
            title="Refused transactions",
            description="Transactions a second that propagation found invalid.",
            queries=(Query(expr=_rate("teranode_propagation_invalid_transactions", "miner"), legend="invalid"),),
            unit="ops",
        ),
        Panel(
            title="Time for a subtree",
            description="Mean time to validate a subtree.",
            queries=(Query(expr=_mean("teranode_subtreevalidation_validate_subtree"), legend="{{service}}"),),
            unit="s",
        ),
        Panel(
            title="UTXO store",
            description="Operations a second on Aerospike, and those that failed.",
            queries=(
                Query(expr=_rate("teranode_aerospike_utxo_store", "miner"), legend="created"),
                Query(expr=_rate("teranode_aerospike_utxo_spend", "miner"), legend="spent"),
                Query(expr=_rate("teranode_aerospike_utxo_errors", "miner"), legend="failed"),
            ),
            unit="ops",
        ),
        Panel(
            title="Cache of transaction metadata",
            description="Items in the cache; growth without end ends in a lack of memory.",
            queries=(Query(expr=_gauge("teranode_tx_meta_cache_map_size"), legend="{{service}}"),),
            unit="short",
        ),
        Panel(
            title="Connections",
            description="Connections to other nodes a second, opened and closed.",
            queries=(
                Query(expr=_rate("libp2p_swarm_connections_opened_total", "miner"), legend="opened"),
                Query(expr=_rate("libp2p_swarm_connections_closed_total", "miner"), legend="closed"),
            ),
            unit="ops",
        ),
        Panel(
            title="Goroutines",
            description="A number that creeps up over hours is a leak.",
            queries=(Query(expr=f"sum by (service) (go_goroutines{_OF})", legend="{{service}}"),),
            unit="short",
        ),
        Panel(
            title="CPU",
            description="Processor time that the services use, in whole processors.",
            queries=(Query(expr=_rate("process_cpu_seconds_total", "service"), legend="{{service}}"),),
            unit="none",
        ),
        Panel(
            title="Memory",
            description="Memory that the services hold; each is stopped at its limit.",
            queries=(Query(expr=f"max by (service) (process_resident_memory_bytes{_OF})", legend="{{service}}"),),
            unit="bytes",
        ),
    ),
)
