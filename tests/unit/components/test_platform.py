"""The operators of a cluster: installed side by side, exactly pinned, with rights for what they do."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from components.images import ImageSource
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


NAMESPACES = ("cert-manager", "external-secrets", "load-balancer-controller")


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

    @pytest.mark.parametrize("namespace", NAMESPACES)
    def test_no_operator_waits_for_another(self, namespace: str) -> None:
        others = {release.urn for name, release in releases(region()).items() if name != namespace}

        assert not others & set(releases(region())[namespace].dependencies)

    def test_two_replicas_that_may_not_be_drained_both_where_availability_is_asked_for(self) -> None:
        for high_availability, count in ((True, 2), (False, 1)):
            values = releases(platform_with(high_availability=high_availability))["cert-manager"].inputs["values"]

            assert [at(values, path) for path in ("replicaCount", "webhook.replicaCount")] == [count, count]
            assert at(values, "podDisruptionBudget.enabled") is high_availability

    def test_a_mirror_serves_every_image_and_a_registry_the_chart(self) -> None:
        mirrors: dict[str, str] = dict.fromkeys(("docker.io", "ghcr.io", "public.ecr.aws", "quay.io"), MIRROR)
        own = "oci://mirror.example.org:5000/charts"
        charts = {
            **region_args().platform.charts,
            "cert-manager": ChartSource(name="cert-manager", version="v1.21.1", repository=own),
        }
        simulation = platform_with(images=ImageSource(pins=versions.IMAGES, mirrors=mirrors), charts=charts)

        for release in releases(simulation).values():
            assert {image.split("/mirror/")[0] + "/mirror" for image in repositories(release.inputs["values"])} == {
                MIRROR
            }
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


def repositories(values: object) -> list[str]:
    """Every image repository that the values name."""
    if isinstance(values, dict):
        own = [str(values["repository"])] if "repository" in values else []
        return own + [found for inner in values.values() for found in repositories(inner)]
    return []


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
        bound = {at(binding.inputs, "roleRef.name") for binding in bindings}
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
