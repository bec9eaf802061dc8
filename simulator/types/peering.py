"""VPC peering: ``aws:ec2`` connection, its acceptance on the other side, and its options."""

from simulator.types.aws import all_tags, regional, regional_tagged
from simulator.types.base import Request, ResourceModel
from simulator.values import JSON


def _connection(request: Request, _: str) -> dict[str, JSON]:
    place = request.place
    accepted = request.inputs.get("autoAccept") is True
    return {
        **regional_tagged(request),
        "acceptStatus": "active" if accepted else "pending-acceptance",
        "peerOwnerId": request.text("peerOwnerId", place.account),
        "peerRegion": request.text("peerRegion", place.region),
        "accepter": request.inputs.get("accepter") or {"allowRemoteVpcDnsResolution": False},
        "requester": request.inputs.get("requester") or {"allowRemoteVpcDnsResolution": False},
    }


def _accepter(request: Request, connection_id: str) -> dict[str, JSON]:
    # Seen from the accepting side: its own VPC is the connection's peer.
    return {
        **regional(request),
        **all_tags(request),
        "acceptStatus": "active",
        "peerOwnerId": request.place.account,
        "peerRegion": request.found_text(connection_id, "region"),
        "peerVpcId": request.found_text(connection_id, "vpcId"),
        "vpcId": request.found_text(connection_id, "peerVpcId"),
        "vpcPeeringConnectionId": connection_id,
        "accepter": request.inputs.get("accepter") or {"allowRemoteVpcDnsResolution": False},
        "requester": request.inputs.get("requester") or {"allowRemoteVpcDnsResolution": False},
    }


def _options(request: Request, _: str) -> dict[str, JSON]:
    return regional(request)


def _connection_id(request: Request) -> str:
    return request.text("vpcPeeringConnectionId")


MODELS = (
    ResourceModel(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        identify=lambda request: request.resource_id("pcx"),
        compute=_connection,
    ),
    ResourceModel(
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter",
        identify=_connection_id,
        compute=_accepter,
        adopts=True,
        defaults={"autoAccept": False},
    ),
    ResourceModel(
        "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions",
        identify=_connection_id,
        compute=_options,
        adopts=True,
    ),
)
