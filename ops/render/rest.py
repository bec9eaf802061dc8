"""Environments that sleep, and those that are past their end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.environments.expire import Expired, Fate
from ops.environments.power import Power
from ops.environments.sleep import Rest
from ops.render.text import count
from simulator.values import JSON

RDS_RESTARTS_AFTER = timedelta(days=7)
"""AWS starts a stopped database by itself then, so that it misses no maintenance. Source: RDS user guide."""

_COLOURS = {Fate.DESTROYED: "green", Fate.GONE: "green", Fate.DUE: "yellow", Fate.UNPROVED: "yellow"}


def print_plan(output: Console, rest: Rest) -> None:
    """Print what would be switched, and what goes on in spite of it."""
    word = "sleep" if rest.power is Power.OFF else "wake"
    own = count(len(rest.environment.miners), "miner")
    output.print(Text.assemble((rest.stack.name, "bold"), f"  {word}: {own}"))
    if rest.written:
        rests = "asleep" if rest.power is Power.OFF else "awake"
        output.print(
            f"{rest.stack.path.name} says already that it is {rests}. AWS is asked about each of these, "
            "and what is not so is made so.",
            soft_wrap=True,
        )
    for one in rest.regions:
        databases = ", ".join((*one.databases, *one.aurora)) or "none"
        sizes = ", ".join(f"{pool} {size}" for pool, size in sorted(one.pool_sizes.items()))
        pools = "no nodes" if rest.power is Power.OFF else f"nodes in every zone: {sizes}"
        output.print(f"  {one.region}  {pools}; databases {databases}", soft_wrap=True)
    if rest.power is Power.OFF:
        output.print(
            "Data stays. Control planes, NAT gateways, load balancers, disks, files and addresses go on, and cost"
            + (", and so do the brokers of MSK." if rest.environment.kafka.profile == "msk" else "."),
            soft_wrap=True,
        )


def print_done(output: Console, rest: Rest, now: datetime) -> None:
    """Print how it ended, and what to know and do next."""
    name = rest.stack.name
    if rest.power is Power.ON:
        output.print(Text(f"{name} is awake", style="green"))
        output.print(Text(f"  .venv/bin/python -m ops verify {name}", style="cyan"))
        output.print(f"Commit {rest.stack.path.name}.")
        return
    output.print(Text(f"{name} sleeps", style="green"))
    output.print(
        f"AWS starts stopped databases by itself after seven days, here on {now + RDS_RESTARTS_AFTER:%Y-%m-%d}: repeat "
        f"the command then. Commit {rest.stack.path.name}.",
        soft_wrap=True,
    )
    output.print(Text(f"  .venv/bin/python -m ops env wake {name}", style="cyan"))


def rest_document(rest: Rest, *, done: bool) -> dict[str, JSON]:
    """A sleep, or its end, for machines; docs/operations.md names the fields."""
    return {
        "format": 1,
        "environment": rest.stack.name,
        "power": rest.power.value,
        "done": done,
        "regions": {
            one.region: {
                "clusters": list(one.clusters),
                "poolSizes": dict(one.pool_sizes),
                "databases": [*one.databases, *one.aurora],
            }
            for one in rest.regions
        },
    }


def print_expired(output: Console, done: Sequence[Expired]) -> None:
    """Print one row for each environment that is past its end."""
    if not done:
        output.print("No environment is past its end.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("environment", "account", "past its end since", "", ""):
        table.add_column(heading, overflow="fold")
    for one in done:
        fate = Text(one.fate.value, style=_COLOURS.get(one.fate, "bold red"))
        table.add_row(one.name, one.account, f"{one.expires:%Y-%m-%d %H:%M} UTC", fate, one.reason)
    output.print(table)
    if any(one.fate is Fate.DUE for one in done):
        output.print("Nothing was done to what is due: --yes destroys it.")
