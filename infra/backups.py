"""Copies of backups: one place for an environment, and what each of its regions sends there."""

from collections.abc import Mapping

import pulumi

from components import naming
from components.copies import CopySite, CopySiteArgs, RegionCopies, RegionCopiesArgs
from components.objects import Purpose
from components.placement import Placement
from components.region import Region
from infra import protection, providers
from infra.settings import Environment


def build(environment: Environment, regions: Mapping[str, Region]) -> None:
    """Register the copies of an environment that has them; nothing else waits for any of it."""
    copies = environment.copies
    if copies is None:
        return
    site = CopySite(
        f"{copies.region}-copies",
        CopySiteArgs(
            placement=providers.copies_placement(environment, copies),
            retention_days=copies.retention_days,
            log_retention_days=environment.log_retention_days,
            protection=protection.of_environment(environment),
        ),
        opts=pulumi.ResourceOptions(providers=[providers.aws_provider(environment, copies.region)]),
    )
    for name, region in regions.items():
        placement = providers.placement(environment, environment.regions[name])
        RegionCopies(
            f"{name}-copies",
            RegionCopiesArgs(
                placement=placement,
                site=site.ref,
                resources=_copied(environment, placement),
                backups=region.objects.buckets[Purpose.BACKUPS],
                topic_arn=region.alarms.topic_arn,
                topic_ready=region.alarms.topic_ready,
                protection=protection.of_region(environment, name),
            ),
            opts=pulumi.ResourceOptions(parent=region),
        )


def _copied(environment: Environment, placement: Placement) -> tuple[str, ...]:
    """The region's database by name, and file systems by kind: each miner may have one."""
    database = naming.database(environment.name)
    kind = "cluster" if environment.postgres.profile == "aurora" else "db"
    files = (
        ("fsx", "file-system/*") if environment.files.profile == "lustre" else ("elasticfilesystem", "file-system/*")
    )
    return placement.arn("rds", f"{kind}:{database}"), placement.arn(*files)
