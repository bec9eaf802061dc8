"""From a stack file to the settings of its environment."""

from pathlib import Path

from infra.settings import Environment, parse, read_siblings
from ops.stacks import StackFile
from simulator.stack_file import read_stack_file


def settings_of(stack: StackFile, directory: Path) -> Environment:
    """The settings of ``stack``, held against those of the other stacks in ``directory``.

    Raises:
        pulumi.RunError: they have faults; all of them are in the message.
    """
    read = read_stack_file(stack.path, directory)
    siblings = read_siblings(directory, stack.name)
    return parse(read.config, stack=stack.name, siblings=siblings, secret_keys=read.secret_keys)
