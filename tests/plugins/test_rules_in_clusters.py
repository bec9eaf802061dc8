"""What custom resources, pods and volumes need, beyond one call for each rule."""

from pathlib import Path
from typing import Any

import pytest

from simulator.custom_resources import DEFINITIONS
from simulator.rules import tokens as t
from simulator.rules.operators import OPERATORS, chart_of, group_of
from simulator.rules.volumes import bytes_of
from tests.plugins.rules_in_clusters import (
    METADATA,
    NODE_OF_MINER_1,
    POOL,
    SAFE_CONTAINER,
    TERANODE_SECRET,
    job,
    named,
    space,
)
from tests.plugins.world_builder import create, thing, verdict

SNAPSHOTS = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"


def test_every_taught_group_has_an_operator() -> None:
    assert {group_of(token) for token in DEFINITIONS} == OPERATORS.keys()


@pytest.mark.parametrize(
    "chart",
    [
        "strimzi-kafka-operator",
        "oci://r.example/charts/strimzi-kafka-operator",
        "./charts/strimzi-kafka-operator-1.0.0.tgz",
    ],
)
def test_a_chart_is_known_wherever_it_comes_from(chart: str) -> None:
    assert chart_of(thing(t.RELEASE, "r", {"chart": chart, "version": "1.0.0"})) == "strimzi-kafka-operator"


def test_a_release_that_installs_definitions_serves_without_a_job(tmp_path: Path) -> None:
    release = thing(t.RELEASE, "r", {"chart": "strimzi-kafka-operator"})
    assert verdict("custom-resource-definition", create(t.KAFKA, release, metadata=METADATA), tmp_path) is None


def test_an_add_on_of_the_same_cluster_brings_definitions(tmp_path: Path) -> None:
    def asked(cluster: str) -> str | None:
        addon = thing(t.ADDON, f"{cluster}:s", {"addonName": "snapshot-controller", "clusterName": cluster})
        return verdict("custom-resource-definition", create(SNAPSHOTS, addon, metadata={"name": "x"}), tmp_path)

    assert asked("blue") is None
    assert str(asked("green")).startswith('no matches for kind "VolumeSnapshotClass" in version "snapshot.storage')


def test_a_pool_of_another_namespace_is_no_node_of_a_kafka(tmp_path: Path) -> None:
    elsewhere = {"name": "kafka", "namespace": "other"}
    assert verdict("kafka-has-nodes", create(t.KAFKA, POOL, metadata=elsewhere), tmp_path)


def test_of_controllers_it_is_said_that_their_pods_never_start(tmp_path: Path) -> None:
    refusal = str(verdict("pod-security", create(t.JOB, space("kafka", "baseline"), **job(PRIVILEGED)), tmp_path))
    assert refusal.startswith('pods are forbidden: violates PodSecurity "baseline:latest": privileged (container "c"')
    assert refusal.endswith("(admission only warns of the controller; none of its pods starts)")


def test_a_node_without_its_settings_never_starts(tmp_path: Path) -> None:
    refusal = verdict("teranode-settings-exist", create(t.TERANODE, TERANODE_SECRET, **NODE_OF_MINER_1), tmp_path)
    assert str(refusal).startswith('configmap "teranode-settings" not found')


PRIVILEGED: dict[str, Any] = {"name": "c", "securityContext": {"privileged": True}}


@pytest.mark.parametrize(("level", "refused"), [("privileged", False), ("baseline", True), ("restricted", True)])
def test_the_level_of_the_namespace_decides(level: str, tmp_path: Path, *, refused: bool) -> None:
    asked = create(t.JOB, space("kafka", level), **job(PRIVILEGED))
    assert (verdict("pod-security", asked, tmp_path) is not None) is refused


def test_defaults_of_a_namespace_stand_in_for_what_a_quota_counts(tmp_path: Path) -> None:
    quota = named(t.RESOURCE_QUOTA, "q", hard={"cpu": "8"})
    refusal = str(verdict("pod-quota", create(t.JOB, quota, **job(SAFE_CONTAINER)), tmp_path))
    assert "must specify requests.cpu for: c" in refusal
    defaults = named(t.LIMIT_RANGE, "defaults")
    assert verdict("pod-quota", create(t.JOB, quota, defaults, **job(SAFE_CONTAINER)), tmp_path) is None


@pytest.mark.parametrize(
    ("quantity", "expected"), [("1Ki", 1024), ("1200Gi", 1200 * 1024**3), ("2T", 2 * 10**12), ("5", 5), ("x", 0)]
)
def test_quantities_are_numbers(quantity: str, expected: int) -> None:
    assert bytes_of(quantity) == expected


@pytest.mark.parametrize(
    ("token", "name", "valid"),
    [
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "system:reader", True),
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "a/b", False),
        ("kubernetes:core/v1:ConfigMap", "a.b", True),
        ("kubernetes:core/v1:ConfigMap", "a:b", False),
        ("kubernetes:core/v1:ConfigMap", "a..b", False),
        (t.NAMESPACE, "a.b", False),
        (t.NAMESPACE, "x" * 63, True),
        (t.SERVICE, "x" * 64, False),
    ],
)
def test_names_follow_the_rule_of_their_kind(token: str, name: str, tmp_path: Path, *, valid: bool) -> None:
    assert (verdict("object-name-pattern", create(token, metadata={"name": name}), tmp_path) is None) is valid
