"""What must move together does."""

import re
from importlib.metadata import version

import pytest

from infra.versions import KUBERNETES_VERSION
from simulator.manifests import VERSION
from tests.support.stacks import ROOT

PINS = dict(re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+)$", (ROOT / "requirements.in").read_text(), re.MULTILINE))
LOCKED = dict(
    re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==(\S+?)(?: .*)?$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
)


def test_kubernetes_objects_are_validated_against_the_pinned_minor() -> None:
    assert VERSION == KUBERNETES_VERSION


@pytest.mark.parametrize("package", sorted(PINS))
def test_a_pinned_package_is_locked_and_installed_in_that_version(package: str) -> None:
    assert LOCKED[package] == PINS[package]
    assert version(package) == PINS[package]


def test_every_locked_package_has_a_hash() -> None:
    text = (ROOT / "requirements.txt").read_text()

    assert len(re.findall(r"^[a-z0-9-]+(?:\[\w+\])?==.*\\$", text, re.MULTILINE)) == len(LOCKED)
    assert len(LOCKED) >= len(PINS)
