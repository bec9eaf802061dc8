"""What carries the tags of an environment in AWS and is not in its state."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ops.aws.session import Aws
from ops.drift.made import by_the_cloud, with_their_instance
from ops.drift.noise import Noise
from ops.preflight.reading import Reader, Record, Trouble, or_trouble

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
        asked = pool.map(lambda region: or_trouble(lambda: _strays(reader, region, environment, known, noise)), regions)
        found = dict(zip(regions, asked, strict=True))
    strays: list[Stray] = []
    unknown: dict[str, str] = {}
    for region, arns in found.items():
        if isinstance(arns, Trouble):
            unknown[region] = arns.what
        else:
            strays += [Stray(region, arn) for arn in arns]
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


def _strays(reader: Reader, region: str, environment: str, known: frozenset[str], noise: Noise) -> list[str]:
    left = unaccounted(_tagged(reader, region, environment), known, noise)
    attached = with_their_instance(reader, region, left)
    left = [arn for arn in left if arn.rsplit("/", 1)[-1] not in attached]
    made = by_the_cloud(reader, region, left, known)
    return [arn for arn in left if arn not in made]


def _tagged(reader: Reader, region: str, environment: str) -> list[Record]:
    wanted = {"environment": environment, "managed-by": "pulumi", "project": "teranode-infra"}
    return reader.all(
        "resourcegroupstaggingapi",
        region,
        "get_resources",
        "ResourceTagMappingList",
        TagFilters=[{"Key": key, "Values": [value]} for key, value in wanted.items()],
    )


def _tags(record: Record) -> dict[str, str]:
    tags = record.get("Tags")
    return {str(tag["Key"]): str(tag["Value"]) for tag in tags} if isinstance(tags, list) else {}
