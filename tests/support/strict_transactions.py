"""Transactions read, hashed and checked by other code than the program's, and more strictly than a node does it."""

import hashlib
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Invalid(Exception):  # noqa: N818 (a verdict)
    """Why a transaction is not valid."""


def double_sha256(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def varint(number: int) -> bytes:
    if number < 0xFD:
        return bytes([number])
    return b"\xfd" + struct.pack("<H", number) if number < 1 << 16 else b"\xfe" + struct.pack("<I", number)


@dataclass
class Coin:
    satoshis: int
    script: bytes
    height: int | None = None  # of the block that it is the coinbase of
    spender: bytes | None = None

    @property
    def written(self) -> bytes:
        return struct.pack("<Q", self.satoshis) + varint(len(self.script)) + self.script


@dataclass
class Spending:
    """A transaction in extended format, taken apart."""

    raw: bytes
    plain: bytes = b""
    inputs: list[tuple[bytes, int, bytes, Coin]] = field(default_factory=list)
    outputs: list[Coin] = field(default_factory=list)

    @property
    def txid(self) -> bytes:
        return double_sha256(self.plain)


def taken_apart(raw: bytes) -> Spending:
    """Read a transaction in extended format; anything else is `Invalid`."""
    place = 0

    def take(count: int) -> bytes:
        nonlocal place
        place += count
        if place > len(raw):
            raise Invalid("the bytes end too early")
        return raw[place - count : place]

    def number() -> int:
        first = take(1)[0]
        return first if first < 0xFD else int.from_bytes(take({0xFD: 2, 0xFE: 4, 0xFF: 8}[first]), "little")

    def coin() -> Coin:
        return Coin(int.from_bytes(take(8), "little"), take(number()))

    found = Spending(raw)
    if take(4) != b"\x01\0\0\0" or take(6) != b"\0\0\0\0\0\xef":
        raise Invalid("not version 1 in extended format")
    plain = b"\x01\0\0\0" + varint(count := number())
    for _ in range(count):
        begin = place
        txid, index = take(32), int.from_bytes(take(4), "little")
        unlocking = take(number())
        if take(4) != b"\xff" * 4:
            raise Invalid("not final")
        plain += raw[begin:place]
        found.inputs.append((txid, index, unlocking, coin()))
    found.outputs = [coin() for _ in range(number())]
    plain += varint(len(found.outputs)) + b"".join(one.written for one in found.outputs)
    if take(4) != bytes(4) or place != len(raw):
        raise Invalid("a lock time, or more bytes than a transaction")
    found.plain = plain + bytes(4)
    return found


def check_signature(found: Spending, position: int) -> None:
    """Check the script of one input: P2PKH, strict DER, low s, SIGHASH_ALL with FORKID."""
    txid, index, unlocking, spent = found.inputs[position]
    signature, rest = unlocking[1 : 1 + unlocking[0]], unlocking[1 + unlocking[0] :]
    public = rest[1:]
    if len(public) != 33 or rest[0] != 33 or signature[-1:] != b"\x41":
        raise Invalid("not a signature with ALL|FORKID and a compressed key")
    digest = hashlib.new("ripemd160", hashlib.sha256(public).digest()).digest()
    if spent.script != b"\x76\xa9\x14" + digest + b"\x88\xac":
        raise Invalid("another key's coin")
    r, s = utils.decode_dss_signature(signature[:-1])
    if utils.encode_dss_signature(r, s) != signature[:-1] or s > ORDER // 2:
        raise Invalid("not the one encoding of a signature")
    outpoints = b"".join(one[0] + struct.pack("<I", one[1]) for one in found.inputs)
    signed = b"".join(
        (
            b"\x01\0\0\0",
            double_sha256(outpoints),
            double_sha256(b"\xff" * 4 * len(found.inputs)),
            txid + struct.pack("<I", index),
            varint(len(spent.script)) + spent.script + struct.pack("<Q", spent.satoshis),
            b"\xff" * 4,
            double_sha256(b"".join(one.written for one in found.outputs)),
            bytes(4) + b"\x41\0\0\0",
        )
    )
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), public).verify(
            signature[:-1], double_sha256(signed), ec.ECDSA(utils.Prehashed(SHA256()))
        )
    except InvalidSignature:
        raise Invalid("the signature is of something else") from None
