"""What the pods of Kafka ask of their nodes. No resources."""

from collections.abc import Iterator

from components.kafka.args import KafkaProfile
from components.quantities import Request, of_share
from components.workloads import Share

CONTROLLERS = 3
"""An odd number, of which one may be lost; more would only make each decision slower. It never follows the brokers:
Strimzi changes no quorum that exists."""

BROKER = Share(cpu="1", memory="4Gi", cpu_limit="2")
CONTROLLER = Share(cpu="250m", memory="1Gi", cpu_limit="1")
SINGLE_BROKER = Share(cpu="500m", memory="4Gi", cpu_limit="2")
EXPORTER = Share(cpu="50m", memory="128Mi", cpu_limit="250m")


def pods(profile: KafkaProfile, brokers: int) -> Iterator[Request]:
    """The request of every pod that a profile runs in the cluster; MSK runs none."""
    match profile:
        case KafkaProfile.STRIMZI:
            yield from [of_share(BROKER)] * brokers
            yield from [of_share(CONTROLLER)] * CONTROLLERS
            yield of_share(EXPORTER)
        case KafkaProfile.SINGLE:
            yield from (of_share(SINGLE_BROKER), of_share(EXPORTER))
        case KafkaProfile.MSK:
            return
