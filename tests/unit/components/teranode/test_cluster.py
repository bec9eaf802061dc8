"""The `Cluster` resource: each pitfall that upstream's samples or operators hold is impossible, and named here."""

from typing import Any

import pytest

from components.teranode import Chain, Service, Size, StorageChoice, cluster_spec
from components.teranode.cluster import CLAIM, CONFIG_MAP, DATA_FOLDER, SECRET
from components.teranode.services import SERVICES, SINGLETONS, enabled_services
from tests.support.teranode import IMAGE, cluster

CHAINS = pytest.mark.parametrize("chain", Chain)
LOSE_VOLUMES = (Service.ASSET, Service.PROPAGATION, Service.RPC, Service.SUBTREE_VALIDATOR)


def spec(chain: Chain = Chain.REGTEST, **changes: object) -> dict[str, Any]:
    return dict(cluster_spec(cluster(chain, **changes)))


def overrides(made: dict[str, Any], service: Service) -> dict[str, Any]:
    return made[service]["spec"]["deploymentOverrides"]


@CHAINS
def test_all_sixteen_services_are_written_out_and_those_of_the_chain_enabled(chain: Chain) -> None:
    made = spec(chain)

    assert {key for key in made if key in set(Service)} == set(Service)
    assert all(set(made[service]) == {"enabled", "spec"} for service in Service)
    assert {service for service in Service if made[service]["enabled"]} == set(enabled_services(chain))
    assert all(made[service]["spec"] == {} for service in Service if not made[service]["enabled"])


@CHAINS
def test_pitfall_1_block_assembly_has_one_replica_by_our_word_since_the_default_is_two(chain: Chain) -> None:
    assert overrides(spec(chain), Service.BLOCK_ASSEMBLY)["replicas"] == 1


@pytest.mark.parametrize("service", sorted(SINGLETONS & set(enabled_services(Chain.MAINNET))))
def test_pitfall_1_a_second_replica_of_a_singleton_is_refused(service: Service) -> None:
    with pytest.raises(ValueError, match=f"{service} has"):
        cluster(Chain.MAINNET, replicas={service: 2})


def test_no_replica_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="stopped by `enabled`"):
        cluster(replicas={Service.ASSET: 0})


def test_pitfall_2_the_image_is_never_left_to_the_operator_and_stands_in_both_places() -> None:
    made = spec(image=f"{IMAGE}")

    assert made["image"] == IMAGE
    assert overrides(made, Service.RPC)["image"] == IMAGE
    assert [service for service in enabled_services(Chain.REGTEST) if "image" in overrides(made, service)] == ["rpc"]


def test_a_release_changes_two_values_and_nothing_else() -> None:
    before, after = spec(), spec(image=IMAGE.replace("v0.14.4", "v0.14.5"))
    after["image"] = before["image"]
    overrides(after, Service.RPC)["image"] = before["image"]

    assert after == before


@pytest.mark.parametrize("image", ["ghcr.io/bsv-blockchain/teranode:latest", "teranode:v1", "ghcr.io/x/teranode"])
def test_an_image_that_moves_or_names_no_registry_is_refused(image: str) -> None:
    with pytest.raises(ValueError, match="image"):
        cluster(image=image)


def test_pitfall_3_a_node_is_stopped_by_a_switch_and_keeps_everything_else() -> None:
    running, stopped = spec(), spec(enabled=False)

    assert (running.pop("enabled"), stopped.pop("enabled")) == (True, False)
    assert running == stopped


@CHAINS
def test_pitfall_4_settings_come_by_one_name_at_the_level_of_the_cluster_and_never_as_env(chain: Chain) -> None:
    made = spec(chain)
    of_services = {key for service in enabled_services(chain) for key in overrides(made, service)}

    assert made["configMapName"] == CONFIG_MAP
    assert made["envFrom"] == [{"secretRef": {"name": SECRET}}]
    assert {"env", "imagePullSecrets"} & made.keys() == set()
    assert {"env", "envFrom", "configMapName", "imagePullSecrets"} & of_services == set()


def test_pitfall_7_the_pruner_gets_the_data_folder_where_the_operator_forgets_it() -> None:
    made = overrides(spec(pruner_needs_data=True), Service.PRUNER)

    assert made["volumes"] == [{"name": CLAIM, "persistentVolumeClaim": {"claimName": CLAIM}}]
    assert made["volumeMounts"] == [{"name": CLAIM, "mountPath": DATA_FOLDER}]


def test_pitfall_7_a_second_mount_of_the_same_name_never_meets_an_operator_that_mounts_it() -> None:
    assert {"volumes", "volumeMounts"} & overrides(spec(pruner_needs_data=False), Service.PRUNER).keys() == set()


