"""The enterprise edition: a cluster of racks that the operator of Aerospike's maker runs."""

import pulumi
import pulumi_kubernetes as kubernetes

from components.aerospike import exporter
from components.aerospike.args import EXPORTER, LABELS, NAME, TERANODE, AerospikeArgs, UtxoStore
from components.aerospike.certificates import Certificates, CertificatesArgs
from components.aerospike.cluster_spec import PASSWORD_DIRECTORY, PASSWORD_KEY, EnterpriseArgs, cluster_spec, settled
from components.aerospike.config import SERVICE_PORT
from components.base import Component
from components.stores import StoreEndpoint

OPERATOR_ACCOUNT = "aerospike-operator-controller-manager"
"""Under this name the operator starts servers, whatever the namespace."""
_OPERATOR_RIGHTS = "aerospike-cluster"
"""What the operator's chart lets those accounts do: read the cluster that they belong to."""

_API_VERSION = "asdb.aerospike.com/v1"


class EnterpriseStore(Component):
    """A rack of servers in each zone, each on a node of its own and its raw disks, and every record in two racks.

    Servers know their users, and speak TLS among themselves; Teranode's client does not, so the port for clients is
    plain and closed to everybody but the miner's pods. The racks' revision is the pool's name: another pool makes other
    racks beside the old ones, to which the operator moves the records before it removes those.

    Nothing but the name replaces the cluster. Deleting it leaves all volumes behind.
    """

    TOKEN = "teranode:aerospike:EnterpriseStore"

    store: UtxoStore

    def __init__(
        self,
        name: str,
        args: AerospikeArgs,
        edition: EnterpriseArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        if args.pool is None:
            raise ValueError("racks keep their records on the local disks of a storage pool, and none is named")
        self._label, self._args = name, args
        authority = Certificates(
            f"{name}-certificates",
            CertificatesArgs(namespace=args.namespace, ready=edition.certificates),
            opts=self._child(),
        )
        metrics = self._metrics()
        rights = self._operator_account()
        cluster = kubernetes.apiextensions.CustomResource(
            f"{name}-cluster",
            api_version=_API_VERSION,
            kind="AerospikeCluster",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=NAME,
                namespace=args.namespace.name,
                labels=LABELS,
                annotations={"pulumi.com/waitFor": settled(args)},
            ),
            spec=cluster_spec(args, edition, metrics.metadata.name),
            opts=self._child(
                provider=args.namespace.provider,
                depends_on=[
                    *args.ready,
                    *args.namespace.ready,
                    *edition.operator,
                    *edition.secrets_ready,
                    *authority.ready,
                    *rights,
                ],
                protect=args.protection.protect,
                retain_on_delete=args.protection.protect,
                delete_before_replace=True,
                # Records move at the pace of the disks, rack by rack.
                custom_timeouts=pulumi.CustomTimeouts(create="60m", update="24h", delete="30m"),
            ),
        )
        self.store = UtxoStore(
            endpoint=StoreEndpoint(
                scheme="aerospike",
                host=pulumi.Output.from_input(f"{NAME}.{args.namespace.name}.svc.cluster.local"),
                port=pulumi.Output.from_input(SERVICE_PORT),
                ready=(cluster,),
            ),
            user=TERANODE,
        )
        self.register_outputs({"host": self.store.endpoint.host})

    def _operator_account(self) -> tuple[pulumi.Resource, ...]:
        args = self._args
        metadata = kubernetes.meta.v1.ObjectMetaArgs(name=OPERATOR_ACCOUNT, namespace=args.namespace.name)
        account = kubernetes.core.v1.ServiceAccount(
            f"{self._label}-operator-account",
            metadata=metadata,
            opts=self._child(
                provider=args.namespace.provider, depends_on=args.namespace.ready, delete_before_replace=True
            ),
        )
        binding = kubernetes.rbac.v1.RoleBinding(
            f"{self._label}-operator-rights",
            metadata=metadata,
            role_ref=kubernetes.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=_OPERATOR_RIGHTS
            ),
            subjects=[
                kubernetes.rbac.v1.SubjectArgs(
                    kind="ServiceAccount", name=OPERATOR_ACCOUNT, namespace=args.namespace.name
                )
            ],
            opts=self._child(
                provider=args.namespace.provider, depends_on=args.namespace.ready, delete_before_replace=True
            ),
        )
        return account, binding

    def _metrics(self) -> kubernetes.core.v1.ConfigMap:
        args = self._args
        return kubernetes.core.v1.ConfigMap(
            f"{self._label}-exporter",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=args.namespace.name, labels=LABELS),
            immutable=True,
            data={
                exporter.CONFIG_KEY: exporter.settings(
                    user=EXPORTER, password_file=f"{PASSWORD_DIRECTORY}/{PASSWORD_KEY}"
                )
            },
            opts=self._child(provider=args.namespace.provider, depends_on=args.namespace.ready),
        )
