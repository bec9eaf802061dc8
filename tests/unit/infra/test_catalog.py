"""The project's own data: frozen where it decides something, and true to its suppliers."""

import subprocess
import sys

import pytest

from infra import catalog, versions
from tests.support.stack_settings import PROJECT

# Zones are create-only inputs of subnets: a default that changes would replace the network of a running environment.
DEFAULT_ZONES = {
    "af-south-1": "abc", "ap-east-1": "abc", "ap-east-2": "", "ap-northeast-1": "acd", "ap-northeast-2": "abc",
    "ap-northeast-3": "abc", "ap-south-1": "abc", "ap-south-2": "abc", "ap-southeast-1": "abc",
    "ap-southeast-2": "abc", "ap-southeast-3": "abc", "ap-southeast-4": "abc", "ap-southeast-5": "abc",
    "ap-southeast-6": "", "ap-southeast-7": "", "ca-central-1": "abd", "ca-west-1": "abc", "cn-north-1": "",
    "cn-northwest-1": "", "eu-central-1": "abc", "eu-central-2": "abc", "eu-north-1": "abc", "eu-south-1":
    "abc", "eu-south-2": "abc", "eu-west-1": "abc", "eu-west-2": "abc", "eu-west-3": "abc", "eusc-de-east-1":
    "", "il-central-1": "abc", "me-central-1": "abc", "me-south-1": "abc", "mx-central-1": "", "sa-east-1":
    "abc", "us-east-1": "abc", "us-east-2": "abc", "us-gov-east-1": "", "us-gov-west-1": "", "us-west-1": "ab",
    "us-west-2": "abc",
}  # fmt: skip


def test_default_zones_never_change() -> None:
    zones = {name: "".join(zone[-1] for zone in region.default_zones) for name, region in catalog.regions().items()}
    assert zones == DEFAULT_ZONES


def test_the_data_is_what_its_suppliers_say() -> None:
    command = [sys.executable, "tools/make_catalog.py", "--check"]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("instance_type", "region"),
    [("i8g.4xlarge", "us-west-1"), ("c7a.4xlarge", "sa-east-1"), ("i7ie.3xlarge", "ap-northeast-3")],
)
def test_a_known_absence_is_an_empty_offer(instance_type: str, region: str) -> None:
    assert catalog.zones_offering(instance_type, region) == frozenset()


def test_what_is_not_known_is_none() -> None:
    assert catalog.zones_offering("m7g.large", "mx-central-1") is None


def test_a_storage_type_has_its_disks() -> None:
    i4i = catalog.instance_types()["i4i.4xlarge"]
    assert (i4i.vcpu, i4i.memory_gib, i4i.architecture, i4i.nvme_disks, i4i.nvme_gb) == (16, 128, "amd64", 1, 3750)
    assert catalog.instance_types()["m7g.large"].nvme_disks == 0


def test_the_pinned_releases_fit_their_kubernetes_minor() -> None:
    assert versions.KUBERNETES_VERSION in versions.KUBERNETES_RELEASES
    for minor, release in versions.KUBERNETES_RELEASES.items():
        assert release.node_release.startswith(f"{minor}.")
        assert release.addons["kube-proxy"].startswith(f"v{minor}.")
        assert minor in catalog.kubernetes_standard_support()


def test_every_pin_has_a_renovate_marker() -> None:
    lines = (PROJECT / "infra" / "versions.py").read_text(encoding="utf-8").splitlines()
    pins = [
        number
        for number, line in enumerate(lines)
        if '": "v' in line or "node_release=" in line or line.startswith("KUBERNETES_VERSION =")
    ]
    assert len(pins) >= 15
    assert all("# renovate: datasource=" in lines[number - 1] for number in pins)