@CHAINS
@pytest.mark.parametrize("service", LOSE_VOLUMES)
def test_volumes_are_not_given_to_services_that_lose_them(chain: Chain, service: Service) -> None:
    assert {"volumes", "volumeMounts"} & overrides(spec(chain), service).keys() == set()


@CHAINS
def test_pitfall_10_no_singleton_runs_twice_during_an_update(chain: Chain) -> None:
    made = spec(chain)
    rolled = [
        service
        for service in enabled_services(chain)
        if service in SINGLETONS
        and not SERVICES[service].recreate
        and overrides(made, service).get("strategy") != {"type": "Recreate"}
    ]

    assert rolled == []
    assert overrides(made, Service.BLOCKCHAIN)["strategy"] == overrides(made, Service.PEER)["strategy"]


@CHAINS
def test_pitfall_13_a_pinned_image_is_not_pulled_again(chain: Chain) -> None:
    made = spec(chain)

    assert {overrides(made, service)["imagePullPolicy"] for service in enabled_services(chain)} == {"IfNotPresent"}


@CHAINS
def test_no_ingress_of_the_operator_is_used(chain: Chain) -> None:
    made = spec(chain)

    assert "additionalIngresses" not in made
    assert {key for service in enabled_services(chain) for key in made[service]["spec"]} == {"deploymentOverrides"}


@CHAINS
def test_every_replica_states_its_memory_limit_which_a_block_of_requests_would_take_away(chain: Chain) -> None:
    made = spec(chain)
    blocks = [overrides(made, service)["resources"] for service in enabled_services(chain)]

    assert all(set(block["requests"]) == {"cpu", "memory"} and set(block["limits"]) == {"memory"} for block in blocks)


def test_the_claim_is_bound_to_one_volume() -> None:
    assert spec()["sharedStorage"] == {
        "storageClass": "",
        "storageResources": {"requests": {"storage": "1200Gi"}},
        "storageVolume": "miner-1-files",
    }


def test_the_claim_may_be_of_a_class_instead() -> None:
    made = spec(storage=StorageChoice(size_gib=50, storage_class="shared"))["sharedStorage"]

    assert made == {"storageClass": "shared", "storageResources": {"requests": {"storage": "50Gi"}}}


@pytest.mark.parametrize("choice", [{}, {"volume": "a", "storage_class": "b"}])
def test_a_claim_that_binds_to_nothing_or_to_two_things_is_refused(choice: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="either one volume or of a storage class"):
        StorageChoice(size_gib=50, **choice)


def test_a_claim_of_no_size_is_refused() -> None:
    with pytest.raises(ValueError, match="0 GiB"):
        StorageChoice(size_gib=0, volume="a")


def test_sizes_and_replicas_can_be_chosen_per_service() -> None:
    made = spec(
        replicas={Service.PROPAGATION: 3},
        sizes={Service.ASSET: Size(cpu="2", memory="4Gi", memory_limit="4Gi")},
    )

    assert overrides(made, Service.PROPAGATION)["replicas"] == 3
    assert overrides(made, Service.ASSET)["resources"] == {
        "requests": {"cpu": "2", "memory": "4Gi"},
        "limits": {"memory": "4Gi"},
    }


@pytest.mark.parametrize("choice", ["replicas", "sizes"])
def test_a_choice_for_a_service_that_does_not_run_is_refused(choice: str) -> None:
    with pytest.raises(ValueError, match="not run on regtest: legacy"):
        cluster(Chain.REGTEST, **{choice: {Service.LEGACY: 1}})


def test_several_replicas_wish_to_stand_in_different_zones() -> None:
    made = spec(Chain.MAINNET)
    wished = {
        service: overrides(made, service)["affinity"]["podAntiAffinity"][
            "preferredDuringSchedulingIgnoredDuringExecution"
        ][0]["podAffinityTerm"]["labelSelector"]["matchLabels"]
        for service in enabled_services(Chain.MAINNET)
        if "affinity" in overrides(made, service)
    }

    assert wished == {
        service: {"app": SERVICES[service].deployment}
        for service in (Service.ASSET, Service.PROPAGATION, Service.SUBTREE_VALIDATOR, Service.VALIDATOR)
    }


def test_all_services_stand_on_the_chosen_nodes() -> None:
    toleration = {"key": "dedicated", "operator": "Exists"}
    made = spec(node_selector={"pool": "general"}, tolerations=[toleration])

    for service in enabled_services(Chain.REGTEST):
        assert overrides(made, service)["nodeSelector"] == {"pool": "general"}
        assert overrides(made, service)["tolerations"] == [toleration]
