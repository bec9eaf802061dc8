"""What carries the tags of an environment in AWS and is not in its state."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ops.aws.session import Aws
from ops.drift.noise import Noise
from ops.preflight.reading import Reader, Record, Trouble, batches, or_trouble

_IDS_AT_A_TIME = 100
_VOLUME = ":volume/"
_REGION = 3
"""Of the parts of an ARN."""


@dataclass(frozen=True, slots=True, order=True)
class Stray:
    """Something of the environment that its state does not know."""

    region: str
    arn: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was found, and the regions that could not be asked with why."""

    strays: tuple[Stray, ...]
    unknown: Mapping[str, str]


def sweep(aws: Aws, environment: str, regions: Sequence[str], known: frozenset[str], noise: Noise) -> Sweep:
    """Ask all regions at the same time. Changes nothing; what bootstrap made has another tag `managed-by`."""
    reader = Reader(aws)
    with ThreadPoolExecutor(max_workers=max(1, len(regions))) as pool:
        asked = pool.map(lambda region: or_trouble(lambda: _tagged(reader, region, environment)), regions)
        found = dict(zip(regions, asked, strict=True))
    strays: list[Stray] = []
    unknown: dict[str, str] = {}
    for region, records in found.items():
        if isinstance(records, Trouble):
            unknown[region] = records.what
        else:
            strays += [Stray(region, arn) for arn in unaccounted(records, known, noise)]
    return Sweep(tuple(sorted(strays)), unknown)


def regions_of(known: Iterable[str]) -> set[str]:
    """The regions that ARNs of a state name: copies of backups may lie in one that has nothing else."""
    parts = (one.split(":", 5) for one in known if one.startswith("arn:"))
    return {part[_REGION] for part in parts if len(part) > _REGION and part[_REGION]}


def unaccounted(records: Sequence[Record], known: frozenset[str], noise: Noise) -> list[str]:
    """The ARNs that are neither in the state, by themselves or by the id at their end, nor known noise."""
    left = []
    for record in records:
        arn, tags = str(record["ResourceARN"]), _tags(record)
        ends = {arn, arn.rsplit("/", 1)[-1], arn.rsplit(":", 1)[-1]}
        if not ends & known and not noise.excuses_stray(arn, tags):
            left.append(arn)
    return left


def _tagged(reader: Reader, region: str, environment: str) -> list[Record]:
    wanted = {"environment": environment, "managed-by": "pulumi", "project": "teranode-infra"}
    found = reader.all(
        "resourcegroupstaggingapi",
        region,
        "get_resources",
        "ResourceTagMappingList",
        TagFilters=[{"Key": key, "Values": [value]} for key, value in wanted.items()],
    )
    return _without_attached_volumes(reader, region, found)


def _without_attached_volumes(reader: Reader, region: str, found: Sequence[Record]) -> list[Record]:
    """A volume on an instance is a node's, and goes with it; one on none was left behind."""
    volumes = [str(one["ResourceARN"]) for one in found if _VOLUME in str(one["ResourceARN"])]
    attached: set[str] = set()
    for some in batches(volumes, _IDS_AT_A_TIME):
        # By filter, which a volume that went in the meantime does not break.
        ids = [{"Name": "volume-id", "Values": [arn.rsplit("/", 1)[-1] for arn in some]}]
        described = reader.all("ec2", region, "describe_volumes", "Volumes", Filters=ids)
        attached.update(str(one["VolumeId"]) for one in described if one["State"] == "in-use")
    return [one for one in found if str(one["ResourceARN"]).rsplit("/", 1)[-1] not in attached]


def _tags(record: Record) -> dict[str, str]:
    tags = record.get("Tags")
    return {str(tag["Key"]): str(tag["Value"]) for tag in tags} if isinstance(tags, list) else {}
