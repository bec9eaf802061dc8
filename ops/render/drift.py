"""What drifted, as a table and as a document for machines."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.drift.advice import DIFFERS, STRAY
from ops.drift.refresh import Refresh
from ops.drift.sweep import Sweep
from ops.exit_codes import ExitCode
from ops.render.text import count, short_type
from simulator.values import JSON


@dataclass(frozen=True, slots=True)
class Drift:
    """The result for one stack; ``sweep`` is None if it was not asked for."""

    stack: str
    refresh: Refresh
    sweep: Sweep | None
    expired: tuple[str, ...]
    """Known noise past its end."""

    @property
    def found(self) -> bool:
        """Whether somebody has to look."""
        return bool(self.refresh.changes or (self.sweep and self.sweep.strays) or self.expired)

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns."""
        if self.found:
            return ExitCode.FINDINGS
        return ExitCode.UNKNOWN if self.sweep and self.sweep.unknown else ExitCode.CLEAN

    @property
    def summary(self) -> str:
        """In one line."""
        strays = count(len(self.sweep.strays), "stray") if self.sweep else "strays not looked for"
        numbers = f"{count(len(self.refresh.changes), 'change')}, {strays}, {len(self.refresh.noise)} known"
        open_regions = f", {', '.join(self.sweep.unknown)} unknown" if self.sweep and self.sweep.unknown else ""
        return f"{'has drifted' if self.found else 'is as its state says'}: {numbers}{open_regions}"


def drift_document(drift: Drift) -> dict[str, JSON]:
    """The result for machines; docs/operations.md names the fields."""
    swept = drift.sweep
    return {
        "format": 1,
        "stack": drift.stack,
        "clean": drift.exit_code is ExitCode.CLEAN,
        "changes": [
            {"urn": one.urn, "type": one.type, "gone": one.gone, "paths": list(one.paths)}
            for one in drift.refresh.changes
        ],
        "noise": [{"urn": one.urn, "paths": list(one.paths)} for one in drift.refresh.noise],
        "strays": None if swept is None else [{"region": one.region, "arn": one.arn} for one in swept.strays],
        "unknown": dict(swept.unknown) if swept else {},
        "expiredNoise": list(drift.expired),
    }


def print_drift(output: Console, drift: Drift) -> None:
    """Print a row for each difference, then what to do."""
    table = Table(box=None, pad_edge=False)
    for heading in ("resource", "type", "what"):
        table.add_column(heading, overflow="fold")
    for name, kind, what in _rows(drift):
        table.add_row(name, kind, Text(what, style="yellow"))
    if table.row_count:
        output.print(table)
        output.print()
    for line in _advice(drift):
        output.print(Text(line, style="cyan"), soft_wrap=True)
    for region, why in (drift.sweep.unknown if drift.sweep else {}).items():
        output.print(Text(f"{region}: not asked: {why}", style="yellow"), soft_wrap=True)
    style = {ExitCode.CLEAN: "green", ExitCode.UNKNOWN: "yellow"}.get(drift.exit_code, "bold red")
    output.print(Text.assemble((drift.stack, "bold"), " ", (drift.summary, style)))


def _rows(drift: Drift) -> Iterator[tuple[str, str, str]]:
    for change in drift.refresh.changes:
        what = "is gone" if change.gone else f"differs in {', '.join(change.paths) or 'something it does not tell'}"
        yield change.name, short_type(change.type), what
    for stray in drift.sweep.strays if drift.sweep else ():
        yield stray.arn, stray.region, "is in no state"
    for name in drift.expired:
        yield name, "known noise", "is past its end: renew or remove it in ops/drift/known_noise.yaml"


def _advice(drift: Drift) -> Iterator[str]:
    if drift.refresh.changes:
        yield DIFFERS
    if drift.sweep and drift.sweep.strays:
        yield STRAY
