"""What a network is asked for, and what it tells others."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi

from components import cidr
from components.placement import Placement
from components.protection import Protection


class NatMode(StrEnum):
    """How private subnets reach the internet."""

    NONE = "none"  # not at all: interface endpoints must carry everything
    SINGLE = "single"  # one gateway for the region: cheapest, lost with its zone
    PER_ZONE = "perZone"  # one gateway per zone: a lost zone leaves the others connected


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Arguments of `Network`.

    - `cidr_block`: the region's canonical /16; everything else follows from `components.cidr`.
    - `zones`: full zone names. Order does not matter; adding one adds its own resources only.
    - `nat`: see `NatMode`. `SINGLE` puts the gateway in the zone whose name sorts first.
    - `interface_endpoints`: short service names (`ecr.api`, `sts`, …) reached inside the VPC; the S3 gateway endpoint
      costs nothing and is always there.
    - `flow_log_retention_days`: a value that CloudWatch Logs accepts.
    - `log_key_arn`: key of the flow log group.
    - `cluster_name`: the EKS cluster whose controllers may find the subnets by tag.
    """

    placement: Placement
    cidr_block: str
    zones: tuple[str, ...]
    nat: NatMode
    interface_endpoints: tuple[str, ...]
    flow_log_retention_days: int
    log_key_arn: pulumi.Input[str]
    cluster_name: str
    protection: Protection

    def __post_init__(self) -> None:
        cidr.region_network(self.cidr_block)
        if not self.zones:
            raise ValueError("a network needs at least one zone")
        if len(set(self.zones)) != len(self.zones):
            raise ValueError(f"zones name one twice: {', '.join(self.zones)}")
        foreign = [zone for zone in self.zones if not zone.startswith(self.placement.region)]
        if foreign:
            raise ValueError(f"zones {', '.join(foreign)} are not in {self.placement.region}")


@dataclass(frozen=True, kw_only=True)
class NetworkRef:
    """A network as other components see it.

    - `private_subnet_ids`, `data_subnet_ids`, `public_subnet_ids`: by zone name.
    - `peered_route_table_ids`: tables from which other regions are reachable, by a stable key (`private-<zone>`, …).
    - `egress`: resources that must exist before anything in a private subnet can pull an image or call AWS.
    - `secrets_endpoint_id`: of the interface endpoint by which Secrets Manager is reached, if there is one.
    """

    vpc_id: pulumi.Output[str]
    cidr_block: str
    private_subnet_ids: Mapping[str, pulumi.Output[str]]
    data_subnet_ids: Mapping[str, pulumi.Output[str]]
    public_subnet_ids: Mapping[str, pulumi.Output[str]]
    peered_route_table_ids: Mapping[str, pulumi.Output[str]]
    egress: tuple[pulumi.Resource, ...]
    secrets_endpoint_id: pulumi.Output[str] | None = None
