"""The keys of a miner's wallet, as Teranode's setting `miner_wallet_private_keys` has them, and the scripts they open.

RIPEMD-160 comes from OpenSSL, which has had it in its default provider again since 3.0.7.
"""

import hashlib
from dataclasses import dataclass, field

from . import curve

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CHECKSUM_BYTES = 4
_TEST_NETWORKS = 0xEF
_KEY_BYTES = 32
_COMPRESSED = b"\x01"


class WalletError(ValueError):
    """What the setting holds is no key of a test network. The message does not quote it."""


@dataclass(frozen=True, slots=True)
class Key:
    """One private key, with what the coins paid to it look like: `script` is P2PKH of its compressed public key."""

    private: int = field(repr=False)
    public: bytes
    script: bytes


def keys_of(setting: str) -> dict[bytes, Key]:
    """The keys of a pipe-separated list in wallet import format, by their scripts; raises `WalletError`."""
    keys = [_key(text.strip()) for text in setting.split("|") if text.strip()]
    if not keys:
        raise WalletError("the wallet holds no key: coins are mined to nobody")
    return {key.script: key for key in keys}


def _key(text: str) -> Key:
    payload = _base58_check(text)
    secret, suffix = payload[1 : 1 + _KEY_BYTES], payload[1 + _KEY_BYTES :]
    if len(secret) != _KEY_BYTES or suffix not in (b"", _COMPRESSED):
        raise WalletError("a wallet key is not in wallet import format")
    if payload[0] != _TEST_NETWORKS:
        raise WalletError("a wallet key is none of a test network: keys of real coins have no place here")
    private = int.from_bytes(secret, "big")
    if not 0 < private < curve.ORDER:
        raise WalletError("a wallet key is no number below the order of secp256k1")
    public = curve.public_key(private)
    return Key(private=private, public=public, script=pay_to(public))


def pay_to(public: bytes) -> bytes:
    """The P2PKH script of a public key."""
    digest = hashlib.new("ripemd160", hashlib.sha256(public).digest()).digest()
    return b"\x76\xa9\x14" + digest + b"\x88\xac"


def _base58_check(text: str) -> bytes:
    number = 0
    for character in text:
        if character not in _ALPHABET:
            raise WalletError("a wallet key has a character that base58 has not")
        number = number * len(_ALPHABET) + _ALPHABET.index(character)
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    data = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    payload, checksum = data[:-_CHECKSUM_BYTES], data[-_CHECKSUM_BYTES:]
    if not payload or curve.double_sha256(payload)[:_CHECKSUM_BYTES] != checksum:
        raise WalletError("a wallet key has a wrong checksum")
    return payload
