"""The Kubernetes cluster of a region."""

import base64
import json
from dataclasses import replace
from functools import cache

import pytest
import yaml

from components.eks import AccessRoles, Architecture, Capacity, EndpointAccess, NodePool, StoragePool
from simulator import Simulation
from simulator.record import CustomTimeouts, RecordedResource
from tests.support.builders import UNLOCKED, built_region, region_args
from tests.support.stacks import at

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"


@cache
def region() -> Simulation:
    return built_region()


@cache
def private_region() -> Simulation:
    return built_region(endpoint_access=EndpointAccess.PRIVATE, api_cidrs=())


def cluster(simulation: Simulation) -> RecordedResource:
    [found] = simulation.of_type("aws:eks/cluster:Cluster")
    return found


def addon(simulation: Simulation, name: str) -> RecordedResource:
    [found] = [item for item in simulation.of_type("aws:eks/addon:Addon") if item.inputs["addonName"] == name]
    return found


def policy_of(simulation: Simulation, logical_name: str) -> list[dict[str, object]]:
    return json.loads(str(simulation.named(logical_name).inputs["policy"]))["Statement"]


@pytest.mark.parametrize(
    ("token", "create", "update", "delete"),
    [
        ("aws:eks/cluster:Cluster", "30m", "60m", "20m"),
        (NODE_GROUP, "30m", "90m", "30m"),
        ("aws:eks/addon:Addon", "20m", "20m", ""),
    ],
)
def test_slow_operations_get_more_time_than_they_were_seen_to_take(
    token: str, create: str, update: str, delete: str
) -> None:
    for resource in region().of_type(token):
        assert resource.custom_timeouts == CustomTimeouts(create, update, delete)


class TestControlPlane:
    def test_only_access_entries_grant_access(self) -> None:
        assert cluster(region()).inputs["accessConfig"] == {
            "authenticationMode": "API",
            "bootstrapClusterCreatorAdminPermissions": False,
        }

    def test_secrets_are_encrypted_with_a_key_of_their_own(self) -> None:
        key = region().named("eu-west-1-eks-control-plane-secrets-encryption-key")

        assert cluster(region()).inputs["encryptionConfig"] == {
            "provider": {"keyArn": key.outputs["arn"]},
            "resources": ["secrets"],
        }

    def test_all_logs_go_to_a_group_that_exists_first(self) -> None:
        group = region().named("eu-west-1-eks-control-plane-log-group")

        assert cluster(region()).inputs["enabledClusterLogTypes"] == [
            "api",
            "audit",
            "authenticator",
            "controllerManager",
            "scheduler",
        ]
        assert group.inputs["name"] == "/aws/eks/testing-eu-west-1/cluster"
        assert group.inputs["kmsKeyId"] == region().named("eu-west-1-logs-encryption-key").outputs["arn"]
        assert group.urn in cluster(region()).dependencies

    def test_the_cluster_waits_for_its_roles_rights(self) -> None:
        rights = {
            region().named(f"eu-west-1-eks-control-plane-role-{name}").urn
            for name in ("cluster-policy", "secrets-key", "no-log-group")
        }

        assert rights <= set(cluster(region()).dependencies)

    def test_the_cluster_does_not_wait_for_ways_out(self) -> None:
        """NAT gateways and endpoints take minutes, and only nodes need them."""
        by_urn = region().by_urn
        seen: set[str] = set()
        waiting = [cluster(region()).urn]
        while waiting:
            resource = by_urn[waiting.pop()]
            for urn in resource.dependencies:
                if urn not in seen:
                    seen.add(urn)
                    waiting.append(urn)

        assert not any("natGateway" in urn or "vpcEndpoint" in urn for urn in seen)

    def test_a_restricted_endpoint_lists_its_callers(self) -> None:
        inputs = cluster(region()).inputs

        assert at(inputs, "vpcConfig.endpointPrivateAccess") is True
        assert at(inputs, "vpcConfig.endpointPublicAccess") is True
        assert at(inputs, "vpcConfig.publicAccessCidrs") == ["198.51.100.0/24"]

    def test_a_private_endpoint_is_open_to_the_vpc_alone(self) -> None:
        config = cluster(private_region()).inputs["vpcConfig"]

        assert isinstance(config, dict)
        assert config["endpointPrivateAccess"] is True
        assert config["endpointPublicAccess"] is False
        assert "publicAccessCidrs" not in config

    def test_eks_installs_no_add_ons_of_its_own(self) -> None:
        assert cluster(region()).inputs["bootstrapSelfManagedAddons"] is False

    def test_extended_support_is_never_bought(self) -> None:
        assert cluster(region()).inputs["upgradePolicy"] == {"supportType": "STANDARD"}

    def test_a_locked_environment_locks_its_cluster_twice(self) -> None:
        assert cluster(region()).protect
        assert cluster(region()).inputs["deletionProtection"] is True
        unlocked = cluster(built_region(protection=UNLOCKED))
        assert not unlocked.protect
        assert unlocked.inputs["deletionProtection"] is False

    def test_a_restricted_endpoint_without_callers_is_refused(self) -> None:
        with pytest.raises(ValueError, match="api_cidrs"):
            built_region(api_cidrs=())


