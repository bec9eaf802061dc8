"""The durable stores under the real engine: they come up, one miner changes its own, and nothing is left at the end."""

from pathlib import Path

from tests.engine.conftest import IRELAND, open_shell, succeeds

FEATURE_KEY = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:aerospike-AbCdEf"
DURABLE = f"""\
  teranode-infra:utxoStore: {{ profile: enterprise, featureKey: "{FEATURE_KEY}" }}
  teranode-infra:nodes: {{ storage: {{ aerospike: {{ instanceType: i4i.large, nodesPerZone: 2 }} }} }}
  teranode-infra:kafka: {{ profile: strimzi, brokers: 3 }}
  teranode-infra:files: {{ profile: lustre }}
  teranode-infra:postgres: {{ profile: aurora }}
"""
BOTH = "{ miner-1: { region: eu-west-1 }, miner-2: { region: eu-west-1 } }"
SWITCHED = "{ miner-1: { region: eu-west-1 }, miner-2: { region: eu-west-1, utxoStore: { profile: postgres } } }"


def test_one_miner_changes_its_store_beside_another_and_all_is_destroyed_to_nothing(tmp_path: Path) -> None:
    shell = open_shell(tmp_path, IRELAND)
    shell.write_stack_file(IRELAND, stores=DURABLE, miners=BOTH)
    succeeds(shell, "up", "--yes", "--skip-preview")
    succeeds(shell, "preview", "--expect-no-changes", "--policy-pack", "policies")

    shell.write_stack_file(IRELAND, stores=DURABLE, miners=SWITCHED)
    steps = shell.steps()
    touched = [urn for operation, urns in steps.items() if operation != "same" for urn in urns]
    others = [urn for urn in touched if not urn.rsplit("::", 1)[-1].startswith("miner-2-")]
    assert touched
    assert [urn for urn in others if "aerospike-operator" not in urn] == []
    succeeds(shell, "up", "--yes", "--skip-preview")

    succeeds(shell, "destroy", "--yes", "--skip-preview")
    assert [f"{thing.token} {thing.id}" for thing in shell.world()] == []
