"""What is lost with a resource when it is deleted or replaced."""

from collections.abc import Mapping

from simulator.graph import Node

_LOSSES: Mapping[str, str] = {
    "aws:backup/vault:Vault": "its recovery points",
    "aws:cloudwatch/logGroup:LogGroup": "its log records",
    "aws:ebs/volume:Volume": "the data on the volume",
    "aws:ec2/eip:Eip": "the public address, which others may have in their allow-lists",
    "aws:ecr/repository:Repository": "the images",
    "aws:efs/fileSystem:FileSystem": "the files",
    "aws:eks/cluster:Cluster": "every workload and object in the cluster",
    "aws:fsx/lustreFileSystem:LustreFileSystem": "the files that are not exported",
    "aws:kms/key:Key": "everything that only this key can decrypt",
    "aws:msk/cluster:Cluster": "the messages not yet consumed",
    "aws:rds/cluster:Cluster": "the database",
    "aws:rds/instance:Instance": "the database",
    "aws:route53/zone:Zone": "all records of the zone, and its name servers",
    "aws:s3/bucket:Bucket": "the objects",
    "aws:secretsmanager/secret:Secret": "the secret with its versions",
    "kubernetes:asdb.aerospike.com/v1:AerospikeCluster": "the records of the store",
    "kubernetes:apps/v1:StatefulSet": "the running replicas, and their volumes if claims are not retained",
    "kubernetes:core/v1:Namespace": "every object in the namespace, volume claims too",
    "kubernetes:core/v1:PersistentVolume": "the data on the volume unless its policy is Retain",
    "kubernetes:core/v1:PersistentVolumeClaim": "the data on the claimed volume unless its policy is Retain",
    "kubernetes:kafka.strimzi.io/v1:Kafka": "the messages not yet consumed",
    "kubernetes:postgresql.cnpg.io/v1:Cluster": "the database",
    "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster": "the claim of its files, which it owns",
    "random:index/randomBytes:RandomBytes": "the generated value, with what was encrypted or signed by it",
    "random:index/randomPassword:RandomPassword": "the generated password, while its users may still hold it",
}

_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"


def loss(node: Node) -> str:
    """What is gone for good with ``node``; empty if another one like it is as good.

    A node group counts if its nodes keep data on their own disks, which shows in a label that speaks of storage.
    """
    if node.type == _NODE_GROUP:
        labels = node.inputs.get("labels")
        marks = [*labels, *labels.values()] if isinstance(labels, Mapping) else []
        return "the data on the local disks of its nodes" if any("storage" in str(mark) for mark in marks) else ""
    return _LOSSES.get(node.type, "")
