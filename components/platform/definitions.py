"""The definitions of a chart's custom resources: applied by a Job for each version, never deleted."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components import workloads
from components.base import Component
from components.namespace import NamespaceRef
from components.platform.sources import ChartSource
from components.pools import SYSTEM_POOL
from components.workloads import Share

DEFINITIONS_LABEL = "teranode-infra/definitions"
"""Of the Job and its pod: the chart whose definitions it applies."""

SCRIPT = """\
set -eu
cd /work
helm template "$RELEASE" "$CHART" ${REPOSITORY:+--repo "$REPOSITORY"} --version "$VERSION" \\
  --namespace "$NAMESPACE" --values /definitions/values.json --include-crds > chart.yaml
awk '
  function emit(  i) { if (wanted) { print "---"; for (i = 0; i < n; i++) print line[i] } n = 0; wanted = 0 }
  /^---/ { emit(); next }
  /^kind: *CustomResourceDefinition *$/ { wanted = 1 }
  { line[n++] = $0 }
  END { emit() }
' chart.yaml > definitions.yaml
test -s definitions.yaml || { echo "chart $CHART $VERSION has no definitions" >&2; exit 1; }
kubectl apply --server-side --force-conflicts --field-manager=teranode-infra-definitions --filename=definitions.yaml
"""
"""Renders the chart as it is published, keeps its definitions, and lets the API server merge them.

Server-side, because a definition can be larger than the annotation of a client-side one; by force, because Helm or a
person may have applied an older one. Charts keep definitions in `crds/` or among their templates: a rendering has both.
"""

_MEMORY = "512Mi"  # helm holds the whole rendering of the largest chart, about 60 MB of it, several times
_SHARE = Share(cpu="100m", memory=_MEMORY, cpu_limit="1")
_DEADLINE_SECONDS = 600
_RETRIES = 4


@dataclass(frozen=True, kw_only=True)
class DefinitionsArgs:
    """Arguments of `Definitions`.

    - `release`: name under which the chart is installed; some charts write it into their definitions.
    - `values`: what switches the definitions on, for charts that keep them among their templates.
    - `cluster_role`: name of the role that may write definitions and nothing else.
    - `image`: one that has `helm`, `kubectl` and a shell.
    - `after`: what a pod needs before it can be scheduled and named.
    """

    source: ChartSource
    release: str
    namespace: NamespaceRef
    values: Mapping[str, object]
    cluster_role: pulumi.Input[str]
    image: str
    after: Sequence[pulumi.Resource]


class Definitions(Component):
    """One run that brings a chart's definitions to the chart's version.

    Helm installs definitions once and never upgrades them; a chart's next version would find those of the last. The
    Job's name carries the version, so another version is another run. It has no time to live: an expired Job would be
    made, and run, again. Definitions are nobody's in Pulumi: deleting one deletes every resource of its kind, so they
    outlive this component, and the cluster's end is theirs.
    """

    TOKEN = "teranode:platform:Definitions"

    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: DefinitionsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        account = kubernetes.core.v1.ServiceAccount(
            f"{name}-account",
            metadata=self._metadata("definitions"),
            automount_service_account_token=False,
            opts=self._child(
                provider=args.namespace.provider, depends_on=args.namespace.ready, delete_before_replace=True
            ),
        )
        binding = kubernetes.rbac.v1.ClusterRoleBinding(
            f"{name}-binding",
            role_ref=kubernetes.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=args.cluster_role
            ),
            subjects=[
                kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name="definitions", namespace=args.namespace.name)
            ],
            opts=self._child(provider=args.namespace.provider),
        )
        inputs = self._inputs()
        job = self._job(inputs, [account, binding])
        self.ready = (job,)
        self.register_outputs({})

    def _inputs(self) -> kubernetes.core.v1.ConfigMap:
        archive = self._args.source.archive
        return kubernetes.core.v1.ConfigMap(
            f"{self._logical_name}-inputs",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=self._args.namespace.name),
            immutable=True,
            data={"apply.sh": SCRIPT, "values.json": json.dumps(self._args.values, indent=1, sort_keys=True)},
            binary_data={"chart.tgz": archive} if archive else None,
            opts=self._child(provider=self._args.namespace.provider, depends_on=self._args.namespace.ready),
        )

    def _job(self, inputs: kubernetes.core.v1.ConfigMap, rights: list[pulumi.Resource]) -> kubernetes.batch.v1.Job:
        labels = {DEFINITIONS_LABEL: self._args.source.name}
        version = self._args.source.version.replace(".", "-").replace("+", "-").lower()
        return kubernetes.batch.v1.Job(
            f"{self._logical_name}-job",
            metadata=self._metadata(f"definitions-{version}", labels),
            spec=kubernetes.batch.v1.JobSpecArgs(
                backoff_limit=_RETRIES,
                active_deadline_seconds=_DEADLINE_SECONDS,
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=labels), spec=self._pod(inputs)
                ),
            ),
            opts=self._child(
                provider=self._args.namespace.provider,
                depends_on=[*self._args.after, *self._args.namespace.ready, *rights],
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create="15m"),
            ),
        )

    def _pod(self, inputs: kubernetes.core.v1.ConfigMap) -> kubernetes.core.v1.PodSpecArgs:
        return kubernetes.core.v1.PodSpecArgs(
            restart_policy="Never",
            service_account_name="definitions",
            # It speaks to the API server: that is all it does.
            automount_service_account_token=True,
            enable_service_links=False,
            node_selector=SYSTEM_POOL,
            security_context=workloads.pod_security(),
            containers=[
                kubernetes.core.v1.ContainerArgs(
                    name="definitions",
                    image=self._args.image,
                    command=["/bin/sh", "/definitions/apply.sh"],
                    env=self._environment(),
                    resources=workloads.resources(_SHARE),
                    security_context=workloads.container_security(),
                    volume_mounts=[
                        kubernetes.core.v1.VolumeMountArgs(name="inputs", mount_path="/definitions", read_only=True),
                        kubernetes.core.v1.VolumeMountArgs(name="work", mount_path="/work"),
                    ],
                )
            ],
            volumes=[
                kubernetes.core.v1.VolumeArgs(
                    name="inputs", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=inputs.metadata.name)
                ),
                workloads.scratch("work", "256Mi"),
            ],
        )

    def _environment(self) -> list[kubernetes.core.v1.EnvVarArgs]:
        source = self._args.source
        values = {
            "CHART": "/definitions/chart.tgz" if source.archive else source.chart,
            "HOME": "/work",
            "NAMESPACE": self._args.namespace.name,
            "RELEASE": self._args.release,
            "REPOSITORY": source.repository_url or "",
            "VERSION": source.version,
        }
        return [kubernetes.core.v1.EnvVarArgs(name=name, value=value) for name, value in values.items()]

    def _metadata(self, name: str, labels: Mapping[str, str] | None = None) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=self._args.namespace.name, labels=labels)
