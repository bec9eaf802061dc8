"""The `TransactionLoad` component."""

from dataclasses import dataclass
from pathlib import Path

import pulumi

from components import workloads
from components.base import Component
from components.namespace import NamespaceRef
from components.teranode.companion import Companion
from components.teranode.services import SERVICES, Service
from components.teranode.settings import WALLET_KEYS

_NAME = "transaction-load"
_PACKAGE = "load"
_PROGRAM = Path(__file__).parent / "scripts" / _PACKAGE
_FOLDER = "/program"
_WALLET_FOLDER = "/wallet"
_API = "/api/v1"
SHARE = workloads.Share(cpu="50m", memory="128Mi", cpu_limit="500m")


@dataclass(frozen=True, kw_only=True)
class TransactionLoadArgs:
    """Arguments of `TransactionLoad`.

    - `image`: with a Python of at least 3.11 and OpenSSL; nothing else of it is used.
    - `per_second`: how many transactions the node is sent.
    - `node`: what must exist before.
    """

    namespace: NamespaceRef
    image: str
    per_second: int
    node: tuple[pulumi.Resource, ...]

    def __post_init__(self) -> None:
        if self.per_second < 1:
            raise ValueError("a load of no transactions is none: at least one a second")


class TransactionLoad(Component):
    """A small program beside one miner that sends its node transactions; it needs neither the others nor a memory.

    Only for chains of worthless coins: it holds the miner's wallet keys, which pay for what it sends. It reaches the
    node's asset service and propagation, and nothing outside the namespace.
    """

    TOKEN = "teranode:teranode:TransactionLoad"

    def __init__(self, name: str, args: TransactionLoadArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        Companion(
            label=name,
            parent=self,
            namespace=args.namespace,
            name=_NAME,
            image=args.image,
            command=["python3", "-m", _PACKAGE],
            files_kind="program",
            files={path.name: path.read_text(encoding="utf-8") for path in sorted(_PROGRAM.glob("*.py"))},
            folder=f"{_FOLDER}/{_PACKAGE}",
            secrets_kind="wallet",
            secrets=(WALLET_KEYS,),
            secrets_folder=_WALLET_FOLDER,
            environment=_environment(args),
            share=SHARE,
            after=args.node,
        ).register()
        self.register_outputs({})


def _environment(args: TransactionLoadArgs) -> dict[str, str]:
    asset, propagation = SERVICES[Service.ASSET], SERVICES[Service.PROPAGATION]
    return {
        "ASSET_URL": f"http://{asset.service}:{asset.port('http').number}{_API}",
        "PROPAGATION_URL": f"http://{propagation.service}:{propagation.port('http').number}",
        "TRANSACTIONS_PER_SECOND": str(args.per_second),
        "WALLET_FILE": f"{_WALLET_FOLDER}/{WALLET_KEYS}",
        "PYTHONPATH": _FOLDER,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
