"""Evaluate a Pulumi program in this process against the simulated cloud: no CLI, no account, no network."""

import asyncio
import contextvars
import gc
import runpy
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pulumi
from pulumi.runtime import Settings, configure, reset_options, run_in_stack, set_all_config
from pulumi.runtime.proto import engine_pb2

from simulator.baseline import Baseline
from simulator.deployment import deployment, in_order
from simulator.errors import SimulationError
from simulator.monitor import SimulatedMonitor
from simulator.record import STACK_TYPE, RecordedResource
from simulator.stack_file import read_stack_file
from simulator.urns import make_urn
from simulator.values import JSON

ORGANIZATION = "organization"
"""The organization that self-managed backends report."""

_SEVERITIES: Mapping[int, str] = {
    engine_pb2.DEBUG: "debug",
    engine_pb2.INFO: "info",
    engine_pb2.WARNING: "warning",
    engine_pb2.ERROR: "error",
}


@dataclass(frozen=True, slots=True)
class Simulation:
    """What one evaluation of a program came to.

    Attributes:
        resources: everything registered, in an order that is the same in every run.
        exports: the stack's outputs, secrets still marked.
        log: what the program logged, ``"warning: …"``, debug messages left out.
    """

    resources: tuple[RecordedResource, ...]
    exports: Mapping[str, JSON]
    log: tuple[str, ...]

    @property
    def deployment(self) -> dict[str, JSON]:
        """The result in the form of ``pulumi stack export``; a fresh copy at every call."""
        return deployment(self.resources)

    @property
    def by_urn(self) -> dict[str, RecordedResource]:
        """Every resource by its URN."""
        return {resource.urn: resource for resource in self.resources}

    def of_type(self, token: str) -> list[RecordedResource]:
        """The resources of one type."""
        return [resource for resource in self.resources if resource.type == token]

    def named(self, logical_name: str) -> RecordedResource:
        """The only resource of this logical name.

        Raises:
            LookupError: none or several have it.
        """
        found = [resource for resource in self.resources if resource.name == logical_name]
        if len(found) != 1:
            names = ", ".join(resource.urn for resource in found) or "none"
            raise LookupError(f"exactly one resource must be named {logical_name!r}, found: {names}")
        return found[0]


