"""Measure and print: evaluation against bare registration, and growth with the number of regions and of miners."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.stacks import write_stack
from bench.worker import Kind
from simulator.simulate import simulate

PROJECT_DIR = Path(__file__).parents[1]
_ROUNDS = 7
_REGIONS = (1, 3, 10, 30)
_MINERS_PER_REGION = (1, 5, 10)
_REGIONS_OF_MINERS = 10
_MINUTE_S = 60
_GOAL = 1.3
"""Evaluation may cost this many times the bare registration."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run in a process of its own."""

    seconds: float
    resources: int
    peak_mib: float
    up_s: float = 0.0
    chain_s: float = 0.0
    """Modelled duration of ``up``; 0 for a bare registration."""


def measure(kind: Kind, file: Path) -> Measurement:
    """Run ``bench.worker`` and read what it measured."""
    command = [sys.executable, "-m", "bench.worker", kind, str(file)]
    run = subprocess.run(command, cwd=PROJECT_DIR, check=False, capture_output=True, text=True)  # noqa: S603
    if run.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{run.stderr}")
    return Measurement(**json.loads(run.stdout.splitlines()[-1]))


def compare_with_bare(console: Console, folder: Path) -> None:
    """Evaluation of testing and bare registration of its resources, in turns, so that all see the same machine."""
    stack = PROJECT_DIR / "Pulumi.testing.yaml"
    recorded = folder / "testing.json"
    recorded.write_text(json.dumps(simulate(stack, project_dir=PROJECT_DIR).deployment), encoding="utf-8")
    files = {Kind.EVALUATED: stack, Kind.BARE: recorded, Kind.BARE_PAUSED: recorded}
    rounds = [{kind: measure(kind, file) for kind, file in files.items()} for _ in range(_ROUNDS)]
    console.print(f"testing, first run in a fresh process, median of {_ROUNDS} rounds")
    table = Table()
    for heading in ("", "resources", "seconds", "peak MiB"):
        table.add_column(heading, justify="left" if not heading else "right")
    for kind in files:
        seconds = statistics.median(each[kind].seconds for each in rounds)
        peak_mib = statistics.median(each[kind].peak_mib for each in rounds)
        table.add_row(kind, str(rounds[0][kind].resources), f"{seconds:.2f}", f"{peak_mib:.0f}")
    console.print(table)
    console.print(
        f"{_ratio(rounds, Kind.BARE)}, goal at most {_GOAL}: what a program costs in the SDK's own unit tests"
    )
    console.print(
        f"{_ratio(rounds, Kind.BARE_PAUSED)}: an evaluation pauses collection, so this is its work alone\n",
    )


def _ratio(rounds: Sequence[Mapping[Kind, Measurement]], base: Kind) -> str:
    ratios = [each[Kind.EVALUATED].seconds / each[base].seconds for each in rounds]
    return f"evaluated / {base}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def measure_growth(console: Console, folder: Path) -> None:
    """Evaluation of generated environments: the time per resource is level if cost is linear in them."""
    console.print(
        "growth with regions, one miner in each: level time per resource is linear cost; up in modelled minutes"
    )
    table = Table()
    for heading in ("regions", "resources", "seconds", "ms per resource", "peak MiB", "up"):
        table.add_column(heading, justify="right")
    slowest_s = chain_s = 0.0
    for regions in _REGIONS:
        run = measure(Kind.EVALUATED, write_stack(folder, regions))
        each_ms = 1000 * run.seconds / run.resources
        measured = (f"{run.seconds:.2f}", f"{each_ms:.2f}", f"{run.peak_mib:.0f}", f"{run.up_s / _MINUTE_S:.1f}")
        table.add_row(str(regions), str(run.resources), *measured)
        slowest_s, chain_s = max(slowest_s, run.up_s), max(chain_s, run.chain_s)
    console.print(table)
    ratio = slowest_s / chain_s
    console.print(
        f"longest unavoidable chain {chain_s / _MINUTE_S:.1f} min, up at most {ratio:.2f} times that, goal 1.05"
    )


def measure_miners(console: Console, folder: Path) -> None:
    """Evaluation of ten regions with more and more miners in each, up to a hundred altogether."""
    console.print("growth with miners, in ten regions: each miner costs the same if cost is linear in them")
    table = Table()
    for heading in ("miners", "resources", "seconds", "ms per resource", "peak MiB"):
        table.add_column(heading, justify="right")
    for each in _MINERS_PER_REGION:
        run = measure(Kind.EVALUATED, write_stack(folder, _REGIONS_OF_MINERS, each))
        each_ms = 1000 * run.seconds / run.resources
        miners = str(_REGIONS_OF_MINERS * each)
        table.add_row(miners, str(run.resources), f"{run.seconds:.2f}", f"{each_ms:.2f}", f"{run.peak_mib:.0f}")
    console.print(table)


def main() -> None:
    """Run all measurements."""
    console = Console(highlight=False, soft_wrap=True)
    with tempfile.TemporaryDirectory() as folder:
        compare_with_bare(console, Path(folder))
        measure_growth(console, Path(folder))
        measure_miners(console, Path(folder))


if __name__ == "__main__":
    main()
