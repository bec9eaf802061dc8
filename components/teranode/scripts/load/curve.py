"""Signatures over secp256k1 with nonces from the message (RFC 6979) and the lower of both `s`.

It takes as long as the key makes it take: fit for keys that guard worthless coins, and for no others.
"""

import hashlib
import hmac
from collections.abc import Iterator
from functools import cache

FIELD = 2**256 - 2**32 - 977
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
GENERATOR = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
_BYTES = 32
_BYTE_VALUES = 256

Point = tuple[int, int]


def _sum(a: Point | None, b: Point | None) -> Point | None:
    """Add two points; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % FIELD == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, FIELD) % FIELD
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, FIELD) % FIELD
    x = (slope * slope - a[0] - b[0]) % FIELD
    return x, (slope * (a[0] - x) - a[1]) % FIELD


@cache
def _multiples() -> tuple[tuple[Point | None, ...], ...]:
    """The generator times every value of every byte of a scalar, the lowest byte first: a product is then 32 sums."""
    rows: list[tuple[Point | None, ...]] = []
    base: Point | None = GENERATOR
    for _ in range(_BYTES):
        row: list[Point | None] = [None]
        for _ in range(_BYTE_VALUES):
            row.append(_sum(row[-1], base))
        base = row.pop()
        rows.append(tuple(row))
    return tuple(rows)


def multiply(scalar: int) -> Point:
    """The generator times a scalar from 1 to the order less one."""
    point: Point | None = None
    for row, value in zip(_multiples(), scalar.to_bytes(_BYTES, "little"), strict=True):
        point = _sum(point, row[value])
    if point is None:
        raise ValueError("a multiple of the order has no point")
    return point


def public_key(private: int) -> bytes:
    """The compressed public key of a private one, 33 bytes."""
    x, y = multiply(private)
    return bytes([2 + y % 2]) + x.to_bytes(_BYTES, "big")


def sign(private: int, digest: bytes) -> bytes:
    """Sign the 32 bytes of a digest; the signature is DER, its `s` the lower one, as nodes demand."""
    for nonce in _nonces(private, digest):
        r = multiply(nonce)[0] % ORDER
        s = pow(nonce, -1, ORDER) * (int.from_bytes(digest, "big") + r * private) % ORDER
        if r and s:
            return _der(r, min(s, ORDER - s))
    raise AssertionError("nonces never end")


def _nonces(private: int, digest: bytes) -> Iterator[int]:
    """RFC 6979, section 3.2, with SHA-256."""
    seed = private.to_bytes(_BYTES, "big") + (int.from_bytes(digest, "big") % ORDER).to_bytes(_BYTES, "big")
    key, value = bytes(_BYTES), b"\x01" * _BYTES
    for step in (b"\x00", b"\x01"):
        key = hmac.digest(key, value + step + seed, "sha256")
        value = hmac.digest(key, value, "sha256")
    while True:
        value = hmac.digest(key, value, "sha256")
        if 0 < (nonce := int.from_bytes(value, "big")) < ORDER:
            yield nonce
        key = hmac.digest(key, value + b"\x00", "sha256")
        value = hmac.digest(key, value, "sha256")


def _der(r: int, s: int) -> bytes:
    body = b"".join(_der_integer(number) for number in (r, s))
    return bytes([0x30, len(body)]) + body


def _der_integer(number: int) -> bytes:
    # One bit more than the number has, so that its sign is plus.
    content = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return bytes([0x02, len(content)]) + content


def double_sha256(data: bytes) -> bytes:
    """SHA-256 of SHA-256."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()
