"""Node groups: launch templates, sizes, what holds their nodes."""

import base64

import pytest
import yaml

from components.eks import Architecture, Capacity, NodePool, StoragePool
from tests.support.builders import built_region, region_args
from tests.support.stacks import at
from tests.unit.components.eks_regions import NODE_GROUP, ZONES, addon, cluster, private_region, region


class TestNodes:
    @pytest.mark.parametrize("zone", ZONES)
    def test_a_pool_is_one_group_per_zone_and_its_size_is_left_to_the_autoscaler(self, zone: str) -> None:
        group = region().named(f"eu-west-1-eks-nodes-system-{zone}")

        assert group.inputs["subnetIds"] == [region().named(f"eu-west-1-network-subnet-private-{zone}").id]
        assert group.inputs["scalingConfig"] == {"minSize": 1, "maxSize": 2, "desiredSize": 1}
        assert group.ignore_changes == ("scalingConfig.desiredSize",)
        assert group.inputs["labels"] == {"teranode.io/pool": "system"}
        assert "taints" not in group.inputs

    @pytest.mark.parametrize("zone", ZONES)
    def test_a_storage_pool_is_one_fixed_tainted_group_per_zone(self, zone: str) -> None:
        group = region().named(f"eu-west-1-eks-nodes-aerospike-{zone}")

        assert group.inputs["subnetIds"] == [region().named(f"eu-west-1-network-subnet-private-{zone}").id]
        assert group.inputs["scalingConfig"] == {"minSize": 1, "maxSize": 1, "desiredSize": 1}
        assert group.inputs["taints"] == [{"key": "teranode.io/storage", "value": "aerospike", "effect": "NO_SCHEDULE"}]
        assert group.inputs["capacityType"] == "ON_DEMAND"
        assert group.inputs["nodeRepairConfig"] == {"enabled": False}
        assert group.inputs["forceUpdateVersion"] is False
        assert group.ignore_changes == ("version", "releaseVersion", "launchTemplate.version")
        assert group.protect

    def test_nodes_wait_for_the_network_plugin_their_rights_and_a_way_out(self) -> None:
        simulation = region()
        needed = {
            addon(simulation, "vpc-cni").urn,
            addon(simulation, "eks-pod-identity-agent").urn,
            addon(simulation, "kube-proxy").urn,
            *(item.urn for item in simulation.resources if item.name.startswith("eu-west-1-eks-node-foundation-role-")),
            *(simulation.named(f"eu-west-1-network-route-nat-{zone}").urn for zone in ZONES),
        }

        groups = simulation.of_type(NODE_GROUP)
        assert len(groups) == 6
        for group in groups:
            assert needed <= set(group.dependencies)

    @pytest.mark.parametrize(
        ("rule", "group", "source", "ports"),
        [
            ("ingress-nodes", "nodes", "nodes", None),
            ("ingress-kubelet", "nodes", "cluster", (10250, 10250)),
            ("ingress-webhooks", "nodes", "cluster", (1025, 65535)),
            ("ingress-webhooks-https", "nodes", "cluster", (443, 443)),
            ("api-from-nodes", "cluster", "nodes", (443, 443)),
        ],
    )
    def test_nodes_and_control_plane_reach_each_other_where_they_must(
        self, rule: str, group: str, source: str, ports: tuple[int, int] | None
    ) -> None:
        groups = {
            "nodes": region().named("eu-west-1-eks-node-foundation-security-group").id,
            "cluster": at(cluster(region()).outputs, "vpcConfig.clusterSecurityGroupId"),
        }
        inputs = region().named(f"eu-west-1-eks-node-foundation-{rule}").inputs

        assert inputs["securityGroupId"] == groups[group]
        assert inputs["referencedSecurityGroupId"] == groups[source]
        assert (inputs.get("fromPort"), inputs.get("toPort")) == (ports or (None, None))

    def test_nodes_leave_by_https_and_dns_only(self) -> None:
        out = {
            (rule.inputs["ipProtocol"], rule.inputs.get("fromPort"), rule.inputs["cidrIpv4"])
            for rule in region().of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
            if "cidrIpv4" in rule.inputs
        }

        assert out == {("tcp", 443, "0.0.0.0/0"), ("udp", 53, "10.16.0.0/16"), ("tcp", 53, "10.16.0.0/16")}

    def test_pods_cannot_read_the_nodes_credentials_and_volumes_are_encrypted(self) -> None:
        key = private_region().named("eu-west-1-eks-node-foundation-volumes-encryption-key").outputs["arn"]
        templates = private_region().of_type("aws:ec2/launchTemplate:LaunchTemplate")

        assert len(templates) == 3
        for template in templates:
            assert template.inputs["metadataOptions"] == {
                "httpEndpoint": "enabled",
                "httpTokens": "required",
                "httpPutResponseHopLimit": 1,
            }
            assert at(template.inputs, "blockDeviceMappings.0.ebs.encrypted") == "true"
            assert at(template.inputs, "blockDeviceMappings.0.ebs.kmsKeyId") == key
            assert at(template.inputs, "blockDeviceMappings.0.ebs.deleteOnTermination") == "true"
            assert "keyName" not in template.inputs

    def test_what_ec2_makes_for_a_node_carries_the_environments_tags(self) -> None:
        template = region().named("eu-west-1-eks-nodes-template-system")

        assert template.inputs["tagSpecifications"] == [
            {
                "resourceType": kind,
                "tags": {"environment": "testing", "owner": "devops@example.org", "Name": "testing-system"},
            }
            for kind in ("instance", "volume", "network-interface")
        ]

    def test_kubelets_take_the_pods_that_prefixes_make_room_for(self) -> None:
        template = region().named("eu-west-1-eks-nodes-template-system")
        parts = base64.b64decode(str(template.inputs["userData"])).decode().split("--teranode")
        config = yaml.safe_load(parts[1].split("\n\n", 1)[1])

        assert config["spec"] == {"kubelet": {"config": {"maxPods": 110}}}

    def test_the_node_role_may_join_pull_and_open_sessions(self) -> None:
        role = region().named("eu-west-1-eks-node-foundation-role")
        attached = {
            str(item.inputs["policyArn"]).rsplit("/", 1)[1]
            for item in region().of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            if item.inputs["role"] == role.outputs["name"]
        }

        assert attached == {
            "AmazonEKSWorkerNodePolicy",
            "AmazonEC2ContainerRegistryPullOnly",
            "AmazonSSMManagedInstanceCore",
        }

    @pytest.mark.parametrize(
        ("architecture", "image"),
        [(Architecture.ARM64, "AL2023_ARM_64_STANDARD"), (Architecture.AMD64, "AL2023_x86_64_STANDARD")],
    )
    def test_a_pools_image_follows_its_architecture(self, architecture: Architecture, image: str) -> None:
        pool = NodePool(
            name="general",
            architecture=architecture,
            instance_types=("m7g.large",),
            min_nodes_per_zone=1,
            max_nodes_per_zone=2,
            disk_gib=50,
            capacity=Capacity.SPOT,
        )
        group = built_region(pools=(pool,)).named("eu-west-1-eks-nodes-general-eu-west-1a")

        assert group.inputs["amiType"] == image
        assert group.inputs["capacityType"] == "SPOT"

    def test_a_second_storage_pool_changes_nothing_of_the_first(self) -> None:
        first = region_args().storage_pools
        second = StoragePool(
            name="aerospike-2",
            architecture=Architecture.AMD64,
            instance_type="i7i.large",
            nodes_per_zone=2,
            zones=ZONES,
        )
        after = built_region(storage_pools=(*first, second))

        added = {item.name for item in after.resources} - {item.name for item in region().resources}
        assert added == {
            "eu-west-1-eks-nodes-template-aerospike-2",
            *(f"eu-west-1-eks-nodes-aerospike-2-{zone}" for zone in ZONES),
        }
        for resource in region().resources:
            assert after.by_urn[resource.urn].inputs == resource.inputs

    @pytest.mark.parametrize(
        ("fewest", "most"),
        [(3, 2), (-1, 2), (0, 0)],
    )
    def test_pool_sizes_that_do_not_fit_are_refused(self, fewest: int, most: int) -> None:
        with pytest.raises(ValueError, match="nodes per zone do not fit"):
            NodePool(
                name="x",
                architecture=Architecture.ARM64,
                instance_types=("m7g.large",),
                min_nodes_per_zone=fewest,
                max_nodes_per_zone=most,
                disk_gib=50,
            )

    def test_a_cluster_without_an_untainted_pool_is_refused(self) -> None:
        with pytest.raises(ValueError, match="not tainted"):
            built_region(pools=())
