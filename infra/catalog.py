"""What is known of AWS without asking it: regions, zones, instance types, their offers, Kubernetes support dates.

The data is the project's own, dated and sourced (`infra/data/`, made by `tools/make_catalog.py`). Each file is read at
its first use, once a process. What the data does not tell is `None` here, never a guess: a rule that needs it says
"unknown" and asks for an explicit statement.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Architecture = Literal["arm64", "amd64"]


@dataclass(frozen=True, slots=True)
class Region:
    """An AWS region that has EKS. `zones` is empty where no data exists; `default_zones` is never reordered."""

    name: str
    partition: str
    opt_in: bool
    zones: tuple[str, ...]
    default_zones: tuple[str, ...]
    managed_prometheus: bool


@dataclass(frozen=True, slots=True)
class InstanceType:
    """An EC2 instance type; `nvme_gb` (decimal gigabytes) is the sum over its local NVMe disks."""

    name: str
    vcpu: int
    memory_gib: float
    architecture: Architecture
    nvme_disks: int
    nvme_gb: int


def _read(name: str) -> dict[str, Any]:
    return json.loads(files("infra").joinpath("data", name).read_text(encoding="utf-8"))


@cache
def _curated() -> dict[str, Any]:
    return _read("curated.json")


def as_of() -> date:
    """Return the day to which the data is true; validation reckons with it instead of a clock."""
    return date.fromisoformat(_curated()["as_of"])


@cache
def regions() -> dict[str, Region]:
    """Return every known region by name."""
    return {
        name: Region(
            name,
            row["partition"],
            row["opt_in"],
            tuple(row["zones"]),
            tuple(row["default_zones"]),
            row["managed_prometheus"],
        )
        for name, row in _read("regions.json")["regions"].items()
    }


@cache
def instance_types() -> dict[str, InstanceType]:
    """Return every known instance type of the families that suit a node, by name."""
    return {name: InstanceType(name=name, **row) for name, row in _read("instance_types.json")["types"].items()}


@cache
def _offers() -> dict[str, dict[str, dict[str, str]]]:
    return _read("offers.json")["regions"]


def zones_offering(instance_type: str, region: str) -> frozenset[str] | None:
    """Return the zones of `region` that offer `instance_type`; None if the region's offers are not known."""
    by_family = _offers().get(region)
    if by_family is None:
        return None
    family, _, size = instance_type.partition(".")
    letters = "".join(zones for zones, sizes in by_family.get(family, {}).items() if size in sizes.split())
    return frozenset(f"{region}{letter}" for letter in letters)


def has_managed_prometheus(region: str) -> bool:
    """Whether Amazon Managed Service for Prometheus is in a region; False for a region that is not known."""
    known = regions().get(region)
    return known is not None and known.managed_prometheus


def kubernetes_standard_support() -> dict[str, date]:
    """Return, by Kubernetes minor, the day on which EKS standard support ends."""
    versions = _curated()["kubernetes"]["versions"]
    return {version: date.fromisoformat(row["standard_support_ends"]) for version, row in versions.items()}


def eks_refused_zones() -> frozenset[str]:
    """Return the zone names in which EKS is known to refuse clusters in most accounts."""
    return frozenset(_curated()["eks_refused_zones"]["names"])


def eks_refused_zone_ids(region: str) -> tuple[str, ...]:
    """Return the zone ids of `region` that EKS refuses. Which letter such an id has differs from account to account."""
    return tuple(_curated()["eks_refused_zone_ids"]["ids"].get(region, ()))


def postgres_instance_classes(profile: str) -> frozenset[str]:
    """Return the RDS instance classes that suit the Postgres profile `aurora` or `rds`, in whichever region."""
    families = _curated()["postgres_instance_classes"][profile]
    return frozenset(f"db.{family}.{size}" for family, sizes in families.items() for size in sizes.split())


def log_retention_days() -> tuple[int, ...]:
    """Return the retentions, in days, that CloudWatch Logs accepts."""
    return tuple(_curated()["log_retention_days"]["days"])
