"""Names: ``aws:route53`` zones, their VPCs and records. Route 53 is global: no region in ARNs or outputs."""

from simulator.types.aws import all_tags
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON

_PRIVATE_NAME_SERVERS = ("ns-0.awsdns-00.com.", "ns-512.awsdns-00.net.", "ns-1024.awsdns-00.org.")
_NAME_SERVER_DOMAINS = ("com", "net", "org", "co.uk")


def _name_servers(request: Request) -> list[str]:
    if request.items("vpcs"):
        return [*_PRIVATE_NAME_SERVERS, "ns-1536.awsdns-00.co.uk."]
    servers: list[str] = []
    for index, domain in enumerate(_NAME_SERVER_DOMAINS):
        number = request.number(512, domain) + 512 * index
        servers.append(f"ns-{number}.awsdns-{request.number(64, f'{domain}-group'):02d}.{domain}")
    return servers


def _zone(request: Request, zone_id: str) -> dict[str, JSON]:
    servers = _name_servers(request)
    return {
        **all_tags(request),
        "arn": request.arn("route53", f"hostedzone/{zone_id}", region=False, account=False),
        "nameServers": sorted(servers),
        "primaryNameServer": servers[0],
        "vpcs": [{"vpcRegion": request.place.region, **vpc} for vpc in request.items("vpcs")],
        "zoneId": zone_id,
    }


def _association(request: Request, _: str) -> dict[str, JSON]:
    return {
        "owningAccount": request.place.account,
        "vpcRegion": request.text("vpcRegion", request.place.region),
    }


def _association_id(request: Request) -> str:
    parts = (request.text("zoneId"), request.text("vpcId"), request.text("vpcRegion"))
    return ":".join(part for part in parts if part)


def _record_id(request: Request) -> str:
    parts = (request.text("zoneId"), request.text("name"), request.text("type"), request.text("setIdentifier"))
    return "_".join(part for part in parts if part)


MODELS = (
    ResourceModel(
        "aws:route53/zone:Zone",
        identify=lambda request: f"Z{request.digest(20, 'zone').upper()}",
        compute=_zone,
        autoname=Autoname("name", max_length=255),
        defaults={"comment": "Managed by Pulumi", "delegationSetId": "", "forceDestroy": False},
    ),
    ResourceModel("aws:route53/zoneAssociation:ZoneAssociation", identify=_association_id, compute=_association),
    ResourceModel(
        "aws:route53/record:Record",
        identify=_record_id,
        compute=lambda request, _: {"fqdn": request.text("name").rstrip(".")},
    ),
)
