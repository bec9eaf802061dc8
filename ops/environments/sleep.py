"""Putting an environment to sleep and waking it: what the program owns by an update, what it leaves open by AWS."""

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.settings import Environment, parse, read_siblings
from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.environments.asleep_key import with_asleep
from ops.environments.power import Power, Switchable, database_switches, node_switches, switch, switchable
from ops.errors import UsageError
from ops.pulumi_cli import PulumiCli
from ops.release.stack_file import write
from ops.stacks import PROJECT_DIR, StackFile
from simulator.graph import Deployment, Graph
from simulator.simulate import simulate
from simulator.stack_file import read_stack_file

_GROUP = "aws:eks/nodeGroup:NodeGroup"
_REPEAT = "What is done stays; mend it and repeat the command"


class SleepError(UsageError):
    """The environment cannot be put to sleep or woken, or it stopped half-way."""


@dataclass(frozen=True, slots=True)
class Rest:
    """A sleep, or its end, of one stack.

    Attributes:
        environment: as its stack file will describe it.
        written: whether the stack file says so already: a command that is repeated, or nothing to do.
        regions: what AWS is asked to switch.
        groups: URNs of the node groups, whose number of nodes the program leaves open.
    """

    stack: StackFile
    power: Power
    environment: Environment
    text: str
    written: bool
    regions: tuple[Switchable, ...]
    groups: tuple[str, ...]


Tell = Callable[[str], object]


def plan(stack: StackFile, project: Path, power: Power) -> Rest:
    """What a sleep, or its end, would do. Writes nothing and asks nobody.

    Raises:
        StackTextError: the stack file cannot be edited.
        SettingsError: it may not sleep: a tier or stack that is always on, or data on disks of nodes.
        SimulatorError: the stack cannot be evaluated.
    """
    text = with_asleep(stack.path, asleep=power is Power.OFF)
    before, after = _parsed(stack, project, stack.path.read_text(encoding="utf-8")), _parsed(stack, project, text)
    graph = Graph(_simulated(stack, with_asleep(stack.path, asleep=False)))
    return Rest(
        stack=stack,
        power=power,
        environment=after,
        text=text,
        written=before.asleep == after.asleep,
        regions=switchable(graph),
        groups=tuple(sorted(urn for urn, node in graph.nodes.items() if node.type == _GROUP)),
    )


def refuse_to_begin(rest: Rest, aws: Aws, cli: PulumiCli, tell: Tell) -> None:
    """Everything that speaks against it, asked before anything is done.

    Raises:
        AnotherAccountError: the credentials are not of the environment's account.
        AwsError: AWS cannot be asked who this is.
        SleepError: the stack has other changes, which would be made as well.
    """
    with faults_worded():
        refuse_other_accounts(aws, rest.environment.name, rest.environment.account, rest.environment.home)
    if not rest.written:
        tell("looking for changes that were never made")
        _refuse_other_changes(rest, cli)


def carry_out(rest: Rest, aws: Aws, cli: PulumiCli, *, wait: Callable[[float], object], tell: Tell) -> None:
    """Do it. Everything in it can be repeated, and finds what is done already.

    Raises:
        SleepError: an update failed.
        PowerError: something cannot be switched.
        AwsError: AWS cannot be asked, or refused.
        InterruptedRunError: a person interrupted the CLI.
    """
    with faults_worded():
        if rest.power is Power.OFF:
            _fall_asleep(rest, aws, cli, wait=wait, tell=tell)
        else:
            _wake(rest, aws, cli, wait=wait, tell=tell)


def _fall_asleep(rest: Rest, aws: Aws, cli: PulumiCli, *, wait: Callable[[float], object], tell: Tell) -> None:
    """Services first, then the nodes that they ran on, then the databases that they wrote to."""
    write(rest.stack.path, rest.text)
    tell("stopping the miners, and allowing pools to be empty")
    _update(cli)
    switch(node_switches(aws, rest.regions, Power.OFF), wait=wait, tell=tell)
    switch(database_switches(aws, rest.regions, Power.OFF), wait=wait, tell=tell)


def _wake(rest: Rest, aws: Aws, cli: PulumiCli, *, wait: Callable[[float], object], tell: Tell) -> None:
    """The other way round. Until nodes and databases are there the stack file says that it sleeps."""
    switch(database_switches(aws, rest.regions, Power.ON), wait=wait, tell=tell)
    switch(node_switches(aws, rest.regions, Power.ON), wait=wait, tell=tell)
    tell("letting the state know how many nodes there are")
    # An update sends all three sizes of a group. If somebody refreshed during the sleep, the state has none as the
    # wanted one, which EKS refuses below the least size.
    if cli.refresh(rest.groups) != 0:
        raise SleepError(f"pulumi refresh of the node groups failed. {_REPEAT}")
    write(rest.stack.path, rest.text)
    tell("starting the miners")
    _update(cli)


def wake_nodes(
    stack: StackFile, aws: Aws, regions: Collection[str], *, wait: Callable[[float], object], tell: Tell
) -> None:
    """Give a sleeping environment its nodes back in these regions, and nothing else: what takes it down needs them.

    Raises:
        PowerError: a group does not get its nodes.
        AwsError: AWS cannot be asked, or refused.
    """
    found = switchable(Graph(_simulated(stack, with_asleep(stack.path, asleep=False))))
    with faults_worded():
        there = [one for one in found if one.region in regions]
        switch(node_switches(aws, there, Power.ON), wait=wait, tell=tell)


def _refuse_other_changes(rest: Rest, cli: PulumiCli) -> None:
    if cli.nothing_left() != 0:
        raise SleepError(
            f"{rest.stack.name}: the stack has changes that were never made, or cannot be previewed, and this command "
            "would make them as well. Nothing was done: run pulumi up first"
        )


def _update(cli: PulumiCli) -> None:
    if cli.update_all() != 0:
        raise SleepError(f"pulumi up failed. {_REPEAT}")


def _parsed(stack: StackFile, project: Path, text: str) -> Environment:
    with _written(stack, text) as file:
        read = read_stack_file(file, project)
    return parse(
        read.config, stack=stack.name, siblings=read_siblings(project, stack.name), secret_keys=read.secret_keys
    )


def _simulated(stack: StackFile, text: str) -> Deployment:
    with _written(stack, text) as file:
        return simulate(file, project_dir=PROJECT_DIR).deployment


@contextmanager
def _written(stack: StackFile, text: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / stack.path.name
        file.write_text(text, encoding="utf-8")
        yield file
