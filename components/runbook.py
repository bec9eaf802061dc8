"""Where people read what an alert or alarm means and what to do."""

RUNBOOK = "docs/runbooks/alerts.md"


def section_link(name: str) -> str:
    """The runbook's section on one alert or alarm; its heading is the name."""
    return f"{RUNBOOK}#{name.lower()}"
