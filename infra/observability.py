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

_STALLED_AFTER = {"regtest": "30m"}
_PUBLIC_STALLED_AFTER = "2h"
"""On a chain of our own a generator makes a block every few seconds; on others ten minutes are the mean."""

_PRIVATE_CHAINS = {"regtest"}


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
                stalled_after=_STALLED_AFTER.get(environment.chain, _PUBLIC_STALLED_AFTER),
            ),
            regions=tuple(regions),
        ),
        opts=pulumi.ResourceOptions(providers=[home]),
    )
