"""Entry point of the policy pack: `pulumi preview --policy-pack policies`."""

from datetime import UTC, datetime

from pack import NAME, description, policies
from pulumi_policy import EnforcementLevel, PolicyPack

if __name__ == "__main__":
    PolicyPack(
        name=NAME,
        description=description(),
        policies=policies(lambda: datetime.now(tz=UTC).date()),
        enforcement_level=EnforcementLevel.MANDATORY,
    )
