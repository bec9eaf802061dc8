"""Alerts: what they judge, who hears of them, and what a region sends so that they can."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
import yaml

from components.alarms import (
    control_plane_watches,
    database_watches,
    efs_watches,
    lustre_watches,
    nat_watches,
    target_watches,
)
from components.alarms.heartbeat import BEAT_MINUTES, heartbeat_watch
from components.copies.failures import backups_made
from components.observability import alerts, recorded
from components.observability.alert import Alert, Chain, Severity
from components.observability.store_alerts import STORE_ALERTS
from components.runbook import RUNBOOK
from components.watched import WatchedDatabase, WatchedEfs, WatchedLustre
from simulator import Simulation
from tests.support.promql import metrics, selectors
from tests.support.stacks import ROOT, STACKS, at, evaluated

RULES = "aws:amp/ruleGroupNamespace:RuleGroupNamespace"
MANAGER = "aws:amp/alertManagerDefinition:AlertManagerDefinition"
WORKSPACE = "aws:amp/workspace:Workspace"
RELEASE = "kubernetes:helm.sh/v3:Release"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"

PRIVATE = Chain(private=True, stalled_after="30m")
PUBLIC = Chain(private=False, stalled_after="2h")
ALERTS = (
    *alerts.node_alerts(PRIVATE),
    *STORE_ALERTS,
    *alerts.CLUSTER_ALERTS,
    alerts.region_alert("eu-west-1"),
)
DATABASE = WatchedDatabase(servers={"a": "a", "b": "b"}, cluster="c", storage_gib=1, burstable=True)
EVENT_SECTIONS = {"BackupFailed", "KeyTouched", "RootUsed", "ThreatFound", "WalletTouched"}
SECTIONS = {
    watch.section
    for watch in (
        *database_watches(DATABASE, 16),
        *lustre_watches(WatchedLustre(file_system_id="fs-1", capacity_gib=1_200)),
        *efs_watches(WatchedEfs(file_system_id="fs-2")),
        *control_plane_watches("testing-eu-west-1"),
        *nat_watches({"eu-west-1a": "nat-1"}),
        *target_watches("p2p", "p2p of miner-1", "net/a/1", "targetgroup/a/1", replicas=2),
        heartbeat_watch("heartbeat"),
        backups_made("backups"),
    )
}
"""Of the alarms on metrics; that on secrets is one more."""
RECORDED = {series.record for series in recorded.SERIES}

each = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)


@cache
def sections() -> Mapping[str, str]:
    """What the runbook says, by its headings."""
    page = (ROOT / RUNBOOK).read_text()
    return {part.partition("\n")[0].strip(): part for part in page.split("\n### ")[1:]}


def rules_of(simulation: Simulation) -> dict[str, list[dict[str, Any]]]:
    """The rules of an environment by the name of their namespace."""
    return {
        str(one.inputs["name"]): yaml.safe_load(str(one.inputs["data"]))["groups"][0]["rules"]
        for one in simulation.of_type(RULES)
    }


class TestAlerts:
    @each
    def test_an_alert_judges_recorded_series_alone(self, alert: Alert) -> None:
        """Nothing else leaves a region."""
        assert metrics(alert.expr)
        assert metrics(alert.expr) <= RECORDED

    @each
    def test_an_alert_has_a_section_in_the_runbook_that_tells_what_to_do(self, alert: Alert) -> None:
        section = sections()[alert.name]

        assert "**What to do.**" in section
        assert str(alert.severity) in section

    @each
    def test_an_alert_says_where_it_is(self, alert: Alert) -> None:
        where = alert.expr if alert.name == "RegionSilent" else alert.summary

        assert "region" in where
        assert alert.description.endswith(".")
        assert not alert.summary.endswith(".")
        assert alert.why

    @pytest.mark.parametrize("section", sorted({*SECTIONS, *EVENT_SECTIONS, "Watchdog"}))
    def test_so_has_an_alarm_of_cloudwatch(self, section: str) -> None:
        assert "**What to do.**" in sections()[section]
        assert re.search(r"^(critical|warning|none)\.", sections()[section], re.MULTILINE)

    def test_the_runbook_has_no_section_for_an_alert_that_is_gone(self) -> None:
        assert set(sections()) == {alert.name for alert in ALERTS} | SECTIONS | EVENT_SECTIONS | {"Watchdog"}

    @pytest.mark.parametrize("stack", STACKS)
    def test_every_alarm_of_a_stack_names_its_section(self, stack: str) -> None:
        named = {
            str(alarm.inputs["alarmDescription"]).rpartition(f"Runbook: {RUNBOOK}#")[2]
            for alarm in evaluated(stack).of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        }

        assert named
        assert named <= {section.lower() for section in SECTIONS}

    def test_names_are_unique(self) -> None:
        assert len({alert.name for alert in ALERTS}) == len(ALERTS)

    def test_every_recorded_series_is_judged_or_drawn(self) -> None:
        judged = {metric for alert in ALERTS for metric in metrics(alert.expr)}

        assert judged == RECORDED

    def test_only_on_a_private_chain_a_single_miner_may_be_alone(self) -> None:
        found = {
            chain: one for chain in (PRIVATE, PUBLIC) for one in alerts.node_alerts(chain) if one.name == "NoPeers"
        }

        assert "miner:namespace:info" in metrics(found[PRIVATE].expr)
        assert metrics(found[PUBLIC].expr) == {"miner:connections:sum"}

    def test_a_chain_stalls_after_the_time_that_it_says(self) -> None:
        [stalled] = [one for one in alerts.node_alerts(PUBLIC) if one.name == "HeightStalled"]

        assert {selector.window for selector in selectors(stalled.expr)} == {"2h", ""}
        assert "2h" in stalled.summary

    def test_where_nobody_is_meant_to_make_blocks_none_is_missed(self) -> None:
        quiet = {one.name for one in alerts.node_alerts(Chain(private=True, stalled_after=None))}

        assert {one.name for one in alerts.node_alerts(PRIVATE)} - quiet == {"HeightStalled"}

    def test_a_silent_region_is_critical(self) -> None:
        assert alerts.region_alert("eu-west-1").severity is Severity.CRITICAL


class TestEnvironment:
    @pytest.mark.parametrize("stack", STACKS)
    def test_there_is_one_workspace_and_all_rules_stand_in_it(self, stack: str) -> None:
        simulation = evaluated(stack)
        [workspace] = simulation.of_type(WORKSPACE)

        assert {str(one.inputs["workspaceId"]) for one in simulation.of_type(RULES)} == {workspace.id}
        assert ":eu-west-1:" in str(workspace.outputs["arn"])
        assert workspace.inputs["kmsKeyArn"]
        assert str(at(workspace.inputs, "loggingConfiguration.logGroupArn")).endswith(
            "/testing:*" if stack == "testing" else "/mainnet:*"
        )

    @pytest.mark.parametrize("stack", STACKS)
    def test_every_region_is_missed_by_a_rule_of_its_own(self, stack: str) -> None:
        simulation = evaluated(stack)
        releases = {one.name: one for one in simulation.of_type(RELEASE) if "-platform-monitoring-" in one.name}
        for name in releases:
            region = name.removesuffix("-platform-monitoring-release")
            [rule] = rules_of(simulation)[f"region-{region}"]

            assert f'region="{region}"' in rule["expr"]

        assert set(rules_of(simulation)) == {"nodes", "stores", "clusters", "alerting"} | {
            f"region-{name.removesuffix('-platform-monitoring-release')}" for name in releases
        }

    def test_no_rule_names_a_miner(self) -> None:
        assert not re.search(r"miner-\d", json.dumps(rules_of(evaluated("testing"))))

    @pytest.mark.parametrize("stack", STACKS)
    def test_only_recorded_series_are_sent_and_by_which_replica_is_told(self, stack: str) -> None:
        simulation = evaluated(stack)
        [workspace] = simulation.of_type(WORKSPACE)
        releases = [one for one in simulation.of_type(RELEASE) if "-platform-monitoring-" in one.name]

        assert releases
        for release in releases:
            spec = at(release.inputs, "values.prometheus.prometheusSpec")
            target = at(spec, "remoteWrite.0")
            pattern = str(at(target, "writeRelabelConfigs.0.regex"))
            assert at(target, "url") == f"{workspace.outputs['prometheusEndpoint']}api/v1/remote_write"
            assert at(target, "sigv4.region") == "eu-west-1"
            assert all(re.fullmatch(pattern, name) for name in RECORDED)
            assert not any(re.fullmatch(pattern, name) for name in ("up", "kube_pod_info", "a:b"))
            assert at(spec, "replicaExternalLabelName") == "__replica__"
            assert str(at(spec, "externalLabels.cluster")).startswith(stack)

    @pytest.mark.parametrize("stack", STACKS)
    def test_prometheus_may_write_into_the_workspace_and_nothing_else(self, stack: str) -> None:
        simulation = evaluated(stack)
        [workspace] = simulation.of_type(WORKSPACE)
        policies = [one for one in simulation.of_type(ROLE_POLICY) if one.name.endswith("-platform-monitoring-policy")]

        assert policies
        for one in policies:
            [statement] = json.loads(str(one.inputs["policy"]))["Statement"]
            assert (statement["Action"], statement["Resource"]) == ("aps:RemoteWrite", workspace.outputs["arn"])

    @pytest.mark.parametrize("stack", STACKS)
    def test_alerts_go_to_the_topic_of_the_home_region_which_admits_them_from_this_workspace(self, stack: str) -> None:
        simulation = evaluated(stack)
        [manager] = simulation.of_type(MANAGER)
        [workspace] = simulation.of_type(WORKSPACE)
        settings = yaml.safe_load(yaml.safe_load(str(manager.inputs["definition"]))["alertmanager_config"])
        admitted = {}
        for one in simulation.of_type(TOPIC_POLICY):
            for statement in json.loads(str(one.inputs["policy"]))["Statement"]:
                if statement["Sid"] == "AlertRules":
                    admitted[one.inputs["arn"]] = statement["Condition"]

        assert admitted == {
            receiver["sns_configs"][0]["topic_arn"]: {
                "StringEquals": {"aws:SourceAccount": str(workspace.outputs["arn"]).split(":")[4]},
                "ArnEquals": {"aws:SourceArn": [workspace.outputs["arn"]]},
            }
            for receiver in settings["receivers"]
        }

    @pytest.mark.parametrize("stack", STACKS)
    def test_the_alert_that_always_holds_goes_to_a_topic_of_its_own_whose_silence_tells_the_other(
        self, stack: str
    ) -> None:
        simulation = evaluated(stack)
        [manager] = simulation.of_type(MANAGER)
        settings = yaml.safe_load(yaml.safe_load(str(manager.inputs["definition"]))["alertmanager_config"])
        topics = {one["name"]: one["sns_configs"][0]["topic_arn"] for one in settings["receivers"]}
        [route] = settings["route"]["routes"]
        [alarm] = [
            one
            for one in simulation.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
            if one.inputs.get("namespace") == "AWS/SNS"
        ]
        heartbeat = simulation.named("eu-west-1-alarms-heartbeat-topic")

        assert (settings["route"]["receiver"], route["receiver"]) == ("topic", "heartbeat")
        assert route["matchers"] == ['alertname="Watchdog"']
        assert route["repeat_interval"] == f"{BEAT_MINUTES}m"
        assert topics["heartbeat"] == heartbeat.id
        assert at(alarm.inputs, "dimensions.TopicName") == heartbeat.outputs["name"]
        assert alarm.inputs["alarmActions"] == [topics["topic"]]
        assert alarm.inputs["treatMissingData"] == "breaching"
        assert not simulation.of_type("aws:sns/topicSubscription:TopicSubscription") or all(
            one.inputs["topic"] != heartbeat.id
            for one in simulation.of_type("aws:sns/topicSubscription:TopicSubscription")
        )

    @pytest.mark.parametrize("stack", STACKS)
    def test_the_watchdog_waits_for_nothing(self, stack: str) -> None:
        [rule] = rules_of(evaluated(stack))["alerting"]

        assert (rule["alert"], rule["expr"], rule["for"]) == ("Watchdog", "vector(1)", "0s")

    def test_the_message_can_be_put_together_and_its_subject_fits(self) -> None:
        [manager] = evaluated("mainnet").of_type(MANAGER)
        document = yaml.safe_load(str(manager.inputs["definition"]))
        settings = yaml.safe_load(document["alertmanager_config"])
        [receiver, _] = [one["sns_configs"][0] for one in settings["receivers"]]

        assert settings["templates"] == list(document["template_files"])
        [text] = document["template_files"].values()
        defined = set(re.findall(r'define "([^"]+)"', text))
        assert {re.sub(r'.*"([^"]+)".*', r"\1", receiver[part]) for part in ("subject", "message")} == defined
        assert text.count("{{ end }}") == text.count("define") + text.count("range")
        assert "mainnet" in text
        assert text.isascii()


@pytest.mark.parametrize("region", ["ap-southeast-1", "us-east-1"])
def test_a_region_waits_for_the_workspace_and_for_nothing_else_of_the_home_region(region: str) -> None:
    simulation = evaluated("testing")
    waited = {
        urn.rpartition("::")[2]
        for one in simulation.resources
        if one.name.startswith(f"{region}-")
        for urn in one.dependencies
    }

    assert {name for name in waited if name.startswith("metrics-")} == {"metrics-workspace"}
    assert not {name for name in waited if name.startswith(("eu-west-1-", "alerting-"))}
