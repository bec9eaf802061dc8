"""Which instance types promise local disks by their names."""

import pytest

from policies.rules.nodes import has_instance_store


@pytest.mark.parametrize(
    "instance_type",
    [
        "i8g.2xlarge",
        "i3.large",
        "i7ie.3xlarge",
        "im4gn.large",
        "is4gen.medium",
        "d3en.xlarge",
        "m7gd.large",
        "g4dn.xlarge",
    ],
)
def test_storage_families_and_the_attribute_d_have_disks(instance_type: str) -> None:
    assert has_instance_store(instance_type)


@pytest.mark.parametrize(
    "instance_type", ["m7g.large", "c7i.xlarge", "r8g.2xlarge", "inf2.xlarge", "hpc7g.4xlarge", "u-6tb1.metal", ""]
)
def test_other_types_have_none(instance_type: str) -> None:
    assert not has_instance_store(instance_type)
