"""What a stack file says of one miner."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from infra.settings import arns, fields
from infra.settings.section import Doc, Section
from infra.settings.snapshots import SnapshotKeys
from infra.settings.utxo_stores import UtxoStoreKeys

MAX_CREDENTIALS = 10_000
"""Generations of a miner's credentials: a new one every hour for a year. More is a slip of the keyboard."""

MAX_SV_NODES = 20
"""As many peers as Teranode's bridge keeps (`legacy_config_MaxPeers`)."""

_SV_NODE = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?:([1-9]\d{0,4})", re.ASCII)
_HIGHEST_PORT = 65_535


def _sv_node(value: str) -> str:
    match = _SV_NODE.fullmatch(value)
    if match is None or int(match[2]) > _HIGHEST_PORT:
        raise fields.refuse("<host>:<port> in lower case", "for example node.example.org:8333")
    return value


SvNode = Annotated[str, AfterValidator(_sv_node)]


class MinerKeys(Section):
    """One Teranode with its own namespace, databases, files and secrets."""

    region: Annotated[
        str, Doc("a region of this environment; a miner never moves, it is built anew", "its data is there")
    ]
    utxo_store: Annotated[
        UtxoStoreKeys | None,
        Doc(
            "the UTXO store of this miner; nothing of the environment's `utxoStore` is merged into it",
            "one miner can change its store alone",
            default="the environment's",
        ),
    ] = None
    credentials: Annotated[
        int | None,
        Field(ge=1, le=MAX_CREDENTIALS),
        Doc(
            "generation of the miner's credentials; one more replaces database, RPC and admin API credentials, see "
            "`docs/runbooks/rotate-credentials.md`",
            "passwords get known; the one before stays valid in the database until the next step",
            default="1",
        ),
    ] = None
    wallet_secret: Annotated[
        arns.SecretArn | None,
        Doc(
            "secret in Secrets Manager, in the miner's region and account, that holds the JSON key "
            "`miner_wallet_private_keys`; refused on regtest, whose worthless keys are generated. Its name is below "
            "`<environment>/wallets/`, or not below the name of an environment. It is read while the miner mines",
            "wallet keys never pass through this program: they are only named here",
            default="none; the mode `mining` on the chain mainnet needs one",
        ),
    ] = None
    wallet_key: Annotated[
        arns.KeyArn | None,
        Doc(
            "KMS key that encrypts `walletSecret`",
            "the right to read includes the right to decrypt",
            default="Secrets Manager's own key",
        ),
    ] = None
    enabled: Annotated[
        bool | None,
        Doc(
            "whether Teranode's services run; `false` stops all of them and keeps every store and file",
            "the only way to stop a node: whoever deletes its `Cluster` deletes the claim of its files",
            default="true",
        ),
    ] = None
    mode: Annotated[
        fields.Mode | None,
        Doc("what this miner is for, if not what the others are", "a later miner listens first", default="`mode`"),
    ] = None
    snapshot: Annotated[
        SnapshotKeys | None,
        Doc(
            "the UTXO set with which a fresh node begins; refused on regtest. First with `enabled: false`, see "
            "`docs/runbooks/seeding.md`",
            "to sync from the first block takes days to weeks",
            default="the node syncs from its peers",
        ),
    ] = None
    sv_nodes: Annotated[
        tuple[SvNode, ...],
        Field(max_length=MAX_SV_NODES),
        Doc(
            "SV nodes as `host:port`: the only ones that the bridge connects to; refused on regtest and teratestnet, "
            "which have no bridge",
            "nodes of one's own are trusted more than seeds, and answer when others do not",
            default="the seeds of the chain",
        ),
    ] = ()
