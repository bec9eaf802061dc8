"""What bootstrap found and made."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.bootstrap.run import not_looked_at
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
    for what in not_looked_at(target):
        output.print(f"Not looked at: {what}", soft_wrap=True)


def print_next(output: Console, target: Target) -> None:
    """Print who may take the deploy role, and how an environment comes from what is there now."""
    name, role, profile = target.name, target.role_arn("deploy"), f"deploy-{target.name}"
    output.print(Text("\nEverything is there that was looked at.", style="green"))
    output.print(f"Who may take {role}: {_who(target)}", soft_wrap=True)
    output.print("Next, as somebody who may take it (docs/first-up.md, section 6):", soft_wrap=True)
    for command in (
        f"aws configure set role_arn {role} --profile {profile}",
        f"aws configure set source_profile <your profile> --profile {profile}",
        f"aws configure set region {target.home} --profile {profile}",
        f"export AWS_PROFILE={profile}",
        target.login,
        target.stack_init,
        f"git commit --message 'Stack {name}' Pulumi.{name}.yaml",
        f".venv/bin/python -m ops preflight {name}",
    ):
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


def _who(target: Target) -> str:
    trust = target.trust
    if not trust.stated:
        return "whoever could before; nothing of that was looked at (--repository, --principal)"
    jobs = f"jobs of GitHub's {trust.repository} in its environment {trust.github_environment}"
    if not trust.principals:
        return f"only {jobs}, and no person. To let people take it, repeat this with --principal ARN as well"
    people = f"holders of {' or '.join(trust.principals)}"
    return f"{jobs}; {people}" if trust.repository else f"only {people}, and no jobs of GitHub (--repository)"


def bootstrap_document(target: Target, findings: Sequence[Finding]) -> dict[str, JSON]:
    """The same for machines; docs/first-up.md names the fields."""
    return {
        "format": 1,
        "environment": target.name,
        "account": target.account,
        "holds": all(finding.drift is None for finding in findings),
        "steps": [{"name": finding.step.name, "drift": finding.drift} for finding in findings],
        "notLookedAt": list(not_looked_at(target)),
        "login": target.login,
        "stackInit": target.stack_init,
    }
