"""Everything at the same time: all regions, all registries."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

from ops.aws.session import Aws
from ops.preflight import offers, permissions, quotas, usage
from ops.preflight.checks import ACCOUNT, Area, Check, Verdict
from ops.preflight.needs import Evaluated, Need, needs
from ops.preflight.pending import pending_checks
from ops.preflight.permissions import Deployer
from ops.preflight.reading import Own, Reader, Trouble, or_trouble
from ops.preflight.recording import recording_checks
from ops.preflight.registry import Registries, chart_checks, image_check
from ops.preflight.sources import charts, images
from ops.preflight.stored_secrets import secret_checks
from simulator.graph import Deployment

_WORKERS = 32

NOT_CHECKED = (
    "whether AWS has capacity at this moment: no call tells",
    "organization policies with conditions: IAM does not simulate them",
    "quotas of Kafka brokers, KMS keys, secrets, log groups and alarms, which environments are far below",
    "rules and interfaces that controllers make in a running cluster",
    "images that a chart or an operator chooses by itself",
    "what AWS does with the values of the program: only an update shows that",
)
"""What a clean result does not say."""

Task = Callable[[], Iterable[Check]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look at: the program of a stack as evaluated, who deploys it, and what its state says."""

    evaluated: Evaluated
    deployer: Deployer
    recorded: Deployment | Trouble | None


def preflight(plan: Plan, aws: Aws, registries: Registries, tell: Callable[[str], object]) -> list[Check]:
    """Look at everything. Changes nothing.

    Args:
        plan: of which stack.
        aws: of its account.
        registries: of images and charts.
        tell: is told what is being done.
    """
    reader = Reader(aws)
    tell("asking which regions are enabled")
    enabled = list(_regions(reader, plan))
    closed = {check.place for check in enabled if check.verdict is Verdict.FAILS}
    tasks = [*_account_tasks(reader, plan, registries)]
    for region in plan.evaluated.by_region:
        tasks += _closed_tasks(region) if region in closed else _region_tasks(reader, plan, region)
    found = list(enabled)
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        for done, checks in enumerate(pool.map(lambda task: list(task()), tasks), start=1):
            tell(f"asking AWS and registries: {done} of {len(tasks)} questions")
            found += checks
    areas, places = list(Area), [ACCOUNT, *plan.evaluated.by_region]
    return sorted(found, key=lambda one: (areas.index(one.area), places.index(one.place), one.subject))


def _regions(reader: Reader, plan: Plan) -> Iterator[Check]:
    """Regions after 2019 are closed until the account opens them."""
    client = reader.client("ec2", plan.deployer.home)
    found = or_trouble(lambda: client.describe_regions(AllRegions=True)["Regions"])
    for region in plan.evaluated.by_region:
        if isinstance(found, Trouble):
            yield found.check(Area.REGIONS, region, "enabled")
            continue
        status = next((str(one["OptInStatus"]) for one in found if one["RegionName"] == region), "unknown to AWS")
        if status in ("opt-in-not-required", "opted-in"):
            yield Check(Area.REGIONS, region, "enabled", Verdict.HOLDS, status)
        else:
            command = f"aws account enable-region --region-name {region}"
            remedy = "enable it, which takes minutes to hours, or remove it from the stack file"
            yield Check(Area.REGIONS, region, "enabled", Verdict.FAILS, status, remedy, command)


def _closed_tasks(region: str) -> list[Task]:
    trouble = Trouble("the region is not enabled for this account")
    return [lambda: [trouble.check(area, region, "all") for area in (Area.QUOTAS, Area.ZONES, Area.VERSIONS)]]


def _region_tasks(reader: Reader, plan: Plan, region: str) -> list[Task]:
    evaluated = plan.evaluated
    here = [need for need in needs(evaluated) if need.region == region]
    own = Own(plan.deployer.environment)
    by_quota = {quota: list(some) for quota, some in groupby(here, key=lambda need: need.quota)}
    quota_tasks: list[Task] = [
        lambda quota=quota, some=some: _quota(reader, region, quota, some, own) for quota, some in by_quota.items()
    ]
    return [
        *quota_tasks,
        lambda: offers.zone_checks(reader, region, evaluated),
        lambda: offers.addon_checks(reader, region, evaluated),
        lambda: offers.database_checks(reader, region, evaluated),
        lambda: secret_checks(reader, region, evaluated),
        lambda: recording_checks(reader, region, evaluated),
    ]


def _quota(reader: Reader, region: str, quota: quotas.Quota, some: Sequence[Need], own: Own) -> list[Check]:
    if not quota.code:
        return quotas.judge(some, {}, {})
    allowed = or_trouble(lambda: usage.allowed(reader, region, quota))
    others: Mapping[str, float] | Trouble = or_trouble(lambda: usage.used_by_others(reader, region, quota, own))
    return quotas.judge(some, {quota: allowed}, {quota: others})


def _account_tasks(reader: Reader, plan: Plan, registries: Registries) -> list[Task]:
    evaluated = plan.evaluated
    listed, stored = charts(evaluated)
    by_repository = {name: list(some) for name, some in groupby(listed, key=lambda chart: chart.repository)}
    return [
        lambda: permissions.permission_checks(reader, plan.deployer, evaluated),
        lambda: permissions.identity_checks(reader, plan.deployer.environment, evaluated),
        lambda: pending_checks(plan.deployer.environment, plan.recorded),
        *(lambda image=image: [image_check(registries, image)] for image in images(evaluated)),
        *(lambda image=image: [image_check(registries, image, "chart")] for image in stored),
        *(lambda name=name, some=some: chart_checks(registries, name, some) for name, some in by_repository.items()),
    ]
