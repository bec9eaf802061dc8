"""A snapshot from which a miner's node is seeded, as it is written in the stack file."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from infra.settings import fields
from infra.settings.environment import SnapshotSettings
from infra.settings.section import Doc, Section

MAX_HEIGHT = 100_000_000

_URL = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9]\d{0,4})?(/[A-Za-z0-9._~-]+)+", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def _url(value: str) -> str:
    if not _URL.fullmatch(value):
        raise fields.refuse(
            "the https address of a folder, without a slash at its end, login or query",
            "for example https://snapshots.example.org/mainnet-teranode/940000",
        )
    return value


def _hash(value: str) -> str:
    if not _HASH.fullmatch(value):
        raise fields.refuse(
            "a block hash as nodes show it: 64 hex digits in lower case",
            "take it from the names of the snapshot's files: <hash>.utxo-set",
        )
    return value


def _digest(value: str) -> str:
    if not _DIGEST.fullmatch(value):
        raise fields.refuse(
            "sha256: and 64 hex digits in lower case", "take it from the .sha256 file beside the snapshot, and compare"
        )
    return value


class SnapshotKeys(Section):
    """A published UTXO set with which a node begins, instead of with the first block.

    The node must be fresh: one that has blocks is refused. How it is done: docs/runbooks/seeding.md.
    """

    url: Annotated[
        Annotated[str, AfterValidator(_url)],
        Doc("folder with the files `<hash>.utxo-headers` and `<hash>.utxo-set`", "hours instead of weeks of sync"),
    ]
    hash: Annotated[
        Annotated[str, AfterValidator(_hash)],
        Doc("hash of the snapshot's block", "the node is that block's from then on: compare it with an explorer"),
    ]
    height: Annotated[
        int,
        Field(ge=1, le=MAX_HEIGHT),
        Doc("height of that block", "a node at this height is fresh, and is started; any other one is a person's"),
    ]
    headers_sha256: Annotated[
        Annotated[str, AfterValidator(_digest)],
        Doc("checksum of `<hash>.utxo-headers`: `sha256:<64 hex digits>`", "what is fetched becomes the node's truth"),
    ]
    utxo_set_sha256: Annotated[
        Annotated[str, AfterValidator(_digest)],
        Doc("checksum of `<hash>.utxo-set`: `sha256:<64 hex digits>`", "what is fetched becomes the node's truth"),
    ]


def snapshot_settings(keys: SnapshotKeys | None) -> SnapshotSettings | None:
    """Resolve a miner's snapshot."""
    if keys is None:
        return None
    return SnapshotSettings(
        url=keys.url,
        hash=keys.hash,
        height=keys.height,
        headers_sha256=keys.headers_sha256.removeprefix("sha256:"),
        utxo_set_sha256=keys.utxo_set_sha256.removeprefix("sha256:"),
    )
