"""Backups, planned, taken and restored."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.backup.model import JobResult, Manifest
from ops.backup.plan import Target
from ops.render.text import count
from simulator.values import JSON


def print_backup_plan(output: Console, targets: Sequence[Target]) -> None:
    """Print which miners would be stopped, and what would be copied."""
    for one in targets:
        what = "databases, UTXO store and files" if one.aerospike else "databases with the UTXOs, and files"
        what += ", then its file system is backed up" if one.outputs.file_system else ""
        state = "is stopped, copied and started" if one.outputs.enabled else "is stopped already, and copied"
        output.print(
            Text.assemble((one.subject.miner, "bold"), f"  {one.region_name}  {state}: {what}"), soft_wrap=True
        )


def print_manifests(output: Console, manifests: Sequence[Manifest]) -> None:
    """Print one row for each backup."""
    if not manifests:
        output.print("No backup is recorded.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("miner", "backup", "height", "files", "MiB", "stopped for", "release", "file system"):
        table.add_column(heading, overflow="fold")
    for one in manifests:
        height = "none" if one.height is None else f"{one.height}"
        size = f"{(one.bytes + (one.utxo.bytes if one.utxo else 0)) / 2**20:.0f}"
        beyond = one.file_system_backup or ""
        table.add_row(one.miner, one.id, height, f"{one.files}", size, f"{one.stopped_s} s", one.release, beyond)
    output.print(table)


def print_removals(
    output: Console, old: Mapping[str, Sequence[Manifest]], abandoned: Mapping[str, Sequence[str]], keep: int
) -> None:
    """Print which backups would go, and the objects of which unfinished ones."""
    for miner, manifests in old.items():
        gone = ", ".join(one.id for one in manifests) or "nothing to remove"
        output.print(Text.assemble((miner, "bold"), f"  beside the {keep} newest: {gone}"), soft_wrap=True)
        if abandoned[miner]:
            ids = ", ".join(abandoned[miner])
            output.print(f"  in the bucket without a manifest, unfinished unless under way: {ids}", soft_wrap=True)


def print_restore_plan(output: Console, target: Target, manifest: Manifest, *, replace_data: bool) -> None:
    """Print what a restore would do."""
    height = "none" if manifest.height is None else f"{manifest.height}"
    data = "what it has is deleted" if replace_data else "refused if it has data"
    output.print(
        Text.assemble(
            (target.subject.miner, "bold"),
            f"  {target.region_name}  back to {manifest.id}: height {height}, {count(manifest.files, 'file')}; {data}",
        ),
        soft_wrap=True,
    )


def print_restored(output: Console, target: Target, result: JobResult) -> None:
    """Print what was found after a restore, and what to do next."""
    stack, miner = target.subject.stack, target.subject.miner
    output.print(Text(f"{miner} is at height {result.height} again, with {count(result.files, 'file')}", style="green"))
    output.print(f"Remove enabled: false of {miner} from Pulumi.{stack}.yaml, then start it and look at it:")
    output.print(Text(f"  pulumi up --stack {stack}", style="cyan"))
    output.print(Text(f"  .venv/bin/python -m ops verify {stack}", style="cyan"))


def backups_document(stack: str, manifests: Sequence[Manifest], failed: Mapping[str, str]) -> dict[str, JSON]:
    """Backups for machines, and why miners have none; docs/operations.md names the fields."""
    return {
        "format": 1,
        "environment": stack,
        "backups": [one.model_dump(mode="json", by_alias=True) for one in manifests],
        "failed": dict(failed),
    }
