"""What somebody is told of, from recorded series alone. Plain data: no resources.

All rules are judged in one place, the workspace in which the series of all regions meet: a region cannot know that it
has fallen silent, nor that its miner is behind another region's. docs/runbooks/alerts.md says of every alert what it
means and what to do; the fields `why` say where a threshold comes from.
"""

from components.observability.alert import Alert, Chain, Severity

_MINER = "{{ $labels.miner }} in {{ $labels.region }}"


def node_alerts(chain: Chain) -> tuple[Alert, ...]:
    """Alerts on nodes and their chain."""
    alone = " and on () count(miner:namespace:info) > 1" if chain.private else ""
    return (
        Alert(
            name="MinerSilent",
            expr="miner:namespace:info unless on (miner, region) (sum by (miner, region) (miner_service:up:sum) > 0)",
            lasting="15m",
            severity=Severity.CRITICAL,
            summary=f"No pod of {_MINER} answers",
            description="The miner's namespace is there, but Prometheus reaches no pod of Teranode in it.",
            why="our choice: longer than a first start, whose startup probes allow 300 s",
        ),
        Alert(
            name="ServiceSilent",
            expr="miner_service:up:sum == 0",
            lasting="10m",
            severity=Severity.CRITICAL,
            summary=f"{{{{ $labels.service }}}} of {_MINER} does not answer",
            description="All pods of one service are there, and none answers Prometheus.",
            why="our choice: twice the 300 s of the operator's startup probe",
        ),
        Alert(
            name="NodeIdle",
            expr="miner:fsm_state:max == 0",
            lasting="15m",
            severity=Severity.CRITICAL,
            summary=f"{_MINER} is IDLE",
            description="A node in this state follows no chain and closes its ports to peers; nothing ends it.",
            why="our choice; newer versions go back to IDLE after an inconsistency (docs/howto/recovery-from-idle.md)",
        ),
        Alert(
            name="NodeNotRunning",
            expr="miner:fsm_state:max >= 2",
            lasting="2h",
            severity=Severity.WARNING,
            summary=f"{_MINER} has been catching up for two hours",
            description="CATCHINGBLOCKS (2) does not end by itself after an error; LEGACYSYNCING (3) takes days after "
            "an empty start.",
            why="our choice: fewer than 1,000 blocks are caught up within an hour",
        ),
        *_stalled(chain.stalled_after),
        Alert(
            name="MinerBehind",
            expr="miner:block_height:max < scalar(max(miner:block_height:max offset 10m))",
            lasting="10m",
            severity=Severity.WARNING,
            summary=f"{_MINER} is behind the other miners",
            description="It lacks blocks that another miner had ten minutes ago: tips differ, whatever the pace.",
            why="our choice: blocks travel in seconds; a time and no number of blocks fits every chain",
        ),
        Alert(
            name="ChainReorganises",
            expr="miner:reorganisations:increase1h > 3",
            lasting="10m",
            severity=Severity.WARNING,
            summary=f"{_MINER} changes chains again and again",
            description="More than three times in an hour it left one chain for another: tips differ.",
            why="our choice: now and then two miners find a block at once",
        ),
        Alert(
            name="NoPeers",
            expr=f"miner:connections:sum < 1{alone}",
            lasting="10m",
            severity=Severity.CRITICAL,
            summary=f"{_MINER} is connected to no other node",
            description="It hears of no block and no transaction, and nobody hears of its own.",
            why="our choice: a node dials its static peers again within a minute",
        ),
        Alert(
            name="BlocksQueued",
            expr="miner:blocks_queued:sum >= 3",
            lasting="10m",
            severity=Severity.WARNING,
            summary=f"{{{{ $value }}}} blocks wait for validation on {_MINER}",
            description="Validation is slower than blocks come in.",
            why="teranode: docs/howto/miners/docker/minersHowToTroubleshooting.md, 3 queued blocks are a concern",
        ),
        Alert(
            name="BlocksNotPersisted",
            expr="miner:blocks_persisted:increase6h"
            " < 0.5 * (miner:block_height:max - miner:block_height:max offset 6h)",
            lasting="1h",
            severity=Severity.WARNING,
            summary=f"The block persister of {_MINER} falls behind",
            description="It wrote fewer than half of the blocks of six hours. The pruner waits for it: files grow.",
            why="our choice: what keeps pace writes as many as come; half leaves room for a catch-up that ends",
        ),
        Alert(
            name="ImagesDiffer",
            expr="miner:images:count > 1",
            lasting="30m",
            severity=Severity.WARNING,
            summary=f"Services of {_MINER} run different images",
            description="A release did not reach all of them, or a service was changed by hand.",
            why="our choice: a release is through in a quarter of an hour",
        ),
    )


