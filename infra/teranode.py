"""Teranode itself, composed of what regions and miners have: an operator for each region, a node for each miner."""

from collections.abc import Mapping

import pulumi

from components import naming
from components.aerospike import metrics_url
from components.images import ImageSource
from components.miner import Miner
from components.miner_addresses import PublicAddress
from components.platform import TeranodeOperator, TeranodeOperatorArgs
from components.pools import GENERAL_POOL
from components.region import PlatformChoice, Region
from components.stores import MessagesEndpoint
from components.teranode import (
    BlockGenerator,
    BlockGeneratorArgs,
    Chain,
    ClusterChoices,
    KafkaChoice,
    MinerPeer,
    Mode,
    Node,
    NodeArgs,
    NodeChoices,
    Operation,
    Rotation,
    Seed,
    SeedArgs,
    Snapshot,
    StorageChoice,
    TransactionLoad,
    TransactionLoadArgs,
    cluster_spec,
    config_map,
    first_state,
    release_gate,
    seed_gate,
    settings_restart,
)
from infra import addresses, protection, versions
from infra.settings import Environment, MinerSettings

CHART = "teranode-operator"
TOOLS = "kubernetes-tools"
"""The image of what operates a node: it has kubectl, curl and a shell, and no release of Teranode changes it."""

PYTHON = "python"
"""The image of the transaction load."""


def build(
    environment: Environment,
    regions: Mapping[str, Region],
    miners: Mapping[str, Miner],
    public: Mapping[str, PublicAddress],
    platform: PlatformChoice,
) -> dict[str, Node]:
    """Register the operators and, with what they serve, each miner's node; no node waits for another miner's."""
    operators = _operators(environment, regions, miners, platform)
    peers = [peer(environment, miners[name], public.get(name)) for name in environment.miners]
    nodes: dict[str, Node] = {}
    for name, settings in environment.miners.items():
        miner, kafka = miners[name], regions[settings.region].kafka.endpoint
        own = pulumi.ResourceOptions(parent=miner)
        values = config_map(node_choices(environment, settings, peers, kafka))
        seeded = _seeded(environment, settings, miner, platform.images, own)
        nodes[name] = Node(
            f"{name}-node",
            NodeArgs(
                namespace=miner.namespace,
                spec=cluster_spec(cluster_choices(environment, settings, miner, platform.images)),
                settings=values,
                after=[*operators[settings.region].ready, *miner.ready, *seeded],
                protection=protection.of_miner(environment, settings),
            ),
            opts=own,
        )
        if settings.enabled:
            _operate(environment, settings, miner, nodes[name], values, platform.images, own)
    return nodes


def _seeded(
    environment: Environment, settings: MinerSettings, miner: Miner, images: ImageSource, opts: pulumi.ResourceOptions
) -> tuple[pulumi.Resource, ...]:
    """What a node that begins with a snapshot waits for before it starts; a stopped one waits for nothing."""
    snapshot = settings.snapshot
    if snapshot is None:
        return ()
    wanted = Snapshot(
        url=snapshot.url,
        block_hash=snapshot.hash,
        height=snapshot.height,
        headers_sha256=snapshot.headers_sha256,
        utxo_set_sha256=snapshot.utxo_set_sha256,
    )
    seed = Seed(
        f"{settings.name}-seed",
        SeedArgs(
            namespace=miner.namespace,
            snapshot=wanted,
            image=image(environment, images),
            tools=images.reference(TOOLS),
            database_client=images.reference("postgres-client"),
            store_metrics=None if miner.utxo_store is None else metrics_url(miner.utxo_store.endpoint),
            node_selector=GENERAL_POOL,
            after=miner.ready,
        ),
        opts=opts,
    )
    if not settings.enabled:
        return ()
    gate = seed_gate(miner.namespace, wanted, tools=images.reference(TOOLS), after=seed.ready)
    return Operation(f"{settings.name}-seed-gate", gate, opts=opts).ready


