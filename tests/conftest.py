"""What every test starts from: no credentials, no user settings, and outputs that refuse to be used as text."""

import functools
import gc
import importlib
import os
import threading
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar

import pytest
from botocore.loaders import JSONFileLoader
from hypothesis import HealthCheck, settings
from moto.core import routing

from tests.support.evaluations import remembering
from tests.support.shipped_stacks import others_unseen

# A loaded machine is no fault of the code: neither how long an example takes nor how long it takes to make one counts.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

P = ParamSpec("P")
T = TypeVar("T")

_FOREIGN = ("AWS_", "PULUMI_", "KUBECONFIG", "TERANODE_")


@pytest.fixture(autouse=True)
def hermetic_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what a developer's shell would add, so that a test means the same everywhere."""
    for name in tuple(os.environ):
        if name.startswith(_FOREIGN):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    # Half a thousand images, made for each test that asks EC2 anything: a second each time.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "true")


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """Keep what many tests ask for and none changes: evaluations of a stack, and the models of AWS' services."""
    simulate = importlib.import_module("simulator.simulate")  # the package has a function of the same name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulate, "simulate_program", remembering(simulate.simulate_program))
        model = functools.cache(JSONFileLoader().load_file)
        patch.setattr(JSONFileLoader, "load_file", lambda _loader, path: model(path))
        yield


def _in_turn(make: Callable[P, T]) -> Callable[P, T]:
    turn = threading.Lock()

    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with turn:
            return make(*args, **kwargs)

    return run


@pytest.fixture(scope="session", autouse=True)
def routes_made_one_at_a_time() -> Iterator[None]:
    """Commands ask AWS from many threads, each for another of moto's services, whose routes are made when first asked.

    They are put together as syntax trees, and CPython 3.11 now and then fails where two threads make one
    (python/cpython#106905).
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routing, "_create_map", _in_turn(routing._create_map))
        yield


@pytest.fixture(scope="session", autouse=True)
def own_stack_files_unseen() -> Iterator[None]:
    """Test the shipped stacks whatever other stack files lie beside them."""
    with others_unseen():
        yield


def pytest_collection_finish() -> None:
    """Take what was imported out of garbage collection: it lives as long as the run, and is much to look through."""
    gc.collect()
    gc.freeze()
