"""What EC2 enforces for peering between VPCs, and Route 53 for zones that several VPCs share."""

from simulator.rules import tokens as t
from simulator.rules.network import overlap
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.world import Thing

book = RuleBook()


@book.rule("peering-target-exists", "InvalidVpcID.NotFound", t.PEERING)
def _peering_target(attempt: Attempt) -> str | None:
    peer = attempt.text("peerVpcId")
    owner = attempt.text("peerOwnerId") or attempt.place.account
    region = attempt.text("peerRegion") or attempt.place.region
    if owner != attempt.place.account:
        return None
    if any(vpc.id == peer and vpc.place.region == region for vpc in attempt.find_in_account(t.VPC)):
        return None
    return f"The vpc ID '{peer}' does not exist in {region}"


@book.rule("peering-overlap", "VpcPeeringConnection.Failed", t.PEERING)
def _peering_overlap(attempt: Attempt) -> str | None:
    vpcs = [attempt.lookup(t.VPC, attempt.text(end)) for end in ("vpcId", "peerVpcId")]
    blocks = [block for vpc in vpcs if vpc for block in texts_at(vpc.inputs, "cidrBlock")]
    if len(blocks) > 1 and overlap(blocks[0], blocks[1]):
        return (
            "unexpected state 'failed', wanted target 'active, pending-acceptance'. last error: Failed due to "
            f"incorrect VPC-ID, Account ID, or overlapping CIDR range ({blocks[0]} and {blocks[1]})"
        )
    return None


@book.rule("peering-duplicate", "VpcPeeringConnectionAlreadyExists", t.PEERING)
def _peering_duplicate(attempt: Attempt) -> str | None:
    ends = {attempt.text("vpcId"), attempt.text("peerVpcId")}
    for other in attempt.find_in_account(t.PEERING):
        if ends == {*texts_at(other.inputs, "vpcId"), *texts_at(other.inputs, "peerVpcId")}:
            return f"A peering connection between these VPCs already exists: {other.id}"
    return None


@book.rule("peering-auto-accept", "OperationNotPermitted", t.PEERING)
def _peering_auto_accept(attempt: Attempt) -> str | None:
    elsewhere = attempt.text("peerRegion") not in {"", attempt.place.region}
    if elsewhere and attempt.inputs.get("autoAccept") is True:
        return "A peering connection between regions can only be accepted in the accepter's region."
    return None


@book.rule("peering-accepted-once", "InvalidStateTransition", t.PEERING_ACCEPTER)
def _peering_accepted_once(attempt: Attempt) -> str | None:
    peering = attempt.text("vpcPeeringConnectionId")
    if attempt.find_in_account(t.PEERING_ACCEPTER, vpcPeeringConnectionId=peering):
        return f"Invalid state transition for {peering}, attempted to transition from active to active."
    return None


@book.rule("peering-accepter-region", "OperationNotPermitted", t.PEERING_ACCEPTER)
def _peering_accepter_region(attempt: Attempt) -> str | None:
    peering = attempt.lookup(t.PEERING, attempt.text("vpcPeeringConnectionId"))
    if peering is None:
        return None
    region = next(iter(texts_at(peering.inputs, "peerRegion")), peering.place.region)
    if region != attempt.place.region:
        return (
            f"Incorrect region ({attempt.place.region}) specified for this request. "
            f"VPC peering connection {peering.id} must be accepted in region {region}"
        )
    return None


@book.rule("peering-active", "OperationNotPermitted", t.PEERING_OPTIONS, Operation.CREATE, Operation.UPDATE)
def _peering_active(attempt: Attempt) -> str | None:
    peering = attempt.lookup(t.PEERING, attempt.text("vpcPeeringConnectionId"))
    if peering and not _is_active(attempt, peering):
        return f"Peering {peering.id} is not active. Peering options can be added only to active peerings."
    return None


@book.rule("zone-association-duplicate", "ConflictingDomainExists", t.ZONE_ASSOCIATION)
def _zone_association_duplicate(attempt: Attempt) -> str | None:
    zone_id, vpc = attempt.text("zoneId"), attempt.text("vpcId")
    zone = attempt.lookup(t.ZONE, zone_id)
    joined = attempt.find_in_account(t.ZONE_ASSOCIATION, zoneId=zone_id, vpcId=vpc)
    if joined or (zone and vpc in texts_at(zone.inputs, "vpcs.vpcId")):
        return f"The VPC {vpc} has already been associated with the hosted zone {zone_id} with the same domain name."
    return None


@book.rule("zone-association-private", "PublicZoneVPCAssociation", t.ZONE_ASSOCIATION)
def _zone_association_private(attempt: Attempt) -> str | None:
    zone = attempt.lookup(t.ZONE, attempt.text("zoneId"))
    if zone and not texts_at(zone.inputs, "vpcs.vpcId"):
        return f"You're trying to associate a VPC with a public hosted zone: {zone.id}"
    return None


@book.rule("zone-vpc-exists", "InvalidVPCId", t.ZONE)
def _zone_vpc_exists(attempt: Attempt) -> str | None:
    for vpc in attempt.texts("vpcs.vpcId"):
        if attempt.lookup(t.VPC, vpc) is None:
            return f"The VPC {vpc} is invalid."
    return None


@book.rule("zone-same-name", "ConflictingDomainExists", t.ZONE)
def _zone_same_name(attempt: Attempt) -> str | None:
    for other in attempt.find_in_account(t.ZONE, name=attempt.inputs.get("name")):
        shared = sorted(set(attempt.texts("vpcs.vpcId")) & set(texts_at(other.inputs, "vpcs.vpcId")))
        if shared:
            return f"The VPC {shared[0]} is already associated with zone {other.id} of the same domain name."
    return None


@book.rule("record-duplicate", "InvalidChangeBatch", t.RECORD)
def _record_duplicate(attempt: Attempt) -> str | None:
    same = {name: attempt.inputs.get(name) for name in ("zoneId", "name", "type", "setIdentifier")}
    if attempt.find_in_account(t.RECORD, **same) and attempt.inputs.get("allowOverwrite") is not True:
        return (
            f"[Tried to create resource record set [name='{attempt.text('name')}', type='{attempt.text('type')}'] "
            "but it already exists]"
        )
    return None


def _is_active(attempt: Attempt, peering: Thing) -> bool:
    accepted = attempt.find_in_account(t.PEERING_ACCEPTER, vpcPeeringConnectionId=peering.id)
    return bool(accepted) or peering.inputs.get("autoAccept") is True
