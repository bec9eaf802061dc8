"""How long AWS and Kubernetes take to create and delete a resource: the table ``data/latencies.json``."""

from dataclasses import dataclass

from simulator.errors import SimulatorError
from simulator.type_table import TypeTable


class UnknownLatencyError(SimulatorError):
    """No one has yet written down how long a resource of this type takes."""

    def __init__(self, token: str) -> None:
        super().__init__(
            f"{token}: it is not known how long it takes to create and delete one; "
            "add the type to simulator/data/latencies.json, with its source"
        )


@dataclass(frozen=True, slots=True)
class Latency:
    """Modelled seconds of one creation and one deletion."""

    create_s: float
    delete_s: float
    source: str
    """A measurement, with its sample, or "estimate"."""


def latency(token: str) -> Latency:
    """How long a resource of type ``token`` takes.

    Raises:
        UnknownLatencyError: the table does not know the type. Kubernetes kinds without an entry take one API call.
    """
    return _TABLE[token]


_TABLE = TypeTable("latencies.json", lambda entry: Latency(**entry), UnknownLatencyError)
