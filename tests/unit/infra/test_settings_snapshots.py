"""The snapshot of a miner: only what can be fetched and verified, and only where there is one."""

import pytest

from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of, stack_file

HASH = "ab" * 32
SNAPSHOT = {
    "url": "https://snapshots.example.org/mainnet-teranode/940000",
    "hash": HASH,
    "height": 940_000,
    "headersSha256": f"sha256:{'1' * 64}",
    "utxoSetSha256": f"sha256:{'2' * 64}",
}
PATH = "miners/miner-1/snapshot"


def told(key: str, value: object) -> str:
    document = changed(stack_file("mainnet"), PATH, {**SNAPSHOT, key: value})
    return "\n".join(map(str, faults_of(document, "mainnet")))


def test_a_snapshot_is_taken_as_it_is_written_and_its_checksums_without_their_name() -> None:
    snapshot = accepted(changed(stack_file("mainnet"), PATH, SNAPSHOT), "mainnet").miners["miner-1"].snapshot

    assert snapshot is not None
    assert (snapshot.hash, snapshot.height) == (HASH, 940_000)
    assert (snapshot.headers_sha256, snapshot.utxo_set_sha256) == ("1" * 64, "2" * 64)


def test_a_miner_syncs_from_its_peers_unless_it_names_one() -> None:
    assert accepted(stack_file("mainnet"), "mainnet").miners["miner-1"].snapshot is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "http://snapshots.example.org/mainnet"),
        ("url", "https://user:pass@snapshots.example.org/mainnet"),
        ("url", "https://snapshots.example.org/mainnet/"),
        ("url", "https://snapshots.example.org/mainnet?signature=1"),
        ("url", "s3://snapshots/mainnet"),
        ("hash", HASH.upper()),
        ("hash", f"0x{HASH[2:]}"),
        ("hash", HASH[1:]),
        ("height", 0),
        ("height", "940000"),
        ("headersSha256", "1" * 64),
        ("utxoSetSha256", f"sha512:{'2' * 64}"),
        ("utxoSetSha256", f"sha256:{'2' * 63}"),
    ],
)
def test_what_could_not_be_fetched_or_verified_is_refused_by_its_key(key: str, value: object) -> None:
    text = told(key, value)

    assert f"miners.miner-1.snapshot.{key}" in text
    assert "fix:" in text
    assert "user:pass" not in text


@pytest.mark.parametrize("key", SNAPSHOT)
def test_every_part_of_it_is_needed(key: str) -> None:
    partial = {name: value for name, value in SNAPSHOT.items() if name != key}

    faults = faults_of(changed(stack_file("mainnet"), PATH, partial), "mainnet")
    assert [fault.path for fault in faults] == [f"teranode-infra:miners.miner-1.snapshot.{key}"]


def test_regtest_has_no_snapshot_and_public_chains_may() -> None:
    document = changed(MINIMAL, PATH, SNAPSHOT)

    assert "has no snapshot" in "\n".join(map(str, faults_of(document)))
    for chain in ("teratestnet", "testnet"):
        assert accepted(changed(document, "chain", chain)).miners["miner-1"].snapshot is not None