class TestAccess:
    @pytest.fixture(scope="class")
    @staticmethod
    def all_roles() -> Simulation:
        roles = {name: f"arn:aws:iam::111122223333:role/{name}" for name in ("a", "b", "c", "d", "e")}
        return built_region(
            access=AccessRoles(
                deploy=roles["a"], admin=roles["b"], operator=roles["c"], read_only=roles["d"], preview=roles["e"]
            )
        )

    @pytest.mark.parametrize(
        ("role", "policy"),
        [
            ("a", "AmazonEKSClusterAdminPolicy"),
            ("b", "AmazonEKSClusterAdminPolicy"),
            ("c", "AmazonEKSViewPolicy"),
            ("d", "AmazonEKSViewPolicy"),
            ("e", "AmazonEKSViewPolicy"),
        ],
    )
    def test_each_class_of_role_gets_its_policy(self, all_roles: Simulation, role: str, policy: str) -> None:
        [association] = [
            item
            for item in all_roles.of_type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
            if item.inputs["principalArn"] == f"arn:aws:iam::111122223333:role/{role}"
        ]

        assert association.inputs["policyArn"] == f"arn:aws:eks::aws:cluster-access-policy/{policy}"

    def test_operators_restart_and_scale_but_read_no_secret_and_open_no_shell(self, all_roles: Simulation) -> None:
        entry = all_roles.named("eu-west-1-eks-access-entries-entry-operator")
        role = all_roles.named("eu-west-1-eks-operator-rights-role")
        binding = all_roles.named("eu-west-1-eks-operator-rights-binding")

        assert entry.inputs["kubernetesGroups"] == ["teranode:operators"]
        assert at(binding.inputs, "subjects.0.name") == "teranode:operators"
        assert at(binding.inputs, "roleRef.name") == at(role.inputs, "metadata.name")
        rules = role.inputs["rules"]
        assert isinstance(rules, list)
        granted = {(str(at(rule, "resources")), str(at(rule, "verbs"))) for rule in rules}
        assert ("['pods']", "['delete']") in granted
        assert ("['deployments/scale', 'statefulsets/scale']", "['get', 'patch', 'update']") in granted
        assert not [item for item in granted if "secrets" in item[0] or "exec" in item[0] or "*" in str(item)]

    def test_without_an_operator_role_nobody_has_its_rights(self) -> None:
        roles = region().of_type("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole")
        assert not [role for role in roles if "operator-rights" in role.name]

    def test_roles_that_are_not_given_get_no_entry(self) -> None:
        assert len(region().of_type("aws:eks/accessEntry:AccessEntry")) == 2

    def test_no_kubernetes_call_happens_before_the_deploy_role_may_make_it(self) -> None:
        [provider] = region().of_type("pulumi:providers:kubernetes")
        entry = region().named("eu-west-1-eks-access-entries-entry-deploy")
        policy = region().named("eu-west-1-eks-access-entries-policy-deploy")

        assert {entry.urn, policy.urn} <= set(provider.dependencies)

    def test_the_kubernetes_provider_is_tied_to_the_cluster_and_holds_no_credential(self) -> None:
        [provider] = region().of_type("pulumi:providers:kubernetes")
        config = yaml.safe_load(str(provider.inputs["kubeconfig"]))
        [user] = config["users"]

        assert provider.inputs["enableServerSideApply"] == "true"
        assert provider.inputs["enableConfigMapMutable"] == "true"
        assert provider.inputs["clusterIdentifier"] == cluster(region()).outputs["arn"]
        assert set(user["user"]) == {"exec"}
        assert user["user"]["exec"]["args"] == [
            "--region",
            "eu-west-1",
            "eks",
            "get-token",
            "--output",
            "json",
            "--cluster-name",
            "testing-eu-west-1",
        ]
        assert "proxy-url" not in config["clusters"][0]["cluster"]


