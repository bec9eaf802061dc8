"""A small stack that satisfies every rule.

It is written by hand, not by the project's components: a rule is judged against what the rule says, not against what
the components happen to do.
"""

import json
import pickle
from functools import cache

from tests.contract.policies.cluster import build_cluster
from tests.contract.policies.network import build_network
from tests.contract.policies.objects import build_objects, build_repository, build_vaults
from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.secrets import build_secrets
from tests.contract.policies.stack import ACCOUNT, Damage, ModelStack, Row
from tests.contract.policies.teranode import build_teranode

REGIONS = {"eu-west-1": "10.32.0.0/16", "us-east-1": "10.33.0.0/16"}


def model_stack(tier: str, *damages: Damage) -> ModelStack:
    """The clean stack of a tier, then damaged."""
    stack: ModelStack = pickle.loads(_clean(tier))  # noqa: S301 (made here; a thousand tests want a stack of their own)
    for damage in damages:
        damage(stack)
    return stack


@cache
def _clean(tier: str) -> bytes:
    stack = ModelStack(tier)
    _providers(stack)
    for name, cidr in REGIONS.items():
        region = RegionBuilder(stack, name, cidr)
        build_network(region)
        build_cluster(region)
        build_objects(region)
        build_vaults(region)
        build_repository(region)
        build_secrets(region)
        build_teranode(region)
    _mesh(stack)
    return pickle.dumps(stack)


def _providers(stack: ModelStack) -> None:
    stack.add("pulumi:pulumi:Stack", "teranode-infra-model", outputs={"home": "eu-west-1", "vaultArn": "arn:aws:x"})
    for region in REGIONS:
        tags: Row = {
            "environment": "model",
            "tier": stack.tier,
            "region": region,
            "owner": "devops@example.org",
            "project": "teranode-infra",
            "data-class": "chain",
        }
        stack.add(
            "pulumi:providers:aws",
            f"aws-{region}",
            {
                "region": region,
                "allowedAccountIds": json.dumps([ACCOUNT]),
                "defaultTags": json.dumps({"tags": tags}),
                "maxRetries": "25",
                "retryMode": "adaptive",
            },
        )


def _mesh(stack: ModelStack) -> None:
    home, other = REGIONS
    stack.add(
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
        "peering",
        {"vpcId": f"{home}-vpc-id", "peerVpcId": f"{other}-vpc-id", "peerRegion": other},
        provider=f"aws-{home}",
        after=[f"{home}-vpc", f"{other}-vpc"],
    )
    stack.add(
        "aws:ec2/route:Route",
        "to-peer",
        {"routeTableId": f"{home}-table-a-id", "vpcPeeringConnectionId": "peering-id"},
        provider=f"aws-{home}",
        after=["peering"],
    )
    stack.add(
        "aws:route53/zone:Zone",
        "zone",
        {"name": "model.internal", "vpcs": [{"vpcId": f"{home}-vpc-id"}]},
        provider=f"aws-{home}",
        after=[f"{home}-vpc"],
        protect=True,
        ignoreChanges=["vpcs"],
    )
