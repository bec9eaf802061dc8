"""What an alert is, and the file in which Prometheus reads it. Plain data: no resources."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from components.placement import Placement
from components.runbook import section_link


class Severity(StrEnum):
    """How soon somebody must look."""

    CRITICAL = "critical"  # now
    WARNING = "warning"  # on the next working day
    NONE = "none"  # never: nobody is told


@dataclass(frozen=True, kw_only=True)
class Chain:
    """What rules must know of an environment's chain.

    - `private`: its nodes are those of the environment alone, so a single miner has no peers.
    - `stalled_after`: a time without a new block that cannot be chance, in Prometheus' spelling; None where nobody is
      meant to make blocks.
    """

    private: bool
    stalled_after: str | None


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One alert. `lasting` is how long `expr` must hold; `why` is for the reader of this file."""

    name: str
    expr: str
    lasting: str
    severity: Severity
    summary: str
    description: str
    why: str


def groups(name: str, alerts: Sequence[Alert], placement: Placement) -> dict[str, object]:
    """A rules file of one group, as Prometheus reads it; `placement` is that of the workspace."""
    return {
        "groups": [
            {
                "name": name,
                "interval": "1m",
                "rules": [
                    {
                        "alert": alert.name,
                        "expr": alert.expr,
                        "for": alert.lasting,
                        "labels": {"severity": str(alert.severity)},
                        "annotations": {
                            "summary": alert.summary,
                            "description": alert.description,
                            "runbook_url": section_link(placement, alert.name),
                        },
                    }
                    for alert in alerts
                ],
            }
        ]
    }
