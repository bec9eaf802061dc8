"""The settings that must come from a miner's Secret, and which of their values everybody knows. No resources."""

import hashlib
from collections.abc import Mapping

from components.teranode.chains import PRESETS, Chain
from components.teranode.settings.keys import Key

_KEYS = (
    Key(name="blockchain_store", meaning="URL of the miner's Postgres.", default="sqlite:///blockchain"),
    Key(name="utxostore", meaning="URL of the UTXO store.", default="null:///"),
    Key(name="rpc_user", meaning="Login of RPC, and of what changes something at the asset service.", default=None),
    Key(name="rpc_pass", meaning="Its password.", default=None),
    Key(name="grpc_admin_api_key", meaning="Allows what only an administrator may ask the services.", default=None),
    Key(name="p2p_private_key", meaning="Identity of the node among its peers.", default=""),
    Key(name="alert_p2p_private_key", meaning="Identity of the alert service among its peers.", default=None),
    Key(
        name="miner_wallet_private_keys",
        meaning="Who is paid for blocks. Empty pays nobody, and nothing can be mined.",
        default=None,
    ),
    Key(name="coinbase_wallet_private_key", meaning="Of a service that is not run: empty.", default=None),
)
_ALERT_STORE = Key(
    name="alert_store",
    meaning="URL of the alert service's database; the default is a file that is lost with the pod.",
    default="sqlite:///alert",
)

SECRET_KEYS: tuple[Key, ...] = (*_KEYS, _ALERT_STORE)
"""All of them. Where `default` is None Teranode has one that is published, and so is no secret."""


def secret_keys(chain: Chain) -> frozenset[str]:
    """The settings that the Secret must hold before a node may start: for each Teranode has a default that harms."""
    alert = {_ALERT_STORE.name} if PRESETS[chain].alerts else set()
    return frozenset({key.name for key in _KEYS} | alert)


# SHA-256 of the values in bsv-blockchain/teranode, settings.conf, v0.11.1; those of 2026 are the same or fewer.
_PUBLISHED_WALLETS = frozenset(
    {
        "4bc7baf4bbbc75cd1522df6cd6e6581464264a4f88f0598792f8727b8fe763be",
        "6891f7b563c374316fa70b3b5a04c7a07738b9156bc3316c9e1605685644ee61",
        "705f65037005e4391e7e1dd1a495c0dd52faea077900ecec0557c465846e5ddf",
    }
)
_PUBLISHED_IDENTITIES = frozenset(
    {
        "9be43b79fb36aa9fbd50d388c0a297205767cedd79db66715dfc69f66f50f80a",
        "7b62988dcc80f90c216f858194d2fbd3eec592b937bd8e2023c9f918f4b6b378",
        "ae6813fc1889f5ed2612636e79b27cc455b727688ede07794833d4bb4a730efc",
        "c34ecf78267c72d289dc933e7346c5dd952a5a901c3af27bbc1ac913282c375c",
        "c4747f9c8b46c5f295a6dc1a7738c8559df21273b0040c2eea8498d110cdeb5f",
        "cac25ea1dac62c8cd39228360c40522df468dd9db3731d854f9cdfeea7add88b",
        "e8ae1dc07866941da25b9f280f8e209dacb3f7b39084911db0ae5af1000c4be0",
        "f1f193bbf87baa32e2333cb51706ff6b3688b88724f49f16e860b5dec31dac68",
    }
)
_PUBLISHED: Mapping[str, frozenset[str]] = {
    "miner_wallet_private_keys": _PUBLISHED_WALLETS,
    "coinbase_wallet_private_key": _PUBLISHED_WALLETS,
    "p2p_private_key": _PUBLISHED_IDENTITIES,
    "alert_p2p_private_key": _PUBLISHED_IDENTITIES,
    "rpc_user": frozenset({"6b88c087247aa2f07ee1c5956b8e1a9f4c7f892a70e324f1bb3d161e05ca107b"}),
    "rpc_pass": frozenset({"6b88c087247aa2f07ee1c5956b8e1a9f4c7f892a70e324f1bb3d161e05ca107b"}),
    "grpc_admin_api_key": frozenset({"98483c6eb40b6c31a448c22a66ded3b5e5e8d5119cac8327b655c8b5c4836489"}),
}


def secret_problems(chain: Chain, values: Mapping[str, str]) -> list[str]:
    """What keeps a node on `chain` from starting safely with these secrets; sorted, and never quoting a value."""
    missing = [
        f"{name} is missing: Teranode would take a default that is published or lost with the pod"
        for name in secret_keys(chain) - values.keys()
    ]
    known = [
        f"{name} is a value that Teranode publishes: everybody has it"
        for name, value in values.items()
        if any(_digest(part) in _PUBLISHED.get(name, ()) for part in value.split("|"))
    ]
    return sorted(missing + known)


def _digest(value: str) -> str:
    return hashlib.sha256(value.strip().encode()).hexdigest()
