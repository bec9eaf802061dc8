"""The transaction load in the graph of an environment: what it adds, what it may do, and that its key is not to see."""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from infra.versions import IMAGES
from policies.rules import Graph, evaluate
from simulator import Simulation, simulate
from simulator.compare import Action, compare
from tests.contract.test_no_secret_in_clear import SEALED_SINKS, leaks, sealed_places
from tests.stacks.test_additive_change import MINERS, NOTHING, SMALL, baseline_of, by_action, changed
from tests.support.stacks import ROOT, at, evaluated, stack_file

PARTS = ("account", "deployment", "program")
PROGRAM = ROOT / "components" / "teranode" / "scripts" / "load"


@cache
def loaded() -> Simulation:
    """Testing with a load on two of its three miners."""
    load = {"transactionsPerSecond": 5, "miners": ["miner-1", "miner-3"]}
    with TemporaryDirectory() as folder:
        return simulate(stack_file(Path(folder), "testing", "testing", transactionLoad=load), project_dir=ROOT)


def inputs(simulation: Simulation, name: str) -> Any:
    [found] = [one for one in simulation.resources if one.name == name]
    return found.inputs


def test_testing_itself_carries_no_load() -> None:
    assert not [one.name for one in evaluated("testing").resources if "transaction-load" in one.name]


def test_switching_it_on_and_off_touches_nothing_else(tmp_path: Path) -> None:
    load = {"transactionLoad": {"transactionsPerSecond": 5}}
    names = {f"{miner}-transaction-load{part}" for miner in MINERS for part in ("", *(f"-{one}" for one in PARTS))}

    assert by_action(changed(tmp_path, SMALL, load)) == {**NOTHING, Action.CREATE: names}
    on = baseline_of(tmp_path, {**SMALL, **load})
    off = simulate(stack_file(tmp_path, "team", "testing", **SMALL), project_dir=ROOT, baseline=on)
    assert by_action(compare(on, off.deployment)) == {**NOTHING, Action.DELETE: names}


def test_another_rate_changes_the_programs_alone(tmp_path: Path) -> None:
    before = {**SMALL, "transactionLoad": {"transactionsPerSecond": 5}}
    result = by_action(changed(tmp_path, before, {"transactionLoad": {"transactionsPerSecond": 50}}))

    assert result == {**NOTHING, Action.UPDATE: {f"{miner}-transaction-load-deployment" for miner in MINERS}}


def test_a_stopped_miner_is_sent_nothing(tmp_path: Path) -> None:
    before = {**SMALL, "transactionLoad": {"transactionsPerSecond": 5}}
    stopped = {"miners": {**MINERS, "miner-1": {"region": "eu-west-1", "enabled": False}}}
    deleted = by_action(changed(tmp_path, before, stopped))[Action.DELETE]

    assert {name for name in deleted if "transaction-load" in name and "miner-1" in name}
    assert not [name for name in deleted if "miner-2" in name]


def test_a_program_runs_beside_each_miner_that_is_named() -> None:
    names = [one.name for one in loaded().resources if one.name.endswith("-transaction-load-deployment")]

    assert sorted(names) == ["miner-1-transaction-load-deployment", "miner-3-transaction-load-deployment"]


def test_the_pod_has_the_program_the_wallet_of_its_miner_and_nothing_else() -> None:
    deployment = inputs(loaded(), "miner-1-transaction-load-deployment")
    pod: Any = at(deployment, "spec.template.spec")
    [container] = pod["containers"]
    environment = {entry["name"]: entry["value"] for entry in container["env"]}
    [wallet] = [volume["secret"] for volume in pod["volumes"] if "secret" in volume]

    assert container["image"] == IMAGES["python"]
    assert container["command"] == ["python3", "-m", "load"]
    assert environment["ASSET_URL"] == "http://asset:8090/api/v1"
    assert environment["PROPAGATION_URL"] == "http://propagation:8833"
    assert environment["TRANSACTIONS_PER_SECOND"] == "5"
    assert environment["WALLET_FILE"] == "/wallet/miner_wallet_private_keys"
    assert {mount["mountPath"]: mount["readOnly"] for mount in container["volumeMounts"]} == {
        f"{environment['PYTHONPATH']}/load": True,
        "/wallet": True,
    }
    assert wallet["secretName"] == "teranode-operator-secrets"
    assert wallet["items"] == [{"key": "miner_wallet_private_keys", "path": "miner_wallet_private_keys"}]
    assert len(pod["volumes"]) == 2
    assert pod["automountServiceAccountToken"] is False


def test_two_never_run_at_once() -> None:
    deployment = inputs(loaded(), "miner-1-transaction-load-deployment")

    assert at(deployment, "spec.strategy.type") == "Recreate"
    assert at(deployment, "spec.replicas") == 1


def test_the_program_arrives_whole() -> None:
    program = inputs(loaded(), "miner-1-transaction-load-program")

    assert program["data"] == {path.name: path.read_text() for path in PROGRAM.glob("*.py")}
    assert program["immutable"] is True


@pytest.mark.parametrize("rule", ["K8S-1", "K8S-2", "IMG-1", "SEC-4"])
def test_it_keeps_the_rules(rule: str) -> None:
    found = evaluate(Graph.from_deployment(loaded().deployment), today=date(2026, 11, 22))

    assert [one.message for one in found.findings if one.rule == rule] == []
    assert found.findings == ()
    assert found.checked.get(rule)


def test_the_wallet_key_shows_nowhere() -> None:
    assert leaks(loaded()) == []
    assert sealed_places(loaded()) <= SEALED_SINKS