def _operate(
    environment: Environment,
    settings: MinerSettings,
    miner: Miner,
    node: Node,
    values: Mapping[str, pulumi.Input[str]],
    images: ImageSource,
    opts: pulumi.ResourceOptions,
) -> None:
    """What keeps a node at work; none of it waits for another, and of a stopped node there is none."""
    chain, namespace, name = Chain(environment.chain), miner.namespace, miner.namespace.name
    tools = images.reference(TOOLS)
    gate = release_gate(namespace, chain, image=image(environment, images), tools=tools, after=node.ready)
    Operation(f"{name}-release-gate", gate, opts=opts)
    restart = settings_restart(
        namespace, chain, settings=values, secret_versions=miner.secret_versions, tools=tools, after=node.ready
    )
    Operation(f"{name}-settings-restart", restart, opts=opts)
    height = settings.snapshot.height if settings.snapshot else 0
    start = first_state(namespace, chain, tools=tools, after=node.ready, start_height=height)
    if start is not None:
        Operation(f"{name}-first-state", start, opts=opts)
    blocks = environment.block_generator
    if blocks is not None:
        generator = BlockGeneratorArgs(
            namespace=namespace,
            image=tools,
            rotation=Rotation(blocks.rotation),
            interval_seconds=blocks.interval_seconds,
            spread_seconds=blocks.spread_seconds,
            node=node.ready,
        )
        BlockGenerator(f"{name}-block-generator", generator, opts=opts)
    load = environment.transaction_load
    if load is not None and name in load.miners:
        sender = TransactionLoadArgs(
            namespace=namespace, image=images.reference(PYTHON), per_second=load.per_second, node=node.ready
        )
        TransactionLoad(f"{name}-transaction-load", sender, opts=opts)


def image(environment: Environment, images: ImageSource) -> str:
    """Teranode's image in the environment's release, from its mirror if its registry has one."""
    return images.mirrored(f"{versions.TERANODE_IMAGE}:{environment.release}")


def cluster_choices(
    environment: Environment, settings: MinerSettings, miner: Miner, images: ImageSource
) -> ClusterChoices:
    """What a miner's `Cluster` is made of."""
    return ClusterChoices(
        chain=Chain(environment.chain),
        scale=environment.defaults.scale,
        image=image(environment, images),
        storage=StorageChoice(size_gib=miner.volume.capacity_gib, volume=miner.volume.name),
        # Operators that mount it themselves keep one of two that have the same name and path.
        pruner_needs_data=True,
        mode=Mode(settings.mode),
        enabled=settings.enabled,
        node_selector=GENERAL_POOL,
    )


def node_choices(
    environment: Environment, settings: MinerSettings, peers: list[MinerPeer], kafka: MessagesEndpoint
) -> NodeChoices:
    """What a miner's settings are made of; what travels between miners comes from their resources."""
    return NodeChoices(
        name=settings.name,
        chain=Chain(environment.chain),
        scale=environment.defaults.scale,
        miners=peers,
        kafka=KafkaChoice(
            hosts=kafka.hosts,
            replication_factor=kafka.replication,
            partitions_high=kafka.partitions_high,
            tls=kafka.tls,
        ),
        aerospike=settings.utxo_store.profile != "postgres",
        mode=Mode(settings.mode),
        asset_address=addresses.asset_url_of(environment, settings),
        sv_nodes=settings.sv_nodes,
    )


def peer(environment: Environment, miner: Miner, public: PublicAddress | None) -> MinerPeer:
    """A miner as the others see it: where it is public, peers know its public addresses alone."""
    name = miner.namespace.name
    return MinerPeer(
        name=name,
        host=naming.miner_host(environment.name, name),
        peer_id=miner.peer_id,
        public_addresses=public.addresses if public else (),
    )


def _operators(
    environment: Environment, regions: Mapping[str, Region], miners: Mapping[str, Miner], platform: PlatformChoice
) -> dict[str, TeranodeOperator]:
    """The operator of each region that has miners. The namespaces that it watches are there before it is."""
    made: dict[str, TeranodeOperator] = {}
    for name, region in regions.items():
        watched = tuple(miners[one.name].namespace for one in environment.miners.values() if one.region == name)
        if watched:
            made[name] = TeranodeOperator(
                f"{name}-platform-{CHART}",
                TeranodeOperatorArgs(
                    context=region.platform.context,
                    source=platform.charts[CHART],
                    images=platform.images,
                    watched=watched,
                    high_availability=platform.high_availability,
                ),
                opts=pulumi.ResourceOptions(parent=region.platform),
            )
    return made