class TestAccessHost:
    def test_a_restricted_cluster_has_none(self) -> None:
        assert region().of_type("aws:ec2/instance:Instance") == []

    def test_it_accepts_no_connection(self) -> None:
        group = private_region().named("eu-west-1-eks-access-security-group")
        rules = private_region().of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")

        assert not [rule for rule in rules if rule.inputs["securityGroupId"] == group.id]

    def test_it_reaches_the_api_and_lives_in_a_private_subnet(self) -> None:
        simulation = private_region()
        rule = simulation.named("eu-west-1-eks-access-api-from-access")
        instance = simulation.named("eu-west-1-eks-access-instance")

        assert rule.inputs["referencedSecurityGroupId"] == simulation.named("eu-west-1-eks-access-security-group").id
        assert instance.inputs["subnetId"] == simulation.named("eu-west-1-network-subnet-private-eu-west-1a").id

    def test_its_proxy_listens_on_loopback_and_lets_only_eks_through(self) -> None:
        template = private_region().named("eu-west-1-eks-access-template")
        user_data = base64.b64decode(str(template.inputs["userData"])).decode()
        squid, service = yaml.safe_load(user_data)["write_files"]

        assert squid["path"] == "/etc/squid/squid.conf"
        assert "Restart=on-failure" in service["content"]
        assert squid["content"].splitlines() == [
            "http_port 127.0.0.1:3128",
            "acl kubernetes_api dstdomain .eks.amazonaws.com",
            "acl https port 443",
            "acl connect method CONNECT",
            "http_access allow connect https kubernetes_api",
            "http_access deny all",
            "cache deny all",
            "access_log syslog:daemon.info",
        ]

    def test_the_kubernetes_provider_goes_through_its_tunnel(self) -> None:
        [provider] = private_region().of_type("pulumi:providers:kubernetes")
        config = yaml.safe_load(str(provider.inputs["kubeconfig"]))

        assert config["clusters"][0]["cluster"]["proxy-url"] == "http://127.0.0.1:22576"

    def test_it_waits_for_its_rights_and_a_way_out(self) -> None:
        simulation = private_region()
        needed = {
            simulation.named("eu-west-1-eks-access-role-session").urn,
            *(simulation.named(f"eu-west-1-network-route-nat-{zone}").urn for zone in ZONES),
        }

        assert needed <= set(simulation.named("eu-west-1-eks-access-instance").dependencies)

    def test_its_role_opens_sessions_and_does_nothing_else(self) -> None:
        role = private_region().named("eu-west-1-eks-access-role")
        attachments = [
            item.inputs["policyArn"]
            for item in private_region().of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
            if item.inputs["role"] == role.outputs["name"]
        ]

        assert attachments == ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"]


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
