"""What is done to a node beside its operator: the Jobs and their rights; test_scripts.py runs what they run."""

import re
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.namespace import NamespaceRef
from components.teranode import Chain, Operation, first_state, release_gate, settings_restart
from components.teranode.operation import API_LABELS
from tests.support.builders import in_region
from tests.support.kubectl import SCRIPTS
from tests.support.stacks import at, evaluated
from tests.support.teranode import IMAGE

JOB = "kubernetes:batch/v1:Job"
TOOLS = "docker.io/alpine/k8s:1.36.2"


def namespace() -> NamespaceRef:
    return NamespaceRef(
        name="miner-1",
        provider=kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier="cluster"),
        ready=(),
    )


def test_a_failed_run_is_run_again_by_the_next_update() -> None:
    """Without the annotation a Job that failed stays, and every later update fails for it."""
    [job] = [one for one in evaluated("testing").resources if one.name == "miner-1-release-gate-job"]

    assert at(job.inputs, "metadata.annotations") == {"pulumi.com/replaceUnready": "true"}
    assert at(job.inputs, "spec.backoffLimit") == 0
    assert "ttlSecondsAfterFinished" not in job.inputs["spec"]  # type: ignore[operator]


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
def test_every_script_gets_what_it_asks_for_comes_after_its_node_and_has_more_time_than_it_gives_itself(
    stack: str,
) -> None:
    simulation = evaluated(stack)
    jobs = [one for one in simulation.of_type(JOB) if "teranode:teranode:Operation" in one.urn]

    assert len(jobs) == (6 if stack == "testing" else 3)
    for job in jobs:
        container: Any = at(job.inputs, "spec.template.spec.containers.0")
        given = {one["name"]: one["value"] for one in container["env"]}
        script = SCRIPTS / Path(container["command"][-1]).name
        asked = set(re.findall(r'"\$\{([A-Z_]+):\?\}"', script.read_text()))
        assert asked <= given.keys(), job.name
        assert int(given["TIMEOUT_SECONDS"]) < int(str(at(job.inputs, "spec.activeDeadlineSeconds")))
        assert any(urn.endswith("-node-cluster") for urn in job.dependencies), job.name


@pytest.mark.parametrize("operation", ["release-gate", "settings-restart"])
def test_a_script_has_the_rights_that_it_needs_and_a_way_to_the_api(operation: str) -> None:
    simulation = evaluated("testing")
    job = simulation.named(f"miner-1-{operation}-job")
    role = simulation.named(f"miner-1-{operation}-role")
    rules: Any = role.inputs["rules"]
    rights = {(resource, verb) for rule in rules for resource in rule["resources"] for verb in rule["verbs"]}
    opening = simulation.named("miner-1-namespace-policy-operations-kubernetes-api")

    reads = {("deployments", "get"), ("pods", "get"), ("pods", "list")}
    assert rights == reads | (
        set()
        if operation == "release-gate"
        else {("pods", "delete"), ("configmaps", "get"), ("externalsecrets", "get")}
    )
    assert at(job.inputs, "spec.template.metadata.labels") == API_LABELS
    assert at(opening.inputs, "spec.podSelector.matchLabels") == API_LABELS


def test_nothing_a_script_may_do_reads_a_secret() -> None:
    """People who look for drift may, where Helm keeps its releases; scripts run in the namespaces of miners."""
    roles = evaluated("mainnet").of_type("kubernetes:rbac.authorization.k8s.io/v1:Role")
    of_miners = [one for one in roles if at(one.inputs, "metadata.namespace") == "miner-1"]

    assert of_miners
    for one in of_miners:
        rules: Any = one.inputs["rules"]
        assert "secrets" not in {resource for rule in rules for resource in rule["resources"]}


def test_a_fresh_node_is_started_by_a_setting_or_by_a_job_never_by_both() -> None:
    regtest = {one.name for one in evaluated("testing").resources}
    job = evaluated("mainnet").named("miner-1-first-state-job")
    environment: Any = at(job.inputs, "spec.template.spec.containers.0.env")

    assert "miner-1-first-state-job" not in regtest
    assert {"name": "EVENT", "value": "LEGACYSYNC"} in environment
    assert at(job.inputs, "spec.template.spec.automountServiceAccountToken") is False


@pytest.mark.parametrize(("chain", "event"), [(Chain.TERATESTNET, "RUN"), (Chain.TESTNET, "LEGACYSYNC")])
def test_a_chain_that_is_bridged_begins_with_what_sv_nodes_have(chain: Chain, event: str) -> None:
    def make(opts: pulumi.ResourceOptions) -> None:
        args = first_state(namespace(), chain, tools=TOOLS, after=())
        assert args is not None
        assert args.environment["EVENT"] == event
        Operation("miner-1-first-state", args, opts)

    in_region(make)


def triggers(settings: dict[str, str], versions: tuple[str, ...] = ("1",)) -> list[str]:
    def make(opts: pulumi.ResourceOptions) -> None:
        args = settings_restart(
            namespace(), Chain.REGTEST, settings=settings, secret_versions=versions, tools=TOOLS, after=()
        )
        Operation("miner-1-settings-restart", args, opts)

    job = in_region(make).named("miner-1-settings-restart-job")
    environment: Any = at(job.inputs, "spec.template.spec.containers.0.env")
    return [one["value"] for one in environment if one["name"] in ("SETTINGS", "SECRETS")]


def test_a_changed_setting_or_secret_is_another_run_and_another_peer_is_not() -> None:
    before = triggers({"network": "regtest", "p2p_static_peers": "a"})

    assert triggers({"network": "regtest", "p2p_static_peers": "a|b"}) == before
    assert triggers({"network": "testnet", "p2p_static_peers": "a"}) != before
    assert triggers({"network": "regtest", "p2p_static_peers": "a"}, ("2",)) != before


def test_the_gate_names_every_deployment_in_boot_order() -> None:
    def make(opts: pulumi.ResourceOptions) -> None:
        args = release_gate(namespace(), Chain.REGTEST, image=IMAGE, tools=TOOLS, after=())
        names = str(args.environment["DEPLOYMENTS"]).split()
        assert (names[0], len(names)) == ("blockchain", 11)
        Operation("miner-1-release-gate", args, opts)

    in_region(make)
