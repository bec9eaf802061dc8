"""Everything on mainnet that holds data, or an address that others rely on, has each lock that its type can have."""

from policies.rules.graph import Graph
from policies.rules.stateful import STATEFUL, stateful
from tests.support.stacks import evaluated

NO_DATA = {
    "pulumi:providers:kubernetes": "whoever deletes it can reach nothing of the cluster any more",
    "random:index/randomId:RandomId": "the environment's fixed facts",
    "random:index/randomPassword:RandomPassword": "the seeds of a miner's identity",
}
"""What is protected and no stateful resource, and why."""


def test_every_stateful_resource_of_mainnet_has_its_three_locks() -> None:
    graph = Graph.from_deployment(evaluated("mainnet").deployment)
    found = stateful(graph)

    assert found
    for resource in found.values():
        locks = STATEFUL[resource.type]
        assert resource.protect, resource.urn
        assert resource.retain_on_delete or not locks.retained, resource.urn
        given = {path: resource.properties.get(path) for path in locks.cloud}
        assert given == dict(locks.cloud), resource.urn
        assert locks.recovery


def test_the_list_names_all_that_is_protected() -> None:
    graph = Graph.from_deployment(evaluated("mainnet").deployment)

    unnamed = {one.type for one in graph.resources if one.protect and one.urn not in stateful(graph)}
    assert unnamed == set(NO_DATA)


def test_backups_of_databases_and_files_reach_back_two_weeks_and_to_any_moment() -> None:
    simulation = evaluated("mainnet")

    for database in simulation.of_type("aws:rds/cluster:Cluster"):
        assert int(str(database.inputs["backupRetentionPeriod"])) >= 14
    for files in simulation.of_type("aws:fsx/lustreFileSystem:LustreFileSystem"):
        assert int(str(files.inputs["automaticBackupRetentionDays"])) >= 14
    for bucket in simulation.of_type("aws:s3/bucketVersioning:BucketVersioning"):
        assert bucket.inputs["versioningConfiguration"] == {"status": "Enabled"}
