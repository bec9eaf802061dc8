"""Who is scraped in a region, under which labels, and that nothing in it names a miner."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from components.observability import monitors, recorded
from components.teranode.services import SERVICES
from simulator import Simulation
from tests.support.builders import built_region
from tests.support.stacks import STACKS, at, evaluated

MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor"
RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
NAMESPACE = "kubernetes:core/v1:Namespace"
OPERATOR = Path(__file__).parent / "golden" / "teranode-operator.yaml"
"""What the post-renderer makes of the operator's chart."""
ONLY_PROMETHEUS = {
    "from": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "prometheus"}},
        }
    ]
}


@cache
def region() -> Simulation:
    return built_region()


def endpoint(spec: dict[str, object]) -> dict[str, object]:
    found = at(spec, "podMetricsEndpoints.0")
    assert isinstance(found, dict)
    return found


def relabelled(spec: dict[str, object], target: dict[str, str]) -> dict[str, str] | None:
    """What Prometheus makes of a target's labels; None where it leaves the target out."""
    labels = dict(target)
    steps = endpoint(spec)["relabelings"]
    assert isinstance(steps, list)
    for step in steps:
        value = ";".join(labels.get(source, "") for source in step.get("sourceLabels", ()))
        if step.get("action") == "keepequal":
            if value != labels.get(step["targetLabel"]):
                return None
            continue
        found = re.fullmatch(step.get("regex", "(.*)"), value)
        if found:
            labels[step["targetLabel"]] = found.expand(step.get("replacement", "$1").replace("$1", r"\1"))
    return {name: value for name, value in labels.items() if not name.startswith("__meta")}


def pod(container: str, app: str, port: str) -> dict[str, str]:
    return {
        "__address__": f"10.0.0.7:{port}" if port else "10.0.0.7",
        "__meta_kubernetes_namespace": "miner-2",
        "__meta_kubernetes_pod_ip": "10.0.0.7",
        "__meta_kubernetes_pod_label_app": app,
        "__meta_kubernetes_pod_container_name": container,
    }


class TestTeranode:
    @pytest.mark.parametrize("app", sorted(facts.deployment for facts in SERVICES.values()))
    def test_every_service_is_chosen_and_scraped_once_at_its_metrics_port(self, app: str) -> None:
        """Kubernetes' discovery gives a target for each declared port, and one for a pod that declares none."""
        spec = monitors.teranode()
        targets = [relabelled(spec, pod(app, app, port)) for port in ("8000", "9091", "")]

        assert app in str(at(spec, "selector.matchExpressions.0.values"))
        assert targets == [
            {"__address__": "10.0.0.7:9091", "job": "teranode", "miner": "miner-2", "service": app}
        ] * len(targets)

    def test_another_container_of_a_pod_is_no_target(self) -> None:
        assert relabelled(monitors.teranode(), pod("sidecar", "asset", "15090")) is None

    def test_the_port_is_asked_for_by_no_name_since_it_has_none(self) -> None:
        assert not {"port", "portNumber", "targetPort"} & set(endpoint(monitors.teranode()))

    def test_all_namespaces_are_looked_into_so_that_a_new_miner_is_found(self) -> None:
        assert at(monitors.teranode(), "namespaceSelector.any") is True
        assert at(monitors.aerospike(), "namespaceSelector.any") is True


class TestAerospike:
    def test_the_exporter_is_scraped_under_the_name_of_its_port(self) -> None:
        """Both editions name the port, and carry these labels: see the tests of the stores."""
        target = pod("exporter", "", "9145")
        labels = relabelled(monitors.aerospike(), target)

        assert endpoint(monitors.aerospike())["port"] == "metrics"
        assert labels == {"__address__": "10.0.0.7:9145", "job": "aerospike", "miner": "miner-2"}

    @pytest.mark.parametrize("stack", STACKS)
    def test_servers_of_both_editions_carry_the_labels_and_the_port(self, stack: str) -> None:
        simulation = evaluated(stack)
        wanted = at(monitors.aerospike(), "selector.matchLabels")
        assert isinstance(wanted, dict)
        pods = [
            (at(one.inputs, "spec.template.metadata.labels"), at(one.inputs, "spec.template.spec.containers"))
            for one in simulation.of_type("kubernetes:apps/v1:StatefulSet")
            if "utxo-store" in one.name
        ] + [
            (at(one.inputs, "spec.podSpec.metadata.labels"), at(one.inputs, "spec.podSpec.sidecars"))
            for one in simulation.of_type("kubernetes:asdb.aerospike.com/v1:AerospikeCluster")
        ]

        assert pods
        for labels, containers in pods:
            assert isinstance(labels, dict)
            assert isinstance(containers, list)
            assert wanted.items() <= labels.items()
            [exporter] = [one for one in containers if one["name"] == "exporter"]
            assert {port["name"]: port["containerPort"] for port in exporter["ports"]} == {"metrics": 9145}


