"""Credentials of any form: what is escaped comes back, what is derived is valid."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, unquote, urlsplit

import base58
from hypothesis import given, settings
from hypothesis import strategies as st

from components import credentials

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64)
printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=64)
seeds = st.binary(min_size=32, max_size=32)
salts = st.binary(min_size=16, max_size=16)


@given(texts, texts, texts)
def test_user_password_and_database_survive_a_postgres_url(user: str, password: str, database: str) -> None:
    url = urlsplit(credentials.postgres_url(user, password, "db.example.org", 5432, database))

    assert (unquote(url.username or ""), unquote(url.password or "")) == (user, password)
    assert (url.hostname, url.port) == ("db.example.org", 5432)
    assert unquote(url.path.removeprefix("/")) == database
    assert url.query == "sslmode=require"


@given(texts, texts)
def test_user_and_password_survive_an_aerospike_url(user: str, password: str) -> None:
    url = urlsplit(credentials.aerospike_url(["one", "two"], "miner-1", user=user, password=password))
    login, _, seeds_of_cluster = url.netloc.rpartition("@")

    assert [unquote(part) for part in login.split(":")] == [user, password]
    assert seeds_of_cluster == "one:3000,two:3000"
    assert parse_qs(url.query)["externalStore"] == ["file:///data/miner-1/external?hashPrefix=2"]


@settings(max_examples=30)
@given(printable, salts)
def test_a_verifier_agrees_with_an_independent_computation(password: str, salt: bytes) -> None:
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 4096)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    keys = ":".join(base64.b64encode(key).decode() for key in (stored, server))

    assert credentials.scram_verifier(password, salt) == (
        f"SCRAM-SHA-256$4096:{base64.b64encode(salt).decode()}${keys}"
    )


@given(seeds)
def test_a_peer_id_holds_the_public_half_of_the_key(seed: bytes) -> None:
    key, peer_id = credentials.p2p_private_key(seed), credentials.p2p_peer_id(seed)

    assert key.startswith(seed.hex())
    assert base58.b58decode(peer_id).hex() == f"002408011220{key[64:]}"
    assert seed.hex() not in base58.b58decode(peer_id).hex()


@given(seeds)
def test_any_entropy_makes_a_wallet_key_of_a_test_network(entropy: bytes) -> None:
    payload = base58.b58decode_check(credentials.regtest_wallet_key(entropy))

    assert (payload[0], payload[-1], len(payload)) == (0xEF, 0x01, 34)
    assert any(payload[1:-1])
