"""A node in the simulated cloud: one ConfigMap, one `Cluster`, and what holds them."""

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.namespace import NamespaceRef
from components.protection import Protection
from components.teranode import cluster_spec, config_map
from components.teranode.node import Node, NodeArgs
from simulator import Simulation
from tests.support.builders import LOCKED, UNLOCKED, in_region
from tests.support.stacks import at
from tests.support.teranode import cluster, node

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
CLUSTER = "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster"


def built(protection: Protection = UNLOCKED) -> Simulation:
    def make(opts: pulumi.ResourceOptions) -> Node:
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier="cluster")
        store = kubernetes.core.v1.Service("store", opts=pulumi.ResourceOptions(parent=provider, provider=provider))
        args = NodeArgs(
            namespace=NamespaceRef(name="miner-1", provider=provider, ready=()),
            spec=cluster_spec(cluster()),
            settings=config_map(node()),
            after=[store],
            protection=protection,
        )
        return Node("miner-1-node", args, opts)

    return in_region(make)


def test_a_node_is_its_settings_and_a_cluster_that_names_them() -> None:
    simulation = built()
    [settings], [made] = simulation.of_type(CONFIG_MAP), simulation.of_type(CLUSTER)

    assert at(settings.inputs, "metadata.name") == at(made.inputs, "spec.configMapName")
    assert at(settings.inputs, "metadata.namespace") == at(made.inputs, "metadata.namespace") == "miner-1"
    assert settings.inputs["data"] == config_map(node())
    assert made.inputs["spec"] == cluster_spec(cluster())


def test_a_cluster_is_deleted_before_what_it_owns_which_its_operator_would_make_anew() -> None:
    [made] = built().of_type(CLUSTER)

    assert at(made.inputs, "metadata")["annotations"] == {"pulumi.com/deletionPropagationPolicy": "background"}  # type: ignore[index]


def test_the_cluster_waits_for_its_settings_and_for_every_store() -> None:
    simulation = built()
    [made] = simulation.of_type(CLUSTER)

    assert {urn.rpartition("::")[2] for urn in made.dependencies} >= {"miner-1-node-settings", "store"}


@pytest.mark.parametrize(("protection", "locked"), [(UNLOCKED, False), (LOCKED, True)])
def test_pitfall_3_the_owner_of_the_files_is_locked_where_data_is(protection: Protection, locked: bool) -> None:  # noqa: FBT001
    [made] = built(protection).of_type(CLUSTER)

    assert (made.protect, made.retain_on_delete) == (locked, locked)
