"""Where people read what an alert or alarm means and what to do."""

from components.placement import Placement

RUNBOOK = "docs/runbooks/alerts.md"


def section_link(placement: Placement, name: str) -> str:
    """The runbook's section on one alert or alarm; its heading is the name.

    A link where the environment says where its pages are read, else the path in the repository.
    """
    return f"{placement.pages}{RUNBOOK}#{name.lower()}"
