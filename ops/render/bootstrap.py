"""What bootstrap found and made."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.bootstrap.steps import Finding
from ops.bootstrap.target import Target
from ops.render.text import count
from simulator.values import JSON


def print_findings(output: Console, target: Target, findings: Sequence[Finding]) -> None:
    """Print what is missing or different; what holds is counted."""
    open_ones = [finding for finding in findings if finding.drift is not None]
    holding = len(findings) - len(open_ones)
    output.print(Text.assemble((target.name, "bold"), f"  account {target.account}, state in {target.home}"))
    table = Table(box=None, pad_edge=False)
    for heading in ("what", "now"):
        table.add_column(heading, overflow="fold")
    for finding in open_ones:
        table.add_row(finding.step.name, Text(finding.drift or "", style="yellow"))
    if open_ones:
        output.print(table)
    output.print(f"{count(holding, 'thing')} as it should be, {len(open_ones)} not")


def print_next(output: Console, target: Target) -> None:
    """Print how Pulumi gets to the state."""
    output.print(Text(f"\nEverything is there. Take the role {target.role_arn('deploy')}, then", style="green"))
    for command in (target.login, target.stack_init):
        output.print(Text(f"  {command}", style="cyan"), soft_wrap=True)
    if target.trust.repository and target.environment.access.preview_role is None:
        output.print(
            f"Write teranode-infra:access.previewRole: {target.role_arn('preview')} for previews that read clusters",
            soft_wrap=True,
        )
    if target.trust.repository and target.environment.access.drift_role is None:
        output.print(
            f"Write teranode-infra:access.driftRole: {target.role_arn('drift')} to have drift looked for in clusters",
            soft_wrap=True,
        )


def bootstrap_document(target: Target, findings: Sequence[Finding]) -> dict[str, JSON]:
    """The same for machines; docs/first-up.md names the fields."""
    return {
        "format": 1,
        "environment": target.name,
        "account": target.account,
        "holds": all(finding.drift is None for finding in findings),
        "steps": [{"name": finding.step.name, "drift": finding.drift} for finding in findings],
        "login": target.login,
        "stackInit": target.stack_init,
    }
