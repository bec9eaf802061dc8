"""Roles and API access."""

from collections.abc import Iterator

from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault
from infra.settings.fields import PARTITION

_ROLES = {
    "deployRole": "deploy_role",
    "adminRole": "admin_role",
    "operatorRole": "operator_role",
    "readOnlyRole": "read_only_role",
    "previewRole": "preview_role",
    "driftRole": "drift_role",
}


_ENDPOINT_KEYS = frozenset({"access.apiCidrs", "kubernetes", "kubernetes.endpointAccess"})
_BOUNDARY = "access.permissionsBoundary"


def _roles(draft: Draft) -> Iterator[tuple[str, str]]:
    for key, attribute in _ROLES.items():
        if draft.access and (arn := getattr(draft.access, attribute)):
            yield f"access.{key}", arn


def arns_of_this_account(draft: Draft) -> Iterator[Fault]:
    """A role of another account would let that account into the clusters; another's policy bounds nothing here."""
    arns = list(_roles(draft))
    if draft.access and draft.access.permissions_boundary:
        arns.append((_BOUNDARY, draft.access.permissions_boundary))
    for path, arn in arns:
        kind = "policy" if path == _BOUNDARY else "role"
        _, partition, _, _, account, name = arn.split(":", 5)
        if draft.account and account != draft.account:
            yield fault(
                path,
                arn,
                f"a {kind} of this environment's account, {draft.account}",
                f"write arn:{partition}:iam::{draft.account}:{name}",
            )
        if partition != PARTITION:
            yield fault(
                path,
                arn,
                f"a {kind} of the partition {PARTITION}, in which the clusters are",
                f"write arn:{PARTITION}:iam::{account}:{name}",
            )


def no_service_linked_roles(draft: Draft) -> Iterator[Fault]:
    """A service-linked role belongs to the service that made it."""
    for path, arn in _roles(draft):
        if "/aws-service-role/" in arn:
            yield fault(
                path, arn, "no service-linked role: EKS refuses access entries for it", "name a role of your own"
            )


def one_class_per_role(draft: Draft) -> Iterator[Fault]:
    """EKS keeps one access entry per principal: a role in two classes would be a conflict at creation."""
    seen: dict[str, str] = {}
    for path, arn in _roles(draft):
        if arn in seen:
            yield fault(path, arn, f"a role of its own; {seen[arn]} names the same", "make one role for each class")
        seen.setdefault(arn, path)


def api_cidrs_fit_endpoint(draft: Draft) -> Iterator[Fault]:
    """A restricted endpoint needs its list; a private one has no use for it.

    Not judged while either is refused by itself: what would be judged then is a default that nobody wrote.
    """
    if not (draft.access and draft.defaults) or draft.refused & _ENDPOINT_KEYS:
        return
    cidrs, endpoint = draft.access.api_cidrs, draft.endpoint_access(draft.defaults)
    if endpoint == "restricted" and not cidrs and draft.tier != "mainnet":  # where it is private in any case
        yield fault(
            "access.apiCidrs",
            cidrs,
            "at least one block while the Kubernetes endpoint is restricted: an empty list means the world",
            "name the public blocks that operators come from, or write kubernetes: { endpointAccess: private }",
        )
    if endpoint == "private" and cidrs:
        yield fault(
            "access.apiCidrs",
            cidrs,
            "no blocks while the Kubernetes endpoint is private: they would have no effect",
            "remove apiCidrs",
        )
    for index, cidr in enumerate(cidrs):
        if cidr in cidrs[:index]:
            yield fault(f"access.apiCidrs[{index}]", cidr, "each block once", "remove the repetition")


RULES = (arns_of_this_account, no_service_linked_roles, one_class_per_role, api_cidrs_fit_endpoint)
