"""Environments: all that there are, and one that was just described."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.settings import Environment
from ops.environments.listing import Row
from ops.environments.new import Draft
from ops.render.text import count

_HEADINGS = ("environment", "tier", "release", "regions", "miners", "expires")
_DIGEST = "@sha256:"


def print_list(output: Console, found: Sequence[Row], now: datetime) -> None:
    """Print one row for each stack file, and below what is wrong with those that the settings refuse."""
    table = Table(box=None, pad_edge=False)
    for heading in _HEADINGS:
        table.add_column(heading, justify="right" if heading == "miners" else "left", overflow="fold")
    for row in found:
        if row.environment is not None:
            table.add_row(*_cells(row, row.environment, now))
        else:
            table.add_row(row.stack.name, Text("refused, see below", style="bold red"))
    output.print(table)
    for row in found:
        if row.problem:
            output.print(Text.assemble((f"\n{row.stack.name}  ", "bold"), row.problem), soft_wrap=True)
            output.print(f"  .venv/bin/python -m ops preview {row.stack.name} says all of it")


def _cells(row: Row, environment: Environment, now: datetime) -> tuple[str | Text, ...]:
    end = environment.expires
    left = "never" if end is None else f"{end:%Y-%m-%d %H:%M} UTC"
    return (
        Text.assemble(environment.name, (" asleep", "dim")) if environment.asleep else environment.name,
        environment.tier,
        environment.release.partition(_DIGEST)[0],
        ", ".join(environment.regions),
        str(len(environment.miners)),
        Text(f"{left}, past", style="bold red") if row.expired(now) else Text(left),
    )


def print_new(output: Console, made: Draft) -> None:
    """Print what a stack file describes, and what leads from it to a running environment."""
    environment = made.environment
    output.print(
        Text.assemble(
            (made.path.name, "bold"),
            f"  {count(len(environment.miners), 'miner')} in {count(len(environment.regions), 'region')}, "
            f"{environment.release} on {environment.chain}, account {environment.account}",
        )
    )
    for name, region in environment.regions.items():
        own = ", ".join(miner.name for miner in environment.miners.values() if miner.region == name) or "no miner"
        output.print(f"  {name}  {region.cidr}  {own}{'  (home)' if name == environment.home else ''}")
    if environment.expires:
        output.print(f"  may be destroyed after {environment.expires:%Y-%m-%d %H:%M} UTC")
    output.print("\nNext: look at it, commit it, give it state and roles")
    for command in (f"preview {environment.name}", f"bootstrap {environment.name} --repository OWNER/NAME"):
        output.print(Text(f"  .venv/bin/python -m ops {command}", style="cyan"), soft_wrap=True)
