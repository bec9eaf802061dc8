"""A model region's secrets: the seed of an identity, and a secret that holds what is derived from it."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Row


def build_secrets(region: RegionBuilder) -> None:
    """Register what one miner's identity is made of, and who may read it."""
    locks: Row = {"protect": True, "retainOnDelete": True}
    region.add("random:index/randomPassword:RandomPassword", "miner-p2p-seed", {"length": 64}, **locks)
    region.add(
        "aws:secretsmanager/secret:Secret",
        "miner-p2p",
        {"name": "model/miner/p2p", "kmsKeyId": region.arn_of("key"), "recoveryWindowInDays": 30},
        **locks,
    )
    region.add(
        "aws:secretsmanager/secretVersion:SecretVersion",
        "miner-p2p-version",
        # An ARN whose words look like an assignment to a variable called secret.
        {
            "secretId": f"arn:aws:secretsmanager:{region.name}:444455556666:secret:model/p2p-AbCdEf",
        },
        after=["miner-p2p"],
    )
    region.add(
        "aws:secretsmanager/secretRotation:SecretRotation",
        "miner-p2p-rotation",
        {"secretId": region.ref("miner-p2p"), "rotationRules": {"automaticallyAfterDays": 30}},
        after=["miner-p2p"],
    )
