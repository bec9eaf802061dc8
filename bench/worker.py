"""One measurement in a process of its own: ``python -m bench.worker KIND FILE`` prints it as JSON."""

import gc
import json
import resource
import sys
import time
import warnings
from enum import StrEnum
from pathlib import Path

import infra.environment  # noqa: F401 (what both kinds of measurement need is loaded before either starts)
from bench.bare import register, registrations
from simulator.chain import unavoidable_s
from simulator.schedule import schedule
from simulator.simulate import simulate

PROJECT_DIR = Path(__file__).parents[1]
_KIB_PER_MIB = 1024


class Kind(StrEnum):
    """What is measured."""

    EVALUATED = "evaluated"
    """A stack file is evaluated, which pauses garbage collection."""
    BARE = "registered bare"
    """The resources of a deployment are registered with the SDK's own mocks, as Pulumi's unit tests do."""
    BARE_PAUSED = "registered bare, garbage collection paused"
    """Likewise, without what garbage collection costs."""


def evaluated(file: Path) -> dict[str, float]:
    """Measure the evaluation of a stack file; the stack itself is not counted as a resource."""
    started = time.perf_counter()
    simulation = simulate(file, project_dir=PROJECT_DIR)
    measured = _measured(started, len(simulation.resources) - 1)
    return {
        **measured,
        "up_s": schedule(simulation.deployment).total_s,
        "chain_s": unavoidable_s(resource.type for resource in simulation.resources),
    }


def registered_bare(file: Path, *, collecting: bool) -> dict[str, float]:
    """Measure the bare registration of the resources of the deployment in ``file``."""
    resources = registrations(json.loads(file.read_text(encoding="utf-8")))
    if not collecting:
        gc.disable()
    started = time.perf_counter()
    register(resources)
    return _measured(started, len(resources))


def _measured(started: float, resources: int) -> dict[str, float]:
    seconds = time.perf_counter() - started
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB
    return {"seconds": seconds, "resources": resources, "peak_mib": peak_mib}


def main(kind: Kind, file: Path) -> None:
    """Measure one run, the first in this process."""
    warnings.simplefilter("ignore", DeprecationWarning)
    measured = evaluated(file) if kind is Kind.EVALUATED else registered_bare(file, collecting=kind is Kind.BARE)
    print(json.dumps(measured))  # noqa: T201


if __name__ == "__main__":
    main(Kind(sys.argv[1]), Path(sys.argv[2]))
