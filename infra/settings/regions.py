"""A region as the stack file has it: its network, and what differs from the environment."""

from typing import Annotated

from infra.settings import fields, networks
from infra.settings.pools import NodesKeys
from infra.settings.section import Doc, Section


class RegionKeys(Section):
    """One region: its network and what differs from the environment's node pools."""

    cidr: Annotated[
        networks.VpcCidr,
        Doc(
            "the region's private /16, free in every other region and stack; a changed one rebuilds the region",
            "overlapping networks can never be peered",
            unit="CIDR",
        ),
    ]
    zones: Annotated[
        tuple[str, ...] | None,
        Doc(
            "availability zones by full name; adding one later moves nothing",
            "a fixed list: what AWS lists first may change",
            default="the catalogue's first zones, as many as the tier needs",
        ),
    ] = None
    nat: Annotated[
        fields.NatMode | None,
        Doc(
            "NAT gateways: `none`, `single` (one for all zones) or `perZone`",
            "a gateway per zone survives the loss of a zone and costs its hours",
            default="nat",
        ),
    ] = None
    interface_endpoints: Annotated[
        fields.InterfaceEndpoints | None,
        Doc(
            "private endpoints of AWS services: `none` or `standard` (the S3 gateway endpoint always exists)",
            "with them, traffic to AWS stays inside the network and survives a NAT fault",
            default="interface_endpoints",
        ),
    ] = None
    nodes: Annotated[
        NodesKeys | None,
        Doc("node pools of this region", "regions differ in offer and load", default="the environment's"),
    ] = None
    assume_offered: Annotated[
        tuple[str, ...],
        Doc(
            "regions, zones and instance types that you have verified to be available to the account, beyond or "
            "against the catalogue",
            "validation works offline from dated data; what it cannot know, you state",
            default="nothing",
        ),
    ] = ()
