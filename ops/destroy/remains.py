"""The proof that nothing is left: AWS's own list of an environment's tags, each entry looked at once more.

That list keeps what was deleted for up to an hour, and so do EC2's own answers for some kinds.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import ClientError

from ops.aws.session import Aws, code_of
from ops.drift.noise import Noise
from ops.drift.sweep import Stray, sweep
from ops.preflight.reading import Reader, Trouble, or_trouble


class Fate(StrEnum):
    """What became of something that carries the environment's tags."""

    GONE = "gone"
    STAYS = "stays"
    LEFT = "left"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Remain:
    """One entry, and why it stays, is left or could not be told."""

    region: str
    arn: str
    fate: Fate
    why: str = ""


def remains(aws: Aws, environment: str, regions: Sequence[str]) -> list[Remain]:
    """Everything with the environment's tags that is not gone; a region that could not be asked is one unknown."""
    swept = sweep(aws, environment, regions, frozenset(), Noise((), (), ()))
    reader = Reader(aws)
    with ThreadPoolExecutor(max_workers=8) as pool:
        judged = list(pool.map(lambda stray: _judged(reader, stray), swept.strays))
    unknown = [Remain(region, "", Fate.UNKNOWN, f"not asked: {why}") for region, why in swept.unknown.items()]
    return sorted([*(one for one in judged if one.fate is not Fate.GONE), *unknown])


_NOT_FOUND = ("NotFound", "NotFoundException", "ResourceNotFoundException", "NoSuchBucket", "404")
_UNTOLD = "in AWS's list of tags, which keeps what was deleted for up to an hour: repeat the command then"
_KEPT = {
    ("rds", "snapshot"): "final snapshot",
    ("rds", "cluster-snapshot"): "final snapshot",
    ("rds", "auto-backup"): "retained backup",
    ("fsx", "backup"): "final backup",
    ("backup", "recovery-point"): "recovery point",
    ("ec2", "snapshot"): "snapshot",
}
_ENDED: Mapping[str, tuple[str, str, str, frozenset[str]]] = {
    "natgateway": ("describe_nat_gateways", "NatGateways", "State", frozenset({"deleted", "deleting"})),
    "vpc-endpoint": ("describe_vpc_endpoints", "VpcEndpoints", "State", frozenset({"deleted", "deleting"})),
    "vpc-peering-connection": (
        "describe_vpc_peering_connections",
        "VpcPeeringConnections",
        "Status",
        frozenset({"deleted", "deleting", "rejected", "expired", "failed"}),
    ),
}
_ID_PARAMETERS = {
    "natgateway": "NatGatewayIds",
    "vpc-endpoint": "VpcEndpointIds",
    "vpc-peering-connection": "VpcPeeringConnectionIds",
}
"""EC2 answers for these a while after their end."""


def _judged(reader: Reader, stray: Stray) -> Remain:
    service, kind, name = _parts(stray.arn)
    if why := _KEPT.get((service, kind)):
        return Remain(stray.region, stray.arn, Fate.STAYS, why)
    look = _JUDGES.get(service)
    if look is None:
        return Remain(stray.region, stray.arn, Fate.UNKNOWN, _UNTOLD)
    found = or_trouble(lambda: _or_gone(lambda: look(reader, stray, kind, name)))
    if isinstance(found, Trouble):
        return Remain(stray.region, stray.arn, Fate.UNKNOWN, found.what)
    fate, why = found
    return Remain(stray.region, stray.arn, fate, why)


def _or_gone(look: Callable[[], tuple[Fate, str]]) -> tuple[Fate, str]:
    try:
        return look()
    except ClientError as error:
        if code_of(error).endswith(_NOT_FOUND):
            return Fate.GONE, ""
        raise


def _key(reader: Reader, stray: Stray, _kind: str, _name: str) -> tuple[Fate, str]:
    found = reader.client("kms", stray.region).describe_key(KeyId=stray.arn)["KeyMetadata"]
    if found["KeyState"] == "PendingDeletion":
        return Fate.STAYS, f"a key that is deleted on {found['DeletionDate']:%Y-%m-%d}"
    return Fate.LEFT, "a key in use: whatever it encrypts cannot be read without it"


def _secret(reader: Reader, stray: Stray, _kind: str, _name: str) -> tuple[Fate, str]:
    found = reader.client("secretsmanager", stray.region).describe_secret(SecretId=stray.arn)
    if "DeletedDate" in found:
        return Fate.STAYS, "a secret in its days of recovery"
    return Fate.LEFT, ""


def _log_group(reader: Reader, stray: Stray, _kind: str, _name: str) -> tuple[Fate, str]:
    name = stray.arn.split(":log-group:", 1)[-1].removesuffix(":*")
    found = reader.all("logs", stray.region, "describe_log_groups", "logGroups", logGroupNamePrefix=name)
    return (Fate.LEFT, "") if any(one["logGroupName"] == name for one in found) else (Fate.GONE, "")


def _balanced(reader: Reader, stray: Stray, _kind: str, _name: str) -> tuple[Fate, str]:
    told = reader.client("elbv2", stray.region).describe_tags(ResourceArns=[stray.arn])
    return (Fate.LEFT, "") if told["TagDescriptions"] else (Fate.GONE, "")


def _bucket(reader: Reader, stray: Stray, _kind: str, name: str) -> tuple[Fate, str]:
    reader.client("s3", stray.region).head_bucket(Bucket=name)
    return Fate.LEFT, ""


def _of_ec2(reader: Reader, stray: Stray, kind: str, name: str) -> tuple[Fate, str]:
    if kind == "instance":
        ids = [{"Name": "instance-id", "Values": [name]}]
        told = reader.all("ec2", stray.region, "describe_instances", "Reservations", Filters=ids)
        states = [one["State"]["Name"] for group in told for one in _list(group, "Instances")]
        return (Fate.GONE, "") if set(states) <= {"terminated", "shutting-down"} else (Fate.LEFT, f"it is {states[0]}")
    if kind in _ENDED:
        call, key, state, ended = _ENDED[kind]
        client = reader.client("ec2", stray.region)
        [found] = getattr(client, call)(**{_ID_PARAMETERS[kind]: [name]})[key]
        said = found[state]["Code"] if isinstance(found[state], Mapping) else found[state]
        return (Fate.GONE, "") if said in ended else (Fate.LEFT, f"it is {said}")
    # What is deleted has no tags.
    ids = [{"Name": "resource-id", "Values": [name]}]
    return (Fate.LEFT, "") if reader.all("ec2", stray.region, "describe_tags", "Tags", Filters=ids) else (Fate.GONE, "")


_JUDGES: Mapping[str, Callable[[Reader, Stray, str, str], tuple[Fate, str]]] = {
    "ec2": _of_ec2,
    "elasticloadbalancing": _balanced,
    "kms": _key,
    "logs": _log_group,
    "s3": _bucket,
    "secretsmanager": _secret,
}


def _list(record: object, key: str) -> list[dict[str, dict[str, str]]]:
    value = record.get(key) if isinstance(record, Mapping) else None
    return value if isinstance(value, list) else []


def _parts(arn: str) -> tuple[str, str, str]:
    """Service, kind and name: `arn:aws:ec2:eu-west-1:1:vpc/vpc-1`, `arn:aws:rds:eu-west-1:1:snapshot:one`."""
    service, rest = arn.split(":")[2], arn.split(":", 5)[-1]
    kind, separator, name = rest.partition("/")
    if not separator or ":" in kind:
        kind, _, name = rest.partition(":")
    return service, kind, name or rest
