"""What an environment leaves in AWS though its state is empty, and its removal: five reviewed kinds, nothing else.

None of them is in the graph, so no order of deletion covers them:

- network interfaces that the VPC CNI made and lost with its node; they hold subnets and security groups back;
- volumes of claims whose driver went before it had deleted them;
- target groups and security groups of the load balancer controller, and the security group that EKS makes by itself;
- log groups that a service made anew by writing its last lines: without tags, so they are known by their exact names.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import ClientError

from ops.aws.session import AwsError, code_of, faults_worded
from ops.preflight.reading import Reader, Record, batches

_TAGS_AT_A_TIME = 20
"""Load balancers and target groups whose tags ELB tells in one call."""
_GONE = frozenset(
    {
        "InvalidGroup.NotFound",
        "InvalidNetworkInterfaceID.NotFound",
        "InvalidVolume.NotFound",
        "ResourceNotFoundException",
        "TargetGroupNotFound",
    }
)
_OWN_TAGS = {"project": "teranode-infra", "managed-by": "pulumi"}


class Kind(StrEnum):
    """What may be removed, in the order in which it can be: a security group goes after what uses it."""

    INTERFACE = "network interface"
    TARGET_GROUP = "target group"
    VOLUME = "volume"
    LOG_GROUP = "log group"
    SECURITY_GROUP = "security group"


@dataclass(frozen=True, slots=True, order=True)
class Leftover:
    """Something of a kind that may be removed, and is used by nothing."""

    region: str
    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Estate:
    """How an environment's things are told from others': by its name in our tags, or by the name of its cluster."""

    environment: str
    clusters: Mapping[str, str]
    """By region."""
    log_groups: Mapping[str, frozenset[str]]
    """By region: the exact names that the program gives, for log groups without tags."""

    def owns(self, region: str, tags: Mapping[str, str]) -> bool:
        """Whether something with these tags is the environment's."""
        if tags.get("environment") == self.environment and _OWN_TAGS.items() <= tags.items():
            return True
        cluster = self.clusters.get(region)
        return cluster is not None and (
            f"kubernetes.io/cluster/{cluster}" in tags
            or cluster in (tags.get(key) for key in ("cluster.k8s.amazonaws.com/name", "elbv2.k8s.aws/cluster"))
        )


def find(reader: Reader, region: str, estate: Estate, known: frozenset[str]) -> list[Leftover]:
    """What is left in a region and used by nothing; what the state knows (by id or ARN) is Pulumi's to delete."""
    found = [
        Leftover(region, kind, name)
        for kind, look in _LOOKS.items()
        for name, tags in look(reader, region)
        if estate.owns(region, tags)
    ]
    found += [Leftover(region, Kind.LOG_GROUP, name) for name in _log_groups(reader, region, estate)]
    order = list(Kind)
    return sorted((one for one in found if one.id not in known), key=lambda one: (order.index(one.kind), one.id))


def remove(reader: Reader, leftover: Leftover) -> str:
    """Delete one. Empty if it is gone, by this or by itself; else why it still stands: a later round may do it."""
    service, call, parameter = _REMOVALS[leftover.kind]
    try:
        with faults_worded():
            getattr(reader.client(service, leftover.region), call)(**{parameter: leftover.id})
    except AwsError as error:
        cause = error.__cause__
        return "" if isinstance(cause, ClientError) and code_of(cause) in _GONE else str(error)
    return ""


_REMOVALS: Mapping[Kind, tuple[str, str, str]] = {
    Kind.INTERFACE: ("ec2", "delete_network_interface", "NetworkInterfaceId"),
    Kind.TARGET_GROUP: ("elbv2", "delete_target_group", "TargetGroupArn"),
    Kind.VOLUME: ("ec2", "delete_volume", "VolumeId"),
    Kind.LOG_GROUP: ("logs", "delete_log_group", "logGroupName"),
    Kind.SECURITY_GROUP: ("ec2", "delete_security_group", "GroupId"),
}


Tagged = Iterator[tuple[str, Mapping[str, str]]]


def _interfaces(reader: Reader, region: str) -> Tagged:
    free = [{"Name": "status", "Values": ["available"]}]
    for one in reader.all("ec2", region, "describe_network_interfaces", "NetworkInterfaces", Filters=free):
        if not one.get("RequesterManaged"):
            yield str(one["NetworkInterfaceId"]), _tags(one.get("TagSet"))


def _volumes(reader: Reader, region: str) -> Tagged:
    free = [{"Name": "status", "Values": ["available"]}]
    for one in reader.all("ec2", region, "describe_volumes", "Volumes", Filters=free):
        yield str(one["VolumeId"]), _tags(one.get("Tags"))


def _target_groups(reader: Reader, region: str) -> Tagged:
    groups = reader.all("elbv2", region, "describe_target_groups", "TargetGroups")
    unused = [str(one["TargetGroupArn"]) for one in groups if not one.get("LoadBalancerArns")]
    for some in batches(unused, _TAGS_AT_A_TIME):
        told = reader.client("elbv2", region).describe_tags(ResourceArns=list(some))
        for one in told["TagDescriptions"]:
            yield str(one["ResourceArn"]), _tags(one.get("Tags"))


def _log_groups(reader: Reader, region: str, estate: Estate) -> Iterator[str]:
    """Those with the environment's tags, and those of exact names that nobody has tagged as theirs.

    An account may hold thousands: only what may be the environment's is looked at.
    """
    mine = [{"Key": key, "Values": [value]} for key, value in {**_OWN_TAGS, "environment": estate.environment}.items()]
    tagged = reader.all(
        "resourcegroupstaggingapi",
        region,
        "get_resources",
        "ResourceTagMappingList",
        TagFilters=mine,
        ResourceTypeFilters=["logs:log-group"],
    )
    names = {str(one["ResourceARN"]).split(":log-group:", 1)[1].removesuffix(":*") for one in tagged}
    logs = reader.client("logs", region)
    for name in sorted(names | estate.log_groups.get(region, frozenset())):
        for one in reader.all("logs", region, "describe_log_groups", "logGroups", logGroupNamePrefix=name):
            if one["logGroupName"] == name:
                tags = logs.list_tags_for_resource(resourceArn=str(one["arn"]).removesuffix(":*")).get("tags", {})
                if not tags or estate.owns(region, tags):
                    yield name


def _security_groups(reader: Reader, region: str) -> Tagged:
    used = {
        group["GroupId"]
        for one in reader.all("ec2", region, "describe_network_interfaces", "NetworkInterfaces")
        for group in _records(one.get("Groups"))
    }
    for one in reader.all("ec2", region, "describe_security_groups", "SecurityGroups"):
        if one["GroupName"] != "default" and one["GroupId"] not in used:
            yield str(one["GroupId"]), _tags(one.get("Tags"))


_LOOKS: Mapping[Kind, Callable[[Reader, str], Tagged]] = {
    Kind.INTERFACE: _interfaces,
    Kind.TARGET_GROUP: _target_groups,
    Kind.VOLUME: _volumes,
    Kind.SECURITY_GROUP: _security_groups,
}


def _records(value: object) -> list[Record]:
    return value if isinstance(value, list) else []


def _tags(value: object) -> dict[str, str]:
    return {str(one["Key"]): str(one["Value"]) for one in _records(value)}
