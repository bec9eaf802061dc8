"""The `BlockGenerator` component."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes import apps, core, meta

from components import workloads
from components.base import Component
from components.namespace import NamespaceRef
from components.teranode.cluster import CONFIG_MAP, SECRET
from components.teranode.services import APP_LABEL, SERVICES, Service

_NAME = "block-generator"
_LABELS = {APP_LABEL: _NAME}
_SCRIPT = "generate-blocks.sh"
_FOLDER = "/scripts"
_LOGIN_FOLDER = "/login"
_SHARE = workloads.Share(cpu="10m", memory="32Mi", cpu_limit="100m")
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

    Only for chains without proof of work. Another script is another ConfigMap, and the pod restarts to read it. Who the
    founder is it reads from the node's own settings, so that a new miner changes nothing here.
    """

    TOKEN = "teranode:teranode:BlockGenerator"

    def __init__(self, name: str, args: BlockGeneratorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        namespace = args.namespace
        script = core.v1.ConfigMap(
            f"{name}-script",
            metadata=meta.v1.ObjectMetaArgs(namespace=namespace.name),
            immutable=True,
            data={_SCRIPT: (Path(__file__).parent / "scripts" / _SCRIPT).read_text(encoding="utf-8")},
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready),
        )
        account = core.v1.ServiceAccount(
            f"{name}-account",
            metadata=meta.v1.ObjectMetaArgs(name=_NAME, namespace=namespace.name),
            automount_service_account_token=False,
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready, delete_before_replace=True),
        )
        kubernetes.apps.v1.Deployment(
            f"{name}-deployment",
            metadata=meta.v1.ObjectMetaArgs(
                name=_NAME,
                namespace=namespace.name,
                labels=_LABELS,
                # Until the node answers it waits by itself; nothing else needs to wait for it.
                annotations={"pulumi.com/skipAwait": "true"},
            ),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=1,
                strategy=apps.v1.DeploymentStrategyArgs(type="Recreate"),
                selector=meta.v1.LabelSelectorArgs(match_labels=_LABELS),
                template=core.v1.PodTemplateSpecArgs(
                    metadata=meta.v1.ObjectMetaArgs(labels=_LABELS), spec=_pod(args, account, script)
                ),
            ),
            opts=self._child(
                provider=namespace.provider, depends_on=[*namespace.ready, *args.node], delete_before_replace=True
            ),
        )
        self.register_outputs({})


def _pod(args: BlockGeneratorArgs, account: core.v1.ServiceAccount, script: core.v1.ConfigMap) -> core.v1.PodSpecArgs:
    return core.v1.PodSpecArgs(
        service_account_name=account.metadata.name,
        automount_service_account_token=False,
        enable_service_links=False,
        security_context=workloads.pod_security(),
        containers=[
            core.v1.ContainerArgs(
                name=_NAME,
                image=args.image,
                command=["/bin/sh", f"{_FOLDER}/{_SCRIPT}"],
                env=_environment(args),
                resources=workloads.resources(_SHARE),
                security_context=workloads.container_security(),
                volume_mounts=[
                    core.v1.VolumeMountArgs(name="script", mount_path=_FOLDER, read_only=True),
                    core.v1.VolumeMountArgs(name="login", mount_path=_LOGIN_FOLDER, read_only=True),
                ],
            )
        ],
        volumes=[
            core.v1.VolumeArgs(name="script", config_map=core.v1.ConfigMapVolumeSourceArgs(name=script.metadata.name)),
            workloads.secret_files("login", SECRET, ("rpc_user", "rpc_pass")),
        ],
    )


def _environment(args: BlockGeneratorArgs) -> list[core.v1.EnvVarArgs]:
    rpc = SERVICES[Service.RPC]
    plain = {
        "MINER": args.namespace.name,
        "RPC_URL": f"http://{rpc.service}:{rpc.port('http').number}",
        "ROTATION": args.rotation,
        "INTERVAL_SECONDS": str(args.interval_seconds),
        "SPREAD_SECONDS": str(args.spread_seconds),
        "MATURITY_BLOCKS": str(_MATURITY_BLOCKS),
        "LOGIN_FOLDER": _LOGIN_FOLDER,
    }
    peers = core.v1.EnvVarSourceArgs(
        config_map_key_ref=core.v1.ConfigMapKeySelectorArgs(name=CONFIG_MAP, key="p2p_static_peers", optional=True)
    )
    return [
        *(core.v1.EnvVarArgs(name=name, value=value) for name, value in plain.items()),
        core.v1.EnvVarArgs(name="PEERS", value_from=peers),
    ]
