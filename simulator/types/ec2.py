"""Networks: ``aws:ec2`` VPC, subnets, gateways, routes, endpoints, flow logs, tags."""

import zlib

from simulator.types.aws import private_ip, public_ip, regional, regional_tagged, zone_id
from simulator.types.base import Request, ResourceModel
from simulator.values import JSON


def _vpc(request: Request, vpc_id: str) -> dict[str, JSON]:
    route_table_id = request.resource_id("rtb")
    return {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"vpc/{vpc_id}"),
        "defaultNetworkAclId": request.resource_id("acl"),
        "defaultRouteTableId": route_table_id,
        "defaultSecurityGroupId": request.resource_id("sg"),
        "dhcpOptionsId": request.resource_id("dopt"),
        "mainRouteTableId": route_table_id,
        "ownerId": request.place.account,
    }


def _subnet(request: Request, subnet_id: str) -> dict[str, JSON]:
    zone = request.text("availabilityZone", f"{request.place.region}a")
    return {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"subnet/{subnet_id}"),
        "availabilityZone": zone,
        "availabilityZoneId": request.text("availabilityZoneId") or zone_id(zone),
        "ownerId": request.place.account,
    }


def _internet_gateway(request: Request, gateway_id: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"internet-gateway/{gateway_id}"),
        "ownerId": request.place.account,
    }


def _eip(request: Request, allocation_id: str) -> dict[str, JSON]:
    address = public_ip(request)
    place = request.place
    domain = "compute-1" if place.region == "us-east-1" else f"{place.region}.compute"
    return {
        **regional_tagged(request),
        "allocationId": allocation_id,
        "arn": request.arn("ec2", f"elastic-ip/{allocation_id}"),
        "networkBorderGroup": request.text("networkBorderGroup", place.region),
        "publicDns": f"ec2-{address.replace('.', '-')}.{domain}.{place.dns_suffix}",
        "publicIp": address,
    }


def _nat_gateway(request: Request, _: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "associationId": request.resource_id("eipassoc"),
        "networkInterfaceId": request.resource_id("eni"),
        "privateIp": request.text("privateIp") or private_ip(request),
        "publicIp": request.found_text(request.text("allocationId"), "publicIp"),
    }


def _route_table(request: Request, table_id: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"route-table/{table_id}"),
        "ownerId": request.place.account,
    }


def _route_id(request: Request) -> str:
    destinations = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
    destination = next((request.text(key) for key in destinations if request.text(key)), "")
    return f"r-{request.text('routeTableId')}{zlib.crc32(destination.encode())}"


def _route(request: Request, _: str) -> dict[str, JSON]:
    return {**regional(request), "origin": "CreateRoute", "state": "active"}


def _vpc_endpoint(request: Request, endpoint_id: str) -> dict[str, JSON]:
    place = request.place
    service = request.text("serviceName")
    outputs: dict[str, JSON] = {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"vpc-endpoint/{endpoint_id}"),
        "ownerId": place.account,
        "serviceRegion": request.text("serviceRegion", place.region),
    }
    if request.text("vpcEndpointType", "Gateway") == "Gateway":
        return outputs | {"prefixListId": request.resource_id("pl"), "dnsEntries": [], "networkInterfaceIds": []}
    subnets = request.inputs.get("subnetIds")
    count = len(subnets) if isinstance(subnets, list) else 0
    host = f"{endpoint_id}-{request.digest(8, 'dns')}.{service.removeprefix('com.amazonaws.').split('.', 1)[-1]}"
    return outputs | {
        "dnsEntries": [
            {
                "dnsName": f"{host}.{place.region}.vpce.{place.dns_suffix}",
                "hostedZoneId": f"Z{request.digest(13, 'zone').upper()}",
            }
        ],
        "networkInterfaceIds": [f"eni-0{request.digest(16, f'eni-{index}')}" for index in range(count)],
    }


def _vpc_endpoint_service(request: Request, service_id: str) -> dict[str, JSON]:
    place = request.place
    name = f"com.amazonaws.vpce.{place.region}.{service_id}"
    return {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"vpc-endpoint-service/{service_id}"),
        "availabilityZones": [f"{place.region}{letter}" for letter in "abc"],
        "baseEndpointDnsNames": [f"{service_id}.{place.region}.vpce.{place.dns_suffix}"],
        "serviceName": name,
        "serviceType": "Interface",
        "state": "Available",
        "supportedRegions": [place.region],
    }


