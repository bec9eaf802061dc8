"""What every test starts from: no credentials, no user settings, and outputs that refuse to be used as text."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine is no fault of the code: neither how long an example takes nor how long it takes to make one counts.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

_FOREIGN = ("AWS_", "PULUMI_", "KUBECONFIG", "TERANODE_")


@pytest.fixture(autouse=True)
def hermetic_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what a developer's shell would add, so that a test means the same everywhere."""
    for name in tuple(os.environ):
        if name.startswith(_FOREIGN):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "true")


def pytest_collection_finish() -> None:
    """Take what was imported out of garbage collection: it lives as long as the run, and is much to look through."""
    gc.collect()
    gc.freeze()
