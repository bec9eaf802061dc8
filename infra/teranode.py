"""Teranode itself, composed of what regions and miners have: an operator for each region, a node for each miner."""

from collections.abc import Mapping

import pulumi

from components import naming
from components.eks import POOL_LABEL
from components.images import ImageSource
from components.miner import GENERAL_POOL, Miner
from components.platform import TeranodeOperator, TeranodeOperatorArgs
from components.protection import Protection
from components.region import PlatformChoice, Region
from components.stores import MessagesEndpoint
from components.teranode import (
    Chain,
    ClusterChoices,
    KafkaChoice,
    ListenMode,
    MinerPeer,
    Node,
    NodeArgs,
    NodeChoices,
    Scale,
    StorageChoice,
    cluster_spec,
    config_map,
)
from infra import versions
from infra.settings import Environment, MinerSettings
from infra.settings.fields import Tier

CHART = "teranode-operator"

_SCALES: Mapping[Tier, Scale] = {"testing": Scale.SMALL, "mainnet": Scale.FULL}
_LISTEN_MODES = {"full": ListenMode.FULL, "listenOnly": ListenMode.LISTEN_ONLY}


def build(
    environment: Environment,
    regions: Mapping[str, Region],
    miners: Mapping[str, Miner],
    platform: PlatformChoice,
    protection: Protection,
) -> dict[str, Node]:
    """Register the operators and, with what they serve, each miner's node; no node waits for another miner's."""
    operators = _operators(environment, regions, miners, platform)
    peers = [peer(environment, miners[name]) for name in environment.miners]
    nodes: dict[str, Node] = {}
    for name, settings in environment.miners.items():
        miner, kafka = miners[name], regions[settings.region].kafka.endpoint
        nodes[name] = Node(
            f"{name}-node",
            NodeArgs(
                namespace=miner.namespace,
                spec=cluster_spec(cluster_choices(environment, settings, miner, platform.images)),
                settings=config_map(node_choices(environment, settings, peers, kafka)),
                after=[*operators[settings.region].ready, *miner.ready],
                protection=protection,
            ),
            opts=pulumi.ResourceOptions(parent=miner),
        )
    return nodes


def image(environment: Environment, images: ImageSource) -> str:
    """Teranode's image in the environment's release, from its mirror if its registry has one."""
    return images.mirrored(f"{versions.TERANODE_IMAGE}:{environment.release}")


def cluster_choices(
    environment: Environment, settings: MinerSettings, miner: Miner, images: ImageSource
) -> ClusterChoices:
    """What a miner's `Cluster` is made of."""
    return ClusterChoices(
        chain=Chain(environment.chain),
        scale=_SCALES[environment.tier],
        image=image(environment, images),
        storage=StorageChoice(size_gib=miner.volume.capacity_gib, volume=miner.volume.name),
        # Operators that mount it themselves keep one of two that have the same name and path.
        pruner_needs_data=True,
        enabled=settings.enabled,
        node_selector={POOL_LABEL: GENERAL_POOL},
    )


def node_choices(
    environment: Environment, settings: MinerSettings, peers: list[MinerPeer], kafka: MessagesEndpoint
) -> NodeChoices:
    """What a miner's settings are made of; what travels between miners comes from their resources."""
    return NodeChoices(
        name=settings.name,
        chain=Chain(environment.chain),
        scale=_SCALES[environment.tier],
        miners=peers,
        kafka=KafkaChoice(
            hosts=kafka.hosts,
            replication_factor=kafka.replication,
            partitions_high=kafka.partitions_high,
            tls=kafka.tls,
        ),
        aerospike=settings.utxo_store.profile != "postgres",
        listen_mode=_LISTEN_MODES[settings.listen_mode],
        sv_nodes=settings.sv_nodes,
    )


def peer(environment: Environment, miner: Miner) -> MinerPeer:
    """A miner as the others see it."""
    name = miner.namespace.name
    return MinerPeer(name=name, host=naming.miner_host(environment.name, name), peer_id=miner.peer_id)


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
