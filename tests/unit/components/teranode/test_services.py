"""The table of services: what runs where, and who may come to which port."""

import ast
from pathlib import Path

import pytest

import components.teranode
from components.teranode.chains import PRESETS, Chain
from components.teranode.services import (
    BOOT_ORDER,
    CORE,
    HEALTH,
    METRICS,
    SERVICES,
    SINGLETONS,
    Reach,
    Service,
    enabled_services,
    open_ports,
)
from components.teranode.sizes import REPLICAS, SIZES, Scale, replicas_problem

NEVER_RUN = {Service.BOOTSTRAP, Service.COINBASE, Service.UTXO_PERSISTER}


@pytest.mark.parametrize(
    ("chain", "more"),
    [
        (Chain.REGTEST, set()),
        (Chain.TERATESTNET, set()),
        (Chain.TESTNET, {Service.LEGACY}),
        (Chain.MAINNET, {Service.LEGACY, Service.ALERT_SYSTEM}),
    ],
)
def test_eleven_services_run_everywhere_and_a_chain_adds_what_it_needs(chain: Chain, more: set[Service]) -> None:
    assert len(CORE) == 11
    assert set(enabled_services(chain)) == CORE | more


def test_three_miners_of_the_testing_environment_have_thirty_three_services() -> None:
    assert 3 * len(enabled_services(Chain.REGTEST)) == 33


def test_boot_order_starts_with_the_blockchain_and_names_whatever_may_run_once() -> None:
    assert BOOT_ORDER[:4] == (
        Service.BLOCKCHAIN,
        Service.ASSET,
        Service.BLOCK_VALIDATOR,
        Service.BLOCK_ASSEMBLY,
    )
    assert len(set(BOOT_ORDER)) == len(BOOT_ORDER)
    assert set(Service) - set(BOOT_ORDER) == NEVER_RUN


def test_all_sixteen_services_have_facts_sizes_and_replicas() -> None:
    assert set(SERVICES) == set(Service)
    assert len(Service) == 16
    for scale in Scale:
        assert set(SIZES[scale]) == set(REPLICAS[scale]) == set(Service)


def test_the_service_of_block_validation_has_another_name_than_its_deployment() -> None:
    differing = {key: facts for key, facts in SERVICES.items() if facts.service not in (facts.deployment, None)}

    assert {key: facts.service for key, facts in differing.items()} == {Service.BLOCK_VALIDATOR: "block-validation"}


def test_the_pruner_alone_has_no_service() -> None:
    assert [key for key, facts in SERVICES.items() if facts.service is None] == [Service.PRUNER]
    assert {port.service_port for port in SERVICES[Service.PRUNER].ports} == {None}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_ports_of_a_pod_and_their_purposes_are_told_apart(service: Service) -> None:
    ports = open_ports(service, Chain.MAINNET)

    assert len({port.number for port in ports}) == len(ports)
    assert len({port.purpose for port in ports}) == len(ports)


@pytest.mark.parametrize("service", sorted(BOOT_ORDER))
def test_every_service_that_may_run_answers_probes_and_monitoring(service: Service) -> None:
    facts = SERVICES[service]

    assert (facts.port("health").number, facts.port("health").reach) == (HEALTH.number, Reach.NODE)
    assert (facts.port("metrics").number, facts.port("metrics").reach) == (METRICS.number, Reach.MONITORING)


def test_only_peers_and_blocks_leave_the_namespace() -> None:
    leaving = {
        (service, port.number)
        for service in enabled_services(Chain.REGTEST)
        for port in open_ports(service, Chain.REGTEST)
        if port.reach in (Reach.MINERS, Reach.CHAIN)
    }

    assert leaving == {(Service.PEER, 9905), (Service.ASSET, 8090)}


@pytest.mark.parametrize(
    ("chain", "port"),
    [(Chain.MAINNET, 8333), (Chain.TESTNET, 18333), (Chain.TERATESTNET, 18333), (Chain.REGTEST, 18444)],
)
def test_the_wire_protocol_has_the_port_of_the_chain(chain: Chain, port: int) -> None:
    assert [found.number for found in open_ports(Service.LEGACY, chain) if found.reach is Reach.CHAIN] == [port]


def test_a_port_for_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="rpc has no port for wire-protocol"):
        SERVICES[Service.RPC].port("wire-protocol")


def test_ports_stand_in_the_table_and_nowhere_else_in_the_package() -> None:
    numbers = {port.number for service in Service for chain in Chain for port in open_ports(service, chain)}
    folder = Path(components.teranode.__file__).parent
    literals = {
        (path.name, node.value)
        for path in folder.rglob("*.py")
        if path.name not in ("services.py", "chains.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in numbers
    }

    assert literals == set()


@pytest.mark.parametrize("scale", Scale)
def test_default_replicas_are_allowed(scale: Scale) -> None:
    assert [replicas_problem(service, REPLICAS[scale][service]) for service in Service] == [None] * len(Service)
    assert REPLICAS[scale][Service.BLOCK_ASSEMBLY] == 1


@pytest.mark.parametrize("service", sorted(SINGLETONS))
def test_a_second_replica_of_a_service_without_election_is_a_problem(service: Service) -> None:
    assert str(service) in (replicas_problem(service, 2) or "")


@pytest.mark.parametrize("replicas", [0, 2])
def test_block_assembly_has_exactly_one_replica(replicas: int) -> None:
    assert "exactly one" in (replicas_problem(Service.BLOCK_ASSEMBLY, replicas) or "")


def test_presets_exist_for_every_chain() -> None:
    assert set(PRESETS) == set(Chain)
