"""What the simulator raises. Every message says what, where and what to do about it."""

from collections.abc import Iterable


class SimulatorError(Exception):
    """Base of all errors of the simulator."""


class UntaughtError(SimulatorError):
    """The program uses a resource type, property or function that the simulator has no model of."""


class UnsupportedValueError(SimulatorError):
    """The program passes a kind of value that the simulator refuses to guess about."""


class CheckError(SimulatorError):
    """The provider would refuse the inputs of a resource."""


class SetupError(SimulatorError):
    """A file or setting of the person is wrong, not the program."""


class StackFileError(SetupError):
    """A stack file cannot be read; the message names the file and the line, and holds nothing that a terminal obeys."""

    def __init__(self, message: str) -> None:
        super().__init__("".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in message))


class SimulationError(SimulatorError):
    """Everything that a run did wrong, each as one line of ``problems``."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        title = f"the simulated cloud refused the program: {count} {'problem' if count == 1 else 'problems'}"
        super().__init__("\n  - ".join((title, *self.problems)))
