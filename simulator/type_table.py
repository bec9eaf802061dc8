"""What is known about resource types, from the files in ``simulator/data``."""

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from simulator.errors import SimulatorError

_DATA = Path(__file__).parent / "data"
_ANY_KUBERNETES_KIND = "kubernetes:*"

Row = TypeVar("Row")


class TypeTable(Generic[Row]):
    """The rows of one file by type token, read when the first is asked for.

    Kubernetes kinds without a row of their own share one: the API treats all kinds alike.
    """

    def __init__(
        self, file_name: str, read: Callable[[Mapping[str, Any]], Row], unknown: Callable[[str], SimulatorError]
    ) -> None:
        """Name the file; ``read`` makes a row of its JSON, ``unknown`` the error for a token without one."""
        self._path = _DATA / file_name
        self._read = read
        self._unknown = unknown

    def __getitem__(self, token: str) -> Row:
        """The row of a type; the error that ``unknown`` makes if there is none."""
        found = self._rows.get(token)
        if found is None and token.startswith("kubernetes:"):
            found = self._rows.get(_ANY_KUBERNETES_KIND)
        if found is None:
            raise self._unknown(token)
        return found

    @cached_property
    def _rows(self) -> Mapping[str, Row]:
        types = json.loads(self._path.read_text(encoding="utf-8"))["types"]
        return {token: self._read(entry) for token, entry in types.items()}
