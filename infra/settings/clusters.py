"""The Kubernetes clusters as the stack file has them: their version, how they are reached, and who may act on them."""

from typing import Annotated

from pydantic import Field

from infra.settings import arns, fields, networks
from infra.settings.section import Doc, Section

MAX_API_CIDRS = 40
"""EKS quota: public endpoint access ranges per cluster."""


class AccessKeys(Section):
    """Who may act on the environment's clusters. Every role gets its own EKS access entry."""

    deploy_role: Annotated[
        arns.RoleArn,
        Doc("role under which Pulumi runs", "it installs operators, so it is cluster-admin before any other call"),
    ]
    admin_role: Annotated[
        arns.RoleArn,
        Doc("break-glass role: cluster-admin for people", "one named role, so that its use can be alarmed on"),
    ]
    operator_role: Annotated[
        arns.RoleArn | None, Doc("role that may change workloads, not the cluster", "daily work", default="no entry")
    ] = None
    read_only_role: Annotated[
        arns.RoleArn | None,
        Doc("role that may read workloads, no secrets", "dashboards, support", default="no entry"),
    ] = None
    preview_role: Annotated[
        arns.RoleArn | None,
        Doc(
            "role under which pull requests are previewed", "it must not be able to change anything", default="no entry"
        ),
    ] = None
    drift_role: Annotated[
        arns.RoleArn | None,
        Doc(
            "role under which drift is looked for every night",
            "a refresh reads every object, and what Helm keeps of a chart, but no other secret",
            default="no entry",
        ),
    ] = None
    permissions_boundary: Annotated[
        arns.PolicyArn | None,
        Doc(
            "IAM policy of the account that no role of the environment can exceed",
            "the documented deployer (`docs/deployer/platform.json`) may make no role without it",
            default="none",
        ),
    ] = None
    api_cidrs: Annotated[
        tuple[networks.ApiCidr, ...],
        Field(max_length=MAX_API_CIDRS),
        Doc(
            "public IPv4 blocks from which the Kubernetes API can be reached; needed with `endpointAccess: restricted`",
            "an API server open to the world is the largest target there is",
            unit="CIDR",
            default="none",
        ),
    ] = ()


class KubernetesKeys(Section):
    """The clusters of the environment."""

    version: Annotated[
        fields.KubernetesVersion | None,
        Doc(
            'Kubernetes minor in quotes, for example "1.36"; upgrades go one minor at a time, never back',
            "extended support costs six times as much; add-ons and node image are pinned per minor",
            default="the minor pinned in `infra/versions.py`",
        ),
    ] = None
    endpoint_access: Annotated[
        fields.EndpointAccess | None,
        Doc(
            "`restricted`: reachable from `access.apiCidrs`; `private`: from inside the VPC only",
            "mainnet must be private",
            default="endpoint_access",
        ),
    ] = None
