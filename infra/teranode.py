"""Teranode itself, composed of what regions and miners have: its operator in every region that has miners."""

from collections.abc import Mapping

import pulumi

from components.miner import Miner
from components.platform import TeranodeOperator, TeranodeOperatorArgs
from components.region import PlatformChoice, Region
from infra.settings import Environment

CHART = "teranode-operator"


def operators(
    environment: Environment, regions: Mapping[str, Region], miners: Mapping[str, Miner], platform: PlatformChoice
) -> dict[str, TeranodeOperator]:
    """The operator of each region that has miners. The namespaces that it watches are there before it is."""
    made: dict[str, TeranodeOperator] = {}
    for name, region in regions.items():
        watched = tuple(miners[one.name].namespace for one in environment.miners.values() if one.region == name)
        if watched:
            made[name] = TeranodeOperator(
                f"{name}-platform-{CHART}",
                TeranodeOperatorArgs(
                    context=region.platform.context,
                    source=platform.charts[CHART],
                    images=platform.images,
                    watched=watched,
                    high_availability=platform.high_availability,
                ),
                opts=pulumi.ResourceOptions(parent=region.platform),
            )
    return made
