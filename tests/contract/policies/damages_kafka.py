"""Damages of Kafka, by AWS or in the cluster."""

from tests.contract.policies.names import INGRESS, KAFKA, KAFKA_CONFIGURATION, KAFKA_POOL, MSK_CLUSTER
from tests.contract.policies.stack import Damage, edit

_TRANSIT = "encryptionInfo.encryptionInTransit"
_LISTENER = "spec.kafka.listeners.0"

DAMAGES: dict[str, tuple[Damage, ...]] = {
    "MSK-1": (
        edit(MSK_CLUSTER, f"{_TRANSIT}.clientBroker", "TLS_PLAINTEXT"),
        edit(MSK_CLUSTER, f"{_TRANSIT}.inCluster", value=False),
        edit(MSK_CLUSTER, "encryptionInfo.encryptionAtRestKmsKeyArn", None),
        edit(MSK_CLUSTER, "brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "SERVICE_PROVIDED_EIPS"),
        edit(MSK_CLUSTER, "loggingInfo", None),
        edit(MSK_CLUSTER, "enhancedMonitoring", "DEFAULT"),
        edit(INGRESS, "referencedSecurityGroupId", None, name="kafka-way-in"),
    ),
    "KAFKA-1": (edit(KAFKA, f"{_LISTENER}.tls", value=False), edit(KAFKA, f"{_LISTENER}.tls", None)),
    "KAFKA-2": (
        edit(KAFKA, f"{_LISTENER}.type", "loadbalancer"),
        edit(KAFKA, f"{_LISTENER}.networkPolicyPeers", None),
        edit(KAFKA, f"{_LISTENER}.networkPolicyPeers", [{"namespaceSelector": {}}]),
    ),
    "KAFKA-3": (
        edit(KAFKA_POOL, "spec.replicas", 2),
        edit(KAFKA_POOL, "spec.roles", ["controller"]),
        edit(MSK_CLUSTER, "numberOfBrokerNodes", 2),
        edit(KAFKA, "spec.kafka.config", {"default.replication.factor": "3", "min.insync.replicas": "3"}),
        edit(KAFKA_CONFIGURATION, "serverProperties", "default.replication.factor=2\nmin.insync.replicas=1\n"),
    ),
}
