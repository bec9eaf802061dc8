"""The quotas of AWS that an environment meets, and whether what it needs fits beside what others use.

Codes: the pages "endpoints and quotas" of the services in the AWS General Reference.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ops.preflight.checks import Area, Check, Verdict
from ops.preflight.reading import Trouble

if TYPE_CHECKING:
    from ops.preflight.needs import Need


@dataclass(frozen=True, slots=True, order=True)
class Quota:
    """One quota by its service and code; an empty code is one that nobody wrote down. ``unit`` of needs and values."""

    service: str
    code: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What AWS allows of a quota in a region."""

    value: float
    adjustable: bool = True


NETWORKS = Quota("vpc", "L-F678F1CE", "VPCs")
INTERNET_GATEWAYS = Quota("vpc", "L-A4707A72", "internet gateways")
ADDRESSES = Quota("ec2", "L-0263D0A3", "Elastic IPs")
NAT_GATEWAYS = Quota("vpc", "L-FE5A380F", "NAT gateways of a zone")
PEERINGS = Quota("vpc", "L-7E9ECCDB", "active peerings of a VPC")
GATEWAY_ENDPOINTS = Quota("vpc", "L-1B52E74A", "gateway endpoints")
INTERFACE_ENDPOINTS = Quota("vpc", "L-29B6F2EB", "interface endpoints of a VPC")
ROUTES = Quota("vpc", "L-93826ACB", "routes of a route table")
RULES = Quota("vpc", "L-0EA8095F", "rules of a security group, by direction")
LOAD_BALANCERS = Quota("elasticloadbalancing", "L-69A177A2", "Network Load Balancers")
CLUSTERS = Quota("eks", "L-1194D53C", "EKS clusters")
NODE_GROUPS = Quota("eks", "L-6D54EA21", "node groups of a cluster")
GP3_TIB = Quota("ebs", "L-7A658B76", "storage of gp3 volumes", "TiB")
LUSTRE_GIB = Quota("fsx", "L-8F1B9C74", "storage of FSx for Lustre, Persistent_2", "GiB")
EFS = Quota("elasticfilesystem", "L-848C634D", "EFS file systems")
DATABASES = Quota("rds", "L-7B6409FD", "DB instances")
DATABASE_CLUSTERS = Quota("rds", "L-952B80B8", "DB clusters")
DATABASE_GB = Quota("rds", "L-7ADDB58A", "storage of all DB instances", "GB")
ON_DEMAND = Quota("ec2", "L-1216C47A", "On-Demand vCPUs of A, C, D, H, I, M, R, T, Z", "vCPUs")
SPOT = Quota("ec2", "L-34B43A08", "Spot vCPUs of A, C, D, H, I, M, R, T, Z", "vCPUs")

OF_ONE_THING = frozenset({PEERINGS, INTERFACE_ENDPOINTS, ROUTES, RULES, NODE_GROUPS})
"""Quotas of something that is the environment's own: nobody else uses them."""

_STANDARD = frozenset({"a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"})


def of_instances(name: str, *, spot: bool) -> Quota:
    """The quota that the vCPUs of an instance type count in."""
    letters = re.match(r"[a-z]*", name)
    if letters is not None and letters[0] in _STANDARD:
        return SPOT if spot else ON_DEMAND
    return Quota("ec2", "", f"{'Spot' if spot else 'On-Demand'} vCPUs of {name}", "vCPUs")


def judge(
    needs: Iterable["Need"],
    allowed: Mapping[Quota, Allowed | Trouble],
    others: Mapping[Quota, Mapping[str, float] | Trouble],
) -> list[Check]:
    """One check for each quota of a region: of its scopes (zones, networks, groups) the one that is fullest."""
    fullest: dict[Quota, tuple[float, Need]] = {}
    open_ones: list[Check] = []
    for need in needs:
        limit, used = _limit(need.quota, allowed), others.get(need.quota, {})
        trouble = next((one for one in (limit, used) if isinstance(one, Trouble)), None)
        if trouble is not None:
            open_ones.append(trouble.check(Area.QUOTAS, need.region, need.quota.name, _by_hand(need)))
            continue
        total = need.amount + (used.get(need.scope, 0) if isinstance(used, Mapping) else 0)
        if need.quota not in fullest or not total <= fullest[need.quota][0]:
            fullest[need.quota] = (total, need)
    checks = [_judged(need, total, allowed[quota]) for quota, (total, need) in fullest.items()]
    return [*checks, *dict.fromkeys(open_ones)]


def _limit(quota: Quota, allowed: Mapping[Quota, Allowed | Trouble]) -> Allowed | Trouble:
    if not quota.code:
        return Trouble(f"nobody wrote down which quota {quota.name} count in")
    return allowed.get(quota, Trouble("was not read"))


def _judged(need: "Need", total: float, allowed: Allowed | Trouble) -> Check:
    quota, unit = need.quota, f" {need.quota.unit}" if need.quota.unit else ""
    if not isinstance(allowed, Allowed) or math.isnan(total):
        found = f"{need.scope or quota.name}: an instance type that the catalogue does not know"
        return Check(Area.QUOTAS, need.region, quota.name, Verdict.UNKNOWN, found, _by_hand(need))
    where = f" in {need.scope}" if need.scope else ""
    others = "" if quota in OF_ONE_THING else f", others use {_amount(total - need.amount)}"
    found = f"needs {_amount(need.amount)}{unit}{where}{others}; {_amount(allowed.value)} allowed"
    if total <= allowed.value:
        return Check(Area.QUOTAS, need.region, quota.name, Verdict.HOLDS, found)
    wanted = math.ceil(total)
    if not allowed.adjustable:
        remedy = f"AWS does not raise it: needed are {wanted}{unit}; free some, or change the stack file"
        return Check(Area.QUOTAS, need.region, quota.name, Verdict.FAILS, found, remedy)
    remedy = f"ask for {wanted}{unit}; AWS takes minutes to days"
    return Check(
        Area.QUOTAS, need.region, quota.name, Verdict.FAILS, found, remedy, increase(quota, need.region, wanted)
    )


def increase(quota: Quota, region: str, wanted: int) -> str:
    """The command that asks AWS for more."""
    return (
        f"aws service-quotas request-service-quota-increase --region {region} --service-code {quota.service} "
        f"--quota-code {quota.code} --desired-value {wanted}"
    )


def _by_hand(need: "Need") -> str:
    amount = "what it takes" if math.isnan(need.amount) else f"{_amount(need.amount)} {need.quota.unit}".rstrip()
    return f"look by hand whether {amount} fits"


def _amount(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")
