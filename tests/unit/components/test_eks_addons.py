"""Add-ons and storage classes of a cluster."""

import json
from dataclasses import replace

import pytest

from components.eks import EndpointAccess
from tests.support.builders import UNLOCKED, built_region, region_args
from tests.support.stacks import at
from tests.unit.components.eks_regions import ZONES, addon, policy_of, region


class TestAddons:
    def test_versions_are_pinned(self) -> None:
        installed = {
            item.inputs["addonName"]: item.inputs["addonVersion"] for item in region().of_type("aws:eks/addon:Addon")
        }

        pinned = region_args().versions.addons
        assert installed == {name: pinned[str(name)] for name in installed}
        assert set(installed) == {
            "vpc-cni",
            "eks-pod-identity-agent",
            "kube-proxy",
            "coredns",
            "aws-ebs-csi-driver",
            "aws-fsx-csi-driver",
            "metrics-server",
            "snapshot-controller",
            "eks-node-monitoring-agent",
        }

    @pytest.mark.parametrize("name", ["coredns", "aws-ebs-csi-driver", "metrics-server"])
    def test_add_ons_that_run_on_nodes_wait_for_the_untainted_ones(self, name: str) -> None:
        groups = {region().named(f"eu-west-1-eks-nodes-system-{zone}").urn for zone in ZONES}

        assert groups <= set(addon(region(), name).dependencies)

    def test_the_network_plugin_delegates_prefixes_enforces_policies_and_keeps_pod_addresses_between_regions(
        self,
    ) -> None:
        configuration = json.loads(str(addon(region(), "vpc-cni").inputs["configurationValues"]))

        assert configuration["enableNetworkPolicy"] == "true"
        assert configuration["env"]["ENABLE_PREFIX_DELEGATION"] == "true"
        assert configuration["env"]["WARM_PREFIX_TARGET"] == "1"
        assert configuration["env"]["AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS"] == "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"

    @pytest.mark.parametrize(
        ("name", "account", "policy"),
        [
            ("vpc-cni", "aws-node", "AmazonEKS_CNI_Policy"),
            ("aws-ebs-csi-driver", "ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"),
        ],
    )
    def test_an_add_on_that_calls_aws_does_so_by_its_own_role(self, name: str, account: str, policy: str) -> None:
        wave = "network-addons" if name == "vpc-cni" else "addons"
        role = region().named(f"eu-west-1-eks-{wave}-{name}-role")
        attachment = region().named(f"eu-west-1-eks-{wave}-{name}-policy")

        assert addon(region(), name).inputs["podIdentityAssociations"] == [
            {"roleArn": role.outputs["arn"], "serviceAccount": account}
        ]
        assert attachment.inputs["policyArn"] == f"arn:aws:iam::aws:policy/{policy}"
        assert attachment.urn in addon(region(), name).dependencies

    def test_no_role_exceeds_the_boundary_of_the_account(self) -> None:
        boundary = "arn:aws:iam::111122223333:policy/boundary"
        simulation = built_region(
            placement=replace(region_args().placement, permissions_boundary=boundary),
            endpoint_access=EndpointAccess.PRIVATE,
        )

        roles = simulation.of_type("aws:iam/role:Role")
        assert len(roles) == 11
        assert all(role.inputs["permissionsBoundary"] == boundary for role in roles)

    def test_a_pod_role_is_bound_to_this_cluster(self) -> None:
        role = region().named("eu-west-1-eks-network-addons-vpc-cni-role")
        [statement] = json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"]

        assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        assert statement["Condition"] == {
            "StringEquals": {"aws:SourceAccount": "111122223333"},
            "ArnEquals": {"aws:SourceArn": "arn:aws:eks:eu-west-1:111122223333:cluster/testing-eu-west-1"},
        }

    def test_the_volume_driver_is_told_its_region_which_pods_cannot_look_up(self) -> None:
        configuration = json.loads(str(addon(region(), "aws-ebs-csi-driver").inputs["configurationValues"]))

        assert configuration["controller"]["region"] == "eu-west-1"
        assert configuration["controller"]["extraVolumeTags"]["environment"] == "testing"

    def test_add_ons_are_configured_here_and_nowhere_else(self) -> None:
        for item in region().of_type("aws:eks/addon:Addon"):
            assert item.inputs["resolveConflictsOnCreate"] == "OVERWRITE"
            assert item.inputs["resolveConflictsOnUpdate"] == "OVERWRITE"

    def test_the_volume_driver_grants_its_key_to_volumes_only(self) -> None:
        [grants] = [
            statement
            for statement in policy_of(region(), "eu-west-1-eks-addons-aws-ebs-csi-driver-volume-key")
            if statement["Action"] == "kms:CreateGrant"
        ]

        assert grants["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}

    def test_the_volume_driver_uses_the_volume_key_and_no_other(self) -> None:
        key = region().named("eu-west-1-eks-node-foundation-volumes-encryption-key").outputs["arn"]
        statements = policy_of(region(), "eu-west-1-eks-addons-aws-ebs-csi-driver-volume-key")

        assert [statement["Resource"] for statement in statements] == [[key], [key]]

    def test_storage_drivers_come_by_need(self) -> None:
        optional = {"aws-efs-csi-driver", "aws-fsx-csi-driver"}
        installed = {str(one.inputs["addonName"]) for one in region().of_type("aws:eks/addon:Addon")}

        assert installed & optional == {"aws-fsx-csi-driver"}

    def test_an_add_on_without_a_pinned_version_is_refused(self) -> None:
        versions = region_args().versions
        unpinned = type(versions)(
            addons={name: build for name, build in versions.addons.items() if name != "coredns"},
            node_release=versions.node_release,
        )

        with pytest.raises(ValueError, match="no version is pinned for the add-ons coredns"):
            built_region(versions=unpinned)


class TestStorageClasses:
    def test_the_default_class_is_encrypted_expandable_and_follows_the_pod(self) -> None:
        storage_class = region().named("eu-west-1-eks-storage-classes-gp3")
        key = region().named("eu-west-1-eks-node-foundation-volumes-encryption-key").outputs["arn"]

        assert storage_class.inputs["parameters"] == {"type": "gp3", "encrypted": "true", "kmsKeyId": key}
        assert storage_class.inputs["allowVolumeExpansion"] is True
        assert storage_class.inputs["volumeBindingMode"] == "WaitForFirstConsumer"
        assert storage_class.delete_before_replace is True
        assert at(storage_class.inputs, "metadata.annotations") == {
            "storageclass.kubernetes.io/is-default-class": "true"
        }

    def test_there_is_one_default(self) -> None:
        other = region().named("eu-west-1-eks-storage-classes-gp3-io")

        assert at(other.inputs, "metadata.annotations") == {"storageclass.kubernetes.io/is-default-class": "false"}

    @pytest.mark.parametrize(("retain", "policy"), [(True, "Retain"), (False, "Delete")])
    def test_whether_a_volume_outlives_its_claim_is_the_environments_choice(self, *, retain: bool, policy: str) -> None:
        simulation = region() if retain else built_region(protection=UNLOCKED)

        assert simulation.named("eu-west-1-eks-storage-classes-gp3").inputs["reclaimPolicy"] == policy
