"""Secrets of a node: which must be there, and that they are nowhere else."""

import pytest

from components.teranode import Chain, config_map, secret_keys
from components.teranode.settings.secrets import SECRET_KEYS
from tests.support.teranode import node


def test_pitfall_9_the_alert_service_has_a_database_wherever_it_runs() -> None:
    assert {chain for chain in Chain if "alert_store" in secret_keys(chain)} == {Chain.MAINNET}


@pytest.mark.parametrize("chain", Chain)
def test_no_secret_is_in_a_config_map(chain: Chain) -> None:
    assert config_map(node(chain=chain)).keys() & {key.name for key in SECRET_KEYS} == set()