def _stalled(after: str | None) -> tuple[Alert, ...]:
    if after is None:
        return ()
    return (
        Alert(
            name="HeightStalled",
            expr=(f"changes(miner:block_height:max[{after}]) == 0 and miner:block_height:max offset {after}"),
            lasting="5m",
            severity=Severity.CRITICAL,
            summary=f"{_MINER} has had no new block for {after}",
            description="The height of the chain that it follows has not changed.",
            why="our choice: on a public chain two hours without a block happen by chance once in three years",
        ),
    )


CLUSTER_ALERTS = (
    Alert(
        name="OperatorSilent",
        # A region whose miners are all stopped misses nothing, and one without miners has no operator.
        expr="max by (region) (miner:namespace:info) unless on (region) (teranode_operator:up:sum > 0)",
        lasting="15m",
        severity=Severity.CRITICAL,
        summary="Teranode's operator in {{ $labels.region }} does not answer",
        description="Nodes run on, but no release, no setting and no repair reaches them.",
        why="our choice: as long as WorkloadUnavailable, which it doubles where Kubernetes thinks that it runs",
    ),
    Alert(
        name="OperatorFails",
        expr="teranode_operator:errors:increase30m > 0",
        lasting="1h",
        severity=Severity.WARNING,
        summary="Teranode's operator in {{ $labels.region }} fails at {{ $labels.controller }} again and again",
        description="What a resource of this kind asks for has not been made for an hour.",
        why="client-go: workqueue/default_rate_limiters.go tries again after 1,000 s at most, so an error that lasts "
        "shows in every half hour; one that another writer causes is gone with the next try",
    ),
    Alert(
        name="NodeUnready",
        expr="node:unready:info > 0",
        lasting="15m",
        severity=Severity.WARNING,
        summary="Node {{ $labels.node }} in {{ $labels.region }} is not ready",
        description="Its machine, its network or its kubelet is gone. What ran on it runs elsewhere, or waits for it.",
        why="kube-prometheus: KubeNodeNotReady, 15 minutes",
    ),
    Alert(
        name="WorkloadUnavailable",
        expr="workload:unavailable:info > 0",
        lasting="15m",
        severity=Severity.CRITICAL,
        summary="{{ $labels.workload }} in {{ $labels.namespace }}, {{ $labels.region }}, lacks pods",
        description="They do not start, or are not ready. An operator that lacks pods changes nothing any more.",
        why="kube-prometheus: KubeDeploymentReplicasMismatch, 15 minutes",
    ),
    Alert(
        name="JobFailed",
        expr="job:failed:info > 0",
        lasting="15m",
        severity=Severity.WARNING,
        summary="Job {{ $labels.job_name }} in {{ $labels.namespace }}, {{ $labels.region }}, gave up",
        description="It is not tried again. The alert ends when the Job is gone.",
        why="kube-prometheus: KubeJobFailed, 15 minutes",
    ),
)


WATCHDOG = Alert(
    name="Watchdog",
    expr="vector(1)",
    lasting="0s",
    severity=Severity.NONE,
    summary="Rules are judged, for every region",
    description="Always so. It goes to a topic of its own, whose silence is the alarm AlertingSilent.",
    why="kube-prometheus: Watchdog",
)


def region_alert(region: str) -> Alert:
    """The alert on a region that nothing is heard of any more, which was heard within the week.

    A region that is being built is not missed yet. Its rule goes with the region, so one that was given up is not
    missed either.
    """
    heartbeat = f'region:heartbeat:info{{region="{region}"}}'
    return Alert(
        name="RegionSilent",
        expr=f"count_over_time({heartbeat}[7d]) unless count_over_time({heartbeat}[10m])",
        lasting="5m",
        severity=Severity.CRITICAL,
        summary=f"Nothing is heard of {region}",
        description="Its Prometheus is gone or cannot send. No other alert of this region can fire meanwhile.",
        why="our choice: Prometheus is back within ten minutes after its node's replacement",
    )
