"""How to reach an environment, as tables."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.outputs import StackOutputs
from ops.render.text import count


def print_status(output: Console, stack: str, outputs: StackOutputs) -> None:
    """Print one row for each miner, then the commands that lead to regions and nodes."""
    output.print(
        Text.assemble(
            (stack, "bold"),
            f"  {outputs.release} on {outputs.chain}, {count(len(outputs.miners), 'miner')} in "
            f"{count(len(outputs.regions), 'region')}",
        )
    )
    output.print()
    table = Table(box=None, pad_edge=False)
    for heading in ("miner", "region", "namespace", "services", "peer ID"):
        table.add_column(heading, justify="right" if heading == "services" else "left", overflow="fold")
    for name, miner in outputs.miners.items():
        table.add_row(
            name,
            miner.region,
            miner.namespace,
            str(len(miner.deployments)) if miner.enabled else "stopped",
            miner.peer_id,
        )
    output.print(table)
    _commands(output, "Address of a miner for the others", {n: m.peer_address for n, m in outputs.miners.items()})
    _commands(output, "Its asset API for them", {n: m.asset_url for n, m in outputs.miners.items()})
    _commands(output, "Kubernetes API of a region", {n: r.kubeconfig_command for n, r in outputs.regions.items()})
    tunnels = {name: region.tunnel_command for name, region in outputs.regions.items() if region.tunnel_command}
    _commands(output, "The tunnel that must be open for it", tunnels)
    _commands(output, "RPC of a miner, at this machine's port", {n: m.rpc_command for n, m in outputs.miners.items()})

    deaf = [name for name, region in outputs.regions.items() if region.alarms_confirmed is False]
    if deaf:
        output.print()
        output.print(
            f"Nobody is told of alarms of {', '.join(deaf)}: when the state was written, its subscription was "
            "not confirmed. Follow the link in the message, then `pulumi refresh`",
            style="yellow",
        )
    if outputs.distribution is not None:
        read = {**outputs.distribution.repositories, "binaries": f"s3://{outputs.distribution.bucket}"}
        _commands(output, f"To read for the accounts {', '.join(outputs.distribution.readers)}", read)


def _commands(output: Console, heading: str, commands: dict[str, str]) -> None:
    if not commands:
        return
    output.print()
    output.print(Text(heading, style="dim"))
    for name, command in commands.items():
        # Whole on one line, however long: it is there to be copied.
        output.print(Text.assemble(f"  {name}  ", (command, "cyan")), soft_wrap=True)
