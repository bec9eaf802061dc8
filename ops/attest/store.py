"""Where attestations are kept, and the key that signs them. `ops bootstrap` makes both in the environment's account."""

from collections.abc import Callable, Iterator

from botocore.client import BaseClient
from cryptography.hazmat.primitives.asymmetric import ec

from infra.settings import Environment
from ops.attest.attestation import Attestation, AttestationError, parse
from ops.attest.envelope import key_from_der, read, sealed, unproved
from ops.aws.names import ATTESTATIONS, attestation_alias, state_bucket
from ops.aws.session import Aws
from ops.errors import UsageError


class Store:
    """The attestations of one environment."""

    def __init__(self, aws: Aws, environment: Environment) -> None:
        self._s3: BaseClient = aws.client("s3", environment.home)
        self._kms: BaseClient = aws.client("kms", environment.home)
        self._key = attestation_alias(environment.name)
        self._bucket = state_bucket(environment.account, environment.name)
        self._whose = {"Bucket": self._bucket, "ExpectedBucketOwner": environment.account}

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Of the key that signs."""
        return key_from_der(self._kms.get_public_key(KeyId=self._key)["PublicKey"])

    def put(self, attestation: Attestation) -> str:
        """Sign and keep it; where. One of the same release and commit stays as an older version."""
        envelope = sealed(attestation.canonical(), self.public_key(), self._signature)
        name = f"{ATTESTATIONS}{attestation.version}/{attestation.commit}.json"
        text = envelope.model_dump_json(by_alias=True)
        self._s3.put_object(**self._whose, Key=name, Body=text.encode(), ContentType="application/json")
        return f"s3://{self._bucket}/{name}"

    def newest(self, tell: Callable[[str], object]) -> list[tuple[Attestation, str]]:
        """All of them with their envelopes, the newest first. Whoever relies on one proves its signature.

        What lies there and is none, or of another format, is told: it keeps nobody from the others.
        """
        found: list[tuple[Attestation, str]] = []
        for name in self._names():
            try:
                found.append(self._read(name))
            except UsageError as error:
                tell(str(error))
        return sorted(found, key=lambda one: one[0].time, reverse=True)

    def get(self, commit: str | None, tell: Callable[[str], object]) -> tuple[Attestation, str]:
        """The newest, or the newest of a commit.

        Raises:
            AttestationError: there is none.
        """
        for attestation, text in self.newest(tell):
            if commit in (None, attestation.commit):
                return attestation, text
        raise AttestationError(
            f"s3://{self._bucket}/{ATTESTATIONS}: no attestation{f' of {commit}' if commit else ''}. "
            "`ops attest list` shows which there are; `ops attest sign` makes one after `ops verify`"
        )

    def _names(self) -> Iterator[str]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(**self._whose, Prefix=ATTESTATIONS):
            yield from (entry["Key"] for entry in page.get("Contents", []))

    def _read(self, name: str) -> tuple[Attestation, str]:
        text = self._s3.get_object(**self._whose, Key=name)["Body"].read()
        source = f"s3://{self._bucket}/{name}"
        return parse(unproved(read(text, source), source), source), text.decode()

    def _signature(self, digest: bytes) -> bytes:
        answer = self._kms.sign(KeyId=self._key, Message=digest, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256")
        return answer["Signature"]
