"""A model region's Kafka: an MSK cluster, and one that Strimzi keeps."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Row

COPIES: Row = {"default.replication.factor": "3", "min.insync.replicas": "2"}


def build_kafka(region: RegionBuilder) -> None:
    """Register both kinds with all that they refer to."""
    locks: Row = {"protect": True, "retainOnDelete": True}
    region.add(
        "aws:ec2/securityGroup:SecurityGroup", "kafka-clients", {"vpcId": region.ref("vpc"), "description": "Kafka"}
    )
    region.add(
        "aws:ec2/securityGroup:SecurityGroup", "kafka-group", {"vpcId": region.ref("vpc"), "description": "Kafka"}
    )
    region.add(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "kafka-way-in",
        {
            "securityGroupId": region.ref("kafka-group"),
            "referencedSecurityGroupId": region.ref("kafka-clients"),
            "ipProtocol": "tcp",
            "fromPort": 9094,
            "toPort": 9094,
            "description": "Kafka",
        },
    )
    text = "".join(f"{key}={value}\n" for key, value in COPIES.items())
    region.add("aws:msk/configuration:Configuration", "kafka-configuration", {"serverProperties": text})
    region.add(
        "aws:msk/cluster:Cluster",
        "kafka-msk",
        {
            "clusterName": f"model-kafka-{region.name}",
            "numberOfBrokerNodes": 3,
            "brokerNodeGroupInfo": {
                "securityGroups": [region.ref("kafka-group")],
                "connectivityInfo": {"publicAccess": {"type": "DISABLED"}},
            },
            "clientAuthentication": {"unauthenticated": True},
            "configurationInfo": {"arn": region.arn_of("kafka-configuration"), "revision": 1},
            "encryptionInfo": {
                "encryptionAtRestKmsKeyArn": region.arn_of("key"),
                "encryptionInTransit": {"clientBroker": "TLS", "inCluster": True},
            },
            "enhancedMonitoring": "PER_BROKER",
            "loggingInfo": {"brokerLogs": {"cloudwatchLogs": {"enabled": True, "logGroup": "kafka"}}},
        },
        after=["kafka-configuration", "kafka-group"],
        **locks,
    )
    _operated(region)


def _operated(region: RegionBuilder) -> None:
    provider = f"{region.name}-kubernetes"
    labels: Row = {"strimzi.io/cluster": "kafka"}
    region.stack.add(
        "kubernetes:kafka.strimzi.io/v1:KafkaNodePool",
        f"{region.name}-kafka-brokers",
        {
            "metadata": {"name": "brokers", "namespace": "kafka", "labels": labels},
            "spec": {"replicas": 3, "roles": ["broker"]},
        },
        provider=provider,
        protect=True,
        retainOnDelete=True,
    )
    region.stack.add(
        "kubernetes:kafka.strimzi.io/v1:Kafka",
        f"{region.name}-kafka-operated",
        {
            "metadata": {"name": "kafka", "namespace": "kafka"},
            "spec": {
                "kafka": {
                    "listeners": [
                        {
                            "name": "secure",
                            "port": 9093,
                            "type": "internal",
                            "tls": True,
                            "networkPolicyPeers": [{"namespaceSelector": {"matchLabels": {"role": "miner"}}}],
                        }
                    ],
                    "config": dict(COPIES),
                }
            },
        },
        provider=provider,
        protect=True,
        retainOnDelete=True,
    )
