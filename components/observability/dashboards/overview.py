"""The miners side by side, from recorded series alone: it reads the same in one region and across all of them."""

from components.observability.dashboards.model import Dashboard, Kind, Panel, Query, Variable

_CHOSEN = '{miner=~"$miner"}'

OVERVIEW = Dashboard(
    uid="teranode-overview",
    title="Teranode / Miners",
    description="State, chain, peers and stores of all miners. A region's own Prometheus knows its own miners.",
    variables=(Variable(name="miner", query="label_values(miner:namespace:info, miner)"),),
    panels=(
        Panel(
            title="Miners",
            description="Miners that have a namespace.",
            queries=(Query(expr=f"count(miner:namespace:info{_CHOSEN})", legend="miners"),),
            unit="none",
            kind=Kind.STAT,
            width=6,
            height=4,
        ),
        Panel(
            title="Running",
            description="Miners whose node is in the state RUNNING; all others wait, catch up or are silent.",
            queries=(Query(expr=f"count(miner:fsm_state:max{_CHOSEN} == 1) or vector(0)", legend="running"),),
            unit="none",
            kind=Kind.STAT,
            width=6,
            height=4,
        ),
        Panel(
            title="Highest block",
            description="Height of the longest chain that one of the miners follows.",
            queries=(Query(expr=f"max(miner:block_height:max{_CHOSEN})", legend="height"),),
            unit="none",
            kind=Kind.STAT,
            width=6,
            height=4,
        ),
        Panel(
            title="Distance of tips",
            description="Blocks between the highest and the lowest tip. Tips of equal height can still differ: "
            "ops verify compares their hashes.",
            queries=(
                Query(
                    expr=f"max(miner:block_height:max{_CHOSEN}) - min(miner:block_height:max{_CHOSEN})",
                    legend="blocks",
                ),
            ),
            unit="none",
            kind=Kind.STAT,
            width=6,
            height=4,
        ),
        Panel(
            title="State of the nodes",
            description="What each node's state machine says: only RUNNING follows the chain and serves others.",
            queries=(Query(expr=f"miner:fsm_state:max{_CHOSEN}"),),
            unit="none",
            kind=Kind.TIMELINE,
            states=True,
        ),
        Panel(
            title="Answering pods",
            description="Pods of each miner that answer Prometheus, over all services.",
            queries=(Query(expr=f"sum by (miner) (miner_service:up:sum{_CHOSEN})"),),
            unit="none",
        ),
        Panel(
            title="Block height",
            description="Height of the chain that each miner follows. A flat line makes no progress.",
            queries=(Query(expr=f"miner:block_height:max{_CHOSEN}"),),
            unit="none",
        ),
        Panel(
            title="Behind the highest",
            description="Blocks that a miner lacks against the highest of those shown.",
            queries=(Query(expr=f"scalar(max(miner:block_height:max{_CHOSEN})) - miner:block_height:max{_CHOSEN}"),),
            unit="none",
        ),
        Panel(
            title="Connections",
            description="Open connections of each node's peer service to other nodes.",
            queries=(Query(expr=f"miner:connections:sum{_CHOSEN}"),),
            unit="none",
        ),
        Panel(
            title="Queued blocks",
            description="Blocks that wait for validation or catch-up. Three are already a concern (Teranode's docs).",
            queries=(Query(expr=f"miner:blocks_queued:sum{_CHOSEN}"),),
            unit="none",
        ),
        Panel(
            title="Reorganisations",
            description="Times in the last hour that a miner left one chain for another: tips differed before.",
            queries=(Query(expr=f"miner:reorganisations:increase1h{_CHOSEN}"),),
            unit="none",
        ),
        Panel(
            title="Free storage of Aerospike",
            description="Free part of each miner's fullest server. At 5 % it refuses writes.",
            queries=(Query(expr=f"miner:aerospike_available:min{_CHOSEN}"),),
            unit="percentunit",
        ),
        Panel(
            title="Volumes more than half full",
            description="Used part of volumes in all namespaces.",
            queries=(Query(expr="volume:used:ratio", legend="{{namespace}} {{persistentvolumeclaim}}"),),
            unit="percentunit",
        ),
        Panel(
            title="Broken now",
            description="Deployments and StatefulSets that lack pods, and Jobs that gave up.",
            queries=(
                Query(expr="workload:unavailable:info", legend=""),
                Query(expr="job:failed:info", legend=""),
            ),
            unit="none",
            kind=Kind.TABLE,
        ),
    ),
)
