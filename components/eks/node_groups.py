"""Managed node groups, one per pool and zone: scaled pools, and fixed ones with local disks."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.eks.args import Architecture, Capacity, NodePool, StoragePool
from components.eks.launch_templates import METADATA_OPTIONS, root_volume, tag_specifications
from components.placement import Placement
from components.pod_density import MAX_PODS
from components.pools import LOCAL_DISKS_FOLDER, POOL_LABEL, STORAGE_TAINT
from components.protection import Protection

_AMI_TYPE = {Architecture.ARM64: "AL2023_ARM_64_STANDARD", Architecture.AMD64: "AL2023_x86_64_STANDARD"}
_CAPACITY_TYPE = {Capacity.ON_DEMAND: "ON_DEMAND", Capacity.SPOT: "SPOT"}
_IMAGE = ["version", "releaseVersion", "launchTemplate.version"]
"""What EKS would replace the nodes of a group for, and with them their disks."""
_TIMEOUTS = pulumi.CustomTimeouts(create="30m", update="90m", delete="30m")

_NODE_CONFIG = f"""\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="teranode"

--teranode
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    config:
      maxPods: {MAX_PODS}

--teranode"""

# The links are what the static provisioner discovers. They are made at every boot, before the kubelet starts, since a
# stopped instance comes back with other disks; and made here, since a pod could only do it with the node's own rights.
# One link for each disk, whatever number of names udev has for it: two would be two volumes on one disk.
_LINK_LOCAL_DISKS = f"""
Content-Type: text/cloud-boothook; charset="us-ascii"

#!/bin/bash
set -o errexit -o nounset -o pipefail
rm -rf {LOCAL_DISKS_FOLDER}
mkdir -p {LOCAL_DISKS_FOLDER}
udevadm settle
declare -A linked=()
for name in /dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_*; do
  [[ -b "$name" && "$name" != *-part* ]] || continue
  device=$(readlink -f "$name")
  [[ -z "${{linked[$device]:-}}" ]] || continue
  linked[$device]=yes
  ln -s "$name" "{LOCAL_DISKS_FOLDER}/$(basename "$name")"
done

