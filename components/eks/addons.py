"""Managed add-ons of a cluster, pinned, in two waves around the nodes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.eks.args import ClusterVersions, CsiDriver
from components.placement import Placement
from components.pod_density import WARM_PREFIXES
from components.pools import SYSTEM_POOL

# Addresses of peered networks: pods keep theirs when they talk to them, so that peers can admit by network.
_PRIVATE_NETWORKS = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"


@dataclass(frozen=True, kw_only=True)
class AddonSpec:
    """One add-on: its settings, and the role its service account takes if it calls AWS."""

    name: str
    configuration: Mapping[str, object] = field(default_factory=dict)
    service_account: str | None = None
    aws_policy: str | None = None
    volume_key_use: bool = False


NETWORK_ADDONS = (
    AddonSpec(name="eks-pod-identity-agent"),
    # The network plug-in reaches the API by its service address, which only kube-proxy makes reachable.
    AddonSpec(name="kube-proxy"),
    AddonSpec(
        name="vpc-cni",
        configuration={
            "enableNetworkPolicy": "true",
            "env": {
                "ENABLE_PREFIX_DELEGATION": "true",
                "WARM_PREFIX_TARGET": str(WARM_PREFIXES),
                "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS": _PRIVATE_NETWORKS,
            },
        },
        service_account="aws-node",
        aws_policy="AmazonEKS_CNI_Policy",
    ),
)


def workload_addons(placement: Placement, csi_drivers: Iterable[CsiDriver]) -> tuple[AddonSpec, ...]:
    """Add-ons that run on nodes, or on every node once it is there; storage drivers as asked."""
    volume_tags = {"extraVolumeTags": dict(placement.tags)}
    optional = {
        CsiDriver.EFS: AddonSpec(
            name=CsiDriver.EFS,
            configuration={"controller": {"nodeSelector": SYSTEM_POOL}},
            service_account="efs-csi-controller-sa",
            aws_policy="service-role/AmazonEFSCSIDriverPolicy",
        ),
        CsiDriver.FSX: AddonSpec(
            name=CsiDriver.FSX,
            configuration={"controller": {"nodeSelector": SYSTEM_POOL}},
            service_account="fsx-csi-controller-sa",
            # File systems are made by this project and mounted by static volumes: the driver only looks them up.
            aws_policy="AmazonFSxReadOnlyAccess",
        ),
    }
    return (
        AddonSpec(name="coredns", configuration={"nodeSelector": SYSTEM_POOL}),
        AddonSpec(
            name="aws-ebs-csi-driver",
            # The region is given because pods cannot read it from the instance metadata.
            configuration={"controller": {"region": placement.region, "nodeSelector": SYSTEM_POOL, **volume_tags}},
            service_account="ebs-csi-controller-sa",
            aws_policy="service-role/AmazonEBSCSIDriverPolicy",
            volume_key_use=True,
        ),
        AddonSpec(name="snapshot-controller", configuration={"nodeSelector": SYSTEM_POOL}),
        AddonSpec(name="metrics-server", configuration={"nodeSelector": SYSTEM_POOL}),
        AddonSpec(name="eks-node-monitoring-agent"),
        *(optional[driver] for driver in sorted(csi_drivers)),
    )


@dataclass(frozen=True, kw_only=True)
class AddonsArgs:
    """Arguments of `Addons`.

    - `cluster_name` is the physical name, for trust policies; `cluster` the output that waits for the cluster.
    - `volume_key_arn`: needed by add-ons with `volume_key_use`.
    - `after`: what must stand before the first add-on of the wave.
    """

    placement: Placement
    cluster_name: str
    cluster: pulumi.Input[str]
    specs: Sequence[AddonSpec]
    versions: ClusterVersions
    volume_key_arn: pulumi.Input[str] | None = None
    after: Sequence[pulumi.Resource] = ()


class Addons(Component):
    """A wave of managed add-ons, with a Pod Identity role for each that calls AWS.

    Versions are pinned; a new one updates the add-on in place. AWS's own settings win over stray edits at creation and
    update (`OVERWRITE`), since the add-ons are configured here and nowhere else.
    """

    TOKEN = "teranode:eks:Addons"

    installed: tuple[aws.eks.Addon, ...]

    def __init__(self, name: str, args: AddonsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        missing = sorted(spec.name for spec in args.specs if spec.name not in args.versions.addons)
        if missing:
            raise ValueError(f"no version is pinned for the add-ons {', '.join(missing)}")
        self.installed = tuple(self._addon(spec) for spec in args.specs)
        self.register_outputs({})

    def _addon(self, spec: AddonSpec) -> aws.eks.Addon:
        associations, rights = self._identity(spec)
        return aws.eks.Addon(
            f"{self._logical_name}-{spec.name}",
            cluster_name=self._args.cluster,
            addon_name=spec.name,
            addon_version=self._args.versions.addons[spec.name],
            configuration_values=json.dumps(spec.configuration) if spec.configuration else None,
            pod_identity_associations=associations,
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            opts=self._child(
                depends_on=[*self._args.after, *rights],
                custom_timeouts=pulumi.CustomTimeouts(create="20m", update="20m"),
            ),
        )

    def _identity(
        self, spec: AddonSpec
    ) -> tuple[list[aws.eks.AddonPodIdentityAssociationArgs] | None, list[pulumi.Resource]]:
        if spec.service_account is None or spec.aws_policy is None:
            return None, []
        role = aws.iam.Role(
            f"{self._logical_name}-{spec.name}-role",
            path=self._args.placement.iam_path,
            permissions_boundary=self._args.placement.permissions_boundary,
            description=f"{spec.name} of {self._args.cluster_name}",
            assume_role_policy=iam.pod_identity_trust(self._args.placement, self._args.cluster_name),
            opts=self._child(),
        )
        rights: list[pulumi.Resource] = [
            aws.iam.RolePolicyAttachment(
                f"{self._logical_name}-{spec.name}-policy",
                role=role.name,
                policy_arn=self._args.placement.aws_managed_policy(spec.aws_policy),
                opts=self._child(),
            )
        ]
        if spec.volume_key_use and self._args.volume_key_arn is not None:
            rights.append(self._volume_key_rights(spec, role, self._args.volume_key_arn))
        association = aws.eks.AddonPodIdentityAssociationArgs(role_arn=role.arn, service_account=spec.service_account)
        return [association], rights

    def _volume_key_rights(self, spec: AddonSpec, role: aws.iam.Role, key_arn: pulumi.Input[str]) -> aws.iam.RolePolicy:
        return aws.iam.RolePolicy(
            f"{self._logical_name}-{spec.name}-volume-key",
            role=role.name,
            policy=iam.document_output(
                {
                    "Effect": "Allow",
                    "Action": ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"],
                    "Resource": [key_arn],
                },
                {
                    "Effect": "Allow",
                    "Action": "kms:CreateGrant",
                    "Resource": [key_arn],
                    "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
                },
            ),
            opts=self._child(),
        )
