"""Settings of Kafka's brokers and topics, which Strimzi's definitions leave free."""

from typing import Annotated

from pydantic import AfterValidator

_SET_BY_STRIMZI = (
    "listeners",
    "advertised.",
    "broker.",
    "listener.",
    "host.name",
    "port",
    "inter.broker.listener.name",
    "sasl.",
    "ssl.",
    "security.",
    "password.",
    "log.dir",
    "zookeeper.",
    "authorizer.",
    "super.user",
    "node.id",
    "process.roles",
    "controller.",
    "metadata.log.dir",
)
_MAY_BE_SET = frozenset(
    {
        "sasl.server.max.receive.size",
        "ssl.cipher.suites",
        "ssl.protocol",
        "ssl.enabled.protocols",
        "ssl.secure.random.implementation",
        "controller.quorum.election.backoff.max.ms",
        "controller.quorum.election.timeout.ms",
        "controller.quorum.fetch.timeout.ms",
    }
)
TOPIC_SETTINGS = frozenset(
    {
        "cleanup.policy",
        "compression.type",
        "delete.retention.ms",
        "file.delete.delay.ms",
        "flush.messages",
        "flush.ms",
        "index.interval.bytes",
        "local.retention.bytes",
        "local.retention.ms",
        "max.compaction.lag.ms",
        "max.message.bytes",
        "message.timestamp.after.max.ms",
        "message.timestamp.before.max.ms",
        "message.timestamp.type",
        "min.cleanable.dirty.ratio",
        "min.compaction.lag.ms",
        "min.insync.replicas",
        "preallocate",
        "retention.bytes",
        "retention.ms",
        "segment.bytes",
        "segment.index.bytes",
        "segment.jitter.ms",
        "segment.ms",
        "unclean.leader.election.enable",
    }
)
"""Settings of a topic. Source: Kafka's documentation, "Topic-level configs"."""

Setting = str | int | float | bool


def _broker_settings(config: dict[str, Setting]) -> dict[str, Setting]:
    for name in config.keys() - _MAY_BE_SET:
        if name.startswith(_SET_BY_STRIMZI):
            raise ValueError(f"{name} is set by Strimzi itself, which ignores it here")
    return config


def _topic_settings(config: dict[str, Setting]) -> dict[str, Setting]:
    for name in config.keys() - TOPIC_SETTINGS:
        raise ValueError(f"{name} is no setting of a topic")
    return config


BrokerSettings = Annotated[dict[str, Setting], AfterValidator(_broker_settings)]
TopicSettings = Annotated[dict[str, Setting], AfterValidator(_topic_settings)]
