"""Tokens are part of every URN: this table changes only together with an alias and a line in CHANGELOG.md."""

import importlib
import pkgutil

import pytest

import components
from components.base import Component

TOKENS = {
    "components.aerospike.backups.StoreBackups": "teranode:aerospike:StoreBackups",
    "components.aerospike.certificates.Certificates": "teranode:aerospike:Certificates",
    "components.aerospike.community.CommunityStore": "teranode:aerospike:CommunityStore",
    "components.aerospike.enterprise.EnterpriseStore": "teranode:aerospike:EnterpriseStore",
    "components.aerospike.operated.OperatedStore": "teranode:aerospike:OperatedStore",
    "components.aerospike.store_secrets.StoreSecrets": "teranode:aerospike:StoreSecrets",
    "components.aerospike.sets.StoreSets": "teranode:aerospike:StoreSets",
    "components.alarms.budget.Budget": "teranode:alarms:Budget",
    "components.alarms.account_events.AccountEvents": "teranode:alarms:AccountEvents",
    "components.alarms.component.Alarms": "teranode:alarms:Alarms",
    "components.alarms.metrics.MetricAlarms": "teranode:alarms:MetricAlarms",
    "components.alarms.secret_reads.SecretReads": "teranode:alarms:SecretReads",
    "components.copies.failures.CopyFailures": "teranode:copies:CopyFailures",
    "components.copies.region.RegionCopies": "teranode:copies:RegionCopies",
    "components.copies.site.CopySite": "teranode:copies:CopySite",
    "components.copies.vault.Vault": "teranode:copies:Vault",
    "components.databases.component.Databases": "teranode:databases:Databases",
    "components.databases.miner.MinerDatabase": "teranode:databases:MinerDatabase",
    "components.decommission.Decommission": "teranode:decommission:Decommission",
    "components.distribution.component.Distribution": "teranode:distribution:Distribution",
    "components.eks.access.AccessEntries": "teranode:eks:AccessEntries",
    "components.eks.access_host.Access": "teranode:eks:Access",
    "components.eks.addons.Addons": "teranode:eks:Addons",
    "components.eks.cluster.EksCluster": "teranode:eks:EksCluster",
    "components.eks.control_plane.ControlPlane": "teranode:eks:ControlPlane",
    "components.eks.drift_rights.DriftRights": "teranode:eks:DriftRights",
    "components.eks.node_groups.NodeGroups": "teranode:eks:NodeGroups",
    "components.eks.nodes.NodeFoundation": "teranode:eks:NodeFoundation",
    "components.eks.operator_rights.OperatorRights": "teranode:eks:OperatorRights",
    "components.eks.storage_classes.StorageClasses": "teranode:eks:StorageClasses",
    "components.external_secrets.SecretReader": "teranode:external_secrets:SecretReader",
    "components.external_secrets.SyncedSecret": "teranode:external_secrets:SyncedSecret",
    "components.files.efs.Efs": "teranode:files:Efs",
    "components.files.lustre.Lustre": "teranode:files:Lustre",
    "components.files.shared.SharedFiles": "teranode:files:SharedFiles",
    "components.files.volume.SharedVolume": "teranode:files:SharedVolume",
    "components.identity.Identity": "teranode:identity:Identity",
    "components.kafka.component.Kafka": "teranode:kafka:Kafka",
    "components.kafka.exporter.Exporter": "teranode:kafka:Exporter",
    "components.kafka.msk.MskCluster": "teranode:kafka:MskCluster",
    "components.kafka.single.SingleBroker": "teranode:kafka:SingleBroker",
    "components.kafka.strimzi.StrimziCluster": "teranode:kafka:StrimziCluster",
    "components.keys.DataKey": "teranode:keys:DataKey",
    "components.mesh.Mesh": "teranode:mesh:Mesh",
    "components.miner.component.Miner": "teranode:miner:Miner",
    "components.miner_addresses.address.MinerAddress": "teranode:miner_addresses:MinerAddress",
    "components.miner_addresses.mining.MiningAddress": "teranode:miner_addresses:MiningAddress",
    "components.miner_addresses.public.ChainTraffic": "teranode:miner_addresses:ChainTraffic",
    "components.asset_proxy.component.AssetProxy": "teranode:asset_proxy:AssetProxy",
    "components.miner_addresses.assets.PublicAssets": "teranode:miner_addresses:PublicAssets",
    "components.miner_addresses.public.PublicAddress": "teranode:miner_addresses:PublicAddress",
    "components.miner_addresses.traffic.MinerTraffic": "teranode:miner_addresses:MinerTraffic",
    "components.namespace.Namespace": "teranode:namespace:Namespace",
    "components.miner_secrets.component.MinerSecrets": "teranode:miner_secrets:MinerSecrets",
    "components.miner_secrets.logins.DatabaseLogins": "teranode:miner_secrets:DatabaseLogins",
    "components.miner_secrets.store_urls.StoreUrls": "teranode:miner_secrets:StoreUrls",
    "components.network.component.Network": "teranode:network:Network",
    "components.network.endpoints.Endpoints": "teranode:network:Endpoints",
    "components.network.flow_logs.FlowLogs": "teranode:network:FlowLogs",
    "components.objects.Objects": "teranode:objects:Objects",
    "components.observability.alerting.Alerting": "teranode:observability:Alerting",
    "components.observability.component.Observability": "teranode:observability:Observability",
    "components.observability.metrics_workspace.MetricsWorkspace": "teranode:observability:MetricsWorkspace",
    "components.pod_identity.PodRole": "teranode:pod_identity:PodRole",
    "components.platform.chart.Chart": "teranode:platform:Chart",
    "components.platform.component.Platform": "teranode:platform:Platform",
    "components.platform.definitions.Definitions": "teranode:platform:Definitions",
    "components.platform.local_disks.LocalDisks": "teranode:platform:LocalDisks",
    "components.platform.teranode_operator.TeranodeOperator": "teranode:platform:TeranodeOperator",
    "components.postgres.aurora.Aurora": "teranode:postgres:Aurora",
    "components.postgres.component.Postgres": "teranode:postgres:Postgres",
    "components.postgres.instance.RdsInstance": "teranode:postgres:RdsInstance",
    "components.region.component.Region": "teranode:region:Region",
    "components.store_security_group.StoreSecurityGroup": "teranode:store_security_group:StoreSecurityGroup",
    "components.stored_secret.StoredSecret": "teranode:stored_secret:StoredSecret",
    "components.teranode.generator.BlockGenerator": "teranode:teranode:BlockGenerator",
    "components.teranode.node.Node": "teranode:teranode:Node",
    "components.teranode.seed.Seed": "teranode:teranode:Seed",
    "components.teranode.operation.Operation": "teranode:teranode:Operation",
    "components.teranode.transaction_load.TransactionLoad": "teranode:teranode:TransactionLoad",
}


def all_components() -> dict[str, type[Component]]:
    for module in pkgutil.walk_packages(components.__path__, "components."):
        importlib.import_module(module.name)
    return {f"{found.__module__}.{found.__name__}": found for found in Component.__subclasses__()}


def test_every_component_has_the_token_of_the_table() -> None:
    assert {name: found.TOKEN for name, found in all_components().items()} == TOKENS


@pytest.mark.parametrize("path", sorted(TOKENS))
def test_a_token_names_its_module_and_class(path: str) -> None:
    package, module, name = TOKENS[path].split(":")

    assert (package, name) == ("teranode", path.rsplit(".", 1)[1])
    assert module in path.split(".")


def test_tokens_are_literals_and_unique() -> None:
    assert len(set(TOKENS.values())) == len(TOKENS)
    assert all("TOKEN" in vars(found) for found in all_components().values())
