"""Managed Kafka: ``aws:msk`` clusters of Standard brokers in KRaft mode, and configurations."""

from collections.abc import Mapping

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON

_NAMED_BROKERS = 3
"""A bootstrap string names so many brokers at most, whatever their number."""

_TLS_PORT, _PLAINTEXT_PORT = 9094, 9092


def _arn(request: Request, kind: str, name: str) -> str:
    """MSK adds a UUID and the number of a partition of its own to the name."""
    return request.arn("kafka", f"{kind}/{name}/{request.uuid(kind)}-{1 + request.number(25, kind)}")


def _object(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}


def _brokers(request: Request, port: int) -> str:
    count = request.inputs.get("numberOfBrokerNodes")
    named = min(_NAMED_BROKERS, int(count)) if isinstance(count, (int, float)) else 0
    place = request.place
    domain = f"{request.digest(6, 'domain')}.c{1 + request.number(25, 'cluster')}.kafka.{place.region}"
    name = request.text("clusterName")
    return ",".join(f"b-{index}.{name}.{domain}.{place.dns_suffix}:{port}" for index in range(1, named + 1))


def _cluster(request: Request, arn: str) -> dict[str, JSON]:
    transit = _object(request.mapping("encryptionInfo").get("encryptionInTransit")).get("clientBroker", "TLS")
    return {
        **regional_tagged(request),
        "arn": arn,
        "bootstrapBrokers": "" if transit == "TLS" else _brokers(request, _PLAINTEXT_PORT),
        "bootstrapBrokersTls": "" if transit == "PLAINTEXT" else _brokers(request, _TLS_PORT),
        "clusterUuid": arn.rpartition("/")[2],
        "currentVersion": f"K{request.digest(13, 'version').upper()}",
    }


def _configuration(request: Request, arn: str) -> dict[str, JSON]:
    return {**regional(request), "arn": arn, "latestRevision": 1}


MODELS = (
    ResourceModel(
        "aws:msk/cluster:Cluster",
        identify=lambda request: _arn(request, "cluster", request.text("clusterName")),
        compute=_cluster,
        autoname=Autoname("clusterName", max_length=64, unless=()),
        defaults={
            "customerActionStatus": "NONE",
            "enhancedMonitoring": "DEFAULT",
            "rebalancing": {"status": "PAUSED"},
            "storageMode": "LOCAL",
        },
        # no SASL, no public brokers, no private connectivity, no IPv6, and no ZooKeeper in KRaft mode
        empty=frozenset(
            {
                "bootstrapBrokersIpv6",
                "bootstrapBrokersPublicSaslIam",
                "bootstrapBrokersPublicSaslScram",
                "bootstrapBrokersPublicTls",
                "bootstrapBrokersSaslIam",
                "bootstrapBrokersSaslIamIpv6",
                "bootstrapBrokersSaslScram",
                "bootstrapBrokersSaslScramIpv6",
                "bootstrapBrokersTlsIpv6",
                "bootstrapBrokersVpcConnectivitySaslIam",
                "bootstrapBrokersVpcConnectivitySaslScram",
                "bootstrapBrokersVpcConnectivityTls",
                "zookeeperConnectString",
                "zookeeperConnectStringTls",
            }
        ),
    ),
    ResourceModel(
        "aws:msk/configuration:Configuration",
        identify=lambda request: _arn(request, "configuration", request.text("name")),
        compute=_configuration,
        autoname=Autoname("name", max_length=256, unless=()),
    ),
)
