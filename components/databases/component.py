"""The `Databases` component: where a region's databases are administered from."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.databases.script import FILE_NAME, SCRIPT
from components.external_secrets import OperatorRef, SecretReader, SecretReaderArgs, SyncedSecret, SyncedSecretArgs
from components.namespace import Namespace, NamespaceArgs, NamespaceRef, PodSecurity
from components.network_policies import Direction, NamespaceRole, Opening, Peer
from components.placement import Placement
from components.protection import Protection
from components.stored_secret import SecretRef
from components.stores import StoreEndpoint

NAMESPACE = "databases"

_PORT = 5432

_ADMINISTRATOR_KEYS = ("username", "password")
"""Of the secret in which RDS keeps the administrator's credentials."""

_QUOTA = {"pods": "50", "requests.cpu": "5", "requests.memory": "5Gi"}


@dataclass(frozen=True, kw_only=True)
class DatabasesArgs:
    """Arguments of `Databases`.

    - `provider`: of the cluster.
    - `vpc_cidr`: where the server answers.
    - `postgres`: the server, whose `secret_arn` and `secret_key_arn` are the administrator's.
    - `image`: reference of an image with psql.
    """

    placement: Placement
    provider: kubernetes.Provider
    vpc_cidr: str
    postgres: StoreEndpoint
    operator: OperatorRef
    image: str
    protection: Protection


@dataclass(frozen=True, kw_only=True)
class DatabasesRef:
    """The place from which databases are made.

    - `administrator`: the Secret with the administrator's `username` and `password`.
    - `script`: the ConfigMap with the SQL.
    """

    namespace: NamespaceRef
    postgres: StoreEndpoint
    operator: OperatorRef
    administrator: pulumi.Output[str]
    script: pulumi.Output[str]
    image: str
    ready: tuple[pulumi.Resource, ...]


class Databases(Component):
    """The namespace that alone sees the administrator's secret, from which jobs make the databases of miners.

    Its pods reach the region's Postgres and name servers, nothing else, and run under the restricted level of Pod
    Security. RDS replaces the administrator's password by itself; the Secret follows within ten minutes, and a job that
    came in between is repeated.
    """

    TOKEN = "teranode:databases:Databases"

    ref: DatabasesRef

    def __init__(self, name: str, args: DatabasesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        administrator = _administrator(args.postgres)
        namespace = Namespace(
            f"{name}-namespace",
            NamespaceArgs(
                namespace=NAMESPACE,
                provider=args.provider,
                role=NamespaceRole.PLATFORM,
                pod_security=PodSecurity.RESTRICTED,
                quota=_QUOTA,
                protection=args.protection,
                openings=(_to_postgres(args.vpc_cidr),),
            ),
            opts=self._child(),
        ).ref
        reader = SecretReader(
            f"{name}-administrator-reader",
            SecretReaderArgs(
                placement=args.placement,
                namespace=namespace,
                store="administrator",
                secrets=(administrator,),
                purpose="Reads the credentials of the administrator of Postgres",
                operator=args.operator,
            ),
            opts=self._child(),
        )
        synced = SyncedSecret(
            f"{name}-administrator",
            SyncedSecretArgs(
                store=reader.ref,
                secrets=(administrator,),
                secret_name="administrator",  # noqa: S106 (a name)
                refresh_interval="10m0s",
            ),
            opts=self._child(),
        )
        script = kubernetes.core.v1.ConfigMap(
            f"{name}-script",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=namespace.name),
            immutable=True,
            data={FILE_NAME: SCRIPT},
            opts=self._child(provider=args.provider, depends_on=namespace.ready),
        )
        self.ref = DatabasesRef(
            namespace=namespace,
            postgres=args.postgres,
            operator=args.operator,
            administrator=synced.name,
            script=script.metadata.name,
            image=args.image,
            ready=(synced.ready, script),
        )
        self.register_outputs({})


def _administrator(postgres: StoreEndpoint) -> SecretRef:
    if postgres.secret_arn is None:
        raise ValueError("the administrator of Postgres has no secret: nobody could make a database")
    return SecretRef(arn=postgres.secret_arn, keys=_ADMINISTRATOR_KEYS, key_arn=postgres.secret_key_arn, version=None)


def _to_postgres(vpc_cidr: str) -> Opening:
    return Opening(name="postgres", direction=Direction.EGRESS, peers=(Peer(cidr=vpc_cidr),), ports=(_PORT,))
