"""Copies of backups: where they lie by default, and where they may not."""

import pytest

from infra import catalog
from infra.settings.backups import COPY_REGIONS
from infra.settings.fields import PARTITION
from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of, stack_file

USABLE = {name: region for name, region in catalog.regions().items() if region.partition == PARTITION}


def told(document: dict[str, object], stack: str = "dev") -> str:
    return "\n".join(map(str, faults_of(document, stack)))


def test_every_region_has_another_one_for_its_copies_that_any_account_can_use() -> None:
    assert set(COPY_REGIONS) == set(USABLE)
    for home, region in COPY_REGIONS.items():
        assert region != home
        assert not USABLE[region].opt_in


def test_mainnet_has_copies_and_a_testing_environment_has_none_until_it_names_a_region() -> None:
    copies = accepted(stack_file("mainnet"), "mainnet").copies

    assert copies is not None
    assert (copies.region, copies.retention_days) == ("eu-central-1", 35)
    assert accepted(MINIMAL).copies is None

    here = accepted(changed(MINIMAL, "backups", {"copyRegion": "eu-north-1"})).copies
    assert here is not None
    assert (here.region, here.retention_days) == ("eu-north-1", 7)


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("eu-west-1", "none of the environment's regions"),
        ("eu-wset-3", "did you mean eu-west-3"),
        ("us-gov-west-1", "partition"),
        ("cn-north-1", "partition"),
    ],
)
def test_a_region_that_holds_no_copies_is_refused(region: str, said: str) -> None:
    assert said in told(changed(stack_file("mainnet"), "backups", {"copyRegion": region}), "mainnet")


def test_a_new_region_where_copies_lie_by_default_is_refused_with_a_way_out() -> None:
    document = changed(stack_file("mainnet"), "regions/eu-central-1", {"cidr": "10.33.0.0/16"})
    text = told(document, "mainnet")

    assert "is where copies of eu-west-1 lie by default" in text
    assert accepted(changed(document, "backups", {"copyRegion": "eu-north-1"}), "mainnet").copies is not None


@pytest.mark.parametrize(("days", "refused"), [(29, True), (30, False), (365, False)])
def test_a_copy_of_mainnet_is_kept_at_least_as_long_as_its_lock(days: int, refused: bool) -> None:  # noqa: FBT001
    text = told(changed(stack_file("mainnet"), "backups", {"retentionDays": days}), "mainnet")

    assert ("30 to 365 days on the tier mainnet" in text) == refused
    lock = accepted(stack_file("mainnet"), "mainnet").defaults
    assert lock.copies.min_retention_days >= lock.object_lock_days


def test_a_retention_without_copies_means_nothing_and_is_refused() -> None:
    assert "absent without copies" in told(changed(MINIMAL, "backups", {"retentionDays": 7}))
