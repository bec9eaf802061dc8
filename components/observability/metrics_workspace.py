"""The `MetricsWorkspace` component."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.keys import DataKey, DataKeyArgs, logs_use
from components.placement import Placement
from components.protection import Protection
from components.workspace import WorkspaceRef


@dataclass(frozen=True, kw_only=True)
class MetricsWorkspaceArgs:
    """Arguments of `MetricsWorkspace`; `placement` is that of the home region."""

    placement: Placement
    log_retention_days: int
    protection: Protection


class MetricsWorkspace(Component):
    """The one place in which an environment's recorded series meet: a workspace of Amazon Managed Prometheus.

    Creates it with its key and a log group, in which it says why a rule or a message failed. Regions wait for it, so
    it waits for nothing. It keeps series for 150 days and is not locked: nothing in it is needed to restore a miner.
    Another key replaces it.
    """

    TOKEN = "teranode:observability:MetricsWorkspace"

    ref: WorkspaceRef

    def __init__(self, name: str, args: MetricsWorkspaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        placement = args.placement
        key = DataKey(
            f"{name}-encryption",
            DataKeyArgs(
                placement=placement,
                data_class="metrics",
                protection=args.protection,
                uses=(logs_use(placement),),
            ),
            opts=self._child(),
        )
        logs = aws.cloudwatch.LogGroup(
            f"{name}-log-group",
            # The service delivers to groups under this prefix only.
            name=f"/aws/vendedlogs/prometheus/{placement.environment}",
            retention_in_days=args.log_retention_days,
            kms_key_id=key.arn,
            tags={"data-class": "logs"},
            opts=self._child(),
        )
        workspace = aws.amp.Workspace(
            f"{name}-workspace",
            alias=placement.environment,
            kms_key_arn=key.arn,
            logging_configuration=aws.amp.WorkspaceLoggingConfigurationArgs(log_group_arn=_stream_of(logs)),
            tags={"Name": placement.environment, "data-class": "metrics"},
            opts=self._child(),
        )
        self.ref = WorkspaceRef(
            region=placement.region,
            id=workspace.id,
            arn=workspace.arn,
            remote_write_url=pulumi.Output.concat(workspace.prometheus_endpoint, "api/v1/remote_write"),
        )
        self.register_outputs({"arn": workspace.arn})


def _stream_of(group: aws.cloudwatch.LogGroup) -> pulumi.Output[str]:
    """The group's streams: the service refuses the ARN of the group alone."""
    return pulumi.Output.concat(group.arn, ":*")
