"""What can be seen of miners: who is scraped, what is recorded, drawn and sent, and of what somebody is told."""

from components.observability.alert import Chain
from components.observability.alerting import Alerting, AlertingArgs
from components.observability.component import Observability, ObservabilityArgs
from components.observability.metrics_workspace import MetricsWorkspace, MetricsWorkspaceArgs
from components.observability.openings import metrics_opening

__all__ = [
    "Alerting",
    "AlertingArgs",
    "Chain",
    "MetricsWorkspace",
    "MetricsWorkspaceArgs",
    "Observability",
    "ObservabilityArgs",
    "metrics_opening",
]
