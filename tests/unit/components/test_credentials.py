"""Credentials against vectors that others published."""

import base64
import hashlib
import hmac

import pytest

from components import credentials

# RFC 8032, section 7.1, test 1.
RFC_8032_SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
RFC_8032_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"

# libp2p, specification of peer ids, test vectors: an ed25519 private key, seed and public key.
LIBP2P_KEY = (
    "7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"
    "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"
)

# Keys and ids of upstream's docker samples (`teranode`: settings.conf), known to everybody and good for nothing else.
UPSTREAM_IDENTITIES = {
    "c8a1b91ae120878d91a04c904e0d565aa44b2575c1bb30a729bd3e36e2a1d5e6"
    "067216fa92b1a1a7e30d0aaabe288e25f1efc0830f309152638b61d84be6b71d": (
        "12D3KooWAFXWuxgdJoRsaA4J4RRRr8yu6WCrAPf8FaS7UfZg3ceG"
    ),
    "d77a7cac7833f2c0263ed7b9aaeb8dda1effaf8af948d570ed8f7a93bd3c418d"
    "6efee7bdd82ddb80484be84ba0c78ea07251a3ba2b45b2b3367fd5e2f0284e7c": (
        "12D3KooWHHeTM3aK4s9DKS6DQ7SbBb7czNyJsPZtQiUKa4fduMB9"
    ),
}

# RFC 7677, section 3: user `user`, password `pencil`, 4096 iterations.
RFC_7677_SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
RFC_7677_MESSAGE = (
    "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
    "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
)
RFC_7677_PROOF = base64.b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
RFC_7677_SERVER_SIGNATURE = base64.b64decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


def test_a_p2p_key_is_the_seed_followed_by_its_public_key() -> None:
    assert credentials.p2p_private_key(RFC_8032_SEED) == RFC_8032_SEED.hex() + RFC_8032_PUBLIC
    assert credentials.p2p_private_key(bytes.fromhex(LIBP2P_KEY[:64])) == LIBP2P_KEY


@pytest.mark.parametrize(("key", "peer_id"), UPSTREAM_IDENTITIES.items())
def test_key_and_peer_id_are_what_teranode_publishes_together(key: str, peer_id: str) -> None:
    seed = bytes.fromhex(key[:64])

    assert credentials.p2p_private_key(seed) == key
    assert credentials.p2p_peer_id(seed) == peer_id


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32"):
        credentials.p2p_private_key(bytes(length))
    with pytest.raises(ValueError, match="32"):
        credentials.p2p_peer_id(bytes(length))


def test_a_verifier_accepts_the_exchange_of_the_rfc() -> None:
    verifier = credentials.scram_verifier("pencil", RFC_7677_SALT)
    parameters, keys = verifier.removeprefix("SCRAM-SHA-256$").split("$")
    stored_key, server_key = (base64.b64decode(key) for key in keys.split(":"))
    message = RFC_7677_MESSAGE.encode()
    signature = hmac.digest(stored_key, message, "sha256")
    client_key = bytes(one ^ other for one, other in zip(RFC_7677_PROOF, signature, strict=True))

    assert parameters == "4096:W22ZaJ0SNY7soEsUEjb6gQ=="
    assert hashlib.sha256(client_key).digest() == stored_key
    assert hmac.digest(server_key, message, "sha256") == RFC_7677_SERVER_SIGNATURE


def test_a_verifier_needs_a_whole_salt() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        credentials.scram_verifier("pencil", b"short")


def test_a_password_that_cannot_be_prepared_is_refused_without_being_shown() -> None:
    with pytest.raises(ValueError, match="SASLprep") as caught:
        credentials.scram_verifier("pen\x07cil", RFC_7677_SALT)

    assert "cil" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_postgres_url_escapes_what_a_url_would_misread() -> None:
    url = credentials.postgres_url("miner_1_a", "p@ss:w/rd?#%", "db.example.org", 5432, "miner_1")

    assert url == "postgres://miner_1_a:p%40ss%3Aw%2Frd%3F%23%25@db.example.org:5432/miner_1?sslmode=require"


def test_an_aerospike_url_names_seeds_namespace_and_external_store() -> None:
    url = credentials.aerospike_url(["one.local", "two.local"], "miner-1")

    assert url == (
        "aerospike://one.local:3000,two.local:3000/utxo-store?set=utxo"
        "&externalStore=file%3A%2F%2F%2Fdata%2Fminer-1%2Fexternal%3FhashPrefix%3D2"
        "&WarmUp=32&ConnectionQueueSize=128&LimitConnectionsToQueueSize=true&MinConnectionsPerNode=8"
    )


def test_an_aerospike_user_turns_authentication_on() -> None:
    url = credentials.aerospike_url(["one.local"], "miner-1", user="teranode", password="a@b")  # noqa: S106

    assert url.startswith("aerospike://teranode:a%40b@one.local:3000/utxo-store?")


def test_half_an_aerospike_login_and_no_host_are_refused() -> None:
    with pytest.raises(ValueError, match="password"):
        credentials.aerospike_url(["one.local"], "miner-1", user="teranode")
    with pytest.raises(ValueError, match="host"):
        credentials.aerospike_url([], "miner-1")


def test_a_wallet_key_is_in_the_import_format_of_test_networks() -> None:
    # The private key 1, whose format every wallet's tests know.
    assert credentials.regtest_wallet_key(bytes(32)) == "cMahea7zqjxrtgAbB7LSGbcQUr1uX1ojuat9jZodMN87JcbXMTcA"


def test_a_wallet_key_needs_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        credentials.regtest_wallet_key(bytes(31))
