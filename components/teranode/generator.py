"""The `BlockGenerator` component."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pulumi
from pulumi_kubernetes import core

from components import workloads
from components.base import Component
from components.namespace import NamespaceRef
from components.teranode.cluster import CONFIG_MAP
from components.teranode.companion import Companion
from components.teranode.services import SERVICES, Service

_NAME = "block-generator"
_SCRIPT = "generate-blocks.sh"
_FOLDER = "/scripts"
_LOGIN_FOLDER = "/login"
SHARE = workloads.Share(cpu="10m", memory="32Mi", cpu_limit="100m")
_PEERS = core.v1.EnvVarSourceArgs(
    config_map_key_ref=core.v1.ConfigMapKeySelectorArgs(name=CONFIG_MAP, key="p2p_static_peers", optional=True)
)
_MATURITY_BLOCKS = 100
"""Mined coins can be spent after so many blocks (chaincfg: CoinbaseMaturity)."""


class Rotation(StrEnum):
    """Who mines once coins can be spent; up to there it is the founder alone."""

    TURNS = "turns"  # at each height the miner that loses patience first
    FOUNDER = "founder"  # the miner whose name comes first


@dataclass(frozen=True, kw_only=True)
class BlockGeneratorArgs:
    """Arguments of `BlockGenerator`.

    - `image`: with a POSIX shell, coreutils and curl.
    - `interval_seconds`: how long the tip stays before somebody mines the next block; `spread_seconds`: how far
      miners' patience differs, at least as long as a block takes to reach all of them.
    - `node`: what must exist before.
    """

    namespace: NamespaceRef
    image: str
    rotation: Rotation
    interval_seconds: int
    spread_seconds: int
    node: tuple[pulumi.Resource, ...]

    def __post_init__(self) -> None:
        if self.interval_seconds < 1 or self.spread_seconds < 1:
            raise ValueError("blocks are seconds apart: an interval and a spread of at least one")


class BlockGenerator(Component):
    """A small workload beside one miner that keeps a regtest chain moving; it needs neither the others nor a leader.

    Only for chains without proof of work. Who the founder is it reads from the node's own settings, so that a new miner
    changes nothing here.
    """

    TOKEN = "teranode:teranode:BlockGenerator"

    def __init__(self, name: str, args: BlockGeneratorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        Companion(
            label=name,
            parent=self,
            namespace=args.namespace,
            name=_NAME,
            image=args.image,
            command=["/bin/sh", f"{_FOLDER}/{_SCRIPT}"],
            files_kind="script",
            files={_SCRIPT: (Path(__file__).parent / "scripts" / _SCRIPT).read_text(encoding="utf-8")},
            folder=_FOLDER,
            secrets_kind="login",
            secrets=("rpc_user", "rpc_pass"),
            secrets_folder=_LOGIN_FOLDER,
            environment=_environment(args),
            references={"PEERS": _PEERS},
            share=SHARE,
            after=args.node,
        ).register()
        self.register_outputs({})


def _environment(args: BlockGeneratorArgs) -> dict[str, str]:
    rpc = SERVICES[Service.RPC]
    return {
        "MINER": args.namespace.name,
        "RPC_URL": f"http://{rpc.service}:{rpc.port('http').number}",
        "ROTATION": args.rotation,
        "INTERVAL_SECONDS": str(args.interval_seconds),
        "SPREAD_SECONDS": str(args.spread_seconds),
        "MATURITY_BLOCKS": str(_MATURITY_BLOCKS),
        "LOGIN_FOLDER": _LOGIN_FOLDER,
    }
