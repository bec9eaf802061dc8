"""The custom resources that this project's objects may be, one module per operator: typed models of what is set."""

from collections.abc import Mapping

from simulator.custom_resources import (
    aerospike,
    aerospike_backup,
    cert_manager,
    external_secrets,
    load_balancer,
    monitoring,
    snapshots,
    strimzi,
    teranode,
)
from simulator.custom_resources.base import Definition

DEFINITIONS: Mapping[str, Definition] = {
    definition.token: definition
    for module in (
        aerospike,
        aerospike_backup,
        cert_manager,
        external_secrets,
        load_balancer,
        monitoring,
        snapshots,
        strimzi,
        teranode,
    )
    for definition in module.DEFINITIONS
}
"""All taught kinds by their resource type (``kubernetes:<group>/<version>:<Kind>``)."""
