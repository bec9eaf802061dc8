"""How much a UTXO store needs: held to what mainnet is known to use, and to the limits of the server."""

from dataclasses import replace

import pytest

from components.aerospike.sizing import (
    GIB,
    Layout,
    Machine,
    Records,
    community_shortfalls,
    disk_bytes,
    memory_bytes,
    shortfalls,
    smallest_fit,
    spread,
)

MAINNET = Records(count=340_000_000, payload_bytes=1250, yearly_growth_percent=0, horizon_years=2, copies=2)
RACKS = Layout(servers_by_zone=(1, 1, 1), survives_zone=True)
I7I_4XLARGE = Machine(memory_bytes=128 * GIB, disks=1, disk_bytes=3_750_000_000_000)
I7I_8XLARGE = Machine(memory_bytes=256 * GIB, disks=2, disk_bytes=3_750_000_000_000)


def test_one_copy_of_mainnet_is_as_large_as_it_is_known_to_be() -> None:
    """Published: 340 million records, 400 to 500 GB, about 20 GB of primary index."""
    assert 400e9 < MAINNET.data_bytes < 500e9
    assert 20e9 < MAINNET.index_bytes < 22e9


def test_a_record_takes_its_header_and_whole_units_of_sixteen_bytes() -> None:
    assert replace(MAINNET, payload_bytes=100).disk_bytes_each == 144
    assert replace(MAINNET, payload_bytes=101).disk_bytes_each == 160


def test_the_store_is_measured_as_it_will_be() -> None:
    assert replace(MAINNET, yearly_growth_percent=30).future_count == 574_600_000
    assert replace(MAINNET, yearly_growth_percent=30, horizon_years=0).future_count == 340_000_000


def test_what_remains_after_the_loss_of_a_zone_holds_every_copy() -> None:
    """Two of three servers, with blocks half full and a tenth of the disk free."""
    assert disk_bytes(MAINNET, RACKS) == pytest.approx(340e6 * 1296 * 2 / 0.5 / 0.9 / 2, abs=1)
    all_of_them = replace(RACKS, survives_zone=False)
    assert disk_bytes(MAINNET, RACKS) == pytest.approx(disk_bytes(MAINNET, all_of_them) * 3 / 2, abs=2)
    assert memory_bytes(MAINNET, RACKS, disks=1) > memory_bytes(MAINNET, all_of_them, disks=1)


def test_an_uneven_layout_is_measured_without_its_largest_zone() -> None:
    assert Layout(servers_by_zone=(1, 3, 1), survives_zone=True).remaining == 2


def test_the_mainnet_default_holds_the_records_of_two_years_from_now() -> None:
    grown = replace(MAINNET, yearly_growth_percent=30)
    assert list(shortfalls(grown, RACKS, I7I_4XLARGE)) == []
    assert 1500 < disk_bytes(grown, RACKS) / GIB < 1600
    assert 55 < memory_bytes(grown, RACKS, disks=1) / GIB < 60


def test_of_a_disk_two_tebibytes_count() -> None:
    assert I7I_4XLARGE.usable_disk_bytes == 2048 * GIB
    assert I7I_8XLARGE.usable_disk_bytes == 2 * 2048 * GIB
    (disk, *_) = shortfalls(replace(MAINNET, count=800_000_000), RACKS, I7I_4XLARGE)
    assert disk == (
        "800,000,000 records in 2 years, 2 copies: each of 2 servers of 3, a zone lost, needs 2,146 GiB of disk and "
        "can use 2,048"
    )


def test_memory_that_does_not_suffice_is_said_with_its_numbers() -> None:
    (memory,) = shortfalls(MAINNET, RACKS, replace(I7I_4XLARGE, memory_bytes=32 * GIB))
    assert memory.endswith("needs 35 GiB of memory and its node leaves it 27")


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        (Layout(servers_by_zone=(1,), survives_zone=False), "2 copies need as many servers, there are 1"),
        (Layout(servers_by_zone=(3,), survives_zone=True), "none would be left without it"),
    ],
)
def test_a_layout_that_cannot_keep_its_copies_is_refused(layout: Layout, words: str) -> None:
    assert any(words in problem for problem in shortfalls(MAINNET, layout, I7I_8XLARGE))


def test_the_community_edition_joins_eight_servers_and_starts_up_to_its_limit_of_disk() -> None:
    eight = Layout(servers_by_zone=(3, 3, 2), survives_zone=False)
    disk = Machine(memory_bytes=64 * GIB, disks=1, disk_bytes=1280 * GIB)
    assert list(community_shortfalls(eight, disk, copies=1)) == []
    larger = replace(disk, disk_bytes=1281 * GIB)
    assert "1,280 GiB of disk at replication factor 1, here are 1,281" in "".join(
        community_shortfalls(eight, larger, copies=1)
    )
    assert list(community_shortfalls(eight, larger, copies=2)) == []
    nine = Layout(servers_by_zone=(3, 3, 3), survives_zone=False)
    assert "at most 8 servers, here are 9" in "".join(community_shortfalls(nine, disk, copies=1))


def test_the_smallest_machine_that_fits_is_found() -> None:
    machines = {"i7i.8xlarge": I7I_8XLARGE, "i7i.4xlarge": I7I_4XLARGE}
    assert smallest_fit(MAINNET, RACKS, machines) == "i7i.4xlarge"
    assert smallest_fit(replace(MAINNET, count=10**12), RACKS, machines) is None


def test_servers_are_spread_as_evenly_as_they_can_be() -> None:
    assert spread(4, 3) == (2, 1, 1)
    assert spread(1, 2) == (1, 0)
