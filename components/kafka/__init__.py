"""A region's Kafka: operated in the cluster, by AWS, or as one broker, behind one endpoint."""

from components.kafka.args import KafkaArgs, KafkaProfile, KafkaVersions
from components.kafka.component import Kafka
from components.kafka.namespace import namespace_args

__all__ = ["Kafka", "KafkaArgs", "KafkaProfile", "KafkaVersions", "namespace_args"]
