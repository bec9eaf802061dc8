"""The `Seed` component: a node's first blocks from a snapshot instead of from its peers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_kubernetes import batch, core, meta

from components import workloads
from components.base import Component
from components.namespace import NamespaceRef
from components.teranode.cluster import CLAIM, CONFIG_MAP, DATA_FOLDER, SECRET
from components.teranode.openings import PODS
from components.workloads import Share

JOB = "seed"
"""Name of the Job: people follow its log, and the gate waits for it."""

_HEX = re.compile(r"[0-9a-f]{64}")
_SCRIPTS = Path(__file__).parent / "scripts"
_FILES = ("seed-check.sh", "seed-store.sh", "seed-fetch.sh", "seed-import.sh")
_FOLDER = "/scripts"
_REFUSED = 42
"""Exit code of a refusal: psql ends with 1 to 3, shells with 126 and more."""
_LOGIN = "blockchain_store"
_IMAGES = [
    *(f"spec.template.spec.initContainers[{number}].image" for number in range(3)),
    "spec.template.spec.containers[0].image",
]
_ATTEMPTS = 10
_DEADLINE_SECONDS = 4 * 24 * 3600
"""Upstream's own figures are hours for the download and four to eight for the import of mainnet."""

_HELPER = Share(cpu="250m", memory="256Mi", cpu_limit="2")
_IMPORT = Share(cpu="2", memory="12Gi", cpu_limit="6")
"""Of a node whose services are stopped: they leave room for it."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A published UTXO set.

    - `url`: of the folder with the files `<block_hash>.utxo-headers` and `<block_hash>.utxo-set`.
    - `height`: of the block, at which the node then stands.
    - `headers_sha256`, `utxo_set_sha256`: of the files, as 64 hex digits.
    """

    url: str
    block_hash: str
    height: int
    headers_sha256: str
    utxo_set_sha256: str

    def __post_init__(self) -> None:
        for value in (self.block_hash, self.headers_sha256, self.utxo_set_sha256):
            if not _HEX.fullmatch(value):
                raise ValueError(f"{value!r} is no hash: 64 hex digits in lower case")


@dataclass(frozen=True, kw_only=True)
class SeedArgs:
    """Arguments of `Seed`.

    - `image`: Teranode's, whose seeder writes into the stores; `tools`, `database_client`: with curl, with psql.
    - `store_metrics`: URL at which an exporter tells how many records the UTXO store has; None for a database.
    - `node_selector`: of nodes that have room for an import.
    - `after`: the stores, the Secret and the volume. The claim comes with the `Cluster`: the pod waits for it.
    """

    namespace: NamespaceRef
    snapshot: Snapshot
    image: str
    tools: str
    database_client: str
    store_metrics: pulumi.Input[str] | None
    node_selector: Mapping[str, str]
    after: Sequence[pulumi.Resource]


