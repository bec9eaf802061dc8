"""Mistakes that show in the plain values of one registration: no schema and no cloud needed to find them."""

import re
from collections.abc import Iterator, Mapping

_OUTPUT_AS_TEXT = ("Calling __str__ on an Output", "<pulumi.output.Output")
_NONE_IN_ARN = re.compile(r"arn:aws[a-z-]*:[^\s\"',]*\bNone\b")
_ARN = re.compile(r"arn:aws[a-z-]*:(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]+):\S*")
_ZONE = re.compile(r"(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)[a-z]")

GLOBAL_SERVICES = frozenset({"aws:iam", "aws:route53"})
"""Modules whose resources belong to no region: they may name things of every region."""

REGIONAL_ID = re.compile(r"(vpc|subnet|sg|rtb|igw|nat|eipalloc|vpce|lt|i|acl|eni)-[0-9a-f]{8,17}")
"""Ids that mean nothing in another region. Peering connections (``pcx-…``) have the same id on both sides."""

CROSS_REGION_INPUTS: Mapping[str, frozenset[str]] = {
    "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": frozenset({"peerVpcId", "peerRegion"}),
    "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": frozenset({"vpcPeeringConnectionId"}),
    "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": frozenset({"vpcPeeringConnectionId"}),
    "aws:ec2/route:Route": frozenset({"vpcPeeringConnectionId"}),
    "aws:backup/plan:Plan": frozenset({"rules[0].copyActions[0].destinationVaultArn"}),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": frozenset(
        {"rules[0].destination.encryptionConfiguration.replicaKmsKeyId"}
    ),
}
"""Inputs that name something in another region by nature."""


def text_problems(found: list[tuple[str, str]]) -> Iterator[str]:
    """Outputs that became text, and ``None`` inside ARNs. Never quotes the value: it may hold a secret."""
    for path, text in found:
        if any(mark in text for mark in _OUTPUT_AS_TEXT):
            yield f"{path}: holds the text of an Output instead of its value: use pulumi.Output.format or apply"
        elif "None" in text and _NONE_IN_ARN.search(text):
            yield f"{path}: an ARN holds None: an output was read that the resource does not have"


def region_problems(
    token: str, found: list[tuple[str, str]], region: str, region_by_id: Mapping[str, str]
) -> Iterator[str]:
    """Ids, ARNs and zones of another region than the provider's."""
    if token.partition("/")[0] in GLOBAL_SERVICES:
        return
    exempt = CROSS_REGION_INPUTS.get(token, frozenset())
    for path, text in found:
        other = _region_of(text, region_by_id)
        if other not in ("", region) and path not in exempt and not path.startswith("tags."):
            yield f"{path}: {text} belongs to {other}, but the provider of this resource creates in {region}"
        elif path == "region" and text != region:
            yield f"region: {text} differs from the region of the provider, {region}: pass the provider of that region"


def _region_of(text: str, region_by_id: Mapping[str, str]) -> str:
    known = region_by_id.get(text)
    if known is not None:
        return known
    if text.startswith("arn:"):
        arn = _ARN.fullmatch(text)
        return arn["region"] if arn else ""
    zone = _ZONE.fullmatch(text) if len(text) < len("ap-southeast-1a") + 8 else None
    return zone["region"] if zone else ""
