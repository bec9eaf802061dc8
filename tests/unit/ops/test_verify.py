"""`ops verify` from end to end, against synthetic API servers and nodes on loopback."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import base58
import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from ops.outputs import RegionOutputs
from ops.verify.kubeconfig import configuration
from tests.support.fake_kubernetes import FakeCluster, FakeMiner, FakeNode, deployment, write_kubeconfig
from tests.support.stacks import evaluated

OTHER_IMAGE = "ghcr.io/bsv-blockchain/teranode:v0.14.3"


@dataclass
class Environment:
    """The testing environment as its stack says, with a synthetic API server for each region."""

    folder: Path
    outputs: dict[str, Any]
    clusters: dict[str, FakeCluster]

    def miner(self, name: str) -> FakeMiner:
        return self.clusters[self.outputs["miners"][name]["region"]].miners[name]

    @property
    def state(self) -> Path:
        """What `pulumi stack export` would write of the outputs."""
        urn = "urn:pulumi:testing::teranode-infra::pulumi:pulumi:Stack::teranode-infra-testing"
        stack = {"urn": urn, "custom": False, "type": "pulumi:pulumi:Stack", "outputs": self.outputs}
        file = self.folder / "state.json"
        file.write_text(json.dumps({"version": 3, "deployment": {"resources": [stack]}}))
        return file

    def verify(self, *options: str) -> tuple[int, str, str]:
        arguments = ["verify", "testing", "--state", str(self.state), "--interval-seconds", "0", *options]
        result = CliRunner().invoke(app, arguments, catch_exceptions=False)
        return result.exit_code, result.stdout, result.stderr

    def checks(self, *options: str) -> dict[tuple[str, str], dict[str, str]]:
        """The checks that do not hold, by miner and rule; the exit code must agree."""
        code, stdout, stderr = self.verify("--json", *options)
        assert stdout, stderr
        document = json.loads(stdout)
        wrong = {(one["miner"], one["rule"]): one for one in document["checks"] if one["verdict"] != "holds"}
        assert document["holds"] == (not wrong)
        assert code == (ExitCode.FINDINGS if wrong else ExitCode.CLEAN)
        return wrong


def synthetic_miner(outputs: dict[str, Any], name: str) -> FakeMiner:
    own = outputs["miners"][name]
    others = [one["peerId"] for other, one in outputs["miners"].items() if other != name]
    peers: list[dict[str, object]] = [{"id": one, "is_connected": True, "last_message_time": 1} for one in others]
    return FakeMiner(
        image=own["image"],
        rpc_image=own["image"],
        deployments={one: deployment(one, own["image"]) for one in own["deployments"]},
        node=FakeNode(peers=peers),
    )


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    outputs: dict[str, Any] = json.loads(json.dumps(dict(evaluated("testing").exports)))
    with ExitStack() as stack:
        clusters: dict[str, FakeCluster] = {}
        for region in outputs["regions"]:
            names = [name for name, miner in outputs["miners"].items() if miner["region"] == region]
            served = FakeCluster({name: synthetic_miner(outputs, name) for name in names})
            clusters[region] = stack.enter_context(served.serving())
        for miner in outputs["miners"].values():
            miner["privateEndpoints"] = ["miner.invalid:9905"]
        contexts = {
            one["kubernetesContext"]: (one["clusterArn"], clusters[region].url)
            for region, one in outputs["regions"].items()
        }
        monkeypatch.setenv("KUBECONFIG", str(write_kubeconfig(tmp_path / "kubeconfig", contexts)))
        yield Environment(tmp_path, outputs, clusters)


def test_an_environment_that_is_as_it_should_be_passes(environment: Environment) -> None:
    code, stdout, _ = environment.verify()

    assert code == ExitCode.CLEAN, stdout
    assert "33 services of 3 miners" in stdout
    assert "teranode:v0.14.4" in stdout
    [row] = [line for line in stdout.splitlines() if line.startswith("miner-2 ")]
    assert "11 of 11 available" in row
    assert "RUNNING" in row
    assert "2 of 2 connected" in row
    assert "101 to 102" in row
    assert "nothing answers here" in row


def test_a_deployment_that_is_missing_is_named_with_its_miner(environment: Environment) -> None:
    del environment.miner("miner-2").deployments["validator"]
    [check] = environment.checks().values()

    assert (check["miner"], check["rule"], check["verdict"]) == ("miner-2", "services", "fails")
    assert check["found"] == "10 of 11 exist; no Deployment validator"
    assert "kubectl --context testing-us-east-1 --namespace miner-2" in check["remedy"]


def test_a_deployment_that_is_not_available_or_not_settled_is_named(environment: Environment) -> None:
    miner = environment.miner("miner-1")
    miner.deployments["asset"] = deployment("asset", miner.image, replicas=2, available=1)
    miner.deployments["peer"]["status"] = {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1}
    [check] = environment.checks().values()

    assert check["found"] == "9 of 11 available; not asset (1 of 2 pods), peer (0 of 1 pods)"


@pytest.mark.parametrize("place", ["deployment", "cluster", "rpc"])
def test_an_image_is_looked_at_in_every_place(environment: Environment, place: str) -> None:
    miner = environment.miner("miner-3")
    if place == "deployment":
        miner.deployments["rpc"] = deployment("rpc", OTHER_IMAGE)
    elif place == "cluster":
        miner.image = OTHER_IMAGE
    else:
        miner.rpc_image = OTHER_IMAGE
    [check] = environment.checks().values()

    assert (check["miner"], check["rule"]) == ("miner-3", "image")
    assert OTHER_IMAGE in check["found"]


def test_a_node_that_is_idle_is_no_running_node(environment: Environment) -> None:
    environment.miner("miner-1").node.state = "IDLE"
    [check] = environment.checks().values()

    assert (check["rule"], check["verdict"], check["found"]) == ("state", "fails", "IDLE")
    assert "setfsmstate --fsmstate RUNNING" in check["remedy"]


def test_pitfall_10_pods_that_are_available_and_a_health_page_of_200_make_no_running_node(
    environment: Environment,
) -> None:
    """The health page of Teranode answers 200 whatever it says: state and height are asked of the node itself."""
    node = environment.miner("miner-1").node
    node.broken["health"] = (200, '{"status": "ok"}')
    node.broken["fsm/state"] = (503, "not available")
    checks = environment.checks().values()

    assert checks
    assert {(one["miner"], one["verdict"] == "holds") for one in checks} == {("miner-1", False)}
    assert "state" in {one["rule"] for one in checks}


def test_peers_are_told_apart_by_their_ids(environment: Environment) -> None:
    node = environment.miner("miner-1").node
    node.peers[0]["is_connected"] = False
    node.peers[1]["id"] = "12D3KooWSomebodyElse"
    [check] = environment.checks().values()

    assert check["rule"] == "peers"
    assert check["found"] == "0 of 2 connected; not miner-2, miner-3"
    assert environment.outputs["miners"]["miner-2"]["peerAddress"] in check["remedy"]


def test_a_peer_that_was_heard_of_between_two_looks_is_in_touch(environment: Environment) -> None:
    node = environment.miner("miner-1").node
    for peer in node.peers:
        peer["is_connected"] = False
    node.heard_of = True

    assert environment.checks() == {}


def test_ids_in_the_encoding_of_the_register_of_peers_are_known(environment: Environment) -> None:
    for peer in environment.miner("miner-1").node.peers:
        peer["id"] = base58.b58encode(str(peer["id"])).decode()

    assert environment.checks() == {}


def test_on_a_public_chain_somebody_must_be_connected(environment: Environment) -> None:
    environment.outputs["chain"] = "mainnet"
    for name in ("miner-2", "miner-3"):
        environment.outputs["miners"][name]["enabled"] = False
        environment.miner(name).deployments.clear()
    node = environment.miner("miner-1").node
    node.peers = [{"id": "12D3KooWSomebodyElse", "is_connected": True, "last_message_time": 1}]
    assert environment.checks() == {}

    node.peers[0]["is_connected"] = False
    [check] = environment.checks().values()
    assert check["found"] == "none of the 1 peers that it knows on mainnet is connected"


def test_a_height_that_stands_fails_on_regtest_and_is_too_short_a_look_on_mainnet(environment: Environment) -> None:
    for name in environment.outputs["miners"]:
        environment.miner(name).node.pace = 0

    assert {check["verdict"] for check in environment.checks().values()} == {"fails"}

    environment.outputs["chain"] = "mainnet"
    checks = environment.checks()
    assert {check["verdict"] for check in checks.values()} == {"unknown"}
    assert "--interval-seconds" in checks["miner-1", "height"]["remedy"]


def test_a_miner_behind_the_others_fails_beyond_the_bound_only(environment: Environment) -> None:
    environment.miner("miner-2").node.height -= 3

    assert environment.checks("--max-tip-distance", "3") == {}
    [check] = environment.checks("--max-tip-distance", "2").values()
    assert (check["miner"], check["rule"]) == ("miner-2", "tip")
    assert "3 blocks behind" in check["found"]


def test_a_branch_is_no_common_chain_however_equal_the_heights(environment: Environment) -> None:
    node = environment.miner("miner-3").node
    node.branch, node.branched_at = "own", node.height + 1

    assert environment.checks("--max-tip-distance", "2") == {}
    [check] = environment.checks("--max-tip-distance", "2").values()
    assert (check["miner"], check["rule"]) == ("miner-3", "tip")
    assert "another branch" in check["found"]


def test_a_node_that_answers_in_another_form_is_unknown_with_the_path(environment: Environment) -> None:
    environment.miner("miner-1").node.broken = {
        "fsm/state": (200, '{"State": 1}'),
    }
    wrong = environment.checks()

    assert {rule for _, rule in wrong} == {"state", "peers", "height", "tip"}
    assert all(check["verdict"] == "unknown" for check in wrong.values())
    assert "/api/v1/fsm/state" in wrong["miner-1", "state"]["found"]


def test_a_p2p_service_that_does_not_answer_leaves_the_rest_of_the_node_readable(environment: Environment) -> None:
    environment.miner("miner-1").node.broken = {"peers": (503, '{"peers": [], "count": 0}')}
    [check] = environment.checks().values()

    assert (check["rule"], check["verdict"]) == ("peers", "unknown")
    assert "answers 503" in check["found"]


def test_a_stopped_miner_has_no_services_and_nobody_misses_it(environment: Environment) -> None:
    environment.outputs["miners"]["miner-3"]["enabled"] = False
    for name in ("miner-1", "miner-2"):
        node = environment.miner(name).node
        node.peers = [one for one in node.peers if one["id"] != environment.outputs["miners"]["miner-3"]["peerId"]]
    [check] = environment.checks().values()
    assert (check["miner"], check["rule"]) == ("miner-3", "services")
    assert "stopped by the stack file, but it has 11 Deployments" in check["found"]

    environment.miner("miner-3").deployments.clear()
    environment.miner("miner-3").ready = False
    assert environment.checks() == {}


def test_a_private_endpoint_that_answers_this_machine_fails(environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        endpoint = f"127.0.0.1:{listener.getsockname()[1]}"
        environment.outputs["miners"]["miner-1"]["privateEndpoints"].append(endpoint)
        [check] = environment.checks().values()

    assert (check["miner"], check["rule"], check["found"]) == ("miner-1", "private", f"{endpoint} answers this machine")


def test_without_a_kubeconfig_every_miner_says_what_to_run(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    code, stdout, stderr = environment.verify()

    assert code == ExitCode.FINDINGS
    assert "there is no kubeconfig" in stdout
    assert "aws eks update-kubeconfig --region eu-west-1 --name testing-eu-west-1" in stdout
    assert "Traceback" not in stderr


@pytest.mark.parametrize("content", ["[]", "clusters: [", "clusters: 1", ""])
def test_a_file_that_is_no_kubeconfig_is_said(environment: Environment, content: str) -> None:
    (environment.folder / "kubeconfig").write_text(content)

    assert "is no kubeconfig" in environment.checks()["miner-1", "services"]["found"]


def test_a_missing_context_is_named_with_those_there_are(environment: Environment) -> None:
    check = environment.checks("--context", "us-east-1=elsewhere")["miner-2", "services"]

    assert "has no context elsewhere; it has testing-ap-southeast-1" in check["found"]


def test_contexts_of_other_names_can_be_named(environment: Environment) -> None:
    contexts = {f"kind-{region}": ("kind", cluster.url) for region, cluster in environment.clusters.items()}
    kubeconfig = environment.folder / "kubeconfig"
    write_kubeconfig(kubeconfig, {name: (f"{name}-cluster", one[1]) for name, one in contexts.items()})
    options = [option for region in environment.clusters for option in ("--context", f"{region}=kind-{region}")]

    assert environment.checks(*options) == {}


def test_a_context_of_another_cluster_is_not_used(environment: Environment) -> None:
    environment.outputs["regions"]["us-east-1"]["clusterArn"] = "arn:aws:eks:us-east-1:111122223333:cluster/other"
    wrong = environment.checks()

    assert {miner for miner, _ in wrong} == {"miner-2"}
    assert "cluster/testing-us-east-1, not of arn" in wrong["miner-2", "services"]["found"]


def test_credentials_that_the_api_server_refuses_are_said(environment: Environment) -> None:
    for cluster in environment.clusters.values():
        cluster.refused["/"] = 401
    check = environment.checks()["miner-1", "services"]

    assert "refuses the credentials of context testing-eu-west-1" in check["found"]
    assert "aws sts get-caller-identity" in check["remedy"]


def test_a_command_for_credentials_that_fails_is_said(environment: Environment) -> None:
    kubeconfig = environment.folder / "kubeconfig"
    document = kubeconfig.read_text().replace("token: synthetic", "exec: {apiVersion: v1, command: /nonexistent}")
    kubeconfig.write_text(document)

    assert "gives no credentials" in environment.checks()["miner-1", "services"]["found"]


def test_rights_that_are_missing_are_named(environment: Environment) -> None:
    environment.clusters["eu-west-1"].refused["portforward"] = 403
    wrong = environment.checks()

    assert {rule for _, rule in wrong} == {"state", "peers", "height", "tip"}
    assert "may not use port 8090 of pod asset-0" in wrong["miner-1", "state"]["found"]
    assert "access.operatorRole" in wrong["miner-1", "state"]["remedy"]


def test_an_api_server_that_does_not_answer_is_told_from_one_behind_a_tunnel(environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = f"http://127.0.0.1:{listener.getsockname()[1]}"
    kubeconfig = environment.folder / "kubeconfig"
    kubeconfig.write_text(kubeconfig.read_text().replace(environment.clusters["us-east-1"].url, closed))
    check = environment.checks()["miner-2", "services"]
    assert f"the API server {closed} does not answer" in check["found"]
    assert "access.apiCidrs" in check["remedy"]

    environment.outputs["regions"]["us-east-1"]["tunnelCommand"] = "aws ssm start-session"
    assert "aws ssm start-session" in environment.checks()["miner-2", "services"]["remedy"]


def test_a_missing_namespace_is_said(environment: Environment) -> None:
    environment.clusters["us-east-1"].miners.clear()

    assert environment.checks()["miner-2", "services"]["found"] == "namespace miner-2 does not exist"


def test_a_node_without_a_ready_asset_service_is_unknown(environment: Environment) -> None:
    environment.miner("miner-1").ready = False

    assert environment.checks()["miner-1", "state"]["found"] == "no pod of asset in miner-1 is ready"


def test_a_proxy_of_the_kubeconfig_is_used(environment: Environment) -> None:
    kubeconfig = environment.folder / "kubeconfig"
    kubeconfig.write_text(kubeconfig.read_text().replace("server:", "proxy-url: http://127.0.0.1:22592\n    server:"))
    region = RegionOutputs.model_validate_json(json.dumps(environment.outputs["regions"]["eu-west-1"]))

    assert configuration(region).proxy == "http://127.0.0.1:22592"


@pytest.mark.parametrize(
    ("option", "said"), [("eu-west-9=x", "no eu-west-9"), ("eu-west-1", "REGION=CONTEXT"), ("=x", "REGION=CONTEXT")]
)
def test_a_wrong_context_option_is_a_usage_fault(environment: Environment, option: str, said: str) -> None:
    code, stdout, stderr = environment.verify("--context", option)

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert said in stderr
