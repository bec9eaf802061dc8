"""How long AWS and Kubernetes take to create and delete a resource: the table ``data/latencies.json``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulator.errors import SimulatorError

_TABLE = Path(__file__).parent / "data" / "latencies.json"


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
    table = _table()
    found = table.get(token)
    if found is None and token.startswith("kubernetes:"):
        found = table["kubernetes:*"]
    if found is None:
        raise UnknownLatencyError(token)
    return found


@cache
def _table() -> Mapping[str, Latency]:
    types = json.loads(_TABLE.read_text(encoding="utf-8"))["types"]
    return {token: Latency(**entry) for token, entry in types.items()}
