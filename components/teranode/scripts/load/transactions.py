"""Transactions: how they are written, read and signed.

Written in extended format (BIP 239), which carries what the inputs spend and so spares the node a look; read in both.
Signed with the hash of BIP 143 and the flag FORKID, as Bitcoin SV has had it since August 2017.
"""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from . import curve
from .wallet import Key

_VERSION = 1
_FINAL = 0xFFFFFFFF
_ALL_FORKID = 0x41
_EXTENDED = bytes.fromhex("0000000000ef")
_TXID_BYTES = 32
_VARINT_FORMATS = {0xFD: "<H", 0xFE: "<I", 0xFF: "<Q"}


class MalformedError(ValueError):
    """These bytes are no transaction."""


@dataclass(frozen=True, slots=True)
class Output:
    """So many satoshis for whoever opens `script`."""

    satoshis: int
    script: bytes


@dataclass(frozen=True, slots=True)
class Input:
    """An output that is spent, by the id of its transaction (as hashed, not as shown) and its index there."""

    txid: bytes
    index: int
    unlocking: bytes
    sequence: int = _FINAL
    spends: Output | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction."""

    version: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    lock_time: int = 0

    @property
    def txid(self) -> bytes:
        """Its id as it stands in inputs; people and URLs have it backwards: see `shown`."""
        return curve.double_sha256(self._written(extended=False))

    @property
    def plain(self) -> bytes:
        """The bytes of a block and of the id."""
        return self._written(extended=False)

    @property
    def extended(self) -> bytes:
        """The bytes for a node; raises `ValueError` if it is not known what an input spends."""
        return self._written(extended=True)

    def _written(self, *, extended: bool) -> bytes:
        parts = [struct.pack("<I", self.version), _EXTENDED if extended else b"", _varint(len(self.inputs))]
        for one in self.inputs:
            parts += [one.txid, struct.pack("<I", one.index), _text(one.unlocking), struct.pack("<I", one.sequence)]
            if extended:
                if one.spends is None:
                    raise ValueError("an extended transaction says what its inputs spend")
                parts.append(_output(one.spends))
        parts += [_varint(len(self.outputs)), *(_output(one) for one in self.outputs)]
        return b"".join([*parts, struct.pack("<I", self.lock_time)])


def shown(txid: bytes) -> str:
    """A transaction's or a block's id as people and URLs have it."""
    return txid[::-1].hex()


def hidden(text: str) -> bytes:
    """The other way round; raises `MalformedError` for a text that is no id."""
    try:
        txid = bytes.fromhex(text)[::-1]
    except ValueError:
        raise MalformedError(f"{text[:80]!r} is no id") from None
    if len(txid) != _TXID_BYTES:
        raise MalformedError(f"{text[:80]!r} is no id")
    return txid


def spend(txid: bytes, index: int, spent: Output, key: Key, outputs: Sequence[Output]) -> Transaction:
    """Spend one P2PKH output of a key. The same arguments make the same transaction, to the last bit."""
    digest = signature_hash(_VERSION, Input(txid, index, b"", spends=spent), outputs)
    signature = curve.sign(key.private, digest) + bytes([_ALL_FORKID])
    unlocking = bytes([len(signature)]) + signature + bytes([len(key.public)]) + key.public
    return Transaction(_VERSION, (Input(txid, index, unlocking, spends=spent),), tuple(outputs))


def signature_hash(version: int, spending: Input, outputs: Sequence[Output]) -> bytes:
    """What is signed where one input spends a whole output and all outputs are signed; lock time 0."""
    if spending.spends is None:
        raise ValueError("what is spent is part of what is signed")
    outpoint = spending.txid + struct.pack("<I", spending.index)
    sequence = struct.pack("<I", spending.sequence)
    preimage = (
        struct.pack("<I", version)
        + curve.double_sha256(outpoint)
        + curve.double_sha256(sequence)
        + outpoint
        + _text(spending.spends.script)
        + struct.pack("<Q", spending.spends.satoshis)
        + sequence
        + curve.double_sha256(b"".join(_output(one) for one in outputs))
        + struct.pack("<II", 0, _ALL_FORKID)
    )
    return curve.double_sha256(preimage)


def read_one(data: bytes) -> Transaction:
    """Read bytes that are one transaction, in either format; raises `MalformedError`."""
    stream = io.BytesIO(data)
    found = read(stream)
    if stream.read(1):
        raise MalformedError("more bytes than a transaction has")
    return found


def read(stream: BinaryIO) -> Transaction:
    """Read the next transaction of a stream, in either format; raises `MalformedError`."""
    (version,) = struct.unpack("<I", _exactly(stream, 4))
    first = _exactly(stream, 1)
    extended = first == _EXTENDED[:1]
    if extended and first + _exactly(stream, len(_EXTENDED) - 1) != _EXTENDED:
        raise MalformedError("neither inputs nor the mark of the extended format")
    count = read_varint(stream) if extended else _rest_of_varint(stream, first[0])
    inputs = tuple(_read_input(stream, extended=extended) for _ in range(count))
    outputs = tuple(_read_output(stream) for _ in range(read_varint(stream)))
    (lock_time,) = struct.unpack("<I", _exactly(stream, 4))
    return Transaction(version, inputs, outputs, lock_time)


def read_varint(stream: BinaryIO) -> int:
    """Read a number of variable length; raises `MalformedError` at the end of the stream."""
    return _rest_of_varint(stream, _exactly(stream, 1)[0])


def _rest_of_varint(stream: BinaryIO, first: int) -> int:
    if first not in _VARINT_FORMATS:
        return first
    form = _VARINT_FORMATS[first]
    return struct.unpack(form, _exactly(stream, struct.calcsize(form)))[0]


def _read_input(stream: BinaryIO, *, extended: bool) -> Input:
    txid, (index,) = _exactly(stream, _TXID_BYTES), struct.unpack("<I", _exactly(stream, 4))
    unlocking = _exactly(stream, read_varint(stream))
    (sequence,) = struct.unpack("<I", _exactly(stream, 4))
    return Input(txid, index, unlocking, sequence, _read_output(stream) if extended else None)


def _read_output(stream: BinaryIO) -> Output:
    (satoshis,) = struct.unpack("<Q", _exactly(stream, 8))
    return Output(satoshis, _exactly(stream, read_varint(stream)))


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) != count:
        raise MalformedError("the bytes end before the transaction does")
    return data


def _varint(number: int) -> bytes:
    if number < min(_VARINT_FORMATS):
        return bytes([number])
    form = next((mark, form) for mark, form in _VARINT_FORMATS.items() if number < 1 << 8 * struct.calcsize(form))
    return bytes([form[0]]) + struct.pack(form[1], number)


def _text(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _output(output: Output) -> bytes:
    return struct.pack("<Q", output.satoshis) + _text(output.script)