class Seed(Component):
    """A Job that brings a snapshot into a stopped node's stores: checked for data, fetched, verified, imported.

    An update does not wait for it: it takes hours, and longer than credentials last. Each step can be repeated, and a
    pod that was lost is followed by another one, which goes on where it ended; a refusal is final. What is done is
    remembered on the node's own volume, so that whoever deletes the Job seeds nothing twice.

    Two of its containers are root, as Teranode is: the folder belongs to root.
    """

    TOKEN = "teranode:teranode:Seed"

    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: SeedArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        namespace = args.namespace
        script = core.v1.ConfigMap(
            f"{name}-script",
            metadata=meta.v1.ObjectMetaArgs(namespace=namespace.name),
            immutable=True,
            data={file: (_SCRIPTS / file).read_text(encoding="utf-8") for file in _FILES},
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready),
        )
        account = core.v1.ServiceAccount(
            f"{name}-account",
            metadata=meta.v1.ObjectMetaArgs(name=JOB, namespace=namespace.name),
            automount_service_account_token=False,
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready, delete_before_replace=True),
        )
        job = batch.v1.Job(
            f"{name}-job",
            metadata=meta.v1.ObjectMetaArgs(
                name=JOB, namespace=namespace.name, annotations={"pulumi.com/skipAwait": "true"}
            ),
            spec=batch.v1.JobSpecArgs(
                backoff_limit=_ATTEMPTS,
                active_deadline_seconds=_DEADLINE_SECONDS,
                pod_failure_policy=batch.v1.PodFailurePolicyArgs(
                    rules=[_refusal("check"), _refusal("store"), _disruption()]
                ),
                template=core.v1.PodTemplateSpecArgs(
                    metadata=meta.v1.ObjectMetaArgs(labels=dict(PODS)), spec=self._pod(script)
                ),
            ),
            opts=self._child(
                provider=namespace.provider,
                depends_on=[*namespace.ready, account, *args.after],
                delete_before_replace=True,
                # A release would make the Job anew: beside a node that runs, or in the middle of an import.
                ignore_changes=_IMAGES,
            ),
        )
        self.ready = (job,)
        self.register_outputs({})

    def _pod(self, script: core.v1.ConfigMap) -> core.v1.PodSpecArgs:
        args = self._args
        return core.v1.PodSpecArgs(
            restart_policy="Never",
            service_account_name=JOB,
            automount_service_account_token=False,
            enable_service_links=False,
            node_selector=dict(args.node_selector),
            security_context=core.v1.PodSecurityContextArgs(
                seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault")
            ),
            init_containers=[
                self._container("check", args.database_client, "seed-check.sh", _HELPER, env=[_login()]),
                *self._store_check(),
                self._container("fetch", args.tools, "seed-fetch.sh", _HELPER),
            ],
            containers=[self._container("import", args.image, "seed-import.sh", _IMPORT, env_from=_settings())],
            volumes=[
                core.v1.VolumeArgs(
                    name="script", config_map=core.v1.ConfigMapVolumeSourceArgs(name=script.metadata.name)
                ),
                core.v1.VolumeArgs(
                    name="data",
                    persistent_volume_claim=core.v1.PersistentVolumeClaimVolumeSourceArgs(claim_name=CLAIM),
                ),
                workloads.scratch("work", "1Gi"),
            ],
        )

    def _store_check(self) -> list[core.v1.ContainerArgs]:
        if self._args.store_metrics is None:
            return []
        where = core.v1.EnvVarArgs(name="STORE_METRICS", value=self._args.store_metrics)
        return [self._container("store", self._args.tools, "seed-store.sh", _HELPER, env=[where])]

    def _container(
        self,
        name: str,
        image: str,
        script: str,
        share: Share,
        *,
        env: Sequence[core.v1.EnvVarArgs] = (),
        env_from: Sequence[core.v1.EnvFromSourceArgs] = (),
    ) -> core.v1.ContainerArgs:
        """One step; `env` and `env_from` are what it gets of Teranode's Secret."""
        miner, snapshot = self._args.namespace.name, self._args.snapshot
        data = f"{DATA_FOLDER}/{miner}"
        environment = {
            "BLOCK_HASH": snapshot.block_hash,
            "DATA": data,
            "FOLDER": f"{data}/seed/{snapshot.block_hash}",
            "HEADERS_SHA256": snapshot.headers_sha256,
            "HOME": "/work",
            "URL": snapshot.url,
            "UTXO_SET_SHA256": snapshot.utxo_set_sha256,
        }
        return core.v1.ContainerArgs(
            name=name,
            image=image,
            command=["/bin/sh", f"{_FOLDER}/{script}"],
            env=[*(core.v1.EnvVarArgs(name=key, value=value) for key, value in environment.items()), *env],
            env_from=list(env_from) or None,
            resources=workloads.resources(share),
            security_context=core.v1.SecurityContextArgs(
                allow_privilege_escalation=False,
                read_only_root_filesystem=True,
                run_as_user=0,
                capabilities=core.v1.CapabilitiesArgs(drop=["ALL"]),
                seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
            ),
            termination_message_policy="FallbackToLogsOnError",
            volume_mounts=[
                core.v1.VolumeMountArgs(name="script", mount_path=_FOLDER, read_only=True),
                core.v1.VolumeMountArgs(name="data", mount_path=DATA_FOLDER),
                core.v1.VolumeMountArgs(name="work", mount_path="/work"),
            ],
        )


def _login() -> core.v1.EnvVarArgs:
    """Of Teranode's Secret what a client of the database needs."""
    source = core.v1.EnvVarSourceArgs(secret_key_ref=core.v1.SecretKeySelectorArgs(name=SECRET, key=_LOGIN))
    return core.v1.EnvVarArgs(name=_LOGIN, value_from=source)


def _settings() -> list[core.v1.EnvFromSourceArgs]:
    """All that Teranode gets: it reads its settings from there alone."""
    return [
        core.v1.EnvFromSourceArgs(config_map_ref=core.v1.ConfigMapEnvSourceArgs(name=CONFIG_MAP)),
        core.v1.EnvFromSourceArgs(secret_ref=core.v1.SecretEnvSourceArgs(name=SECRET)),
    ]


def _refusal(container: str) -> batch.v1.PodFailurePolicyRuleArgs:
    return batch.v1.PodFailurePolicyRuleArgs(
        action="FailJob",
        on_exit_codes=batch.v1.PodFailurePolicyOnExitCodesRequirementArgs(
            container_name=container, operator="In", values=[_REFUSED]
        ),
    )


def _disruption() -> batch.v1.PodFailurePolicyRuleArgs:
    """A node that is drained is no failure of the import."""
    lost = batch.v1.PodFailurePolicyOnPodConditionsPatternArgs(type="DisruptionTarget", status="True")
    return batch.v1.PodFailurePolicyRuleArgs(action="Ignore", on_pod_conditions=[lost])
