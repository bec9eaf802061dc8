"""Evaluations of the project's program, each made once by a process of a test run.

The program reads its stack file and the stack files beside it, and neither clock nor network nor environment: what it
came to is the same the next time. Most tests ask for one of a few environments, and each evaluation costs seconds.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from simulator import Simulation

_KEPT = 24


def remembering(simulate_program: Callable[..., Simulation]) -> Callable[..., Simulation]:
    """`simulate_program`, which keeps what the program of a folder came to; what follows a recorded state is not kept.

    Args:
        simulate_program: the function itself.
    """
    kept: OrderedDict[object, Simulation] = OrderedDict()

    def remembered(
        program: Callable[[], object], *, baseline: Mapping[str, object] | None = None, **run: object
    ) -> Simulation:
        if baseline is not None or not isinstance(program, partial):
            return simulate_program(program, baseline=baseline, **run)
        key = (*_texts(*program.args), repr(sorted(run.items(), key=lambda item: item[0])))
        if key not in kept:
            kept[key] = simulate_program(program, **run)
        kept.move_to_end(key)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
        return kept[key]

    return remembered


def _texts(folder: Path) -> list[bytes]:
    """What a program reads in its folder."""
    return [path.read_bytes() for path in (folder / "__main__.py", *sorted(folder.glob("Pulumi*.yaml")))]
