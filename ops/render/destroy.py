"""What goes with an environment, and what was left of it: for people, and as documents for machines."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.names import cluster_name
from ops.destroy.environment import Destroyed
from ops.destroy.plan import Plan
from ops.destroy.remains import Fate
from ops.exit_codes import ExitCode
from ops.render.text import count, short_type, tally
from simulator.graph import Node
from simulator.values import JSON

_SHOWN = 20
_KUBERNETES = "kubernetes:"
_BESIDE = "Not part of it, and never touched: the bucket of states, the account's roles, and the stack file."


def plan_document(stack: str, plan: Plan) -> dict[str, JSON]:
    """What would be done, for machines; docs/operations.md names the fields."""
    return {
        "format": 1,
        "stack": stack,
        "dryRun": True,
        "resources": plan.total,
        "phases": [
            {"phase": phase.value, "urns": [node.urn for node in nodes]} for phase, nodes in plan.phases.items()
        ],
        "stays": [{"name": one.name, "type": one.type, "why": one.why} for one in plan.stays],
    }


def destroy_document(done: Destroyed) -> dict[str, JSON]:
    """What became of it, for machines; docs/operations.md names the fields."""
    outcome = done.outcome
    return {
        "format": 1,
        "stack": done.stack,
        "dryRun": False,
        "clean": done.exit_code is ExitCode.CLEAN,
        "interrupted": outcome.interrupted,
        "left": [node.urn for node in outcome.resources],
        "blocking": [
            {"urn": node.urn, "commands": [command for _, command in _ways_out(done, node)]}
            for node in outcome.blocking
        ],
        "removed": [{"region": one.region, "kind": one.kind.value, "id": one.id} for one in outcome.removed],
        "refused": [
            {"region": one.region, "kind": one.kind.value, "id": one.id, "why": why} for one, why in outcome.refused
        ],
        "remains": [
            {"region": one.region, "arn": one.arn, "fate": one.fate.value, "why": one.why} for one in done.remains
        ],
    }


def print_plan(output: Console, stack: str, plan: Plan) -> None:
    """Print what goes by phase, what stays, and the command that does it."""
    output.print(
        Text.assemble((stack, "bold"), f"  {count(plan.total, 'resource')} would be destroyed, in about this order")
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("", "phase", "resources", "of which"):
        table.add_column(heading, overflow="fold")
    for number, (phase, nodes) in enumerate(plan.phases.items(), start=1):
        table.add_row(str(number), phase.value, str(len(nodes)), tally((node.type for node in nodes), 4))
    output.print(table)
    if plan.stays:
        output.print("\nStays in AWS:")
        for one in plan.stays[:_SHOWN]:
            output.print(Text(f"  {one.name} ({short_type(one.type)}): {one.why}"), soft_wrap=True)
        if len(plan.stays) > _SHOWN:
            output.print(f"  {len(plan.stays) - _SHOWN} more: --json has all")
    output.print(_BESIDE, soft_wrap=True)
    output.print("Nothing was done. To do it:")
    output.print(Text(f"  .venv/bin/python -m ops destroy {stack} --yes", style="cyan"), soft_wrap=True)


def print_destroyed(output: Console, done: Destroyed) -> None:
    """Print what is left, how to get on, and at the end of everything how to forget the stack."""
    outcome = done.outcome
    output.print()
    for one in outcome.removed:
        output.print(Text(f"removed  {one.region}  {one.kind.value} {one.id}"), soft_wrap=True)
    for one, why in outcome.refused:
        output.print(Text(f"still there  {one.region}  {one.kind.value} {one.id}: {why}", style="yellow"))
    for fate, style in ((Fate.STAYS, ""), (Fate.LEFT, "bold red"), (Fate.UNKNOWN, "yellow")):
        for one in done.of(fate):
            words = " ".join(part for part in (fate.value, one.region, one.arn) if part)
            output.print(Text(f"{words}{f': {one.why}' if one.why else ''}", style=style), soft_wrap=True)
    if outcome.resources:
        _print_blocking(output, done)
    if done.exit_code is ExitCode.CLEAN:
        output.print(
            Text(f"{done.stack} is destroyed, and nothing of it is left but what is named above.", style="green")
        )
        output.print(_BESIDE, soft_wrap=True)
        output.print("To forget the stack and its history, which also removes the stack file:")
        output.print(Text(f"  pulumi stack rm {done.stack}", style="cyan"))
    elif done.exit_code is ExitCode.UNKNOWN:
        output.print(Text(f"{done.stack}: the state is empty; {count(len(done.of(Fate.UNKNOWN)), 'thing')} unknown."))
    else:
        how = "was interrupted" if outcome.interrupted else "is not destroyed"
        output.print(Text(f"{done.stack} {how}: {count(done.left, 'thing')} left.", style="bold red"))
        output.print("Repeat the command; what is gone stays gone.")


def _print_blocking(output: Console, done: Destroyed) -> None:
    output.print(f"\n{count(len(done.outcome.resources), 'resource')} left in the state. These hold up the others:")
    for node in done.outcome.blocking[:_SHOWN]:
        output.print(Text(f"  {node.name} ({short_type(node.type)})", style="bold"), soft_wrap=True)
        for what, command in _ways_out(done, node):
            output.print(Text.assemble(f"    {what:<6}", (command, "cyan")), soft_wrap=True)


def _ways_out(done: Destroyed, node: Node) -> Iterator[tuple[str, str]]:
    """Of an object of Kubernetes: how to see what holds it, and how to free it by hand."""
    region = done.outcome.left.regions.get(node.urn)
    if region is None or not node.type.startswith(_KUBERNETES) or node.type.startswith("kubernetes:helm.sh/"):
        return
    namespace, _, name = node.id.rpartition("/")
    kubectl = f"kubectl --context {cluster_name(done.environment, region)}"
    if node.type.endswith(":Namespace"):
        # A namespace goes by itself once it is empty; its conditions name what is not, with the finalizers.
        yield "look", f"{kubectl} get namespace {name} --output jsonpath='{{.status.conditions[*].message}}'"
        return
    scope = f"{kubectl} --namespace {namespace}" if namespace else kubectl
    what = f"{_resource(node.type)} {name}"
    yield "look", f"{scope} get {what} --output jsonpath='{{.metadata.deletionTimestamp}} {{.metadata.finalizers}}'"
    yield "free", f'{scope} patch {what} --type merge --patch \'{{"metadata":{{"finalizers":null}}}}\''


def _resource(token: str) -> str:
    """`kubernetes:kafka.strimzi.io/v1:Kafka` as kubectl takes it: `Kafka.v1.kafka.strimzi.io`."""
    place, _, kind = token.removeprefix(_KUBERNETES).rpartition(":")
    group, _, version = place.partition("/")
    return kind if group == "core" else f"{kind}.{version}.{group}"
