"""The command ``ops rotate``. What it does is imported when it runs, so that help is instant."""

from typing import Annotated

import typer


def rotate(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project.")],
    *,
    miner: Annotated[str, typer.Option(metavar="NAME", help="The miner whose UTXO store lies on the pool.")],
    pool: Annotated[
        str | None, typer.Option(metavar="NAME", help="The storage pool; else the one that the stack file names.")
    ] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Replace the nodes. Without this they are only shown.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Replace the nodes under a miner's Aerospike, one at a time, with their records moved away first.

    Each node is put on the operator's block list; when its server has left and nothing migrates any more, its instance
    is ended, and its node group makes another. The next one follows when the store is whole again. Interrupt it, and
    repeat it, whenever you like: docs/runbooks/rotate-aerospike-nodes.md.
    """
    from ops.rotate_command import run_rotate  # noqa: PLC0415

    raise typer.Exit(run_rotate(stack, miner=miner, pool=pool, profile=profile, yes=yes, as_json=as_json))
