"""A release: what it will do, and what became of it."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.release.plan import ReleasePlan
from ops.release.roll import Outcome, Reached, miners
from ops.render.text import kind

_COLOURS = {
    Reached.RELEASED: "green",
    Reached.FAILED: "bold red",
    Reached.INTERRUPTED: "yellow",
    Reached.UNTOUCHED: "dim",
}


def print_plan(output: Console, plan: ReleasePlan) -> None:
    """Print what is done to each miner, in the order in which it is done."""
    moved = "is named already" if plan.before == plan.version else f"takes the place of {plan.before}"
    output.print(Text.assemble((plan.stack.name, "bold"), f"  {plan.version} {moved} in {plan.stack.path.name}"))
    table = Table(box=None, pad_edge=False)
    for heading in ("miner", "action", "resource", "kind"):
        table.add_column(heading)
    for step in plan.steps:
        shown = step.miner
        for change in step.changes:
            table.add_row(shown, change.action.value, change.name, kind(change.type))
            shown = ""
    output.print(table)
    if not plan.steps:
        output.print("No resource of the stack depends on the release: nothing is rolled out.")
    _print_lack_of_a_digest(output, plan)


def print_written(output: Console, plan: ReleasePlan, *, promoted: bool) -> None:
    """Print what the stack file names now, and what is left to do; ``promoted``: nothing is released to that tier."""
    was = "as it did before" if plan.before == plan.version else f"in the place of {plan.before}"
    output.print(
        Text.assemble((plan.stack.path.name, "bold"), f"  names {plan.version}, {was}; nothing was rolled out. Next:"),
        soft_wrap=True,
    )
    commands = [f"git commit --message '{plan.stack.name} gets {plan.version}' {plan.stack.path.name}"]
    if not promoted:
        commands.append(f".venv/bin/python -m ops release {plan.stack.name} {plan.version}")
    for command in commands:
        output.print(Text(f"  {command}", style="cyan"), soft_wrap=True)
    _print_lack_of_a_digest(output, plan)


def _print_lack_of_a_digest(output: Console, plan: ReleasePlan) -> None:
    """It is refused much later: an attestation of it cannot be promoted."""
    if "@" not in plan.version:
        output.print(
            f"{plan.version} has no digest: it can never be promoted. To promote it, release {plan.version}@sha256:… "
            "(docs/runbooks/release-and-rollback.md)",
            style="yellow",
            soft_wrap=True,
        )


def print_nothing_to_do(output: Console, plan: ReleasePlan) -> None:
    """Print that the stack is what its file says, so that a release of the same version does nothing."""
    said = f"{plan.version} runs already, and the stack has nothing else to change: nothing is to be done."
    output.print(Text.assemble((plan.stack.name, "bold"), "  ", (said, "green")), soft_wrap=True)


def print_outcome(output: Console, plan: ReleasePlan, outcome: Outcome) -> None:
    """Print how far it came, and unless it came to its end what to do now."""
    output.print()
    for miner, reached in outcome.reached.items():
        output.print(Text.assemble(f"{miner}  ", (reached.value, _COLOURS[reached])))
    stopped = outcome.stopped_at
    if stopped is not None:
        _print_stop(output, plan, outcome, stopped)
    elif outcome.complete:
        output.print(Text(f"{plan.version} is released, and the stack has nothing else to change.", style="green"))
    else:
        output.print(
            f"{plan.version} is released, but the stack has other changes that nobody applied, or they could not be "
            "told (see above). pulumi preview shows them, pulumi up applies them.",
            soft_wrap=True,
        )


def _print_stop(output: Console, plan: ReleasePlan, outcome: Outcome, stopped: str) -> None:
    miner = plan.outputs.miners[stopped]
    context = plan.outputs.regions[miner.region].kubernetes_context
    released, untouched = miners(outcome, Reached.RELEASED), miners(outcome, Reached.UNTOUCHED)
    before = plan.before if plan.before != plan.version else "<the release before>"
    output.print()
    output.print(
        f"Stopped at {stopped}, which may run both releases. On {plan.version}: {', '.join(released) or 'none'}. "
        f"Not touched: {', '.join(untouched) or 'none'}.",
        soft_wrap=True,
    )
    command = f".venv/bin/python -m ops release {plan.stack.name}"
    for what, how in (
        ("look", f"kubectl --context {context} --namespace {miner.namespace} get deployments,pods,jobs,events"),
        ("go on", f"{command} {plan.version}    (when it is repaired; what is done already stays as it is)"),
        ("go back", f"{command} {before}"),
    ):
        output.print(Text.assemble(f"  {what:<8}", (how, "cyan")), soft_wrap=True)
