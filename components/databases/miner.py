"""The `MinerDatabase` component: a miner's databases and roles."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components import naming, workloads
from components.base import Component
from components.databases.component import DatabasesRef
from components.databases.script import FILE_NAME
from components.external_secrets import SecretReader, SecretReaderArgs, SyncedSecret, SyncedSecretArgs
from components.placement import Placement
from components.stored_secret import SecretRef
from components.stores import StoreEndpoint
from components.workloads import Share

_POSTGRES_USER = 70
"""`postgres` in the Alpine variant of the official image."""

_SHARE = Share(cpu="50m", memory="64Mi", cpu_limit="500m")
_SCRIPT_FOLDER = "/script"
_REPETITIONS = 6
_DEADLINE_SECONDS = 1_200
"""Six repetitions wait for about ten minutes altogether: as long as a new administrator's password takes to arrive."""


@dataclass(frozen=True, kw_only=True)
class MinerDatabaseArgs:
    """Arguments of `MinerDatabase`.

    - `roles`: the miner's secret with the names of owner and logins, and the logins' verifiers.
    - `suffixes`: what is appended to the miner's name to call a database; one of them is usually nothing.
    """

    placement: Placement
    miner: str
    databases: DatabasesRef
    roles: SecretRef
    suffixes: tuple[str, ...] = ("",)


class MinerDatabase(Component):
    """One miner's databases in the region's Postgres, with their owner and two logins.

    Creates the right to read the roles' secret from the namespace `databases`, the synced Secret, and a job that runs
    the same script however often: another generation of credentials, or another script, is another job. Jobs are kept
    after they have run, or the next refresh would find them gone and start them again.

    Databases and roles outlive the miner: what a job has made nobody deletes but the administrator, by hand.

    `endpoint.ready` is the job: before it has run nobody can log in.
    """

    TOKEN = "teranode:databases:MinerDatabase"

    endpoint: StoreEndpoint

    def __init__(self, name: str, args: MinerDatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        databases = args.databases
        reader = SecretReader(
            f"{name}-reader",
            SecretReaderArgs(
                placement=args.placement,
                namespace=databases.namespace,
                store=args.miner,
                secrets=(args.roles,),
                purpose=f"Reads the roles of {args.miner} in Postgres",
                operator=databases.operator,
            ),
            opts=self._child(),
        )
        roles = SyncedSecret(
            f"{name}-roles", SyncedSecretArgs(store=reader.ref, secrets=(args.roles,)), opts=self._child()
        )
        account = kubernetes.core.v1.ServiceAccount(
            f"{name}-service-account",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=databases.namespace.name),
            automount_service_account_token=False,
            opts=self._child(provider=databases.namespace.provider, depends_on=databases.namespace.ready),
        )
        job = kubernetes.batch.v1.Job(
            f"{name}-job",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=databases.namespace.name),
            spec=kubernetes.batch.v1.JobSpecArgs(
                backoff_limit=_REPETITIONS,
                active_deadline_seconds=_DEADLINE_SECONDS,
                template=kubernetes.core.v1.PodTemplateSpecArgs(spec=_pod(args, account.metadata.name, roles.name)),
            ),
            opts=self._child(
                provider=databases.namespace.provider,
                depends_on=[*databases.postgres.ready, *databases.ready, roles.ready],
                custom_timeouts=pulumi.CustomTimeouts(create="25m"),
            ),
        )
        self.endpoint = StoreEndpoint(
            scheme="postgres", host=databases.postgres.host, port=databases.postgres.port, ready=(job,)
        )
        self.register_outputs({})


def _pod(
    args: MinerDatabaseArgs, account: pulumi.Output[str], roles: pulumi.Output[str]
) -> kubernetes.core.v1.PodSpecArgs:
    return kubernetes.core.v1.PodSpecArgs(
        restart_policy="Never",
        service_account_name=account,
        automount_service_account_token=False,
        enable_service_links=False,
        security_context=workloads.pod_security(_POSTGRES_USER),
        containers=[
            kubernetes.core.v1.ContainerArgs(
                name="psql",
                image=args.databases.image,
                command=["psql"],
                args=["--no-psqlrc", "--quiet", "--no-password", f"--file={_SCRIPT_FOLDER}/{FILE_NAME}"],
                env=_environment(args, roles),
                resources=workloads.resources(_SHARE),
                security_context=workloads.container_security(),
                volume_mounts=[
                    kubernetes.core.v1.VolumeMountArgs(name="script", mount_path=_SCRIPT_FOLDER, read_only=True)
                ],
            )
        ],
        volumes=[
            kubernetes.core.v1.VolumeArgs(
                name="script",
                config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=args.databases.script),
            )
        ],
    )


def _environment(args: MinerDatabaseArgs, roles: pulumi.Output[str]) -> list[kubernetes.core.v1.EnvVarArgs]:
    """What libpq and the script read. TLS is demanded; the password itself never crosses the wire (SCRAM)."""
    databases, postgres = args.databases, args.databases.postgres
    owner = naming.miner_database(args.miner)
    plain: dict[str, pulumi.Input[str]] = {
        "PGHOST": postgres.host,
        "PGPORT": postgres.port.apply(lambda port: str(int(port))),
        "PGDATABASE": "postgres",
        "PGSSLMODE": "require",
        "PGCONNECT_TIMEOUT": "10",
        "PGAPPNAME": "teranode-infra",
        "DATABASES": ",".join(f"{owner}{suffix}" for suffix in args.suffixes),
    }
    secret = {
        "PGUSER": (databases.administrator, "username"),
        "PGPASSWORD": (databases.administrator, "password"),
        **{key.upper(): (roles, key) for key in args.roles.keys},
    }
    return [
        *(kubernetes.core.v1.EnvVarArgs(name=name, value=value) for name, value in plain.items()),
        *(
            kubernetes.core.v1.EnvVarArgs(
                name=name,
                value_from=kubernetes.core.v1.EnvVarSourceArgs(
                    secret_key_ref=kubernetes.core.v1.SecretKeySelectorArgs(name=source, key=key)
                ),
            )
            for name, (source, key) in secret.items()
        ),
    ]
