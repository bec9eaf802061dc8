"""What is watched of clusters, ways out and load balancers, and that a formula becomes an alarm."""

from pathlib import Path

import pytest

from components.alarms import (
    MetricAlarms,
    MetricAlarmsArgs,
    Watch,
    control_plane_watches,
    nat_watches,
    target_watches,
)
from simulator import Simulation, simulate
from tests.support.builders import in_region, placement
from tests.support.stacks import ROOT, at, evaluated, stack_file

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
GIB = 1024**3


def by_name(watches: tuple[Watch, ...]) -> dict[str, Watch]:
    return {watch.name: watch for watch in watches}


def alarms(watches: tuple[Watch, ...]) -> Simulation:
    args = MetricAlarmsArgs(placement=placement(), topic_arn=TOPIC, watches=watches)
    return in_region(lambda opts: MetricAlarms("alarms", args, opts))


def test_a_control_plane_that_reports_nothing_goes_off_once() -> None:
    watches = control_plane_watches("testing-eu-west-1")

    assert {watch.namespace for watch in watches} == {"AWS/EKS"}
    assert all(watch.dimensions == {"ClusterName": "testing-eu-west-1"} for watch in watches)
    assert [watch.name for watch in watches if watch.silence == "breaching"] == ["control-plane-storage"]
    assert by_name(watches)["control-plane-storage"].threshold == 6 * GIB


def test_a_formula_becomes_an_alarm_that_judges_it_alone() -> None:
    [errors] = [watch for watch in control_plane_watches("testing-eu-west-1") if watch.name == "control-plane-errors"]
    [alarm] = alarms((errors,)).of_type(ALARM)
    failed, total, value = at(alarm.inputs, "metricQueries")  # type: ignore[misc]

    assert "metricName" not in alarm.inputs
    assert "period" not in alarm.inputs
    assert (at(failed, "metric.metricName"), at(failed, "metric.stat")) == ("apiserver_request_total_5XX", "Sum")
    assert at(total, "metric.metricName") == "apiserver_request_total"
    assert at(total, "metric.dimensions") == {"ClusterName": "testing-eu-west-1"}
    assert value == {
        "id": "value",
        "expression": "100 * failed / total",
        "label": "control-plane-errors",
        "returnData": True,
    }
    assert alarm.inputs["threshold"] == 5


def test_every_gateway_is_watched_for_ports_and_drops() -> None:
    watches = nat_watches({"eu-west-1a": "nat-0a", "eu-west-1b": "nat-0b"})

    assert set(by_name(watches)) == {f"nat-eu-west-1{letter}-{what}" for letter in "ab" for what in ("ports", "drops")}
    assert by_name(watches)["nat-eu-west-1b-ports"].dimensions == {"NatGatewayId": "nat-0b"}
    assert by_name(watches)["nat-eu-west-1a-drops"].threshold == 0.01


def test_a_door_without_a_healthy_target_goes_off_and_one_of_several_that_is_ill_too() -> None:
    single = by_name(target_watches("p2p", "p2p of miner-1", "net/a/1", "targetgroup/a/1", replicas=1))
    several = by_name(target_watches("asset", "asset of miner-1", "net/a/1", "targetgroup/b/1", replicas=2))

    assert set(single) == {"p2p-no-target"}
    assert set(several) == {"asset-no-target", "asset-ill-target"}
    none = single["p2p-no-target"]
    assert (none.metric, none.statistic, none.threshold, none.silence) == (
        "HealthyHostCount",
        "Maximum",
        1,
        "breaching",
    )
    assert none.dimensions == {"LoadBalancer": "net/a/1", "TargetGroup": "targetgroup/a/1"}


@pytest.mark.parametrize(("stack", "expected"), [("testing", 6), ("mainnet", 5)])
def test_every_load_balancer_of_a_stack_is_watched_at_each_of_its_ports(stack: str, expected: int) -> None:
    simulation = evaluated(stack)
    watched = {
        (at(alarm.inputs["dimensions"], "LoadBalancer"), at(alarm.inputs["dimensions"], "TargetGroup"))
        for alarm in simulation.of_type(ALARM)
        if alarm.inputs.get("metricName") == "HealthyHostCount"
    }
    named = [
        one for one in simulation.of_type(ALARM) if "-address-alarms-" in one.name or "-public-alarms-" in one.name
    ]
    groups = {str(one.outputs["arnSuffix"]) for one in simulation.of_type("aws:lb/targetGroup:TargetGroup")}

    assert {group for _, group in watched} == groups
    assert {balancer for balancer, _ in watched} == {
        str(one.outputs["arnSuffix"]) for one in simulation.of_type("aws:lb/loadBalancer:LoadBalancer")
    }
    assert len(named) == expected


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
def test_every_gateway_and_cluster_of_a_stack_is_watched(stack: str) -> None:
    simulation = evaluated(stack)
    gateways = {
        at(alarm.inputs["dimensions"], "NatGatewayId")
        for alarm in simulation.of_type(ALARM)
        if alarm.inputs.get("metricName") == "ErrorPortAllocation"
    }
    clusters = {
        at(alarm.inputs["dimensions"], "ClusterName")
        for alarm in simulation.of_type(ALARM)
        if alarm.inputs.get("metricName") == "apiserver_storage_size_bytes"
    }

    assert gateways == {one.id for one in simulation.of_type("aws:ec2/natGateway:NatGateway")}
    assert clusters == {one.id for one in simulation.of_type("aws:eks/cluster:Cluster")}


def test_nobody_misses_the_pods_of_a_miner_that_is_stopped(tmp_path: Path) -> None:
    miners = {"miner-1": {"region": "eu-west-1", "enabled": False}}
    regions = {"eu-west-1": {"cidr": "10.48.0.0/16"}}
    simulation = simulate(stack_file(tmp_path, "team", "testing", regions=regions, miners=miners), project_dir=ROOT)

    assert [one for one in simulation.of_type(ALARM) if one.name.endswith("-target")] == []
