"""The end of one environment, from its stack file to the proof that nothing is left."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from infra.names import cluster_name
from infra.settings import Environment
from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.destroy.leftovers import Estate, Leftover, find, remove
from ops.destroy.plan import Plan, plan, refuse_protected
from ops.destroy.remains import Fate, Remain, remains
from ops.destroy.run import Outcome, Sweep, cloud_resources, destroy, known_of, read_state
from ops.drift.sweep import regions_of
from ops.environments.sleep import wake_nodes
from ops.exit_codes import ExitCode
from ops.preflight.reading import Reader
from ops.pulumi_cli import PulumiCli
from ops.stacks import StackFile
from simulator.graph import Graph

_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Destruction:
    """What would go with an environment, and what it takes to make it go."""

    stack: StackFile
    environment: Environment
    aws: Aws
    cli: PulumiCli
    state: Graph
    plan: Plan


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How the destruction of one environment ended."""

    stack: str
    environment: str
    outcome: Outcome
    remains: tuple[Remain, ...]

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns."""
        fates = {one.fate for one in self.remains}
        if self.outcome.resources or self.outcome.refused or self.outcome.interrupted or Fate.LEFT in fates:
            return ExitCode.FINDINGS
        return ExitCode.UNKNOWN if Fate.UNKNOWN in fates else ExitCode.CLEAN

    @property
    def left(self) -> int:
        """How many things are known to be there and should not be."""
        return len(self.outcome.resources) + len(self.of(Fate.LEFT)) + len(self.outcome.refused)

    def of(self, fate: Fate) -> list[Remain]:
        """What remains with that fate."""
        return [one for one in self.remains if one.fate is fate]


def refuse_to_begin(stack: StackFile, environment: Environment, aws: Aws) -> None:
    """What speaks against it before its state is read; the tier before anybody is asked.

    Raises:
        DestroyRefusedError: it is to stay, by its tier.
        AnotherAccountError: the credentials are not of its account.
        AwsError: AWS cannot be asked who this is.
    """
    refuse_protected(stack.name, environment.tier)
    with faults_worded():
        refuse_other_accounts(aws, stack.name, environment.account, environment.home)


def prepare(stack: StackFile, environment: Environment, aws: Aws, cli: PulumiCli) -> Destruction:
    """Read its state. Nothing is done.

    Raises:
        DestroyRefusedError: it is to stay, by a lock in its state.
        PulumiCliError: it could not be asked.
    """
    state = read_state(cli)
    made = plan(state)
    refuse_protected(stack.name, environment.tier, made)
    return Destruction(stack, environment, aws, cli, state, made)


def carry_out(one: Destruction, *, wait: Callable[[float], object], tell: Tell) -> Destroyed:
    """Destroy it, and look for what is left. Repeated, it goes on; interrupted, the CLI ends what is under way.

    Raises:
        PowerError: it sleeps, and its nodes cannot be started.
        AwsError, PulumiCliError: it could not be asked.
    """
    environment = one.environment
    if environment.asleep:
        _wake(one, wait=wait, tell=tell)
    regions = sorted({*environment.regions, *regions_of(known_of(one.state))})
    estate = _estate(environment, regions, one.state)
    outcome = destroy(one.cli, regions, _sweep(Reader(one.aws), estate, tell), tell=tell)
    left: tuple[Remain, ...] = ()
    if not outcome.resources and not outcome.interrupted:
        tell(f"asking AWS for everything with the tags of {one.stack.name}")
        left = tuple(remains(one.aws, environment.name, regions))
    return Destroyed(one.stack.name, environment.name, outcome, left)


def _wake(one: Destruction, *, wait: Callable[[float], object], tell: Tell) -> None:
    """Nodes for the operators, which must run to let go of what they hold; none where nothing of Kubernetes is left."""
    objects = [node for node in cloud_resources(one.state) if node.type.startswith("kubernetes:")]
    left = {one.state.regions.get(node.urn) for node in objects}
    if regions := [region for region in one.environment.regions if region in left]:
        tell(f"waking the nodes of {one.stack.name}, which sleeps: its operators must run to let go of what they hold")
        wake_nodes(one.stack, one.aws, regions, wait=wait, tell=tell)


def _estate(environment: Environment, regions: Sequence[str], graph: Graph) -> Estate:
    clusters = {region: cluster_name(environment.name, region) for region in regions}
    names: defaultdict[str, set[str]] = defaultdict(set)
    for region, cluster in clusters.items():
        # By rule, so that it is found too when the state is empty already.
        names[region].add(f"/aws/eks/{cluster}/cluster")
    for node in graph.nodes.values():
        if node.type == _LOG_GROUP:
            names[graph.regions.get(node.urn, "")].add(str(node.outputs.get("name") or node.id))
    return Estate(environment.name, clusters, {region: frozenset(found) for region, found in names.items()})


def _sweep(reader: Reader, estate: Estate, tell: Tell) -> Sweep:
    def sweep(region: str, known: frozenset[str]) -> Sequence[tuple[Leftover, str]]:
        with faults_worded():
            found = find(reader, region, estate, known)
        if found:
            tell(f"{region}: removing what was left behind: {', '.join(one.id for one in found)}")
        return [(one, remove(reader, one)) for one in found]

    return sweep
