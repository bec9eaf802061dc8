"""What a check before an update comes to. Data only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ops.exit_codes import ExitCode

ACCOUNT = "account"
"""The place of what belongs to no region."""


class Verdict(StrEnum):
    """What a check came to."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"  # it could not be asked; never taken for a yes


class Area(StrEnum):
    """What is checked, in the order of the table."""

    REGIONS = "regions"
    QUOTAS = "quotas"
    ZONES = "zones"
    VERSIONS = "versions"
    SECRETS = "secrets"
    RECORDING = "recording"
    PERMISSIONS = "permissions"
    SOURCES = "sources"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing in one place: what was found, and unless it holds what to do, by ``command`` where one does it."""

    area: Area
    place: str
    subject: str
    verdict: Verdict
    found: str
    remedy: str = ""
    command: str = ""


def exit_code(checks: Iterable[Check]) -> ExitCode:
    """Of the worst result: what fails is worse than what is unknown."""
    verdicts = {check.verdict for check in checks}
    if Verdict.FAILS in verdicts:
        return ExitCode.FINDINGS
    return ExitCode.UNKNOWN if Verdict.UNKNOWN in verdicts else ExitCode.CLEAN
