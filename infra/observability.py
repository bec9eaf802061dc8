"""What sees an environment as a whole: the workspace in which its series meet, and the rules on them."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.observability import Alerting, AlertingArgs, Chain, MetricsWorkspace, MetricsWorkspaceArgs
from components.protection import Protection
from components.region import Region
from components.workspace import WorkspaceRef
from infra import providers
from infra.settings import Environment

_PRIVATE_CHAINS = {"regtest"}
_BRISK_SECONDS = 300
"""A pace at which half an hour without a block is a fault."""


def workspace(environment: Environment, home: aws.Provider, protection: Protection) -> WorkspaceRef | None:
    """The workspace of an environment whose rules are judged; regions wait for it and for nothing else of another."""
    if environment.alert_rules == "none":
        return None
    return MetricsWorkspace(
        "metrics",
        MetricsWorkspaceArgs(
            placement=providers.placement(environment, environment.regions[environment.home]),
            log_retention_days=environment.log_retention_days,
            protection=protection,
        ),
        opts=pulumi.ResourceOptions(providers=[home]),
    ).ref


def alerting(
    environment: Environment, home: aws.Provider, ref: WorkspaceRef | None, regions: Mapping[str, Region]
) -> None:
    """The rules, where there is a workspace for them; they tell the topic of the home region."""
    if ref is None:
        return
    Alerting(
        "alerting",
        AlertingArgs(
            placement=providers.placement(environment, environment.regions[environment.home]),
            workspace=ref,
            topic_arn=regions[environment.home].alarms.topic_arn,
            chain=Chain(
                private=environment.chain in _PRIVATE_CHAINS,
                stalled_after=_stalled_after(environment),
            ),
            regions=tuple(regions),
        ),
        opts=pulumi.ResourceOptions(providers=[home]),
    )


def _stalled_after(environment: Environment) -> str | None:
    """A time without a block that is no chance: ten minutes are the mean of public chains, a generator has a pace.

    Where there is neither, people make blocks when they like.
    """
    if environment.chain not in _PRIVATE_CHAINS:
        return "2h"
    generator = environment.block_generator
    if generator is None:
        return None
    return "30m" if generator.interval_seconds + generator.spread_seconds <= _BRISK_SECONDS else "6h"
