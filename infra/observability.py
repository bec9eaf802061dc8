"""What sees an environment as a whole: the workspace in which its series meet, and the rules on them."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.alarms import Budget, BudgetArgs
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
    """The rules, where there is a workspace for them; they tell the topics of the home region."""
    alarms = regions[environment.home].alarms
    if ref is None or alarms.heartbeat_topic_arn is None:
        return
    Alerting(
        "alerting",
        AlertingArgs(
            placement=providers.placement(environment, environment.regions[environment.home]),
            workspace=ref,
            topic_arn=alarms.topic_arn,
            heartbeat_topic_arn=alarms.heartbeat_topic_arn,
            chain=Chain(
                private=environment.chain in _PRIVATE_CHAINS,
                stalled_after=_stalled_after(environment),
            ),
            regions=tuple(regions),
        ),
        opts=pulumi.ResourceOptions(providers=[home]),
    )


def budget(environment: Environment, home: aws.Provider) -> None:
    """What a month may cost. Mainnet has an account of its own, so all of that counts, tagged or not."""
    if environment.monthly_budget_usd is None:
        return
    Budget(
        "cost",
        BudgetArgs(
            placement=providers.placement(environment, environment.regions[environment.home]),
            monthly_usd=environment.monthly_budget_usd,
            email=environment.alarm_email or environment.owner,
            whole_account=environment.tier == "mainnet",
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
