"""Store profiles build what they name, in every pair, and nothing of a profile that nobody chose.

With TERANODE_ALL_PROFILES set, in every combination.
"""

import os
from datetime import date
from itertools import combinations, product
from pathlib import Path

import pytest

from policies.rules import Graph, evaluate
from simulator import Simulation, simulate
from tests.support import published
from tests.support.order import disorder
from tests.support.stacks import ROOT, stack_file

FEATURE_KEY = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:aerospike-AbCdEf"
TODAY = date(2026, 11, 22)  # waivers are judged on the day of the review, not of the test run
UTXO_STORES = {
    "enterprise": {"profile": "enterprise", "featureKey": FEATURE_KEY},
    "community": {"profile": "community"},
    "postgres": {"profile": "postgres"},
}
KAFKA = {
    "strimzi": {"profile": "strimzi", "brokers": 3},
    "msk": {"profile": "msk", "brokers": 2},
    "single": {"profile": "single"},
}
# What is there with a profile, and only then.
MARKS = {
    "enterprise": {"kubernetes:asdb.aerospike.com/v1:AerospikeCluster"},
    "community": {"teranode:aerospike:CommunityStore"},
    "postgres": set(),
    "strimzi": {"kubernetes:kafka.strimzi.io/v1:Kafka", "kubernetes:kafka.strimzi.io/v1:KafkaNodePool"},
    "msk": {"aws:msk/cluster:Cluster"},
    "single": {"teranode:kafka:SingleBroker"},
    "lustre": {"aws:fsx/lustreFileSystem:LustreFileSystem"},
    "efs": {"aws:efs/fileSystem:FileSystem", "aws:efs/accessPoint:AccessPoint"},
    "aurora": {"aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"},
    "rds": {"aws:rds/instance:Instance"},
}
ALL = list(product(UTXO_STORES, KAFKA, ("lustre", "efs"), ("aurora", "rds")))
# Of the 36, nine in which every profile meets every profile of the other kinds.
PAIRS = [
    ("enterprise", "strimzi", "lustre", "aurora"),
    ("enterprise", "msk", "efs", "rds"),
    ("enterprise", "single", "lustre", "rds"),
    ("community", "strimzi", "efs", "rds"),
    ("community", "msk", "lustre", "aurora"),
    ("community", "single", "efs", "aurora"),
    ("postgres", "strimzi", "lustre", "rds"),
    ("postgres", "msk", "efs", "aurora"),
    ("postgres", "single", "efs", "rds"),
]
COMBINATIONS = ALL if os.environ.get("TERANODE_ALL_PROFILES") else PAIRS


# Of the 36, four in which every profile that mainnet takes is used.
MAINNET_COMBINATIONS = (
    ("enterprise", "strimzi", "lustre", "aurora"),
    ("enterprise", "msk", "efs", "rds"),
    ("community", "msk", "lustre", "aurora"),
    ("postgres", "strimzi", "efs", "aurora"),
)
MAINNET_UTXO_STORES = {
    "enterprise": {"profile": "enterprise", "featureKey": FEATURE_KEY.replace("111122223333", "444455556666")},
    "community": {"profile": "community", "acceptReseedOnZoneLoss": True},
    "postgres": {"profile": "postgres"},
}
MAINNET_KAFKA = {"strimzi": {"profile": "strimzi"}, "msk": {"profile": "msk"}}


def built(folder: Path, utxo_store: str, kafka: str, files: str, postgres: str) -> Simulation:
    """One region and one miner of the tier testing with these profiles; three zones, for a rack in each."""
    stores = {
        "utxoStore": UTXO_STORES[utxo_store],
        "kafka": KAFKA[kafka],
        "files": {"profile": files},
        "postgres": {"profile": postgres},
    }
    place = {"regions": {"eu-west-1": {"cidr": "10.48.0.0/16"}}, "miners": {"miner-1": {"region": "eu-west-1"}}}
    return simulate(stack_file(folder, "team", "testing", **place, **stores), project_dir=ROOT)


def test_every_profile_meets_every_other() -> None:
    met, wanted = ({pair for row in rows for pair in combinations(row, 2)} for rows in (COMBINATIONS, ALL))

    assert met == wanted


@pytest.mark.parametrize("profiles", COMBINATIONS, ids="-".join)
def test_a_combination_builds_its_stores_and_no_others_by_the_rules(
    tmp_path: Path, profiles: tuple[str, str, str, str]
) -> None:
    simulation = built(tmp_path, *profiles)
    types = {resource.type for resource in simulation.resources}
    report = evaluate(Graph.from_deployment(simulation.deployment), today=TODAY)

    chosen = set().union(*(MARKS[profile] for profile in profiles))
    assert types & set().union(*MARKS.values()) == chosen
    assert [f"{finding.rule} {finding.urn}: {finding.message}" for finding in report.findings] == []
    assert report.undecided == ()
    assert disorder(simulation) == []
    if published.FOLDER:
        assert list(published.refusals(simulation)) == []


@pytest.mark.parametrize("profiles", MAINNET_COMBINATIONS, ids="-".join)
def test_a_combination_of_the_tier_mainnet_is_locked_and_keeps_its_rules(
    tmp_path: Path, profiles: tuple[str, str, str, str]
) -> None:
    utxo_store, kafka, files, postgres = profiles
    stores = {
        "utxoStore": MAINNET_UTXO_STORES[utxo_store],
        "kafka": MAINNET_KAFKA[kafka],
        "files": {"profile": files},
        "postgres": {"profile": postgres},
    }
    simulation = simulate(stack_file(tmp_path, "mainnet", "mainnet", **stores), project_dir=ROOT)
    report = evaluate(Graph.from_deployment(simulation.deployment), today=TODAY)
    types = {resource.type for resource in simulation.resources}

    assert types & set().union(*MARKS.values()) == set().union(*(MARKS[profile] for profile in profiles))
    assert [f"{finding.rule} {finding.urn}: {finding.message}" for finding in report.findings] == []
    assert report.undecided == ()
    assert disorder(simulation) == []
    if published.FOLDER:
        assert list(published.refusals(simulation)) == []
