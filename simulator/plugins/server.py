"""The process around a provider: a port, the world it works on, and an end when the engine ends."""

import os
import signal
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from simulator import faults
from simulator.errors import SetupError
from simulator.kubeconfig import KUBECONFIG_VARIABLE, read_contexts
from simulator.plugins.provider import SimulatedProvider
from simulator.world import World

WORLD_VARIABLE = "TERANODE_SIM_WORLD"
FAULTS_VARIABLE = "TERANODE_SIM_FAULTS"
SPEED_VARIABLE = "TERANODE_SIM_SPEED"

MOST_CALLS_AT_ONCE = 512
"""A call waits on its thread while the cloud works, and the engine starts all that it can at once."""

_ORPHAN_CHECK_SECONDS = 2.0


class EnvironmentVariableError(SetupError):
    """An environment variable of the simulator is missing or has a value without meaning."""


def serve(package: str, environment: Mapping[str, str]) -> NoReturn:
    """Serve ``package`` until the engine interrupts this process or dies; prints the port, as plugins do.

    Does not return: see ``_leave``.

    Raises:
        EnvironmentVariableError: the world is not named, or the speed is no number.
        ScenarioError: the fault scenario cannot be read.
        KubeconfigError: the kubeconfig for real API servers cannot be used.
    """
    scenario_file, kubeconfig = environment.get(FAULTS_VARIABLE), environment.get(KUBECONFIG_VARIABLE)
    provider = SimulatedProvider(
        package,
        World(_world_path(environment)),
        faults.load(Path(scenario_file) if scenario_file else None),
        _speed(environment),
        read_contexts(Path(kubeconfig)) if kubeconfig else {},
    )
    server = grpc.server(
        ThreadPoolExecutor(max_workers=MOST_CALLS_AT_ONCE),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)],
    )
    add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # Before the port is told: whoever knows it may interrupt at once.
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    engine = os.getppid()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    # An engine that is killed cannot interrupt its plugins: they notice that their parent has changed.
    while not ended.wait(_ORPHAN_CHECK_SECONDS) and os.getppid() == engine:
        pass
    server.stop(grace=0).wait()
    _leave()


def _leave() -> NoReturn:
    """End this process without the interpreter's farewell to modules and threads, which takes half a second.

    The engine closes its plugins one after another and allows five seconds for all of them together (pulumi/pulumi,
    ``pkg/host/host.go``); those that come later it reports as having "exited prematurely". The world needs no farewell:
    each of its transactions is complete or never happened.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _world_path(environment: Mapping[str, str]) -> Path:
    path = environment.get(WORLD_VARIABLE)
    if not path:
        raise EnvironmentVariableError(
            f"{WORLD_VARIABLE} is not set: the simulator keeps its account in that file; "
            'run the CLI in a shell prepared by `eval "$(.venv/bin/python -m ops simulator env)"`'
        )
    return Path(path)


def _speed(environment: Mapping[str, str]) -> float:
    text = environment.get(SPEED_VARIABLE) or "0"
    try:
        speed = float(text)
    except ValueError:
        speed = -1.0
    if not 0 <= speed <= 1:
        raise EnvironmentVariableError(
            f"{SPEED_VARIABLE}={text}: must be a number from 0 (no waiting) to 1 (as slow as AWS); "
            "0.0167 makes a minute last a second"
        )
    return speed
