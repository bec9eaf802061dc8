"""The `EksCluster` component."""

import pulumi
import pulumi_kubernetes as kubernetes

from components import cidr
from components.base import Component
from components.eks.access import DRIFT_GROUP, AccessEntries, AccessEntriesArgs
from components.eks.access_host import Access, AccessArgs
from components.eks.addons import NETWORK_ADDONS, Addons, AddonsArgs, workload_addons
from components.eks.args import ClusterRef, EksClusterArgs, EndpointAccess
from components.eks.control_plane import ControlPlane
from components.eks.drift_rights import DriftRights, DriftRightsArgs
from components.eks.kubeconfig import kubeconfig
from components.eks.node_groups import NodeGroupContext, NodeGroups, NodeGroupsArgs
from components.eks.nodes import NodeFoundation, NodeFoundationArgs
from components.eks.operator_rights import OperatorRights, OperatorRightsArgs
from components.eks.storage_classes import StorageClasses, StorageClassesArgs


class EksCluster(Component):
    """A region's Kubernetes cluster, from control plane to storage classes.

    Order of creation: control plane (beside it only its key, log group, role and subnets) → network plug-in and
    identity agent → nodes, once they have a way out → other add-ons. Access entries are there before the first
    Kubernetes call. Destroying runs the other way, so that the network plug-in outlives the nodes it serves.

    A private endpoint brings `Access`, and the Kubernetes provider then goes through its tunnel: the first update of
    such an environment is made in two steps (docs/first-up.md).

    `ref` is what other components take.
    """

    TOKEN = "teranode:eks:EksCluster"

    ref: ClusterRef
    access: Access | None

    def __init__(self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        control_plane = ControlPlane(f"{name}-control-plane", args, opts=self._child())
        cluster = control_plane.cluster
        entries = AccessEntries(
            f"{name}-access-entries",
            AccessEntriesArgs(placement=args.placement, cluster_name=cluster.name, roles=args.access),
            opts=self._child(),
        )
        network_addons = Addons(
            f"{name}-network-addons",
            AddonsArgs(
                placement=args.placement,
                cluster_name=args.cluster_name,
                cluster=cluster.name,
                specs=NETWORK_ADDONS,
                versions=args.versions,
            ),
            opts=self._child(),
        )
        foundation = NodeFoundation(
            f"{name}-node-foundation",
            NodeFoundationArgs(
                placement=args.placement,
                cluster_name=args.cluster_name,
                vpc_id=args.network.vpc_id,
                cidr_block=args.network.cidr_block,
                cluster_security_group_id=control_plane.security_group_id,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        node_groups = NodeGroups(
            f"{name}-nodes",
            NodeGroupsArgs(
                context=NodeGroupContext(
                    placement=args.placement,
                    cluster_name=cluster.name,
                    kubernetes_version=args.kubernetes_version,
                    node_release=args.versions.node_release,
                    role_arn=foundation.role_arn,
                    security_group_id=foundation.security_group_id,
                    volume_key_arn=foundation.volume_key_arn,
                    subnet_ids=args.network.private_subnet_ids,
                    protection=args.protection,
                    prerequisites=[*network_addons.installed, *foundation.ready, *args.network.egress],
                ),
                pools=args.pools,
                storage_pools=args.storage_pools,
            ),
            opts=self._child(),
        )
        workload = Addons(
            f"{name}-addons",
            AddonsArgs(
                placement=args.placement,
                cluster_name=args.cluster_name,
                cluster=cluster.name,
                specs=workload_addons(args.placement, args.csi_drivers),
                versions=args.versions,
                volume_key_arn=foundation.volume_key_arn,
                after=node_groups.untainted,
            ),
            opts=self._child(),
        )
        self.access = self._access_host(name, args, control_plane, foundation)
        cluster_kubeconfig = kubeconfig(
            cluster_name=cluster.name,
            endpoint=cluster.endpoint,
            certificate_authority=cluster.certificate_authority.apply(lambda authority: authority.data or ""),
            region=args.placement.region,
            proxy_url=self.access.proxy_url if self.access else None,
        )
        provider = kubernetes.Provider(
            f"{name}-kubernetes",
            kubeconfig=cluster_kubeconfig,
            # The cluster's identity, not its address: an edited kubeconfig then never replaces what runs in it.
            cluster_identifier=cluster.arn,
            enable_server_side_apply=True,
            # One under a fixed name is changed in place; those of which each version has a name say `immutable`.
            enable_config_map_mutable=True,
            opts=self._child(depends_on=entries.deploy, protect=args.protection.protect),
        )
        StorageClasses(
            f"{name}-storage-classes",
            StorageClassesArgs(
                volume_key_arn=foundation.volume_key_arn,
                retain_volumes=args.protection.retain_volumes,
                provider=provider,
            ),
            opts=self._child(),
        )
        if args.access.operator is not None:
            OperatorRights(f"{name}-operator-rights", OperatorRightsArgs(provider=provider), opts=self._child())
        if args.access.drift is not None:
            DriftRights(f"{name}-drift-rights", DriftRightsArgs(provider=provider), opts=self._child())
        self.ref = ClusterRef(
            name=cluster.name,
            arn=cluster.arn,
            provider=provider,
            cluster_security_group_id=control_plane.security_group_id,
            node_security_group_id=foundation.security_group_id,
            volume_key_arn=foundation.volume_key_arn,
            workloads_ready=workload.installed,
            storage_ready=node_groups.storage,
            drift_group=DRIFT_GROUP if args.access.drift is not None else None,
        )
        self.register_outputs({"clusterName": cluster.name, "clusterArn": cluster.arn})

    def _access_host(
        self, name: str, args: EksClusterArgs, control_plane: ControlPlane, foundation: NodeFoundation
    ) -> Access | None:
        if args.endpoint_access is not EndpointAccess.PRIVATE:
            return None
        return Access(
            f"{name}-access",
            AccessArgs(
                placement=args.placement,
                vpc_id=args.network.vpc_id,
                subnet_id=args.network.private_subnet_ids[min(args.network.private_subnet_ids)],
                cidr_block=args.network.cidr_block,
                local_port=cidr.tunnel_port(args.network.cidr_block),
                cluster_security_group_id=control_plane.security_group_id,
                volume_key_arn=foundation.volume_key_arn,
                after=args.network.egress,
            ),
            opts=self._child(),
        )
