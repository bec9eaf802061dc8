"""A release for testers: what was to copy, and what was there."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.distribution.run import Plan
from ops.render.text import count
from simulator.values import JSON


def print_distribution(output: Console, plan: Plan, testers: Sequence[str], *, done: bool) -> None:
    """Print what testers get; ``done`` where it is more than a plan."""
    table = Table(box=None, pad_edge=False)
    for heading in ("what", "digest", ""):
        table.add_column(heading, overflow="fold")
    verb = "copied, and the same" if done else "to copy"
    for image in plan.images:
        name = f"{image.target.registry}/{image.target.repository}:{image.target.tag}"
        table.add_row(name, image.digest, "there already" if image.already_there else verb)
    for binary in plan.binaries:
        state = "there already" if binary.already_there else "stored" if done else "to store"
        table.add_row(f"s3://{plan.bucket}/{binary.key}", f"sha256:{binary.sha256.hex()}", state)
    output.print(table)
    readers = f"{count(len(testers), 'account')} of testers"
    if plan.complete:
        output.print(Text(f"{plan.version} was there before: {readers} can read it.", style="green"))
    elif done:
        output.print(Text(f"{plan.version} is there: {readers} can read it.", style="green"))
    else:
        output.print(f"Nothing was copied. Without --dry-run, {readers} can read {plan.version} afterwards.")


def distribution_document(stack: str, plan: Plan, testers: Sequence[str]) -> dict[str, JSON]:
    """The same for machines; docs/operations.md names the fields."""
    return {
        "format": 1,
        "environment": stack,
        "version": plan.version,
        "readers": list(testers),
        "images": [
            {
                "name": image.name,
                "target": f"{image.target.registry}/{image.target.repository}:{image.target.tag}",
                "digest": image.digest,
                "manifests": list(image.manifests),
                "wasThere": image.already_there,
            }
            for image in plan.images
        ],
        "bucket": plan.bucket,
        "binaries": [
            {"key": binary.key, "sha256": binary.sha256.hex(), "wasThere": binary.already_there}
            for binary in plan.binaries
        ],
    }
