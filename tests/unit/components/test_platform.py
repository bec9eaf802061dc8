"""The operators of a cluster: installed side by side, exactly pinned, with rights for what they do."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from components.images import Image, ImageSource
from components.kafka import KafkaProfile
from components.platform import ChartSource
from infra import versions
from simulator import RecordedResource, Simulation
from tests.support.builders import built_region, region_args
from tests.support.stacks import at

RELEASE = "kubernetes:helm.sh/v3:Release"
JOB = "kubernetes:batch/v1:Job"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
MIRROR = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/mirror"


@cache
def region() -> Simulation:
    return built_region()


def releases(simulation: Simulation) -> Mapping[str, RecordedResource]:
    return {str(release.inputs["namespace"]): release for release in simulation.of_type(RELEASE)}


def job_of(simulation: Simulation, namespace: str) -> RecordedResource:
    [job] = [job for job in simulation.of_type(JOB) if at(job.inputs, "metadata.namespace") == namespace]
    return job


def environment_of(job: RecordedResource) -> Mapping[str, str]:
    variables = at(job.inputs, "spec.template.spec.containers.0.env")
    assert isinstance(variables, list)
    return {str(at(variable, "name")): str(at(variable, "value")) for variable in variables}


def platform_with(**changes: object) -> Simulation:
    return built_region(platform=replace(region_args().platform, **changes))


NAMESPACES = (
    "aerospike-operator",
    "cert-manager",
    "external-secrets",
    "load-balancer-controller",
    "monitoring",
    "strimzi",
)
SIDE_BY_SIDE = [name for name in NAMESPACES if name != "aerospike-operator"]


class TestReleases:
    @pytest.mark.parametrize("namespace", NAMESPACES)
    def test_a_release_is_pinned_and_leaves_nothing_half_done(self, namespace: str) -> None:
        inputs = releases(region())[namespace].inputs
        pin = versions.CHARTS[str(inputs["chart"])]

        assert (inputs["version"], at(inputs, "repositoryOpts.repo")) == (pin.version, pin.repository)
        assert inputs["name"] == namespace
        assert all(inputs[key] is True for key in ("atomic", "cleanupOnFail", "skipCrds", "waitForJobs"))
        assert inputs["createNamespace"] is False

    @pytest.mark.parametrize("namespace", NAMESPACES)
    def test_definitions_and_namespace_come_before_the_operator_and_leave_after_it(self, namespace: str) -> None:
        release = releases(region())[namespace]
        before = {region().by_urn[urn].type for urn in release.dependencies}

        assert job_of(region(), namespace).urn in release.dependencies
        assert {"kubernetes:core/v1:Namespace", POLICY, "aws:eks/addon:Addon"} <= before

    @pytest.mark.parametrize("namespace", SIDE_BY_SIDE)
    def test_no_operator_waits_for_another(self, namespace: str) -> None:
        others = {release.urn for name, release in releases(region()).items() if name != namespace}

        assert not others & set(releases(region())[namespace].dependencies)

    def test_the_aerospike_operator_waits_for_certificates_and_for_no_other(self) -> None:
        all_releases = releases(region())
        before = set(all_releases["aerospike-operator"].dependencies)

        assert before & {release.urn for release in all_releases.values()} == {all_releases["cert-manager"].urn}

    def test_two_replicas_that_may_not_be_drained_both_where_availability_is_asked_for(self) -> None:
        for high_availability, count in ((True, 2), (False, 1)):
            values = releases(platform_with(high_availability=high_availability))["cert-manager"].inputs["values"]

            assert [at(values, path) for path in ("replicaCount", "webhook.replicaCount")] == [count, count]
            assert at(values, "podDisruptionBudget.enabled") is high_availability

    def test_a_mirror_serves_every_image_and_a_registry_the_chart(self) -> None:
        registries = {Image.parse(reference).registry for reference in versions.IMAGES.values()}
        mirrors: dict[str, str] = dict.fromkeys(registries, MIRROR)
        own = "oci://mirror.example.org:5000/charts"
        charts = {
            **region_args().platform.charts,
            "cert-manager": ChartSource(name="cert-manager", version="v1.21.1", repository=own),
        }
        simulation = platform_with(images=ImageSource(pins=versions.IMAGES, mirrors=mirrors), charts=charts)

        for name, release in releases(simulation).items():
            text = json.dumps(release.inputs["values"])
            assert MIRROR.partition("/")[0] in text, name
            assert not [registry for registry in registries if f'"{registry}' in text], name
        assert str(at(job_of(simulation, "cert-manager").inputs, "spec.template.spec.containers.0.image")).startswith(
            f"{MIRROR}/alpine/k8s:"
        )
        inputs = releases(simulation)["cert-manager"].inputs
        assert (inputs["chart"], inputs.get("repositoryOpts")) == (f"{own}/cert-manager", None)
        source = simulation.named("eu-west-1-platform-cert-manager-namespace-policy-chart-source")
        assert at(source.inputs, "spec.egress.0.ports") == [
            {"port": 443, "protocol": "TCP"},
            {"port": 5000, "protocol": "TCP"},
        ]


class TestDefinitions:
    @pytest.mark.parametrize("namespace", NAMESPACES)
    def test_a_job_of_the_charts_version_applies_them_and_never_expires(self, namespace: str) -> None:
        job = job_of(region(), namespace)
        chart = releases(region())[namespace].inputs["chart"]
        version = versions.CHARTS[str(chart)].version

        assert at(job.inputs, "metadata.name") == f"definitions-{version.replace('.', '-')}"
        assert at(job.inputs, "metadata.labels") == {"teranode-infra/definitions": chart}
        assert at(job.inputs, "spec.template.metadata.labels") == {"teranode-infra/definitions": chart}
        spec = job.inputs["spec"]
        assert isinstance(spec, dict)
        assert "ttlSecondsAfterFinished" not in spec
        assert environment_of(job)["VERSION"] == version

    def test_the_job_may_write_definitions_and_nothing_else(self) -> None:
        role = region().named("eu-west-1-platform-definitions-role")

        assert role.inputs["rules"] == [
            {
                "apiGroups": ["apiextensions.k8s.io"],
                "resources": ["customresourcedefinitions"],
                "verbs": ["create", "get", "list", "patch", "update"],
            }
        ]
        bindings = region().of_type("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding")
        bound = {at(binding.inputs, "roleRef.name") for binding in bindings if "definitions" in binding.name}
        assert bound == {at(role.outputs, "metadata.name")}

    def test_a_chart_in_a_folder_travels_with_the_job_and_needs_no_network(self) -> None:
        local = ChartSource(name="cert-manager", version="v1.21.1", repository="charts", archive="AAAA")
        simulation = platform_with(charts={**region_args().platform.charts, "cert-manager": local})
        environment = environment_of(job_of(simulation, "cert-manager"))
        inputs = simulation.named("eu-west-1-platform-cert-manager-definitions-inputs").inputs

        assert (environment["CHART"], environment["REPOSITORY"]) == ("/definitions/chart.tgz", "")
        assert inputs["binaryData"] == {"chart.tgz": "AAAA"}
        assert releases(simulation)["cert-manager"].inputs["chart"] == "charts/cert-manager"
        assert not [
            one for one in simulation.of_type(POLICY) if one.name.endswith("cert-manager-namespace-policy-chart-source")
        ]

    def test_the_job_changes_with_the_version_of_its_chart_only(self) -> None:
        newer = ChartSource(name="cert-manager", version="v1.22.0", repository="https://charts.jetstack.io")
        simulation = platform_with(charts={**region_args().platform.charts, "cert-manager": newer})

        assert at(job_of(simulation, "cert-manager").inputs, "metadata.name") == "definitions-v1-22-0"
        other = "external-secrets"
        assert job_of(simulation, other).inputs == job_of(region(), other).inputs


class TestKafkaOperator:
    def test_it_watches_the_namespace_of_the_brokers_which_is_there_first(self) -> None:
        release = releases(region())["strimzi"]
        before = [region().by_urn[urn] for urn in release.dependencies]
        namespaces = {at(found.inputs, "metadata.name") for found in before if found.type.endswith(":Namespace")}

        assert at(release.inputs, "values.watchNamespaces") == ["kafka"]
        assert namespaces == {"kafka", "strimzi"}

    @pytest.mark.parametrize("profile", [KafkaProfile.MSK, KafkaProfile.SINGLE])
    def test_it_is_not_there_where_nobody_uses_it(self, profile: KafkaProfile) -> None:
        choice = replace(region_args().kafka, profile=profile, brokers=3 if profile is KafkaProfile.MSK else 1)

        assert "strimzi" not in releases(built_region(kafka=choice))


class TestAerospikeOperator:
    def test_it_watches_the_miners_that_use_it_and_no_other_namespace(self) -> None:
        simulation = built_region(aerospike_namespaces=("miner-b", "miner-a"))
        values = releases(simulation)["aerospike-operator"].inputs["values"]

        assert at(values, "watchNamespaces") == "miner-a,miner-b"
        assert at(values, "safePodEviction.enable") is True

    def test_one_more_miner_changes_the_watch_list_and_nothing_else(self) -> None:
        before, after = (built_region(aerospike_namespaces=names) for names in (("miner-a",), ("miner-a", "miner-b")))
        changed = [urn for urn, found in before.by_urn.items() if found.inputs != after.by_urn[urn].inputs]

        assert [before.by_urn[urn].name for urn in changed] == ["eu-west-1-platform-aerospike-operator-release"]
        assert set(before.by_urn) == set(after.by_urn)

    def test_it_is_not_there_where_nobody_uses_it(self) -> None:
        assert "aerospike-operator" not in releases(built_region(aerospike_namespaces=()))


class TestLocalDisks:
    def test_they_are_handed_out_where_there_are_any(self) -> None:
        assert "local-disks" in releases(region())
        assert "local-disks" not in releases(built_region(storage_pools=()))

    def test_only_their_namespace_is_privileged(self) -> None:
        levels = {
            str(at(found.inputs, "metadata.name")): at(found.inputs, "metadata.labels")
            for found in region().of_type("kubernetes:core/v1:Namespace")
        }
        enforced = {name: labels["pod-security.kubernetes.io/enforce"] for name, labels in levels.items()}  # type: ignore[index,call-overload]

        assert enforced == {
            **dict.fromkeys((*NAMESPACES, "databases", "kafka"), "restricted"),
            "local-disks": "privileged",
        }

    def test_disks_are_raw_and_found_where_the_node_linked_them(self) -> None:
        [disk] = list_of(at(releases(region())["local-disks"].inputs, "values.classes"))
        template = region().named("eu-west-1-eks-nodes-template-aerospike")
        boot = base64.b64decode(str(template.inputs["userData"])).decode()

        assert (at(disk, "name"), at(disk, "volumeMode")) == ("local-nvme", "Block")
        assert f'ln -s "$name" "{at(disk, "hostDir")}/' in boot
        assert boot.count("--teranode\n") == 2
        assert boot.endswith("--teranode--\n")

    def test_nodes_without_local_disks_boot_as_they_did(self) -> None:
        template = region().named("eu-west-1-eks-nodes-template-system")
        boot = base64.b64decode(str(template.inputs["userData"])).decode()

        assert "ln -s" not in boot
        assert boot.endswith("--teranode--\n")

    def test_volumes_of_a_lost_node_are_buried_by_a_hardened_controller(self) -> None:
        pod = at(region().named("eu-west-1-platform-local-disks-cleanup").inputs, "spec.template.spec")

        assert "--storageclass-names=local-nvme" in list_of(at(pod, "containers.0.args"))
        assert at(pod, "containers.0.securityContext.readOnlyRootFilesystem") is True
        assert at(pod, "securityContext.runAsNonRoot") is True


class TestMonitoring:
    def test_monitors_of_every_namespace_are_read(self) -> None:
        spec = at(releases(region())["monitoring"].inputs, "values.prometheus.prometheusSpec")

        assert isinstance(spec, dict)
        chosen = {key: value for key, value in spec.items() if key.endswith("SelectorNilUsesHelmValues")}
        assert len(chosen) == 5
        assert not any(chosen.values())

    def test_no_published_password_and_no_alerts_to_nobody(self) -> None:
        values = releases(region())["monitoring"].inputs["values"]

        assert at(values, "grafana.adminPassword") == ""
        assert at(values, "alertmanager.enabled") is False


def list_of(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


class TestRights:
    def policy(self, role: str) -> list[dict[str, object]]:
        document = region().named(f"eu-west-1-platform-{role}-policy").inputs["policy"]
        statements = json.loads(str(document))["Statement"]
        assert isinstance(statements, list)
        return statements

    def test_external_secrets_may_become_a_reader_and_nothing_else(self) -> None:
        [statement] = self.policy("external-secrets")

        assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
        assert statement["Resource"] == "arn:aws:iam::111122223333:role/testing/reader/*"

    def test_the_load_balancer_controller_changes_target_groups_of_its_environment_only(self) -> None:
        look_up, bind = self.policy("load-balancers")

        assert all(":Describe" in action for action in look_up["Action"])  # type: ignore[union-attr]
        assert bind["Action"] == ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"]
        assert bind["Resource"] == "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/*"
        assert bind["Condition"] == {"StringEquals": {"aws:ResourceTag/environment": "testing"}}

    @pytest.mark.parametrize("namespace", ["external-secrets", "load-balancer-controller"])
    def test_a_role_is_bound_to_the_service_account_before_its_pods_start(self, namespace: str) -> None:
        [association] = [
            found
            for found in region().of_type("aws:eks/podIdentityAssociation:PodIdentityAssociation")
            if found.inputs["namespace"] == namespace
        ]
        release = releases(region())[namespace]

        assert association.inputs["serviceAccount"] == at(release.inputs, "values.serviceAccount.name")
        assert association.urn in release.dependencies

    def test_nothing_serves_secrets_of_the_whole_cluster(self) -> None:
        values = releases(region())["external-secrets"].inputs["values"]

        assert isinstance(values, dict)
        served = [key for key in values if key.startswith("process")]
        assert len(served) == 5
        assert not any(values[key] for key in served)

    def test_the_controller_binds_targets_and_makes_no_load_balancer(self) -> None:
        values = releases(region())["load-balancer-controller"].inputs["values"]

        assert at(values, "vpcId") == region().named("eu-west-1-network-vpc").id
        assert at(values, "region") == "eu-west-1"
        assert not at(values, "createIngressClassResource")
        assert not at(values, "enableServiceMutatorWebhook")
        assert at(values, "controllerConfig.featureGates.EnableServiceController") is False
