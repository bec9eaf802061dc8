"""An operator from a Helm chart: its namespace, the definitions of its resources, and its release."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.namespace import Namespace, NamespaceArgs, NamespaceRef, PodSecurity
from components.network_policies import ANYWHERE, Direction, NamespaceRole, Opening, Peer
from components.platform.definitions import DEFINITIONS_LABEL, Definitions, DefinitionsArgs
from components.platform.sources import ChartSource
from components.protection import Protection

_API_PORT = 443
_RBAC_API = "rbac.authorization.k8s.io"
_DRIFT_ROLE = "teranode-drift"
_QUOTA = {"pods": "30"}
_KEPT_REVISIONS = 5
_TIMEOUT_SECONDS = 600
_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class ClusterContext:
    """What every chart of a cluster is installed with.

    - `api_cidrs`: the blocks in which the Kubernetes API answers pods: its service address and its interfaces.
    - `after`: what a pod needs before it can be scheduled and named.
    - `definitions_role`, `definitions_image`: see `DefinitionsArgs`.
    - `drift_group`: who reads what Helm keeps of a chart, to look for drift; None if nobody does.
    """

    provider: kubernetes.Provider
    api_cidrs: tuple[pulumi.Input[str], ...]
    after: Sequence[pulumi.Resource]
    definitions_role: pulumi.Input[str]
    definitions_image: str
    protection: Protection
    drift_group: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChartArgs:
    """Arguments of `Chart`.

    - `namespace`: fixed name, which is also the name of the release.
    - `definitions`: values that make the chart render its definitions; None if it has none.
    - `openings`: what its pods may do beyond names and the Kubernetes API.
    - `postrender`: executable that mends what the chart makes of them, by its path from the project's folder.
    - `after`: other operators or rights that its pods need to become ready.
    """

    context: ClusterContext
    source: ChartSource
    namespace: str
    values: Mapping[str, object]
    definitions: Mapping[str, object] | None
    openings: tuple[Opening, ...] = ()
    pod_security: PodSecurity = PodSecurity.RESTRICTED
    postrender: str | None = None
    after: Sequence[pulumi.Resource] = ()


class Chart(Component):
    """One operator, installed by Helm in a namespace of its own.

    Helm itself runs (hooks, history, roll-back): an installation that fails leaves nothing behind, an upgrade that
    fails goes back to what ran. Custom resources depend on `ready`, so they are gone before their operator is, and the
    operator before the nodes it runs on. Another namespace replaces the release; values, versions and another
    post-renderer upgrade it.
    """

    TOKEN = "teranode:platform:Chart"

    namespace: NamespaceRef
    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: ChartArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        context, source = args.context, args.source
        self.namespace = Namespace(
            f"{name}-namespace",
            NamespaceArgs(
                namespace=args.namespace,
                provider=context.provider,
                role=NamespaceRole.PLATFORM,
                pod_security=args.pod_security,
                quota=_QUOTA,
                protection=context.protection,
                openings=(*_common_openings(args), *args.openings),
                after=tuple(context.after),
            ),
            opts=self._child(),
        ).ref
        definitions: tuple[pulumi.Resource, ...] = ()
        if args.definitions is not None:
            definitions = Definitions(
                f"{name}-definitions",
                DefinitionsArgs(
                    source=source,
                    release=args.namespace,
                    namespace=self.namespace,
                    values=args.definitions,
                    cluster_role=context.definitions_role,
                    image=context.definitions_image,
                    after=context.after,
                ),
                opts=self._child(),
            ).ready
        release = kubernetes.helm.v3.Release(
            f"{name}-release",
            name=args.namespace,
            namespace=args.namespace,
            chart=source.chart,
            version=source.version,
            repository_opts=_repository(source),
            values=args.values,
            postrender=args.postrender,
            description=_description(args.postrender) if args.postrender else None,
            atomic=True,
            # New objects of a failed upgrade would otherwise stay beside the version that was gone back to.
            cleanup_on_fail=True,
            create_namespace=False,
            max_history=_KEPT_REVISIONS,
            skip_crds=True,
            timeout=_TIMEOUT_SECONDS,
            wait_for_jobs=True,
            opts=self._child(
                provider=context.provider,
                depends_on=[*self.namespace.ready, *definitions, *context.after, *args.after],
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create="20m", update="20m", delete="20m"),
            ),
        )
        self.ready = (release,)
        if context.drift_group is not None:
            self._readable_by(name, context.drift_group)
        self.register_outputs({})

    def _readable_by(self, name: str, group: str) -> None:
        """Helm keeps a release in secrets of its namespace, found by labels: whoever looks at it must list them all."""
        metadata = kubernetes.meta.v1.ObjectMetaArgs(name=_DRIFT_ROLE, namespace=self.namespace.name)
        role = kubernetes.rbac.v1.Role(
            f"{name}-drift-role",
            metadata=metadata,
            rules=[kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[""], resources=["secrets"], verbs=["get", "list"])],
            opts=self._child(
                provider=self.namespace.provider, depends_on=self.namespace.ready, delete_before_replace=True
            ),
        )
        kubernetes.rbac.v1.RoleBinding(
            f"{name}-drift-binding",
            metadata=metadata,
            role_ref=kubernetes.rbac.v1.RoleRefArgs(api_group=_RBAC_API, kind="Role", name=_DRIFT_ROLE),
            subjects=[kubernetes.rbac.v1.SubjectArgs(api_group=_RBAC_API, kind="Group", name=group)],
            opts=self._child(provider=self.namespace.provider, depends_on=[role], delete_before_replace=True),
        )


def _description(postrender: str) -> str:
    """Names what the post-renderer's folder holds, or an edit of it would reach no operator that is installed.

    `helm history` shows it. It is no value, because a chart may refuse values that it does not know.
    """
    files = sorted(path for path in (_PROJECT / postrender).parent.iterdir() if path.is_file())
    content = hashlib.sha256(b"".join(path.name.encode() + b"\0" + path.read_bytes() for path in files))
    return f"mended by {postrender} at {content.hexdigest()[:12]}"


def _common_openings(args: ChartArgs) -> tuple[Opening, ...]:
    api = Opening(
        name="kubernetes-api",
        direction=Direction.EGRESS,
        peers=tuple(Peer(cidr=block) for block in args.context.api_cidrs),
        ports=(_API_PORT,),
    )
    if args.definitions is None or args.source.archive:
        return (api,)
    source = Opening(
        name="chart-source",
        direction=Direction.EGRESS,
        # Repositories and registries hand out addresses of the networks that deliver for them.
        peers=(Peer(cidr=ANYWHERE),),
        ports=tuple(sorted({_API_PORT, args.source.port})),
        pods={DEFINITIONS_LABEL: args.source.name},
    )
    return (api, source)


def _repository(source: ChartSource) -> kubernetes.helm.v3.RepositoryOptsArgs | None:
    return kubernetes.helm.v3.RepositoryOptsArgs(repo=source.repository_url) if source.repository_url else None
