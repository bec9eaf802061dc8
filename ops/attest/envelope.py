"""A signed text, as DSSE 1.0 has it (github.com/secure-systems-lab/dsse): the signature covers the type and the text.

Signatures are ECDSA over P-256 with SHA-256, keys are named by the SHA-256 of their public part. Verification needs the
public key and nothing else: no account, no network.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from ops.errors import UsageError

PAYLOAD_TYPE = "application/vnd.teranode-infra.attestation+json"
_CURVE = "secp256r1"


class EnvelopeError(UsageError):
    """It is no envelope, or nobody whose key is known has signed it."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class _Signature(_Model):
    keyid: str
    sig: str


class Envelope(_Model):
    """A text of ``payload_type`` in base64, and who signed it."""

    payload_type: str
    payload: str
    signatures: tuple[_Signature, ...]


def key_from_der(der: bytes) -> ec.EllipticCurvePublicKey:
    """The public key that KMS tells.

    Raises:
        EnvelopeError: it is none of P-256.
    """
    return _of_p256(lambda: load_der_public_key(der), "the key of attestations")


def key_from_pem(pem: bytes, source: str) -> ec.EllipticCurvePublicKey:
    """The public key in a file.

    Raises:
        EnvelopeError: it is none of P-256.
    """
    return _of_p256(lambda: load_pem_public_key(pem), source)


def pem(public_key: ec.EllipticCurvePublicKey) -> str:
    """A public key as a file has it."""
    return public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def key_id(public_key: ec.EllipticCurvePublicKey) -> str:
    """The name of a public key: the SHA-256 of its DER (SubjectPublicKeyInfo)."""
    return hashlib.sha256(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def sealed(payload: bytes, public_key: ec.EllipticCurvePublicKey, sign: Callable[[bytes], bytes]) -> Envelope:
    """Sign ``payload``; ``sign`` gets a SHA-256 digest and gives a signature in DER.

    Raises:
        EnvelopeError: the signature is not one of ``public_key``: better now than when it is relied on.
    """
    signature = _Signature(keyid=key_id(public_key), sig=_base64(sign(_digest(PAYLOAD_TYPE, payload))))
    made = Envelope(payload_type=PAYLOAD_TYPE, payload=_base64(payload), signatures=(signature,))
    opened(made, public_key, "the new attestation")
    return made


def read(text: str | bytes, source: str) -> Envelope:
    """``text`` as an envelope; nothing of it is proved.

    Raises:
        EnvelopeError: it is none.
    """
    try:
        return Envelope.model_validate_json(text)
    except ValidationError as error:
        raise EnvelopeError(f"{source}: no attestation: `ops attest fetch` gets one") from error


def unproved(envelope: Envelope, source: str) -> bytes:
    """The text, whoever signed it: for lists, not for decisions.

    Raises:
        EnvelopeError: it cannot be decoded.
    """
    return _decoded(envelope.payload, source)


def opened(envelope: Envelope, public_key: ec.EllipticCurvePublicKey, source: str) -> bytes:
    """The text, proved to be signed by the owner of ``public_key``.

    Raises:
        EnvelopeError: it is not, or is of another type.
    """
    if envelope.payload_type != PAYLOAD_TYPE:
        raise EnvelopeError(f"{source}: holds {envelope.payload_type!r}, not {PAYLOAD_TYPE!r}")
    payload = _decoded(envelope.payload, source)
    digest = _digest(envelope.payload_type, payload)
    for signature in envelope.signatures:
        try:
            public_key.verify(_decoded(signature.sig, source), digest, ec.ECDSA(utils.Prehashed(SHA256())))
        except InvalidSignature:
            continue
        return payload
    raise EnvelopeError(
        f"{source}: not signed by the key {key_id(public_key)[:16]}…, or changed since: fetch it again. If the other "
        "environment has a new key, commit what `ops attest key` shows"
    )


def _of_p256(load: Callable[[], object], source: str) -> ec.EllipticCurvePublicKey:
    try:
        key = load()
    except ValueError as error:
        raise EnvelopeError(f"{source}: no public key: `ops attest key` shows it") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != _CURVE:
        raise EnvelopeError(f"{source}: a public key, but none of P-256: `ops attest key` shows the right one")
    return key


def _digest(payload_type: str, payload: bytes) -> bytes:
    name = payload_type.encode()
    return hashlib.sha256(b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)).digest()


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decoded(text: str, source: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EnvelopeError(f"{source}: what should be base64 is not") from error
