"""For all stores: what the formula refuses is never accepted, and more room never makes a store too small."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from components.aerospike.sizing import GIB, Layout, Machine, Records, disk_bytes, memory_bytes, shortfalls
from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of

records = st.builds(
    Records,
    count=st.integers(1, 10**11),
    payload_bytes=st.integers(100, 100_000),
    yearly_growth_percent=st.integers(0, 300),
    horizon_years=st.integers(0, 5),
    copies=st.integers(1, 3),
)
layouts = st.builds(
    Layout, servers_by_zone=st.lists(st.integers(1, 8), min_size=2, max_size=4).map(tuple), survives_zone=st.booleans()
)
machines = st.builds(
    Machine,
    memory_bytes=st.integers(8, 2048).map(lambda gib: gib * GIB),
    disks=st.integers(1, 24),
    disk_bytes=st.integers(100, 7500).map(lambda gib: gib * GIB),
)


@given(records, layouts, machines)
def test_an_accepted_store_holds_every_copy_with_half_full_blocks_and_its_indexes(
    wanted: Records, layout: Layout, machine: Machine
) -> None:
    if any(shortfalls(wanted, layout, machine)):
        return
    disk, memory = machine.usable_disk_bytes * layout.remaining, machine.memory_bytes * layout.remaining
    assert wanted.future_count * wanted.copies * (wanted.payload_bytes + 44) * 2 < disk
    assert wanted.future_count * wanted.copies * 64 < memory
    assert layout.servers >= wanted.copies


@given(records, layouts, machines)
def test_more_of_anything_never_makes_a_store_that_fits_too_small(
    wanted: Records, layout: Layout, machine: Machine
) -> None:
    if any(shortfalls(wanted, layout, machine)):
        return
    grown = replace(layout, servers_by_zone=tuple(count + 1 for count in layout.servers_by_zone))
    assert not any(shortfalls(wanted, grown, machine))
    assert not any(shortfalls(wanted, layout, replace(machine, memory_bytes=2 * machine.memory_bytes)))
    assert not any(shortfalls(replace(wanted, count=max(1, wanted.count // 2)), layout, machine))


@given(records, layouts, st.integers(1, 24))
def test_what_a_server_needs_is_never_less_than_its_share(wanted: Records, layout: Layout, disks: int) -> None:
    assert disk_bytes(wanted, layout) * layout.remaining >= wanted.data_bytes * wanted.copies
    assert memory_bytes(wanted, layout, disks) * layout.remaining >= wanted.index_bytes * wanted.copies


@given(st.integers(1, 10**9), st.integers(1, 8), st.integers(1, 3), st.integers(12, 2048))
def test_settings_are_accepted_exactly_when_the_formula_accepts_them(
    count: int, nodes: int, copies: int, device_gib: int
) -> None:
    store = {"records": count, "nodes": nodes, "replicationFactor": copies, "deviceGib": device_gib}
    # A node for each server, so that nothing but the formula can refuse.
    roomy = changed(MINIMAL, "nodes", {"general": {"minNodesPerZone": 8, "maxNodesPerZone": 8}})
    document = changed(roomy, "utxoStore", store)
    wanted = Records(count=count, payload_bytes=1250, yearly_growth_percent=0, horizon_years=2, copies=copies)
    layout = Layout(servers_by_zone=(nodes, 0), survives_zone=False)
    machine = Machine(memory_bytes=32 * GIB, disks=1, disk_bytes=device_gib * GIB)
    starts = device_gib <= 1280 * copies
    fits = starts and not any(shortfalls(wanted, layout, machine))
    assert (faults_of(document) == ()) == fits
    if fits:
        assert accepted(document).miners["miner-1"].utxo_store.machine == machine
