"""What an environment uses in a month."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.quantities.count import quantities
from ops.quantities.model import QuantityError, of_all_regions
from simulator.graph import Graph
from simulator.values import JSON
from tests.support.stacks import evaluated
from tests.unit.simulator.deployments import deployment, resource

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
GP3 = {"spec": {"storageClassName": "gp3", "resources": {"requests": {"storage": "512Mi"}}}}


def of(token: str, **inputs: JSON) -> list[tuple[str, float, float]]:
    """What, amount and upper bound of one resource."""
    counted = quantities(Graph(deployment(resource(token, "one", inputs))))
    return [(quantity.what, quantity.amount, quantity.most) for quantity in counted]


def test_a_standby_counts_as_a_second_instance_and_disk() -> None:
    database = {"engine": "postgres", "instanceClass": "db.m7g.large", "multiAz": True}
    database |= {"storageType": "gp3", "allocatedStorage": 50, "maxAllocatedStorage": 200}

    assert of("aws:rds/instance:Instance", **database) == [
        ("db.m7g.large, postgres", 1460, 1460),
        ("storage, gp3", 100, 400),
    ]


def test_nodes_that_scale_have_a_lower_and_an_upper_bound() -> None:
    group = {"instanceTypes": ["m7g.large"], "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 1}}

    assert ("m7g.large", 730, 2190) in of("aws:eks/nodeGroup:NodeGroup", **group)


def test_an_alarm_counts_the_metrics_that_it_reads() -> None:
    formula = [{"id": "a", "metric": {}}, {"id": "b", "metric": {}}, {"id": "value", "expression": "a / b"}]

    assert of(ALARM, metricName="CPUUtilization") == [("metrics in alarms", 1, 1)]
    assert of(ALARM, metricQueries=formula) == [("metrics in alarms", 2, 2)]


def test_nodes_of_the_spot_market_have_no_list_price() -> None:
    group = {"instanceTypes": ["m7g.large"], "capacityType": "SPOT", "scalingConfig": {"minSize": 1, "maxSize": 1}}
    [one, *_] = quantities(Graph(deployment(resource("aws:eks/nodeGroup:NodeGroup", "one", group))))

    assert (one.what, one.kind.product) == ("m7g.large, spot", None)


def test_what_a_storage_class_buys_beyond_what_a_volume_is_given_counts_for_each_volume() -> None:
    buys = {"metadata": {"name": "gp3-io"}, "parameters": {"type": "gp3", "iops": "6000", "throughput": "500"}}
    claim = {"spec": {"storageClassName": "gp3-io", "resources": {"requests": {"storage": "20Gi"}}}}
    counted = quantities(
        Graph(
            deployment(
                resource("kubernetes:storage.k8s.io/v1:StorageClass", "class", buys),
                resource(
                    "kubernetes:apps/v1:StatefulSet", "set", {"spec": {"replicas": 3, "volumeClaimTemplates": [claim]}}
                ),
            )
        )
    )

    assert {(one.unit, one.amount) for one in counted} == {("GiB", 60), ("IOPS", 9000), ("MiB/s", 1125)}


def test_volumes_of_a_set_count_once_for_each_replica() -> None:
    local = {"spec": {"storageClassName": "local-nvme", "resources": {"requests": {"storage": "1Ti"}}}}
    spec = {"replicas": 3, "volumeClaimTemplates": [GP3, local]}

    assert of("kubernetes:apps/v1:StatefulSet", spec=spec) == [("claims of class gp3", 1.5, 1.5)]


def test_the_volumes_of_prometheus_are_counted_from_the_values_of_its_chart() -> None:
    server = {"replicas": 2, "storageSpec": {"volumeClaimTemplate": GP3}}

    assert of("kubernetes:helm.sh/v3:Release", values={"prometheus": {"prometheusSpec": server}}) == [
        ("claims of class gp3", 1, 1)
    ]
    assert of("kubernetes:helm.sh/v3:Release", values={"replicaCount": 1}) == []


def test_a_secret_is_read_anew_in_each_interval_unless_it_has_none() -> None:
    token = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105 (a resource type)

    [(_, hourly, _)] = of(token, spec={"refreshInterval": "1h0m0s", "dataFrom": [{}, {}]})
    assert hourly == 2 * 730
    assert of(token, spec={"refreshInterval": "0s", "data": [{}]}) == []


def test_a_size_in_a_form_that_nobody_taught_is_an_error() -> None:
    odd = {"spec": {"storageClassName": "gp3", "resources": {"requests": {"storage": "1e9"}}}}

    with pytest.raises(QuantityError, match="1e9"):
        of("kubernetes:core/v1:PersistentVolumeClaim", **odd)


def test_the_nodes_of_testing_have_their_root_disks_counted() -> None:
    by_region = quantities(Graph(evaluated("testing").deployment))
    counted = {quantity.what: quantity for quantity in of_all_regions(by_region)}

    assert {one.region: one.amount for one in by_region if one.what == "control planes"} == {
        "ap-southeast-1": 730,
        "eu-west-1": 730,
        "us-east-1": 730,
    }
    assert counted["control planes"].amount == counted["control planes"].most == 3 * 730
    assert counted["root disks of nodes"].amount == 3 * 2 * (50 + 100)


def test_the_command_prints_a_table_or_json(tmp_path: Path) -> None:
    runner = CliRunner()
    table, document = (
        runner.invoke(app, ["quantities", "mainnet"]),
        runner.invoke(app, ["quantities", "mainnet", "--json"]),
    )

    assert "control planes" in table.stdout
    assert {"area", "what", "unit", "amount", "most"} == set(json.loads(document.stdout)[0])
    assert runner.invoke(app, ["quantities", str(tmp_path / "Pulumi.none.yaml")]).exit_code == 2
