"""The `TransactionLoad` component."""

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes import apps, core, meta

from components import workloads
from components.base import Component
from components.namespace import NamespaceRef
from components.teranode.cluster import SECRET
from components.teranode.services import APP_LABEL, SERVICES, Service
from components.teranode.settings import WALLET_KEYS

_NAME = "transaction-load"
_LABELS = {APP_LABEL: _NAME}
_PACKAGE = "load"
_PROGRAM = Path(__file__).parent / "scripts" / _PACKAGE
_FOLDER = "/program"
_WALLET_FOLDER = "/wallet"
_API = "/api/v1"
_SHARE = workloads.Share(cpu="50m", memory="128Mi", cpu_limit="500m")


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
    node's asset service and propagation, and nothing outside the namespace. Another program is another ConfigMap.
    """

    TOKEN = "teranode:teranode:TransactionLoad"

    def __init__(self, name: str, args: TransactionLoadArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        namespace = args.namespace
        program = core.v1.ConfigMap(
            f"{name}-program",
            metadata=meta.v1.ObjectMetaArgs(namespace=namespace.name),
            immutable=True,
            data={path.name: path.read_text(encoding="utf-8") for path in sorted(_PROGRAM.glob("*.py"))},
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
                # Two at once would spend the same coins.
                strategy=apps.v1.DeploymentStrategyArgs(type="Recreate"),
                selector=meta.v1.LabelSelectorArgs(match_labels=_LABELS),
                template=core.v1.PodTemplateSpecArgs(
                    metadata=meta.v1.ObjectMetaArgs(labels=_LABELS), spec=_pod(args, account, program)
                ),
            ),
            opts=self._child(
                provider=namespace.provider, depends_on=[*namespace.ready, *args.node], delete_before_replace=True
            ),
        )
        self.register_outputs({})


def _pod(args: TransactionLoadArgs, account: core.v1.ServiceAccount, program: core.v1.ConfigMap) -> core.v1.PodSpecArgs:
    return core.v1.PodSpecArgs(
        service_account_name=account.metadata.name,
        automount_service_account_token=False,
        enable_service_links=False,
        security_context=workloads.pod_security(),
        containers=[
            core.v1.ContainerArgs(
                name=_NAME,
                image=args.image,
                command=["python3", "-m", _PACKAGE],
                env=[core.v1.EnvVarArgs(name=name, value=value) for name, value in _environment(args).items()],
                resources=workloads.resources(_SHARE),
                security_context=workloads.container_security(),
                volume_mounts=[
                    core.v1.VolumeMountArgs(name="program", mount_path=f"{_FOLDER}/{_PACKAGE}", read_only=True),
                    core.v1.VolumeMountArgs(name="wallet", mount_path=_WALLET_FOLDER, read_only=True),
                ],
            )
        ],
        volumes=[
            core.v1.VolumeArgs(
                name="program", config_map=core.v1.ConfigMapVolumeSourceArgs(name=program.metadata.name)
            ),
            workloads.secret_files("wallet", SECRET, (WALLET_KEYS,)),
        ],
    )


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
