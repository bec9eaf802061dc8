"""What testers outside of the account get, where there are any."""

import pulumi
import pulumi_aws as aws

from components.distribution import Distribution, DistributionArgs
from components.protection import Protection
from infra import providers, versions
from infra.settings import Environment

IMAGES = (versions.TERANODE_IMAGE.rpartition("/")[2],)
"""Repositories by the last part of their source: what testers run, and not what only this project needs beside it."""


def distribute(environment: Environment, home: aws.Provider, protection: Protection) -> Distribution | None:
    """Register it in the home region; nothing else waits for it."""
    if environment.testers is None:
        return None
    return Distribution(
        "distribution",
        DistributionArgs(
            placement=providers.placement(environment, environment.regions[environment.home]),
            readers=environment.testers,
            images=IMAGES,
            log_retention_days=environment.log_retention_days,
            protection=protection,
        ),
        opts=pulumi.ResourceOptions(providers=[home]),
    )
