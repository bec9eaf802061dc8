"""The `Kafka` component."""

import pulumi

from components.base import Component
from components.kafka import openings
from components.kafka.args import NAMESPACE, PLAINTEXT_PORT, TLS_PORT, Brokers, KafkaArgs, KafkaProfile
from components.kafka.msk import MskCluster
from components.kafka.partitions import replication_of
from components.kafka.single import SingleBroker
from components.kafka.strimzi import StrimziCluster
from components.namespace import Namespace, NamespaceArgs, NamespaceRef, PodSecurity
from components.network_policies import NamespaceRole, Opening, Peer
from components.stores import MessagesEndpoint

_QUOTA = {"pods": "80", "persistentvolumeclaims": "80"}
"""The largest number of brokers that a stack file may ask for, their controllers, and room for a change."""


class Kafka(Component):
    """A region's Kafka, which its miners share: the names of their topics and consumer groups end in the miner's.

    Creates, by profile, `StrimziCluster` or `SingleBroker` in a namespace of their own, or `MskCluster`. No topic: the
    miners make theirs, so that one miner more changes nothing here. Another profile is another, empty Kafka.

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
        if args.profile is KafkaProfile.MSK:
            return MskCluster(f"{name}-msk", args, opts=self._child()).brokers
        if args.profile is KafkaProfile.SINGLE:
            namespace = self._namespace(openings.of_a_single_broker())
            return SingleBroker(f"{name}-single", args, namespace, opts=self._child()).brokers
        namespace = self._namespace(openings.of_an_operated_cluster())
        return StrimziCluster(f"{name}-strimzi", args, namespace, opts=self._child()).brokers

    def _namespace(self, allowed: tuple[Opening, ...]) -> NamespaceRef:
        return Namespace(
            f"{self._logical_name}-namespace",
            NamespaceArgs(
                namespace=NAMESPACE,
                provider=self._args.provider,
                role=NamespaceRole.PLATFORM,
                pod_security=PodSecurity.RESTRICTED,
                quota=_QUOTA,
                protection=self._args.protection,
                openings=allowed,
                holds_data=True,
            ),
            opts=self._child(),
        ).ref
