"""A region's control plane, and who may act on it from where."""

import base64

import pytest
import yaml

from components.eks import AccessRoles
from simulator import Simulation
from simulator.record import CustomTimeouts
from tests.support.builders import UNLOCKED, built_region
from tests.support.stacks import at
from tests.unit.components.eks_regions import NODE_GROUP, ZONES, cluster, private_region, region


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
        roles = {name: f"arn:aws:iam::111122223333:role/{name}" for name in ("a", "b", "c", "d", "e", "f")}
        return built_region(
            access=AccessRoles(
                deploy=roles["a"],
                admin=roles["b"],
                operator=roles["c"],
                read_only=roles["d"],
                preview=roles["e"],
                drift=roles["f"],
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
            ("f", "AmazonEKSViewPolicy"),
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

    def test_who_looks_for_drift_reads_all_kinds_but_of_secrets_only_those_beside_charts(
        self, all_roles: Simulation
    ) -> None:
        entry = all_roles.named("eu-west-1-eks-access-entries-entry-drift")
        role = all_roles.named("eu-west-1-eks-drift-rights-role")
        opened = [
            one for one in all_roles.of_type("kubernetes:rbac.authorization.k8s.io/v1:Role") if "drift" in one.name
        ]
        bound = {
            str(at(one.inputs, "metadata.namespace"))
            for one in all_roles.of_type("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")
            if at(one.inputs, "subjects.0.name") == "teranode:drift"
        }
        charts = {str(one.inputs["namespace"]) for one in all_roles.of_type("kubernetes:helm.sh/v3:Release")}

        assert entry.inputs["kubernetesGroups"] == ["teranode:drift"]
        rules = role.inputs["rules"]
        assert isinstance(rules, list)
        assert {str(at(rule, "verbs")) for rule in rules} == {"['get', 'list', 'watch']"}
        assert not [rule for rule in rules if "'secrets'" in str(rule) or "*" in str(rule)]
        assert charts
        assert {str(at(one.inputs, "metadata.namespace")) for one in opened} == charts == bound
        assert {str(at(one.inputs, "rules.0.verbs")) for one in opened} == {"['get', 'list']"}

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
