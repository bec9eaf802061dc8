"""Teranode in the stacks: what each miner runs, with which settings, after what, and what it shares with the others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.teranode import Chain, secret_keys
from infra.settings import Environment
from ops.miners import CLUSTER, miners
from simulator import RecordedResource, Simulation, simulate
from simulator.graph import Graph
from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of
from tests.support.stack_settings import stack_file as settings_of
from tests.support.stacks import ROOT, STACKS, at, evaluated, stack_file


def clusters(simulation: Simulation) -> dict[str, RecordedResource]:
    return {str(at(one.inputs, "metadata.namespace")): one for one in simulation.of_type(CLUSTER)}


def settings(simulation: Simulation, miner: str) -> dict[str, str]:
    data = simulation.named(f"{miner}-node-settings").inputs["data"]
    assert isinstance(data, dict)
    return {key: str(value) for key, value in data.items()}


def ancestors(simulation: Simulation, resource: RecordedResource) -> set[str]:
    """Everything that must exist before a resource."""
    graph = Graph(simulation.deployment)
    found: set[str] = set()
    left = [resource.urn]
    while left:
        new = set(graph.prerequisites.get(left.pop(), ())) - found
        found |= new
        left += new
    return found


def test_three_miners_run_thirty_three_services() -> None:
    found = miners(Graph(evaluated("testing").deployment))

    assert [(miner.name, len(miner.services)) for miner in found] == [("miner-1", 11), ("miner-2", 11), ("miner-3", 11)]
    assert len({miner.region for miner in found}) == 3


def test_mainnet_adds_the_bridge_and_the_alert_system_and_is_pinned_by_digest() -> None:
    [miner] = miners(Graph(evaluated("mainnet").deployment))

    assert {"legacy", "alertSystem"} <= set(miner.services)
    assert len(miner.services) == 13
    assert "@sha256:" in miner.image


@pytest.mark.parametrize("stack", STACKS)
def test_the_secret_holds_every_setting_whose_default_harms(stack: str) -> None:
    spec = evaluated(stack).named("miner-1-operator-secrets-external-secret").inputs["spec"]
    held = {str(at(entry, "secretKey")) for entry in spec["data"]}  # type: ignore[index,call-overload]

    assert held >= secret_keys(Chain(settings(evaluated(stack), "miner-1")["network"]))
    assert not held & settings(evaluated(stack), "miner-1").keys()


@pytest.mark.parametrize("stack", STACKS)
def test_the_cluster_names_settings_and_secret_that_exist(stack: str) -> None:
    simulation = evaluated(stack)
    for miner, cluster in clusters(simulation).items():
        assert at(cluster.inputs, "spec.configMapName") == at(
            simulation.named(f"{miner}-node-settings").inputs, "metadata.name"
        )
        assert at(cluster.inputs, "spec.envFrom.0.secretRef.name") == at(
            simulation.named(f"{miner}-operator-secrets-external-secret").inputs, "metadata.name"
        )
        assert at(cluster.inputs, "spec.sharedStorage.storageVolume") == simulation.named(f"{miner}-files-volume").id


WAITED_FOR = {
    "testing": {
        "eu-west-1-kafka-single-broker",
        "eu-west-1-platform-teranode-operator-chart-release",
        "miner-1-database-job",
        "miner-1-files-volume",
        "miner-1-objects-association",
        "miner-1-operator-secrets-external-secret",
        "miner-1-utxo-store-servers",
    },
    "mainnet": {
        "eu-west-1-kafka-strimzi-kafka",
        "eu-west-1-platform-teranode-operator-chart-release",
        "miner-1-database-job",
        "miner-1-files-volume",
        "miner-1-operator-secrets-external-secret",
        "miner-1-utxo-store-racks-cluster",
    },
}


@pytest.mark.parametrize("stack", STACKS)
def test_a_node_starts_when_all_that_it_needs_is_ready(stack: str) -> None:
    """The operator orders nothing: what is not there yet makes pods crash and come back."""
    cluster = clusters(evaluated(stack))["miner-1"]

    assert WAITED_FOR[stack] <= {urn.rpartition("::")[2] for urn in cluster.dependencies}


def test_no_miner_waits_for_another() -> None:
    """Each can be rolled alone. What they share is what their identities make: a name and a peer id."""
    simulation = evaluated("testing")
    for miner, cluster in clusters(simulation).items():
        names = {urn.rpartition("::")[2] for urn in ancestors(simulation, cluster)}
        others = {name for name in names if name.startswith("miner-") and not name.startswith(f"{miner}-")}

        assert {name.split("-", 2)[2] for name in others} == {"secrets-p2p-seed"}


def test_every_miner_knows_the_others_by_the_ids_that_their_keys_make() -> None:
    simulation = evaluated("testing")
    exported = simulation.exports["miners"]
    for miner in ("miner-1", "miner-2", "miner-3"):
        peers = settings(simulation, miner)["p2p_static_peers"].split("|")
        expected = {
            f"/dns4/{other}.testing.teranode.internal/tcp/9905/p2p/{at(exported, f'{other}.peerId')}"
            for other in ("miner-1", "miner-2", "miner-3")
            if other != miner
        }

        assert set(peers) == expected


def test_two_miners_of_one_region_and_one_on_postgres_work_beside_each_other(tmp_path: Path) -> None:
    changes = {
        "regions": {"eu-west-1": {"cidr": "10.48.0.0/16"}},
        "miners": {
            "miner-1": {"region": "eu-west-1"},
            "miner-2": {"region": "eu-west-1", "utxoStore": {"profile": "postgres"}},
        },
    }
    simulation = simulate(stack_file(tmp_path, "team", "testing", **changes), project_dir=ROOT)
    release = simulation.named("eu-west-1-platform-teranode-operator-chart-release")

    assert at(release.inputs, "values.deployment.env.watch_namespace") == "miner-1,miner-2"
    assert "aerospike_readPolicy" in settings(simulation, "miner-1")
    assert "aerospike_readPolicy" not in settings(simulation, "miner-2")
    assert not [one for one in simulation.resources if one.name.startswith("miner-2-utxo-store")]


@pytest.mark.parametrize("stack", STACKS)
def test_the_alert_store_is_a_database_of_its_own_where_alerts_are_heard(stack: str) -> None:
    simulation = evaluated(stack)
    environment = at(simulation.named("miner-1-database-job").inputs, "spec.template.spec.containers.0.env")
    [databases] = [at(one, "value") for one in environment if at(one, "name") == "DATABASES"]  # type: ignore[union-attr]

    assert databases == ("miner_1,miner_1__alert" if stack == "mainnet" else "miner_1")


@pytest.mark.parametrize("stack", STACKS)
def test_services_reach_their_database_the_api_and_on_public_chains_its_nodes(stack: str) -> None:
    policies = {
        one.name.removeprefix("miner-1-namespace-policy-"): one.inputs["spec"]
        for one in evaluated(stack).of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        if one.name.startswith("miner-1-namespace-policy-")
    }
    cidr = settings_of(stack)["regions"]["eu-west-1"]["cidr"]

    for keeper in ("asset", "block-persister"):
        assert at(policies[f"{keeper}-archive"], "podSelector.matchLabels") == {"app": keeper}
        assert at(policies[f"{keeper}-archive"], "egress.0.ports.0.port") == 443
        assert at(policies[f"{keeper}-pod-identity"], "egress.0.to.0.ipBlock.cidr") == "169.254.170.23/32"
    assert at(policies["teranode-postgres"], "egress.0.to.0.ipBlock.cidr") == cidr
    assert at(policies["teranode-postgres"], "podSelector.matchLabels") == {
        "teranode.bsvblockchain.org/part-of": "true"
    }
    assert ("teranode-chain" in policies) == (stack == "mainnet")


def chain_of(chain: str, **miner: object) -> dict[str, object]:
    return changed(changed(MINIMAL, "chain", chain), "miners/miner-1", {"region": "eu-west-1", **miner})


@pytest.mark.parametrize(
    ("document", "path", "rule"),
    [
        (chain_of("regtest", mode="listening"), "miners.miner-1.mode", "nobody but the environment's own"),
        (chain_of("regtest", svNodes=["a.example.org:8333"]), "miners.miner-1.svNodes", "bridged are testnet, mainnet"),
        (chain_of("teratestnet", svNodes=["a.example.org:8333"]), "miners.miner-1.svNodes", "no SV node"),
        (chain_of("testnet", svNodes=["a.example.org"]), "miners.miner-1.svNodes[0]", "<host>:<port>"),
        (chain_of("testnet", svNodes=["a.example.org:70000"]), "miners.miner-1.svNodes[0]", "<host>:<port>"),
        (changed(chain_of("testnet"), "blockGenerator", {"rotation": "turns"}), "blockGenerator", "proof of work"),
        (changed(MINIMAL, "blockGenerator/intervalSeconds", 0), "blockGenerator.intervalSeconds", "1 to 3600"),
        (
            changed(
                changed(MINIMAL, "blockGenerator", {"rotation": "founder"}),
                "miners",
                {"a": {"region": "eu-west-1", "enabled": False}, "b": {"region": "eu-west-1"}},
            ),
            "miners.a.enabled",
            "mines all blocks",
        ),
        (changed(MINIMAL, "blockGenerator/rotation", "dice"), "blockGenerator.rotation", "one of turns, founder"),
        (chain_of("regtest", enabled="no"), "miners.miner-1.enabled", "true or false"),
    ],
)
def test_what_does_not_fit_the_chain_is_refused_with_a_reason(
    document: dict[str, object], path: str, rule: str
) -> None:
    [fault] = faults_of(document)

    assert fault.path == f"teranode-infra:{path}"
    assert rule in fault.rule


def test_mainnet_takes_no_release_without_its_digest() -> None:
    document = changed(settings_of("mainnet"), "release", "v0.14.4")
    [fault] = faults_of(document, stack="mainnet")

    assert fault.path == "teranode-infra:release"
    assert "docker buildx imagetools inspect ghcr.io/bsv-blockchain/teranode:v0.14.4" in fault.remedy


@pytest.mark.parametrize(("chain", "mode"), [("regtest", "mining"), ("testnet", "mining"), ("teratestnet", "mining")])
def test_a_node_takes_part_unless_it_is_new_on_mainnet(chain: str, mode: str) -> None:
    assert modes(accepted(chain_of(chain))) == {mode}
    assert modes(accepted(settings_of("mainnet"), stack="mainnet")) == {"listening"}


def modes(environment: Environment) -> set[str]:
    return {miner.mode for miner in environment.miners.values()}


def test_a_generator_for_every_miner_of_regtest_unless_it_is_switched_off() -> None:
    assert len([one for one in evaluated("testing").resources if one.name.endswith("-block-generator-deployment")]) == 3
    assert accepted(changed(MINIMAL, "blockGenerator/enabled", value=False)).block_generator is None
    assert accepted(chain_of("testnet")).block_generator is None
    assert accepted(settings_of("mainnet"), stack="mainnet").block_generator is None


def with_load(document: Mapping[str, Any] = MINIMAL, **load: object) -> dict[str, object]:
    return changed(document, "transactionLoad", {"transactionsPerSecond": 5, **load})


TWO = changed(MINIMAL, "miners", {"a": {"region": "eu-west-1"}, "b": {"region": "eu-west-1"}})


@pytest.mark.parametrize(
    ("document", "path", "rule"),
    [
        (with_load(chain_of("testnet")), "transactionLoad", "which only regtest generates"),
        (with_load(chain_of("teratestnet")), "transactionLoad", "which only regtest generates"),
        (with_load(changed(MINIMAL, "blockGenerator", {"enabled": False})), "transactionLoad", "no blocks"),
        (with_load(transactionsPerSecond=0), "transactionLoad.transactionsPerSecond", "1 to 100"),
        (with_load(transactionsPerSecond=101), "transactionLoad.transactionsPerSecond", "1 to 100"),
        (with_load(transactionsPerSecond=1.5), "transactionLoad.transactionsPerSecond", "whole number"),
        (with_load(transactionsPerSecond="5"), "transactionLoad.transactionsPerSecond", "whole number"),
        (changed(MINIMAL, "transactionLoad", {"miners": ["miner-1"]}), "transactionLoad.transactionsPerSecond", ""),
        (with_load(miners=[]), "transactionLoad.miners", "at least 1"),
        (with_load(miners=["miner-9"]), "transactionLoad.miners[0]", "a miner of this environment"),
        (with_load(miners=["miner-1", "miner-1"]), "transactionLoad.miners[1]", "once"),
        (with_load(chain_of("regtest", enabled=False), miners=["miner-1"]), "transactionLoad.miners[0]", "that runs"),
        (
            with_load(changed(TWO, "blockGenerator", {"rotation": "founder"}), miners=["a", "b"]),
            "transactionLoad.miners[1]",
            "the others mine nothing",
        ),
        (with_load(rate=5), "transactionLoad.rate", ""),
    ],
)
def test_a_load_that_cannot_be_is_refused_with_a_reason(document: dict[str, object], path: str, rule: str) -> None:
    [fault] = faults_of(document)

    assert fault.path == f"teranode-infra:{path}"
    assert rule in fault.rule
    assert fault.remedy


def test_mainnet_is_never_loaded() -> None:
    mainnet = settings_of("mainnet")

    assert [one.path for one in faults_of(with_load(mainnet), stack="mainnet")] == ["teranode-infra:transactionLoad"]


def test_a_load_is_off_unless_written_and_then_of_all_miners_that_mine() -> None:
    assert accepted(MINIMAL).transaction_load is None
    assert loaded(with_load(TWO)) == ("a", "b")
    assert loaded(with_load(TWO, miners=["b"])) == ("b",)
    assert loaded(with_load(changed(TWO, "miners/a", {"region": "eu-west-1", "enabled": False}))) == ("b",)
    assert loaded(with_load(changed(TWO, "blockGenerator", {"rotation": "founder"}))) == ("a",)


def loaded(document: dict[str, object]) -> tuple[str, ...]:
    load = accepted(document).transaction_load
    assert load is not None
    assert load.per_second == 5
    return load.miners


@pytest.mark.parametrize(("chain", "services"), [("teratestnet", 11), ("testnet", 12)])
def test_any_chain_can_be_run(tmp_path: Path, chain: str, services: int) -> None:
    regions = {"eu-west-1": {"cidr": "10.48.0.0/16"}}
    path = stack_file(
        tmp_path, "team", "testing", chain=chain, regions=regions, miners={"miner-1": {"region": "eu-west-1"}}
    )
    simulation = simulate(path, project_dir=ROOT)
    found = miners(Graph(simulation.deployment))

    assert {len(miner.services) for miner in found} == {services}
    assert settings(simulation, "miner-1")["network"] == chain
    assert "local_test_start_from_state" not in settings(simulation, "miner-1")
