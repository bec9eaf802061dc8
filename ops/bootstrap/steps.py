"""One thing that bootstrap makes, and how to see whether it is there."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from ops.aws.session import code_of
from ops.bootstrap.difference import difference


@dataclass(frozen=True, slots=True)
class Step:
    """``look`` says what is missing or differs, None if nothing does; ``make`` makes it so, also the second time."""

    name: str
    look: Callable[[], str | None]
    make: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Finding:
    """A step, and what it would make; None if it holds."""

    step: Step
    drift: str | None


def look(steps: Iterable[Step], tell: Callable[[str], object]) -> list[Finding]:
    """Look at everything. Changes nothing."""
    found = []
    for step in steps:
        tell(f"looking at {step.name}")
        found.append(Finding(step, step.look()))
    return found


def make(findings: Sequence[Finding], tell: Callable[[str], object]) -> None:
    """Make what does not hold, in order. Where it stops, the next run goes on."""
    for finding in findings:
        if finding.drift is not None:
            tell(f"making {finding.step.name}")
            finding.step.make()


def unless(codes: Iterable[str], ask: Callable[[], object]) -> object:
    """What ``ask`` gets; None where AWS answers that there is no such thing, by one of these codes."""
    try:
        return ask()
    except ClientError as error:
        if code_of(error) in set(codes):
            return None
        raise


def differs(found: object, wanted: object, absent: str = "not set") -> str | None:
    """What to say of a setting: fields, found and wanted; None where it is as wanted."""
    if found == wanted:
        return None
    return absent if found is None else difference(found, wanted)