def _flow_log(request: Request, flow_log_id: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": request.arn("ec2", f"vpc-flow-log/{flow_log_id}")}


MODELS = (
    ResourceModel(
        "aws:ec2/vpc:Vpc",
        identify=lambda request: request.resource_id("vpc"),
        compute=_vpc,
        defaults={
            "assignGeneratedIpv6CidrBlock": False,
            "enableDnsHostnames": False,
            "enableDnsSupport": True,
            "enableNetworkAddressUsageMetrics": False,
            "instanceTenancy": "default",
            "ipv6AssociationId": "",
            "ipv6CidrBlock": "",
        },
    ),
    ResourceModel(
        "aws:ec2/subnet:Subnet",
        identify=lambda request: request.resource_id("subnet"),
        compute=_subnet,
        defaults={
            "assignIpv6AddressOnCreation": False,
            "enableDns64": False,
            "ipv6CidrBlockAssociationId": "",
            "mapPublicIpOnLaunch": False,
            "privateDnsHostnameTypeOnLaunch": "ip-name",
        },
    ),
    ResourceModel(
        "aws:ec2/subnetCidrReservation:SubnetCidrReservation",
        identify=lambda request: request.resource_id("scr"),
        compute=lambda request, _: {**regional(request), "ownerId": request.place.account},
    ),
    ResourceModel(
        "aws:ec2/internetGateway:InternetGateway",
        identify=lambda request: request.resource_id("igw"),
        compute=_internet_gateway,
    ),
    ResourceModel(
        "aws:ec2/eip:Eip",
        identify=lambda request: request.resource_id("eipalloc"),
        compute=_eip,
        defaults={"domain": "vpc", "publicIpv4Pool": "amazon"},
        # set only once the address is bound to an interface, carried by Outposts or has a reverse record
        empty=frozenset({"associationId", "carrierIp", "customerOwnedIp", "privateDns", "privateIp", "ptrRecord"}),
    ),
    ResourceModel(
        "aws:ec2/natGateway:NatGateway",
        identify=lambda request: request.resource_id("nat"),
        compute=_nat_gateway,
        defaults={"connectivityType": "public", "secondaryPrivateIpAddressCount": 0},
        # set only for gateways of `availabilityMode` regional
        empty=frozenset(
            {
                "autoProvisionZones",
                "autoScalingIps",
                "regionalNatGatewayAddresses",
                "regionalNatGatewayAutoMode",
                "routeTableId",
            }
        ),
    ),
    ResourceModel(
        "aws:ec2/routeTable:RouteTable",
        identify=lambda request: request.resource_id("rtb"),
        compute=_route_table,
        defaults={"propagatingVgws": [], "routes": []},
    ),
    ResourceModel(
        "aws:ec2/route:Route",
        identify=_route_id,
        compute=_route,
        # set only for routes to an instance
        empty=frozenset({"instanceId", "instanceOwnerId"}),
    ),
    ResourceModel(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        identify=lambda request: request.resource_id("rtbassoc"),
        compute=lambda request, _: regional(request),
    ),
    ResourceModel(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        identify=lambda request: request.resource_id("vpce"),
        compute=_vpc_endpoint,
        defaults={
            "cidrBlocks": [],
            "ipAddressType": "ipv4",
            "prefixListId": "",
            "privateDnsEnabled": False,
            "requesterManaged": False,
            "state": "available",
            "vpcEndpointType": "Gateway",
        },
    ),
    ResourceModel(
        "aws:ec2/vpcEndpointService:VpcEndpointService",
        identify=lambda request: request.resource_id("vpce-svc"),
        compute=_vpc_endpoint_service,
        defaults={"allowedPrincipals": [], "gatewayLoadBalancerArns": [], "managesVpcEndpoints": False},
        # set only for a service with a private name of its own
        empty=frozenset({"privateDnsNameConfigurations"}),
    ),
    ResourceModel(
        "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
        identify=lambda request: request.resource_id("vpce-svc-perm"),
        compute=lambda request, _: regional(request),
    ),
    ResourceModel(
        "aws:ec2/flowLog:FlowLog",
        identify=lambda request: request.resource_id("fl"),
        compute=_flow_log,
        defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
    ),
    ResourceModel(
        "aws:ec2/tag:Tag",
        identify=lambda request: f"{request.text('resourceId')},{request.text('key')}",
        compute=lambda request, _: regional(request),
    ),
)
