"""The settings that must come from a miner's Secret, and which of their values everybody knows. No resources."""

from components.teranode.chains import PRESETS, Chain
from components.teranode.settings.keys import Key

WALLET_KEYS = "miner_wallet_private_keys"
"""A pipe-separated list in wallet import format: coinbases are shared out among them."""

_KEYS = (
    Key(name="blockchain_store", meaning="URL of the miner's Postgres.", default="sqlite:///blockchain"),
    Key(name="utxostore", meaning="URL of the UTXO store.", default="null:///"),
    Key(name="rpc_user", meaning="Login of RPC, and of what changes something at the asset service.", default=None),
    Key(name="rpc_pass", meaning="Its password.", default=None),
    Key(name="grpc_admin_api_key", meaning="Allows what only an administrator may ask the services.", default=None),
    Key(name="p2p_private_key", meaning="Identity of the node among its peers.", default=""),
    Key(name="alert_p2p_private_key", meaning="Identity of the alert service among its peers.", default=None),
    Key(
        name=WALLET_KEYS,
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

_PARTNERS = (
    Key(
        name="rpc_limit_user",
        meaning="Login of RPC for partners: it takes mining candidates and asks, and can change nothing else.",
        default="",
        source="services/rpc/Server.go",
    ),
    Key(name="rpc_limit_pass", meaning="Its password.", default="", source="services/rpc/Server.go"),
)

SECRET_KEYS: tuple[Key, ...] = (*_KEYS, _ALERT_STORE, *_PARTNERS)
"""All of them. Where `default` is None Teranode has one that is published, and so is no secret."""


def secret_keys(chain: Chain) -> frozenset[str]:
    """The settings that the Secret must hold before a node may start: for each Teranode has a default that harms."""
    alert = {_ALERT_STORE.name} if PRESETS[chain].alerts else set()
    return frozenset({key.name for key in _KEYS} | alert)