--teranode"""


@dataclass(frozen=True, kw_only=True)
class NodeGroupContext:
    """What every node group of a cluster is made with.

    - `subnet_ids`: private subnets by zone.
    - `node_release`, `kubernetes_version`: the machine image, pinned so that AWS's new ones do not replace nodes.
    - `prerequisites`: network plug-in, node rights and ways out; a node that starts before them never becomes ready.
    """

    placement: Placement
    cluster_name: pulumi.Input[str]
    kubernetes_version: str
    node_release: str
    role_arn: pulumi.Input[str]
    security_group_id: pulumi.Input[str]
    volume_key_arn: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Output[str]]
    protection: Protection
    prerequisites: Sequence[pulumi.Resource]


@dataclass(frozen=True, kw_only=True)
class NodeGroupsArgs:
    """Arguments of `NodeGroups`."""

    context: NodeGroupContext
    pools: Sequence[NodePool]
    storage_pools: Sequence[StoragePool]


@dataclass(frozen=True, kw_only=True)
class _Nodes:
    """What a group is made of; nodes that hold data are tainted, protected, and neither scaled nor repaired."""

    architecture: Architecture
    capacity: Capacity
    instance_types: tuple[str, ...]
    min_nodes: int
    max_nodes: int
    holds_data: bool = False


class NodeGroups(Component):
    """All node groups of a cluster: one per pool and zone, with one launch template per pool.

    Templates demand IMDSv2 with a hop limit of one (pods never see the node's credentials), encrypt the root volume
    with the cluster's volume key, allow no SSH and tag what EC2 makes. Groups have no fixed names, so that a replaced
    one is up before the old one goes.

    Instance types, architecture, capacity and zones of a group replace it; size and labels change in place, and
    so do versions where nodes hold no data. A storage pool keeps the image and template that it was made with.
    """

    TOKEN = "teranode:eks:NodeGroups"

    untainted: tuple[aws.eks.NodeGroup, ...]
    storage: Mapping[str, tuple[aws.eks.NodeGroup, ...]]
    """By pool."""

    def __init__(self, name: str, args: NodeGroupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._context = args.context
        self.untainted = tuple(group for pool in args.pools for group in self._pool(pool))
        self.storage = {pool.name: self._storage_pool(pool) for pool in args.storage_pools}
        self.register_outputs({})

    def _pool(self, pool: NodePool) -> list[aws.eks.NodeGroup]:
        template = self._launch_template(pool.name, pool.disk_gib)
        nodes = _Nodes(
            architecture=pool.architecture,
            capacity=pool.capacity,
            instance_types=pool.instance_types,
            min_nodes=pool.min_nodes_per_zone,
            max_nodes=pool.max_nodes_per_zone,
        )
        return [self._node_group(pool.name, zone, template, nodes) for zone in sorted(self._context.subnet_ids)]

    def _storage_pool(self, pool: StoragePool) -> tuple[aws.eks.NodeGroup, ...]:
        template = self._launch_template(pool.name, pool.disk_gib, _LINK_LOCAL_DISKS)
        nodes = _Nodes(
            architecture=pool.architecture,
            capacity=Capacity.ON_DEMAND,
            instance_types=(pool.instance_type,),
            min_nodes=pool.nodes_per_zone,
            max_nodes=pool.nodes_per_zone,
            holds_data=True,
        )
        return tuple(self._node_group(pool.name, zone, template, nodes) for zone in sorted(pool.zones))

    def _node_group(self, pool: str, zone: str, template: aws.ec2.LaunchTemplate, nodes: _Nodes) -> aws.eks.NodeGroup:
        context = self._context
        labels = {POOL_LABEL: pool}
        taints = None
        if nodes.holds_data:
            labels[STORAGE_TAINT] = pool
            taints = [aws.eks.NodeGroupTaintArgs(key=STORAGE_TAINT, value=pool, effect="NO_SCHEDULE")]
        return aws.eks.NodeGroup(
            f"{self._logical_name}-{pool}-{zone}",
            cluster_name=context.cluster_name,
            node_role_arn=context.role_arn,
            subnet_ids=[context.subnet_ids[zone]],
            ami_type=_AMI_TYPE[nodes.architecture],
            capacity_type=_CAPACITY_TYPE[nodes.capacity],
            instance_types=list(nodes.instance_types),
            version=context.kubernetes_version,
            release_version=context.node_release,
            force_update_version=False,
            launch_template=_version_of(template),
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=nodes.min_nodes, max_size=nodes.max_nodes, desired_size=max(nodes.min_nodes, 1)
            ),
            update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
            node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=not nodes.holds_data),
            labels=labels,
            taints=taints,
            tags={"Name": f"{pool}-{zone}"},
            opts=self._child(
                depends_on=context.prerequisites,
                protect=nodes.holds_data and context.protection.in_zone(zone).protect,
                # Nodes that hold data keep what they were made with: another image comes by another pool. Whoever adds
                # nodes, a person or an autoscaler, owns the size of a scaled group once it exists.
                ignore_changes=_IMAGE if nodes.holds_data else ["scalingConfig.desiredSize"],
                custom_timeouts=_TIMEOUTS,
            ),
        )

    def _launch_template(self, pool_name: str, disk_gib: int, boot_script: str = "") -> aws.ec2.LaunchTemplate:
        context = self._context
        tags = {**context.placement.tags, "Name": f"{context.placement.environment}-{pool_name}"}
        return aws.ec2.LaunchTemplate(
            f"{self._logical_name}-template-{pool_name}",
            description=f"Nodes of pool {pool_name}",
            update_default_version=True,
            block_device_mappings=[root_volume(disk_gib, context.volume_key_arn)],
            metadata_options=METADATA_OPTIONS,
            vpc_security_group_ids=[context.security_group_id],
            user_data=base64.b64encode(f"{_NODE_CONFIG}{boot_script}--\n".encode()).decode(),
            tag_specifications=tag_specifications(tags),
            tags={"Name": pool_name},
            opts=self._child(),
        )


def _version_of(template: aws.ec2.LaunchTemplate) -> aws.eks.NodeGroupLaunchTemplateArgs:
    return aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str))
