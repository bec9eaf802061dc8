"""The `Kafka` component."""

import pulumi

from components.base import Component
from components.kafka.args import NAMESPACE, PLAINTEXT_PORT, TLS_PORT, Brokers, KafkaArgs, KafkaProfile
from components.kafka.msk import MskCluster
from components.kafka.partitions import replication_of
from components.kafka.single import SingleBroker
from components.kafka.strimzi import StrimziCluster
from components.network_policies import Peer
from components.stores import MessagesEndpoint


class Kafka(Component):
    """A region's Kafka, which its miners share: the names of their topics and consumer groups end in the miner's.

    Creates, by profile, `StrimziCluster` or `SingleBroker` in the namespace that is theirs, or `MskCluster`. No topic:
    the miners make theirs, so that one miner more changes nothing here. Another profile is another, empty Kafka.

    `endpoint` is what other components take.
    """

    TOKEN = "teranode:kafka:Kafka"

    endpoint: MessagesEndpoint

    def __init__(self, name: str, args: KafkaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        brokers = self._brokers()
        outside = args.profile is KafkaProfile.MSK
        self.endpoint = MessagesEndpoint(
            hosts=brokers.hosts,
            port=TLS_PORT if outside else PLAINTEXT_PORT,
            tls=outside,
            replication=replication_of(args.brokers),
            partitions_high=args.partitions_high,
            peer=Peer(cidr=args.network.cidr_block) if outside else Peer(namespace=NAMESPACE),
            ready=brokers.ready,
        )
        self.register_outputs({"hosts": brokers.hosts})

    def _brokers(self) -> Brokers:
        name, args = self._logical_name, self._args
        if args.namespace is None:
            return MskCluster(f"{name}-msk", args, opts=self._child()).brokers
        if args.profile is KafkaProfile.SINGLE:
            return SingleBroker(f"{name}-single", args, args.namespace, opts=self._child()).brokers
        return StrimziCluster(f"{name}-strimzi", args, args.namespace, opts=self._child()).brokers