class TestRegion:
    def test_monitors_and_rules_come_after_prometheus_and_dashboards_need_only_the_namespace(self) -> None:
        [release] = [one for one in region().of_type("kubernetes:helm.sh/v3:Release") if "monitoring" in one.name]
        ours = [one for one in region().resources if "-observability-" in one.name]

        assert {one.type for one in ours} == {MONITOR, RULE, CONFIG_MAP}
        for one in ours:
            assert (release.urn in one.dependencies) is (one.type != CONFIG_MAP), one.name
            assert at(one.inputs, "metadata.namespace") == "monitoring"

    def test_grafana_finds_dashboards_by_label_and_puts_them_into_their_folder(self) -> None:
        [release] = [one for one in region().of_type("kubernetes:helm.sh/v3:Release") if "monitoring" in one.name]
        sidecar = at(release.inputs, "values.grafana.sidecar.dashboards")
        for one in region().of_type(CONFIG_MAP):
            if "-dashboard-" in one.name:
                assert at(one.inputs, "metadata.labels") == {"grafana_dashboard": "1"}
                assert at(one.inputs, "metadata.annotations") == {at(sidecar, "folderAnnotation"): "Teranode"}

    def test_nothing_names_a_miner_of_the_environment(self) -> None:
        simulation = evaluated("testing")
        for one in simulation.resources:
            if "-observability" in one.name:
                assert "miner-1" not in str(one.inputs), one.name

    def test_the_recorded_series_are_the_rules_of_the_region(self) -> None:
        [rule] = region().of_type(RULE)
        rules = at(rule.inputs, "spec.groups.0.rules")
        assert isinstance(rules, list)

        assert [one["record"] for one in rules] == [series.record for series in recorded.SERIES]


class TestOperator:
    def test_it_is_found_by_the_labels_and_the_port_that_the_mended_chart_gives_it(self) -> None:
        [deployment] = [one for one in yaml.safe_load_all(OPERATOR.read_text()) if one["kind"] == "Deployment"]

        assert at(monitors.operator(), "selector.matchLabels") == at(deployment, "spec.selector.matchLabels")
        assert at(deployment, "spec.template.spec.containers.0.ports") == [
            {"containerPort": 8080, "name": endpoint(monitors.operator())["port"], "protocol": "TCP"}
        ]

    @pytest.mark.parametrize("stack", STACKS)
    def test_its_metrics_are_open_to_prometheus_alone(self, stack: str) -> None:
        openings = [
            at(one.inputs, "spec")
            for one in evaluated(stack).of_type(POLICY)
            if at(one.inputs, "metadata.namespace") == "teranode-operator" and one.name.endswith("-policy-metrics")
        ]

        assert openings
        for spec in openings:
            assert at(spec, "podSelector.matchLabels") == {"control-plane": "controller-manager"}
            assert at(spec, "ingress.0") == ONLY_PROMETHEUS | {"ports": [{"port": 8080, "protocol": "TCP"}]}


@pytest.mark.parametrize("stack", STACKS)
def test_a_miners_metrics_are_open_to_prometheus_alone(stack: str) -> None:
    simulation = evaluated(stack)
    miners = {
        name.removesuffix("-namespace-namespace")
        for name in (one.name for one in simulation.of_type(NAMESPACE))
        if name.startswith("miner-")
    }
    openings = {
        str(at(one.inputs, "metadata.namespace")): at(one.inputs, "spec.ingress.0")
        for one in simulation.of_type(POLICY)
        if at(one.inputs, "metadata.name") == "metrics" and one.name.startswith("miner-")
    }

    assert set(openings) == miners
    for opening in openings.values():
        assert opening == ONLY_PROMETHEUS | {"ports": [{"port": 9091, "protocol": "TCP"}]}
