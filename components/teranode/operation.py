"""The `Operation` component: one run of one of this project's scripts beside a node."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_kubernetes import batch, core, meta, rbac

from components import workloads
from components.base import Component
from components.namespace import NamespaceRef

API_LABEL = "teranode-infra/calls"
API_LABELS = {API_LABEL: "kubernetes-api"}
"""Of pods of this project in a miner's namespace that ask the Kubernetes API."""

_SCRIPTS = Path(__file__).parent / "scripts"
_FOLDER = "/scripts"
_LOGIN_FOLDER = "/login"
_SHARE = workloads.Share(cpu="20m", memory="128Mi", cpu_limit="500m")
_GRACE_SECONDS = 120
"""Between a script's own last word and the end of its pod: an image has to be fetched too."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a script may do in its namespace: `verbs` on `resources` of an API `group`, empty for the core's."""

    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OperationArgs:
    """Arguments of `Operation`.

    - `job`: physical name of the Job, of its account and its role.
    - `image`: with a shell, kubectl and curl.
    - `script`: name of a file in `scripts/`.
    - `environment`: variables of the script. When one changes, it runs again.
    - `timeout_seconds`: after which the script gives up and says why.
    - `rules`: rights; a script without any has no token.
    - `login`: a Secret of which the script reads these keys as files.
    - `after`: what must exist before.
    """

    namespace: NamespaceRef
    job: str
    image: str
    script: str
    environment: Mapping[str, pulumi.Input[str]]
    timeout_seconds: int
    after: Sequence[pulumi.Resource]
    rules: tuple[Rule, ...] = ()
    login: tuple[str, tuple[str, ...]] | None = None


class Operation(Component):
    """A Job that runs a script, with an account whose rights are what that script needs.

    It is kept after it has run, or the next refresh would find it gone and run it again. One that failed is replaced,
    and so run again, by the next update. Another script, image or variable is another run too, in the old one's place.
    `ready` is its good end.
    """

    TOKEN = "teranode:teranode:Operation"

    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: OperationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        namespace = args.namespace
        script = core.v1.ConfigMap(
            f"{name}-script",
            metadata=meta.v1.ObjectMetaArgs(namespace=namespace.name),
            immutable=True,
            data={args.script: (_SCRIPTS / args.script).read_text(encoding="utf-8")},
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready),
        )
        account = core.v1.ServiceAccount(
            f"{name}-account",
            metadata=self._metadata(),
            automount_service_account_token=False,
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready, delete_before_replace=True),
        )
        rights = self._rights() if args.rules else []
        job = batch.v1.Job(
            f"{name}-job",
            metadata=self._metadata({"pulumi.com/replaceUnready": "true"}),
            spec=self._spec(script),
            opts=self._child(
                provider=namespace.provider,
                depends_on=[*namespace.ready, account, *rights, *args.after],
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create=f"{args.timeout_seconds + 2 * _GRACE_SECONDS}s"),
            ),
        )
        self.ready = (job,)
        self.register_outputs({})

    def _rights(self) -> list[pulumi.Resource]:
        namespace = self._args.namespace
        role = rbac.v1.Role(
            f"{self._logical_name}-role",
            metadata=self._metadata(),
            rules=[
                rbac.v1.PolicyRuleArgs(api_groups=[rule.group], resources=list(rule.resources), verbs=list(rule.verbs))
                for rule in self._args.rules
            ],
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready, delete_before_replace=True),
        )
        binding = rbac.v1.RoleBinding(
            f"{self._logical_name}-binding",
            metadata=self._metadata(),
            role_ref=rbac.v1.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=self._args.job),
            subjects=[rbac.v1.SubjectArgs(kind="ServiceAccount", name=self._args.job, namespace=namespace.name)],
            opts=self._child(provider=namespace.provider, depends_on=[role], delete_before_replace=True),
        )
        return [role, binding]

    def _spec(self, script: core.v1.ConfigMap) -> batch.v1.JobSpecArgs:
        args = self._args
        return batch.v1.JobSpecArgs(
            backoff_limit=0,
            active_deadline_seconds=args.timeout_seconds + _GRACE_SECONDS,
            # A node that is drained is no failure of the script.
            pod_failure_policy=batch.v1.PodFailurePolicyArgs(
                rules=[
                    batch.v1.PodFailurePolicyRuleArgs(
                        action="Ignore",
                        on_pod_conditions=[
                            batch.v1.PodFailurePolicyOnPodConditionsPatternArgs(type="DisruptionTarget", status="True")
                        ],
                    )
                ]
            ),
            template=core.v1.PodTemplateSpecArgs(
                metadata=meta.v1.ObjectMetaArgs(labels=API_LABELS if args.rules else None), spec=self._pod(script)
            ),
        )

    def _pod(self, script: core.v1.ConfigMap) -> core.v1.PodSpecArgs:
        args = self._args
        mounts = [
            core.v1.VolumeMountArgs(name="script", mount_path=_FOLDER, read_only=True),
            core.v1.VolumeMountArgs(name="work", mount_path="/work"),
        ]
        volumes = [
            core.v1.VolumeArgs(name="script", config_map=core.v1.ConfigMapVolumeSourceArgs(name=script.metadata.name)),
            workloads.scratch("work", "16Mi"),
        ]
        if args.login:
            mounts.append(core.v1.VolumeMountArgs(name="login", mount_path=_LOGIN_FOLDER, read_only=True))
            volumes.append(workloads.secret_files("login", *args.login))
        environment = {
            **args.environment,
            "TIMEOUT_SECONDS": str(args.timeout_seconds),
            "HOME": "/work",
            **({"LOGIN_FOLDER": _LOGIN_FOLDER} if args.login else {}),
        }
        return core.v1.PodSpecArgs(
            restart_policy="Never",
            service_account_name=args.job,
            automount_service_account_token=bool(args.rules),
            enable_service_links=False,
            security_context=workloads.pod_security(),
            containers=[
                core.v1.ContainerArgs(
                    name="script",
                    image=args.image,
                    command=["/bin/sh", f"{_FOLDER}/{args.script}"],
                    env=[core.v1.EnvVarArgs(name=key, value=value) for key, value in sorted(environment.items())],
                    resources=workloads.resources(_SHARE),
                    security_context=workloads.container_security(),
                    # What it says last is what `kubectl describe`, and Pulumi, show of it.
                    termination_message_policy="FallbackToLogsOnError",
                    volume_mounts=mounts,
                )
            ],
            volumes=volumes,
        )

    def _metadata(self, annotations: Mapping[str, str] | None = None) -> meta.v1.ObjectMetaArgs:
        return meta.v1.ObjectMetaArgs(name=self._args.job, namespace=self._args.namespace.name, annotations=annotations)
