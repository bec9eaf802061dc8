"""What damages of several areas are made of."""

from tests.contract.policies.names import SUBNET
from tests.contract.policies.stack import ACCOUNT, Damage, ModelStack, Row, document, drop

P2P: Row = {"ipProtocol": "tcp", "fromPort": 9905, "toPort": 9905, "description": "P2P"}


def grant(action: str | list[str], resource: str | list[str] = "*", **more: Row) -> str:
    """An identity policy of one statement."""
    statement: Row = {"Effect": "Allow", "Action": list(action) if isinstance(action, list) else action, **more}
    statement["Resource"] = list(resource) if isinstance(resource, list) else resource
    return document(statement)


def trust(principal: Row, action: str | list[str] = "sts:AssumeRole", **more: Row) -> str:
    """A policy of one statement that names a principal."""
    statement: Row = {"Effect": "Allow", "Principal": principal, **more}
    statement["Action"] = list(action) if isinstance(action, list) else action
    return document(statement)


def web_identity(**equals: str) -> str:
    """A trust policy for web identity with the given `StringEquals` conditions."""
    condition: Row = {"StringEquals": {f"oidc.eks:{key}": value for key, value in equals.items()}}
    federated: Row = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks"}
    return trust(federated, "sts:AssumeRoleWithWebIdentity", Condition=condition)


def without_zones(count: int) -> Damage:
    """Remove the private subnets of the last zones of the first region."""

    def damage(stack: ModelStack) -> None:
        for zone in "abc"[-count:]:
            drop(SUBNET, name=f"private-{zone}")(stack)

    return damage
