"""For each rule, changes of the model stack that it must notice."""

from tests.contract.policies import (
    damages_addresses,
    damages_aerospike,
    damages_clusters,
    damages_custody,
    damages_databases,
    damages_files,
    damages_guards,
    damages_identity,
    damages_kafka,
    damages_network,
    damages_objects,
    damages_platform,
    damages_pods,
    damages_secrets,
    damages_teranode,
)
from tests.contract.policies.stack import Damage

DAMAGES: dict[str, tuple[Damage, ...]] = {
    **damages_guards.DAMAGES,
    **damages_network.DAMAGES,
    **damages_addresses.DAMAGES,
    **damages_clusters.DAMAGES,
    **damages_databases.DAMAGES,
    **damages_files.DAMAGES,
    **damages_identity.DAMAGES,
    **damages_kafka.DAMAGES,
    **damages_aerospike.DAMAGES,
    **damages_objects.DAMAGES,
    **damages_pods.DAMAGES,
    **damages_secrets.DAMAGES,
    **damages_custody.DAMAGES,
    **damages_platform.DAMAGES,
    **damages_teranode.DAMAGES,
}
