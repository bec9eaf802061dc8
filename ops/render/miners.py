"""The miners of a stack and their services, on the page."""

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from ops.miners import Miner
from ops.render.text import count


def miner_list(found: Sequence[Miner]) -> Group:
    """A line that counts, and one for each miner with the services that it runs."""
    number = sum(len(miner.services) for miner in found)
    lines = [Text(f"{count(len(found), 'miner')}, {count(number, 'service')}", style="bold")]
    for miner in found:
        services = ", ".join(miner.services) or "stopped"
        lines.append(
            Text.assemble(
                (miner.name, "bold cyan"),
                f"  {miner.region}  {miner.image}  {count(len(miner.services), 'service')}: ",
                (services, "dim"),
            )
        )
    return Group(*lines)
