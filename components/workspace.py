"""Where the recorded series of all regions meet, as a region sees it."""

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class WorkspaceRef:
    """A workspace of Amazon Managed Service for Prometheus: its region, and where series are sent to."""

    region: str
    id: pulumi.Output[str]
    arn: pulumi.Output[str]
    remote_write_url: pulumi.Output[str]
