"""Secrets of a node: which must be there, and which are no secrets because upstream publishes them."""

import pytest

from components import credentials
from components.teranode import Chain, config_map, secret_keys
from components.teranode.settings import secret_problems
from components.teranode.settings.secrets import SECRET_KEYS
from tests.support.teranode import node

PUBLISHED_P2P_KEY = (
    "c8a1b91ae120878d91a04c904e0d565aa44b2575c1bb30a729bd3e36e2a1d5e6"
    "067216fa92b1a1a7e30d0aaabe288e25f1efc0830f309152638b61d84be6b71d"
)


def complete(chain: Chain) -> dict[str, str]:
    own = {"p2p_private_key": credentials.p2p_private_key(bytes(32)), "miner_wallet_private_keys": ""}
    return {key: f"own {key}" for key in secret_keys(chain)} | own


@pytest.mark.parametrize("chain", Chain)
def test_a_complete_secret_has_no_problems(chain: Chain) -> None:
    assert secret_problems(chain, complete(chain)) == []


@pytest.mark.parametrize("key", sorted(secret_keys(Chain.MAINNET)))
def test_every_key_that_is_missing_is_named(key: str) -> None:
    values = complete(Chain.MAINNET)
    del values[key]

    assert [problem.split()[0] for problem in secret_problems(Chain.MAINNET, values)] == [key]


def test_pitfall_9_the_alert_service_has_a_database_wherever_it_runs() -> None:
    assert {chain for chain in Chain if "alert_store" in secret_keys(chain)} == {Chain.MAINNET}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rpc_user", "bitcoin"),
        ("rpc_pass", "bitcoin"),
        ("grpc_admin_api_key", "testkey"),
        ("p2p_private_key", PUBLISHED_P2P_KEY),
        ("alert_p2p_private_key", PUBLISHED_P2P_KEY),
    ],
)
def test_pitfall_12_values_that_upstream_publishes_are_refused_without_quoting_them(key: str, value: str) -> None:
    [problem] = secret_problems(Chain.REGTEST, complete(Chain.REGTEST) | {key: value})

    assert problem.startswith(f"{key} is a value that Teranode publishes")
    assert value not in problem


@pytest.mark.parametrize("chain", Chain)
def test_no_secret_is_in_a_config_map(chain: Chain) -> None:
    assert config_map(node(chain=chain)).keys() & {key.name for key in SECRET_KEYS} == set()
