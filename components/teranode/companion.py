"""What every small workload beside a node has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes import apps, core, meta

from components import workloads
from components.namespace import NamespaceRef
from components.teranode.cluster import SECRET
from components.teranode.services import APP_LABEL


@dataclass(frozen=True, kw_only=True)
class Companion:
    """One hardened pod beside a miner's node, which runs files of this project with an image that has none of them.

    Not a component: what it registers are children of `parent`, named after `label`. Other files are another
    ConfigMap, and the pod restarts to read it. It has no rights in the cluster.

    - `name`: in Kubernetes, of everything but the files.
    - `files`: name to content, mounted at `folder`; `files_kind` says what they are (`script`, `program`).
    - `secrets`: keys of the node's Secret that it reads, as files in `secrets_folder`; `secrets_kind` likewise.
    - `references`: variables whose values Kubernetes looks up, besides the plain `environment`.
    - `after`: what must exist before.
    """

    label: str
    parent: pulumi.Resource
    namespace: NamespaceRef
    name: str
    image: str
    command: Sequence[str]
    files_kind: str
    files: Mapping[str, str]
    folder: str
    secrets_kind: str
    secrets: tuple[str, ...]
    secrets_folder: str
    environment: Mapping[str, str]
    share: workloads.Share
    after: tuple[pulumi.Resource, ...]
    references: Mapping[str, core.v1.EnvVarSourceArgs] = field(default_factory=dict[str, core.v1.EnvVarSourceArgs])

    def register(self) -> None:
        """Register the files, the account and the Deployment."""
        namespace, labels = self.namespace, {APP_LABEL: self.name}
        files = core.v1.ConfigMap(
            f"{self.label}-{self.files_kind}",
            metadata=meta.v1.ObjectMetaArgs(namespace=namespace.name),
            immutable=True,
            data=dict(self.files),
            opts=self._child(namespace.ready),
        )
        account = core.v1.ServiceAccount(
            f"{self.label}-account",
            metadata=meta.v1.ObjectMetaArgs(name=self.name, namespace=namespace.name),
            automount_service_account_token=False,
            opts=self._child(namespace.ready, delete_before_replace=True),
        )
        kubernetes.apps.v1.Deployment(
            f"{self.label}-deployment",
            metadata=meta.v1.ObjectMetaArgs(
                name=self.name,
                namespace=namespace.name,
                labels=labels,
                # Until the node answers it waits by itself; nothing else needs to wait for it.
                annotations={"pulumi.com/skipAwait": "true"},
            ),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=1,
                # Two at once would do the same work twice, or spend the same coins.
                strategy=apps.v1.DeploymentStrategyArgs(type="Recreate"),
                selector=meta.v1.LabelSelectorArgs(match_labels=labels),
                template=core.v1.PodTemplateSpecArgs(
                    metadata=meta.v1.ObjectMetaArgs(labels=labels), spec=self._pod(account, files)
                ),
            ),
            opts=self._child([*namespace.ready, *self.after], delete_before_replace=True),
        )

    def _pod(self, account: core.v1.ServiceAccount, files: core.v1.ConfigMap) -> core.v1.PodSpecArgs:
        variables = [
            *(core.v1.EnvVarArgs(name=name, value=value) for name, value in self.environment.items()),
            *(core.v1.EnvVarArgs(name=name, value_from=source) for name, source in self.references.items()),
        ]
        mounted = ((self.files_kind, self.folder), (self.secrets_kind, self.secrets_folder))
        return core.v1.PodSpecArgs(
            service_account_name=account.metadata.name,
            automount_service_account_token=False,
            enable_service_links=False,
            security_context=workloads.pod_security(),
            containers=[
                core.v1.ContainerArgs(
                    name=self.name,
                    image=self.image,
                    command=list(self.command),
                    env=variables,
                    resources=workloads.resources(self.share),
                    security_context=workloads.container_security(),
                    volume_mounts=[
                        core.v1.VolumeMountArgs(name=volume, mount_path=folder, read_only=True)
                        for volume, folder in mounted
                    ],
                )
            ],
            volumes=[
                core.v1.VolumeArgs(
                    name=self.files_kind, config_map=core.v1.ConfigMapVolumeSourceArgs(name=files.metadata.name)
                ),
                workloads.secret_files(self.secrets_kind, SECRET, self.secrets),
            ],
        )

    def _child(
        self, depends_on: Sequence[pulumi.Resource], *, delete_before_replace: bool | None = None
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self.parent,
            provider=self.namespace.provider,
            depends_on=depends_on,
            delete_before_replace=delete_before_replace,
        )
