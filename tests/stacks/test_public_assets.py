"""Assets on the internet: what it opens and what not, and that it is added to a mainnet without touching its data."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from components.miner_addresses import ASSETS_DOOR
from policies.rules import Graph as RuleGraph
from policies.rules import evaluate
from policies.rules.ports import HTTPS_PORT, PROXY_APPS
from policies.rules.public_ports import PublicPort, public_ports
from simulator import Simulation, simulate
from simulator.compare import Action, ResourceChange, compare
from tests.stacks.test_mining import CERTIFICATE, MINING, TODAY, WALLET
from tests.support.stacks import ROOT, at, stack_file

HOST = "miner-1.example.org"
ASSETS = {"certificates": {"eu-west-1": CERTIFICATE}, "hosts": {"miner-1": HOST}}
PROXY = "miner-1-asset-proxy"
WAY_IN = "miner-1-public-assets"


@cache
def mainnet(*, shown: bool, mode: str = "mining", enabled: bool = True) -> Simulation:
    miners = {"miner-1": {"region": "eu-west-1", "walletSecret": WALLET, "enabled": enabled}}
    changes: dict[str, object] = {"public": {"assets": ASSETS}} if shown else {}
    with TemporaryDirectory() as folder:
        path = stack_file(Path(folder), "mainnet", "mainnet", mode=mode, mining=MINING, miners=miners, **changes)
        return simulate(path, project_dir=ROOT)


def changed() -> list[ResourceChange]:
    return [*compare(mainnet(shown=False).deployment, mainnet(shown=True).deployment).changed]


def test_switching_it_on_adds_and_restarts_and_replaces_nothing_else() -> None:
    touched = {one.name: one.action for one in changed() if one.action is not Action.CREATE}

    assert touched == {
        "miner-1-node-settings": Action.UPDATE,
        "miner-1-settings-restart-job": Action.REPLACE,
    }


def test_it_is_one_more_public_port_which_speaks_tls() -> None:
    before, after = (public_ports(RuleGraph.from_deployment(mainnet(shown=on).deployment)) for on in (False, True))

    assert {port: names for port, names in after.items() if port not in before} == {
        PublicPort("load balancer", 443, 443): (f"{WAY_IN}-listener-assets",),
        PublicPort("security group", 443, 443): ("eu-west-1-chain-assets-from-anywhere",),
    }
    listener = mainnet(shown=True).named(f"{WAY_IN}-listener-assets")
    balancer = mainnet(shown=True).named("miner-1-public-load-balancer")
    assert (listener.inputs["protocol"], listener.inputs["certificateArn"]) == ("TLS", CERTIFICATE)
    assert str(listener.inputs["sslPolicy"]).startswith("ELBSecurityPolicy-TLS13-")
    assert listener.inputs["loadBalancerArn"] == balancer.outputs["arn"]


def test_what_is_declared_to_policies_is_what_the_component_opens() -> None:
    assert {ASSETS_DOOR.port: ASSETS_DOOR.app} == PROXY_APPS
    assert ASSETS_DOOR.listens_at == HTTPS_PORT


def test_it_keeps_every_policy() -> None:
    report = evaluate(RuleGraph.from_deployment(mainnet(shown=True).deployment), today=TODAY)

    assert report.findings == ()
    assert report.undecided == ()


def test_a_listening_miner_shows_nothing_whatever_the_file_says() -> None:
    with_it, without = mainnet(shown=True, mode="listening"), mainnet(shown=False, mode="listening")

    assert [*compare(without.deployment, with_it.deployment).changed] == []


def test_a_stopped_miner_keeps_its_way_in_without_pods_or_alarms() -> None:
    stopped = mainnet(shown=True, enabled=False)

    assert at(stopped.named(f"{PROXY}-deployment").inputs, "spec.replicas") == 0
    assert stopped.named(f"{WAY_IN}-listener-assets")
    assert not [one.name for one in stopped.resources if one.name.startswith("miner-1-public-assets-alarms")]


class TestProxy:
    def test_it_reaches_the_asset_pods_of_its_miner_and_nothing_else(self) -> None:
        policies = {
            str(at(one.inputs, "metadata.name")): one.inputs["spec"]
            for one in mainnet(shown=True).of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
            if at(one.inputs, "metadata.namespace") == "miner-1-assets"
        }

        assert set(policies) == {"deny-all", "dns", "balancer-to-proxy", "proxy-to-asset"}
        assert at(policies["balancer-to-proxy"], "ingress") == [
            {"from": [{"ipBlock": {"cidr": "10.32.0.0/16"}}], "ports": [{"port": 8080, "protocol": "TCP"}]}
        ]
        assert at(policies["proxy-to-asset"], "egress") == [
            {
                "to": [
                    {
                        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "miner-1"}},
                        "podSelector": {"matchLabels": {"app": "asset"}},
                    }
                ],
                "ports": [{"port": 8090, "protocol": "TCP"}],
            }
        ]

    def test_the_asset_pods_admit_the_proxy_and_no_other_pod_of_its_namespace(self) -> None:
        opening = mainnet(shown=True).named("miner-1-namespace-policy-proxy-to-asset").inputs

        assert at(opening, "spec.podSelector.matchLabels") == {"app": "asset"}
        assert at(opening, "spec.ingress.0.from") == [
            {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "miner-1-assets"}},
                "podSelector": {"matchLabels": {"app": "asset-proxy"}},
            }
        ]

    def test_it_is_told_its_clients_addresses_and_sees_packets_of_load_balancers_alone(self) -> None:
        group = mainnet(shown=True).named(f"{WAY_IN}-target-group-assets").inputs

        assert (group["preserveClientIp"], group["proxyProtocolV2"]) == ("false", True)

    def test_another_file_is_another_config_map_so_that_pods_follow(self) -> None:
        files = mainnet(shown=True).named(f"{PROXY}-files")

        assert files.inputs["immutable"] is True
        file = next(iter(mapping(at(files.inputs, "data")).values()))
        assert "set $asset asset.miner-1.svc.cluster.local:8090;" in str(file)
        assert "resolver 172.20.0.10 " in str(file)
        assert files.urn in mainnet(shown=True).named(f"{PROXY}-deployment").dependencies


def test_the_node_announces_the_name_and_tools_are_told() -> None:
    settings = mainnet(shown=True).named("miner-1-node-settings").inputs
    told = [at(mainnet(shown=on).exports, "miners.miner-1.publicAssetUrl") for on in (False, True)]

    assert told == [None, f"https://{HOST}/api/v1"]
    assert at(settings, "data.asset_httpPublicAddress") == told[1]


def test_nobody_healthy_behind_it_is_an_alarm() -> None:
    alarm = mainnet(shown=True).named("miner-1-public-assets-alarms-assets-no-target").inputs

    group = mainnet(shown=True).named(f"{WAY_IN}-target-group-assets").outputs["arnSuffix"]
    assert str(group) in json.dumps(alarm)


def mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
