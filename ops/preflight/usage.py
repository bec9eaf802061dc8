"""What AWS allows in a region, and what others than the environment use of it. Reading only."""

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from botocore.exceptions import ClientError

from infra import catalog
from ops.aws.session import code_of
from ops.preflight import quotas
from ops.preflight.quotas import Allowed, Quota
from ops.preflight.reading import Own, Reader, Record, batches

_TAGS_OF_LOAD_BALANCERS = 20
"""Elastic Load Balancing tells the tags of so many at a time."""

Use = Mapping[str, float]
"""By the scope of the quota; a quota of the region has the empty one."""


def allowed(reader: Reader, region: str, quota: Quota) -> Allowed:
    """What a quota is: the account's own, or where it has none the default."""
    client = reader.client("service-quotas", region)
    named = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    try:
        found = client.get_service_quota(**named)["Quota"]
    except ClientError as error:
        if code_of(error) != "NoSuchResourceException":
            raise
        found = client.get_aws_default_service_quota(**named)["Quota"]
    return Allowed(float(found["Value"]), adjustable=bool(found.get("Adjustable", True)))


def used_by_others(reader: Reader, region: str, quota: Quota, own: Own) -> Use:
    """What is used of a quota and is not the environment's; nothing of what only one of its own things has."""
    return _READ[quota](reader, region, own) if quota in _READ else {}


def _counted(service: str, call: str, key: str, tags: str = "Tags") -> Callable[[Reader, str, Own], Use]:
    def read(reader: Reader, region: str, own: Own) -> Use:
        return {"": len(own.others(reader.all(service, region, call, key), tags))}

    return read


def _addresses(reader: Reader, region: str, own: Own) -> Use:
    return {"": len(own.others(reader.client("ec2", region).describe_addresses()["Addresses"]))}


def _nat_gateways(reader: Reader, region: str, own: Own) -> Use:
    standing = [{"Name": "state", "Values": ["pending", "available", "deleting"]}]
    gateways = own.others(
        reader.all("ec2", region, "describe_nat_gateways", "NatGateways", Filters=standing),
    )
    subnets = reader.all("ec2", region, "describe_subnets", "Subnets")
    zones = {str(subnet["SubnetId"]): str(subnet["AvailabilityZone"]) for subnet in subnets}
    return Counter(zones.get(str(gateway.get("SubnetId")), "") for gateway in gateways)


def _gateway_endpoints(reader: Reader, region: str, own: Own) -> Use:
    kind = [{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}]
    found = reader.all("ec2", region, "describe_vpc_endpoints", "VpcEndpoints", Filters=kind)
    return {"": len(own.others(found))}


def _load_balancers(reader: Reader, region: str, own: Own) -> Use:
    found = reader.all("elbv2", region, "describe_load_balancers", "LoadBalancers")
    arns = [str(one["LoadBalancerArn"]) for one in found if one["Type"] == "network"]
    tagged: list[Record] = []
    for some in batches(arns, _TAGS_OF_LOAD_BALANCERS):
        tagged += reader.client("elbv2", region).describe_tags(ResourceArns=list(some))["TagDescriptions"]
    return {"": len(own.others(tagged))}


def _clusters(reader: Reader, region: str, own: Own) -> Use:
    """Clusters are listed without tags; those of an environment are named after it."""
    names = [str(name) for name in reader.all("eks", region, "list_clusters", "clusters")]
    return {"": sum(name != f"{own.environment}-{region}" for name in names)}


def _vcpus(*, spot: bool) -> Callable[[Reader, str, Own], Use]:
    quota = quotas.SPOT if spot else quotas.ON_DEMAND

    def read(reader: Reader, region: str, own: Own) -> Use:
        running = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
        reservations = reader.all("ec2", region, "describe_instances", "Reservations", Filters=running)
        instances = [one for reservation in reservations for one in _list(reservation.get("Instances"))]
        others = [
            one
            for one in own.others(instances)
            if (one.get("InstanceLifecycle") == "spot") is spot
            and quotas.of_instances(str(one["InstanceType"]), spot=spot) == quota
        ]
        return {"": sum(map(_vcpu, others))}

    return read


def _vcpu(instance: Record) -> float:
    options = instance.get("CpuOptions")
    if isinstance(options, Mapping) and options.get("CoreCount"):
        return float(options["CoreCount"]) * float(options.get("ThreadsPerCore", 1))
    known = catalog.instance_types().get(str(instance["InstanceType"]))
    return float(known.vcpu) if known else 0.0


def _volumes(reader: Reader, region: str, own: Own) -> Use:
    kind = [{"Name": "volume-type", "Values": ["gp3"]}]
    volumes = own.others(reader.all("ec2", region, "describe_volumes", "Volumes", Filters=kind))
    return {"": sum(_number(volume.get("Size")) for volume in volumes) / 1024}


def _lustre(reader: Reader, region: str, own: Own) -> Use:
    found = own.others(reader.all("fsx", region, "describe_file_systems", "FileSystems"))
    settings = ((one, one.get("LustreConfiguration")) for one in found)
    mine = [one for one, has in settings if isinstance(has, Mapping) and has.get("DeploymentType") == "PERSISTENT_2"]
    return {"": sum(_number(one.get("StorageCapacity")) for one in mine)}


def _database_storage(reader: Reader, region: str, own: Own) -> Use:
    """Aurora's storage is not the instances' own, and does not count."""
    found = own.others(reader.all("rds", region, "describe_db_instances", "DBInstances"), "TagList")
    apart = [one for one in found if not str(one.get("Engine")).startswith("aurora")]
    return {"": sum(_number(one.get("AllocatedStorage")) for one in apart)}


def _list(value: object) -> list[Record]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


_READ: Mapping[Quota, Callable[[Reader, str, Own], Use]] = MappingProxyType(
    {
        quotas.NETWORKS: _counted("ec2", "describe_vpcs", "Vpcs"),
        quotas.INTERNET_GATEWAYS: _counted("ec2", "describe_internet_gateways", "InternetGateways"),
        quotas.ADDRESSES: _addresses,
        quotas.NAT_GATEWAYS: _nat_gateways,
        quotas.GATEWAY_ENDPOINTS: _gateway_endpoints,
        quotas.LOAD_BALANCERS: _load_balancers,
        quotas.CLUSTERS: _clusters,
        quotas.ON_DEMAND: _vcpus(spot=False),
        quotas.SPOT: _vcpus(spot=True),
        quotas.GP3_TIB: _volumes,
        quotas.LUSTRE_GIB: _lustre,
        quotas.EFS: _counted("efs", "describe_file_systems", "FileSystems"),
        quotas.DATABASES: _counted("rds", "describe_db_instances", "DBInstances", "TagList"),
        quotas.DATABASE_CLUSTERS: _counted("rds", "describe_db_clusters", "DBClusters", "TagList"),
        quotas.DATABASE_GB: _database_storage,
    }
)