class _Log:
    """The engine's log, as far as the SDK uses it."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def Log(self, request: engine_pb2.LogRequest) -> None:  # noqa: N802 (the service's name)
        """Keep one message."""
        if request.severity != engine_pb2.DEBUG:
            self.lines.append(f"{_SEVERITIES[request.severity]}: {request.message}")


def simulate(
    stack_file: str | Path,
    *,
    preview: bool = False,
    baseline: Mapping[str, JSON] | None = None,
    project_dir: Path | None = None,
) -> Simulation:
    """Evaluate the project's program with a stack file, as the language host of ``pulumi up`` does.

    Args:
        stack_file: ``Pulumi.<stack>.yaml``, anywhere.
        preview: answer like a preview: what is not created yet has no id and unknown outputs.
        baseline: a deployment in the form of ``pulumi stack export``; what it knows keeps its ids and outputs.
        project_dir: the folder of ``Pulumi.yaml`` and ``__main__.py``; by default the current folder.

    Raises:
        StackFileError: the stack file cannot be read.
        SimulationError: the program asks for what the simulated cloud refuses.
        pulumi.RunError: the program itself gave up; any other error of the program passes unchanged too.
    """
    folder = (project_dir or Path.cwd()).resolve()
    settings = read_stack_file(Path(stack_file), folder)
    return simulate_program(
        partial(_run_main, folder),
        project=settings.project,
        stack=settings.stack,
        config=settings.config,
        secret_keys=settings.secret_keys,
        preview=preview,
        baseline=baseline,
    )


def simulate_program(
    program: Callable[[], object],
    *,
    project: str = "teranode-infra",
    stack: str = "testing",
    config: Mapping[str, str] | None = None,
    secret_keys: Collection[str] = (),
    preview: bool = False,
    baseline: Mapping[str, JSON] | None = None,
) -> Simulation:
    """Evaluate ``program``, a function that makes resources; the arguments and errors are those of ``simulate``.

    Args:
        config: configuration values by full key (``"namespace:key"``), objects as JSON text.
        secret_keys: the keys of ``config`` whose values are secret.
    """
    monitor = SimulatedMonitor(project, stack, preview=preview, baseline=Baseline(baseline))
    log = _Log()

    def evaluate() -> None:
        reset_options()  # forgets a root resource that set_mocks left in this context
        set_all_config(dict(config or {}), list(secret_keys))
        configure(Settings(project, stack, monitor=monitor, engine=log, dry_run=preview, organization=ORGANIZATION))
        _run_in_own_loop(program)

    try:
        with _garbage_collection_paused(), _short_stack_traces():
            # The SDK keeps its settings in context variables: a copy of the context ends with the run.
            contextvars.copy_context().run(evaluate)
    except pulumi.RunError:
        raise
    except Exception as error:
        if monitor.problems:
            failure = f"then the program failed: {type(error).__name__}: {error}"
            raise SimulationError([*monitor.problems, failure]) from error
        raise
    if monitor.problems:
        raise SimulationError(monitor.problems)
    return _simulation(monitor, make_urn(stack, project, "", STACK_TYPE, f"{project}-{stack}"), tuple(log.lines))


def _simulation(monitor: SimulatedMonitor, stack_urn: str, log: tuple[str, ...]) -> Simulation:
    resources = (
        resource if resource.custom else replace(resource, outputs=monitor.registered_outputs(resource.urn))
        for resource in monitor.recorded().values()
    )
    return Simulation(in_order(resources), monitor.registered_outputs(stack_urn), log)


def _run_in_own_loop(program: Callable[[], object]) -> None:
    """Run the program on an event loop of its own; after a failure nothing of it stays behind."""

    async def run() -> None:
        program()
        await _settled()

    loop = asyncio.new_event_loop()
    # What a failed program left unawaited is no news: its error is raised.
    loop.set_exception_handler(lambda _loop, _context: None)
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(run_in_stack(run))
    finally:
        _drain(loop)
        asyncio.set_event_loop(None)
        loop.close()


async def _settled() -> None:
    """Wait until everything that the program began has ended; a failure is left to the SDK, which raises it.

    The SDK's own wait begins anew with all that is open each time something ends: a cost of the square of the stack.
    """
    while pending := asyncio.all_tasks() - {asyncio.current_task()}:
        ended, _ = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
        if any(task.cancelled() or task.exception() for task in ended):
            return


def _drain(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what a failed program left pending and let it end."""
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    if pending:
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())


@contextmanager
def _garbage_collection_paused() -> Iterator[None]:
    """Keep the cycle collector off while a program registers.

    Registration makes tens of objects per property, nearly all of which live until the run ends. Collecting among them
    frees nothing and takes three quarters of the time (600 resources: 5.2 s with, 1.2 s without; same peak memory).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _short_stack_traces() -> Iterator[None]:
    """Keep the SDK from reading the whole call stack at each registration, to tell the engine where it was made.

    Nobody reads that here, and it costs a fifth of an evaluation, more below a test runner. The SDK needs one frame.
    """
    missing = object()
    before = getattr(sys, "tracebacklimit", missing)
    sys.tracebacklimit = 1
    try:
        yield
    finally:
        if before is missing:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


def _run_main(folder: Path) -> None:
    """Run ``__main__.py`` with its folder first on the import path, as the language host does."""
    sys.path.insert(0, str(folder))
    try:
        runpy.run_path(str(folder / "__main__.py"), run_name="__main__")
    finally:
        sys.path.remove(str(folder))
