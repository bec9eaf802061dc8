"""The products of AWS that quantities are counted in, by the names of its price list.

Attributes and usage types: AWS Price List, offer files of each service; `DescribeServices` and `GetAttributeValues` of
the Price List API show them.
"""

from ops.quantities.model import Product

AURORA_IO_OPTIMISED = "aurora-iopt1"
_ENGINES = {"postgres": "PostgreSQL", "aurora-postgresql": "Aurora PostgreSQL"}
_DATABASE_VOLUMES = {"gp3": ("General Purpose-GP3", "RDS:GP3-Storage"), "gp2": ("General Purpose", "RDS:GP2-Storage")}

CONTROL_PLANE = Product("AmazonEKS", "Compute", "AmazonEKS-Hours:perCluster")
NAT_GATEWAY = Product("AmazonEC2", "NAT Gateway", "NatGateway-Hours")
PUBLIC_ADDRESS = Product("AmazonVPC", usage="PublicIPv4:InUseAddress")
INTERFACE_ENDPOINT = Product("AmazonVPC", "VpcEndpoint", "VpcEndpoint-Hours")
NETWORK_LOAD_BALANCER = Product("AWSELB", "Load Balancer-Network", "LoadBalancerUsage")
APPLICATION_LOAD_BALANCER = Product("AWSELB", "Load Balancer-Application", "LoadBalancerUsage")
ZONE = Product("AmazonRoute53", "DNS Zone", "HostedZone", everywhere=True)
KEY = Product("awskms", "Encryption Key", "KMS-Keys")
SECRET = Product("AWSSecretsManager", "Secret", "AWSSecretsManager-Secrets")
SECRET_REQUEST = Product("AWSSecretsManager", "API Request", "AWSSecretsManagerAPIRequest")
ALARM_METRIC = Product("AmazonCloudWatch", "Alarm", "CW:AlarmMonitorUsage", (("alarmType", "Standard"),))
VOLUME_IOPS = Product("AmazonEC2", "System Operation", "EBS:VolumeP-IOPS.gp3", (("volumeApiName", "gp3"),))
VOLUME_THROUGHPUT = Product(
    "AmazonEC2", "Provisioned Throughput", "EBS:VolumeP-Throughput.gp3", (("volumeApiName", "gp3"),)
)
BROKER_STORAGE = Product("AmazonMSK", usage="Kafka.Storage.GP2")


def instance(instance_type: str) -> Product:
    """A machine of Linux, shared with others and on demand."""
    return Product(
        "AmazonEC2",
        "Compute Instance",
        f"BoxUsage:{instance_type}",
        (
            ("capacitystatus", "Used"),
            ("instanceType", instance_type),
            ("operatingSystem", "Linux"),
            ("preInstalledSw", "NA"),
            ("tenancy", "Shared"),
        ),
    )


def volume(kind: str) -> Product:
    """Room on EBS."""
    return Product("AmazonEC2", "Storage", f"EBS:VolumeUsage.{kind}", (("volumeApiName", kind),))


def database(instance_class: str, engine: str, storage: str = "") -> Product | None:
    """An instance in one zone; none of an engine that nobody taught this module."""
    if engine not in _ENGINES:
        return None
    usage = "InstanceUsageIOOptimized" if storage == AURORA_IO_OPTIMISED else "InstanceUsage"
    return Product(
        "AmazonRDS",
        "Database Instance",
        f"{usage}:{instance_class}",
        (("databaseEngine", _ENGINES[engine]), ("deploymentOption", "Single-AZ"), ("instanceType", instance_class)),
    )


def database_storage(kind: str) -> Product | None:
    """Room of an instance in one zone, of any engine; none of a kind that nobody taught this module."""
    if kind not in _DATABASE_VOLUMES:
        return None
    name, usage = _DATABASE_VOLUMES[kind]
    attributes = (("deploymentOption", "Single-AZ"), ("volumeType", name))
    return Product("AmazonRDS", "Database Storage", usage, attributes)


def lustre(throughput: float, storage: str) -> Product:
    """Room of FSx for Lustre with so many MB/s per TiB."""
    return Product(
        "AmazonFSx",
        "Storage",
        attributes=(("fileSystemType", "Lustre"), ("storageType", storage), ("throughputCapacity", f"{throughput:g}")),
    )


def broker(instance_type: str) -> Product:
    """A broker of Amazon MSK; the price list writes kafka.m7g.large with a capital letter."""
    return Product("AmazonMSK", usage=f"Kafka.{instance_type.removeprefix('kafka.')}")
