"""AWS Load Balancer Controller: pods bound to a target group. Source: kubernetes-sigs/aws-load-balancer-controller."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.custom_resources.base import Definition, IntOrString, LabelSelector, Part, WithSpec


class ServiceRef(Part):
    """The Service whose pods are bound."""

    name: str
    port: IntOrString


class SecurityGroup(Part):
    """A security group by its id."""

    group_id: Annotated[str, Field(alias="groupID")]


class IpBlock(Part):
    """A range of addresses."""

    cidr: str


class NetworkingPeer(Part):
    """Who may reach the pods."""

    ip_block: IpBlock | None = None
    security_group: SecurityGroup | None = None


class NetworkingPort(Part):
    """Which port may be reached."""

    port: IntOrString | None = None
    protocol: Literal["TCP", "UDP"] | None = None


class IngressRule(Part):
    """One rule that the controller adds to the pods' security group."""

    from_: Annotated[list[NetworkingPeer], Field(alias="from")]
    ports: list[NetworkingPort]


class Networking(Part):
    """The rules that the controller maintains."""

    ingress: list[IngressRule] | None = None


class TargetGroupBindingSpec(Part):
    """The target group and the Service whose pods it takes."""

    service_ref: ServiceRef
    target_group_arn: Annotated[str | None, Field(alias="targetGroupARN")] = None
    target_group_name: str | None = None
    target_type: Literal["instance", "ip"] | None = None
    ip_address_type: Literal["ipv4", "ipv6"] | None = None
    multi_cluster_target_group: bool | None = None
    networking: Networking | None = None
    node_selector: LabelSelector | None = None
    vpc_id: Annotated[str | None, Field(alias="vpcID")] = None

    @model_validator(mode="after")
    def _names_one_group(self) -> Self:
        if (self.target_group_arn is None) == (self.target_group_name is None):
            raise ValueError("exactly one of targetGroupARN and targetGroupName is required")
        return self


DEFINITIONS = (Definition("elbv2.k8s.aws/v1beta1", "TargetGroupBinding", WithSpec[TargetGroupBindingSpec]),)
