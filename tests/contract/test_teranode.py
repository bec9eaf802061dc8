"""What this project tells Teranode against what Teranode and its operator are known to take."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from components.teranode import Chain, cluster_spec, config_map
from components.teranode.cluster_types import API_VERSION, KIND
from components.teranode.settings.secrets import SECRET_KEYS
from simulator.custom_resources import DEFINITIONS
from tests.support import published
from tests.support.teranode import cluster, node

TOKEN = f"kubernetes:{API_VERSION}:{KIND}"
KEYS = Path(__file__).parent / "data" / "teranode_keys.txt"


def known_keys() -> set[str]:
    return {line for line in KEYS.read_text().splitlines() if line and not line.startswith("#")}


def specs() -> list[Any]:
    switched = [cluster(enabled=False), cluster(pruner_needs_data=False), cluster(node_selector={"pool": "general"})]
    return [cluster_spec(choices) for choices in (*map(cluster, Chain), *switched)]


@pytest.mark.parametrize("chain", Chain)
def test_every_key_that_is_rendered_is_one_that_teranode_reads(chain: Chain) -> None:
    rendered = config_map(node(chain=chain, sv_nodes=("a:1",) if chain is Chain.MAINNET else ()))

    assert rendered.keys() - known_keys() == set()


def test_every_secret_key_is_one_that_teranode_reads() -> None:
    assert {key.name for key in SECRET_KEYS} - known_keys() == set()


@pytest.mark.parametrize("spec", specs(), ids=range(len(specs())))
@pytest.mark.skipif(not published.FOLDER, reason=published.REASON)
def test_the_published_definition_takes_every_spec(spec: dict[str, Any]) -> None:
    validator = Draft202012Validator(published.definitions()[TOKEN].body)

    assert [error.message for error in validator.iter_errors({"spec": spec})] == []


@pytest.mark.parametrize("spec", specs(), ids=range(len(specs())))
def test_the_simulated_cloud_takes_every_spec(spec: dict[str, Any]) -> None:
    assert DEFINITIONS[TOKEN].problems({"metadata": {"name": "teranode"}, "spec": spec}) == []


def damaged(*path: str, value: object = None) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(json.dumps(cluster_spec(cluster())))
    *parents, last = path
    place = spec
    for key in parents:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return spec


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        (damaged("pruner"), "spec.pruner: required, but missing"),
        (damaged("coinbase", "spec"), "spec.coinbase.spec: required, but missing"),
        (damaged("configMapName"), "spec.configMapName: required, but missing"),
        (damaged("image"), "spec.image: required, but missing"),
        (damaged("env", value=[]), "spec.env: no such property"),
        (damaged("imagePullSecrets", value=[]), "spec.imagePullSecrets: no such property"),
        (damaged("blockAssembly", "spec", value={}), "replicas must be 1"),
        (damaged("blockAssembly", "spec", "deploymentOverrides", "replicas", value=2), "replicas must be 1"),
        (damaged("rpc", "spec", "deploymentOverrides", "image"), "rpc keeps the image"),
        (damaged("image", value="ghcr.io/bsv-blockchain/teranode:v0.14.5"), "rpc keeps the image"),
        (damaged("asset", "spec", "deploymentOverrides", "volumes", value=[]), "volumes: no such property"),
        (damaged("propagation", "spec", "deploymentOverrides", "env", value=[]), "env: no such property"),
        (damaged("peer", "spec", "wsIngress", value={"host": "x"}), "wsIngress: no such property"),
    ],
)
def test_the_simulated_cloud_refuses_what_the_operator_would_get_wrong(spec: dict[str, Any], problem: str) -> None:
    problems = DEFINITIONS[TOKEN].problems({"metadata": {"name": "teranode"}, "spec": spec})

    assert len(problems) == 1
    assert problem in problems[0]
