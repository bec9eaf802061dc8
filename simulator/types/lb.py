"""Load balancers, their listeners and target groups: ``aws:lb``."""

from simulator.types.aws import regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel, stable_hex
from simulator.values import JSON

_ID_HEX_DIGITS = 16
_MAX_NAME = 32
_KINDS = {"network": "net", "gateway": "gwy"}


def _name(request: Request) -> str:
    """What is asked for, or behind a prefix what the provider puts there: time of day and a counter, 26 characters."""
    return request.text("name") or f"{request.text('namePrefix')}202601010000000000{request.digest(8, 'name')}"


def _balancer_arn(request: Request) -> str:
    kind = _KINDS.get(request.text("loadBalancerType"), "app")
    return request.arn(
        "elasticloadbalancing", f"loadbalancer/{kind}/{_name(request)}/{request.digest(_ID_HEX_DIGITS, 'balancer')}"
    )


def _group_arn(request: Request) -> str:
    return request.arn(
        "elasticloadbalancing", f"targetgroup/{_name(request)}/{request.digest(_ID_HEX_DIGITS, 'group')}"
    )


def _listener_arn(request: Request) -> str:
    balancer = request.text("loadBalancerArn").replace(":loadbalancer/", ":listener/")
    return f"{balancer}/{request.digest(_ID_HEX_DIGITS, 'listener')}"


def _balancer(request: Request, arn: str) -> dict[str, JSON]:
    place = request.place
    subnets = request.inputs.get("subnets")
    listed = [str(subnet) for subnet in subnets] if isinstance(subnets, list) else []
    mappings = request.inputs.get("subnetMappings")
    mapped = [one for one in mappings if isinstance(one, dict)] if isinstance(mappings, list) else []
    everywhere = listed or [str(one.get("subnetId", "")) for one in mapped]
    network = request.text("loadBalancerType") == "network"
    prefix = "internal-" if request.inputs.get("internal") is True and not network else ""
    name = f"{prefix}{_name(request)}-{arn.rpartition('/')[2]}"
    domain = f"elb.{place.region}" if network else f"{place.region}.elb"
    return {
        **regional_tagged(request),
        "arn": arn,
        "arnSuffix": arn.partition(":loadbalancer/")[2],
        "dnsName": f"{name}.{domain}.{place.dns_suffix}",
        "name": _name(request),
        "subnetMappings": mapped or [{"subnetId": subnet} for subnet in listed],
        "subnets": everywhere,
        "vpcId": next((vpc for subnet in everywhere if (vpc := request.found_text(subnet, "vpcId"))), ""),
        # One for all load balancers of a kind in a region; AWS lists them in its general reference.
        "zoneId": f"Z{stable_hex(13, place.region, 'net' if network else 'app').upper()}",
    }


def _group(request: Request, arn: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": arn,
        "arnSuffix": arn.rpartition(":")[2],
        # As of its creation: no listener names it yet.
        "loadBalancerArns": [],
        "name": _name(request),
    }


MODELS = (
    ResourceModel(
        "aws:lb/loadBalancer:LoadBalancer",
        identify=_balancer_arn,
        compute=_balancer,
        autoname=Autoname("name", max_length=_MAX_NAME),
        defaults={
            "dnsRecordClientRoutingPolicy": "any_availability_zone",
            "enableCrossZoneLoadBalancing": False,
            "enableDeletionProtection": False,
            "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "on",
            "internal": False,
            "ipAddressType": "ipv4",
            "loadBalancerType": "application",
        },
    ),
    ResourceModel(
        "aws:lb/targetGroup:TargetGroup",
        identify=_group_arn,
        compute=_group,
        autoname=Autoname("name", max_length=_MAX_NAME),
        defaults={
            "connectionTermination": False,
            "deregistrationDelay": 300,
            "ipAddressType": "ipv4",
            "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
            "proxyProtocolV2": False,
            "targetType": "instance",
        },
    ),
    ResourceModel(
        "aws:lb/listener:Listener",
        identify=_listener_arn,
        compute=lambda request, arn: {**regional_tagged(request), "arn": arn},
        defaults={"protocol": "HTTP"},
    ),
)
