"""The forms in which Teranode and Postgres take credentials. Pure functions: no resources, nothing random."""

import base64
import hashlib
from collections.abc import Sequence
from urllib.parse import quote, urlencode

import base58
import scramp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SEED_BYTES = 32
"""Length of an ed25519 seed, and of a secp256k1 private key."""

SEED_CHARACTERS = 64
"""Length of the random password that a seed is made of: letters and digits, so 381 bits of chance for 256."""

SALT_BYTES = 16
"""Length of a SCRAM salt, as Postgres itself makes them."""

_SCRAM = scramp.ScramMechanism("SCRAM-SHA-256")
_SCRAM_ITERATIONS = 4096  # the default of Postgres (`scram_iterations`), whose clients are built for it

# libp2p, peer-ids specification: identity multihash (0x00) of 36 bytes, which hold a protobuf key of type 1 (ed25519)
# with 32 bytes of data.
_PEER_ID_PREFIX = bytes.fromhex("00240801" + "1220")

_WIF_TEST_NETWORKS = 0xEF
_WIF_COMPRESSED = 0x01
_SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

_AEROSPIKE_NAMESPACE = "utxo-store"
# Start values of upstream (`teranode`: deploy/kubernetes/teranode/teranode-configmap.yaml).
_AEROSPIKE_POOL = (
    ("WarmUp", "32"),
    ("ConnectionQueueSize", "128"),
    ("LimitConnectionsToQueueSize", "true"),
    ("MinConnectionsPerNode", "8"),
)


def seed_of(password: str) -> bytes:
    """The 32 bytes that a long random password stands for: its SHA-256 digest.

    Seeds are kept as passwords, since a `random.RandomBytes` shows its value: the provider takes it for the resource's
    id, which the state holds in plain text (`pulumi-random`: provider/resources.go, `computeRandomBytesID`).
    Raises `ValueError` for a password too short to hold as much chance as a seed.
    """
    if len(password) < SEED_CHARACTERS:
        raise ValueError(
            f"a seed needs a password of {SEED_CHARACTERS} random characters, this one has {len(password)}"
        )
    return hashlib.sha256(password.encode()).digest()


def p2p_private_key(seed: bytes) -> str:
    """Teranode's `p2p_private_key` for an ed25519 seed: 128 hex digits, the seed followed by the public key.

    Raises `ValueError` for a seed that is not of 32 bytes.
    """
    return seed.hex() + _public_key(seed).hex()


def p2p_peer_id(seed: bytes) -> str:
    """The libp2p peer id of the identity that an ed25519 seed makes, `12D3KooW…`; it is public.

    Raises `ValueError` for a seed that is not of 32 bytes.
    """
    return base58.b58encode(_PEER_ID_PREFIX + _public_key(seed)).decode()


def _public_key(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def scram_verifier(password: str, salt: bytes) -> str:
    """What Postgres stores instead of a password, and takes in `ALTER ROLE … PASSWORD` (RFC 5803 notation).

    Whoever reads a verifier cannot log in with it, so that a logged statement gives nothing away. The salt belongs to
    the password: a new one for each.

    Raises `ValueError` for a salt of another length than `SALT_BYTES` and for a password that SASLprep refuses.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a SCRAM salt has {SALT_BYTES} bytes, this one {len(salt)}")
    try:
        _, stored_key, server_key, _ = _SCRAM.make_auth_info(password, iteration_count=_SCRAM_ITERATIONS, salt=salt)
    except scramp.ScramException:
        # Not chained: the library's message may quote the password.
        raise ValueError("the password holds characters that SASLprep (RFC 4013) refuses") from None
    keys = f"{_base64(stored_key)}:{_base64(server_key)}"
    return f"SCRAM-SHA-256${_SCRAM_ITERATIONS}:{_base64(salt)}${keys}"


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def postgres_url(user: str, password: str, host: str, port: int, database: str) -> str:
    """A Postgres URL as Teranode takes it; TLS is demanded, which its own default would not do."""
    return f"postgres://{_login(user, password)}@{host}:{port}/{_escaped(database)}?sslmode=require"


def aerospike_url(
    hosts: Sequence[str], client_name: str, *, port: int = 3000, user: str | None = None, password: str | None = None
) -> str:
    """An Aerospike URL as Teranode takes it: seed nodes, the namespace `utxo-store`, large records as files.

    `client_name` is the miner's: its part of `/data`. A user needs a password and turns authentication on, which only
    the enterprise edition has. Raises `ValueError` for one without the other and for no host at all.
    """
    if not hosts:
        raise ValueError("an Aerospike URL needs at least one host")
    if (user is None) != (password is None):
        raise ValueError("an Aerospike user needs a password, and a password a user")
    login = "" if user is None or password is None else f"{_login(user, password)}@"
    seeds = ",".join(f"{host}:{port}" for host in hosts)
    query = urlencode(
        (
            ("set", "utxo"),
            ("externalStore", f"file:///data/{client_name}/external?hashPrefix=2"),
            *_AEROSPIKE_POOL,
        ),
        quote_via=quote,
        safe="",
    )
    return f"aerospike://{login}{seeds}/{_AEROSPIKE_NAMESPACE}?{query}"


def _login(user: str, password: str) -> str:
    return f"{_escaped(user)}:{_escaped(password)}"


def _escaped(text: str) -> str:
    return quote(text, safe="")


def regtest_wallet_key(entropy: bytes) -> str:
    """A private key for worthless coins in wallet import format: test networks, compressed public key.

    Any 32 bytes make a valid key: they are taken modulo the order of secp256k1, where 0 is no key.
    Raises `ValueError` for another length.
    """
    if len(entropy) != SEED_BYTES:
        raise ValueError(f"a private key has {SEED_BYTES} bytes, this one {len(entropy)}")
    scalar = int.from_bytes(entropy) % (_SECP256K1_ORDER - 1) + 1
    payload = bytes([_WIF_TEST_NETWORKS]) + scalar.to_bytes(SEED_BYTES) + bytes([_WIF_COMPRESSED])
    return base58.b58encode_check(payload).decode()
