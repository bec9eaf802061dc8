"""What every test starts from: no credentials, no user settings, and outputs that refuse to be used as text."""

import os

import pytest

_FOREIGN = ("AWS_", "PULUMI_", "KUBECONFIG", "TERANODE_")


@pytest.fixture(autouse=True)
def hermetic_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what a developer's shell would add, so that a test means the same everywhere."""
    for name in tuple(os.environ):
        if name.startswith(_FOREIGN):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("PULUMI_ERROR_OUTPUT_STRING", "true")
