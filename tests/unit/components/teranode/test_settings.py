"""Settings of a node: what is told to whom, and the strings in which Teranode reads it."""

import dataclasses
from decimal import Decimal

import pulumi
import pytest

from components.teranode import Chain, KafkaChoice, MinerPeer, Mode, config_map
from components.teranode.chains import PRESETS
from components.teranode.settings import render, setting_groups
from components.teranode.sizes import SIZES, Scale, Service
from simulator import simulate_program
from tests.support.teranode import NAMES, miner, miners, node

MIB = {"Mi": 1, "Gi": 1024}


def variables(name: str = "miner-1", chain: Chain = Chain.REGTEST, **changes: object) -> dict[str, str]:
    made = config_map(node(name, chain, **changes))
    assert all(isinstance(value, str) for value in made.values())
    return {key: str(value) for key, value in made.items()}


@pytest.mark.parametrize("chain", Chain)
def test_the_chain_is_always_named_since_the_default_is_mainnet(chain: Chain) -> None:
    made = variables(chain=chain)

    assert (made["network"], made["SETTINGS_CONTEXT"]) == (chain, PRESETS[chain].settings_context)


@pytest.mark.parametrize(
    ("chain", "fee", "block", "excessive"),
    [
        (Chain.REGTEST, "0", 4294967296, 10737418240),
        (Chain.TERATESTNET, "0.00000001", 1073741824, 1073741824),
        (Chain.TESTNET, "0.00000001", 4294967296, 10737418240),
        (Chain.MAINNET, "0.00000100", 4294967296, 10737418240),
    ],
)
def test_fees_and_sizes_are_those_of_the_chain(chain: Chain, fee: str, block: int, excessive: int) -> None:
    made = variables(chain=chain)

    assert made["minminingtxfee"] == fee
    assert (made["blockmaxsize"], made["excessiveblocksize"]) == (str(block), str(excessive))


@pytest.mark.parametrize("name", NAMES)
def test_pitfall_1_one_name_is_both_the_client_and_the_namespace(name: str) -> None:
    made = variables(name)

    assert made["clientName"] == name
    assert made["validator_httpAddress"] == f"http://validator.{name}.svc.cluster.local:8834"


@pytest.mark.parametrize("chain", Chain)
def test_pitfall_6_a_state_is_forced_on_regtest_and_nowhere_else(chain: Chain) -> None:
    assert variables(chain=chain).get("local_test_start_from_state") == ("RUNNING" if chain is Chain.REGTEST else None)


def test_pitfall_6_peers_over_the_mesh_have_private_addresses() -> None:
    assert variables()["p2p_allow_private_ips"] == "true"
    assert variables(chain=Chain.TESTNET)["p2p_allow_private_ips"] == "true"
    assert variables("a", Chain.MAINNET, miners=miners("a"))["p2p_allow_private_ips"] == "false"


@pytest.mark.parametrize("chain", Chain)
def test_pitfall_12_the_size_of_utxo_records_is_frozen(chain: Chain) -> None:
    assert variables(chain=chain)["utxostore_utxoBatchSize"] == "128"


def test_what_the_block_persister_has_kept_is_among_the_miners_own_files_which_a_backup_takes() -> None:
    assert variables("miner-1")["blockPersister_stateFile"] == "/data/miner-1/blockpersister_state.txt"


@pytest.mark.parametrize("chain", Chain)
def test_nobody_takes_part_in_the_public_table_of_peers(chain: Chain) -> None:
    assert variables(chain=chain)["p2p_dht_mode"] == "off"


@pytest.mark.parametrize("chain", Chain)
def test_the_asset_service_asks_for_a_login_and_serves_no_statistics(chain: Chain) -> None:
    made = variables(chain=chain)

    assert (made["dashboard_enabled"], made["stats_prefix"]) == ("true", "")


def test_miners_tell_each_other_where_they_are() -> None:
    made = variables("miner-2")

    assert made["p2p_advertise_addresses"] == "/dns4/miner-2.testing.internal/tcp/9905"
    assert made["asset_httpPublicAddress"] == "http://miner-2.testing.internal:8090/api/v1"
    assert made["p2p_static_peers"] == "|".join(
        f"/dns4/{other}.testing.internal/tcp/9905/p2p/{miner(other).peer_id}" for other in ("miner-1", "miner-3")
    )


def test_on_an_isolated_chain_the_others_are_all_there_is() -> None:
    made = variables()

    assert made["p2p_bootstrap_peers"] == made["p2p_static_peers"]


def test_on_a_public_chain_its_own_entry_comes_first() -> None:
    made = variables(chain=Chain.TESTNET)

    assert made["p2p_bootstrap_peers"] == f"/dnsaddr/testnet.bootstrap.teranode.bsvb.tech|{made['p2p_static_peers']}"


def test_a_lone_miner_on_an_isolated_chain_finds_itself_instead_of_strangers() -> None:
    made = variables("a", miners=miners("a"))

    assert made["p2p_bootstrap_peers"] == f"/ip4/127.0.0.1/tcp/9905/p2p/{miner('a').peer_id}"
    assert "p2p_static_peers" not in made


@pytest.mark.parametrize("chain", [Chain.TERATESTNET, Chain.TESTNET, Chain.MAINNET])
def test_a_lone_miner_on_a_public_chain_leaves_finding_others_to_teranode(chain: Chain) -> None:
    assert {"p2p_bootstrap_peers", "p2p_static_peers"} & variables("a", chain, miners=miners("a")).keys() == set()


def test_another_miner_changes_the_peers_of_the_rest_and_nothing_else() -> None:
    before, after = variables(), variables(miners=miners(*NAMES, "miner-4"))

    assert {key for key in before if before[key] != after[key]} == {"p2p_static_peers", "p2p_bootstrap_peers"}
    assert before.keys() == after.keys()


def test_miners_that_share_a_name_or_a_host_are_refused() -> None:
    other = MinerPeer(name="b", host=miner("a").host, peer_id=miner("b").peer_id)

    with pytest.raises(ValueError, match="two miners are named a"):
        config_map(node("a", miners=miners("a", "a")))
    with pytest.raises(ValueError, match=r"two miners answer at a\.testing\.internal"):
        config_map(node("a", miners=(miner("a"), other)))


def test_a_miner_that_is_not_of_the_environment_is_refused() -> None:
    with pytest.raises(ValueError, match="stranger is not among the miners"):
        config_map(node("stranger"))


@pytest.mark.parametrize("chain", Chain)
def test_the_bridge_to_sv_nodes_is_set_where_the_chain_has_one(chain: Chain) -> None:
    made = variables(chain=chain)

    assert ("legacy_allowBlockPriority" in made) == (chain in (Chain.TESTNET, Chain.MAINNET))
    assert "legacy_config_ConnectPeers" not in made


def test_sv_nodes_are_listed_without_spaces_which_the_bridge_would_not_trim() -> None:
    made = variables(chain=Chain.MAINNET, sv_nodes=("10.0.0.1:8333", "sv.example.org:8333"))

    assert made["legacy_config_ConnectPeers"] == "10.0.0.1:8333|sv.example.org:8333"


def test_sv_nodes_on_a_chain_without_a_bridge_are_refused() -> None:
    with pytest.raises(ValueError, match="no SV node is spoken to on regtest"):
        node(sv_nodes=("10.0.0.1:8333",))


def test_listening_only_is_refused_where_nobody_else_publishes() -> None:
    with pytest.raises(ValueError, match="miner-1: on regtest nobody else"):
        node(mode=Mode.LISTENING)


def test_who_listens_publishes_nothing_and_keeps_no_transactions_for_a_block() -> None:
    listening, mining = (variables(chain=Chain.MAINNET, mode=mode) for mode in (Mode.LISTENING, Mode.MINING))

    assert (listening.pop("listen_mode"), mining.pop("listen_mode")) == ("listen_only", "full")
    assert listening.pop("blockassembly_disabled") == "true"
    assert listening == mining


def test_who_is_public_announces_its_public_addresses_and_refuses_private_ones() -> None:
    there = [public_miner("miner-1", "192.0.2.1", "192.0.2.2"), public_miner("miner-2", "198.51.100.1")]
    made = variables(chain=Chain.MAINNET, miners=there)

    assert made["p2p_advertise_addresses"] == "/ip4/192.0.2.1/tcp/9905|/ip4/192.0.2.2/tcp/9905"
    assert made["p2p_allow_private_ips"] == "false"
    assert made["p2p_static_peers"] == f"/ip4/198.51.100.1/tcp/9905/p2p/{miner('miner-2').peer_id}"
    assert made["asset_httpPublicAddress"] == "http://miner-1.testing.internal:8090/api/v1"


def test_who_refuses_private_addresses_cannot_reach_a_miner_that_has_no_other() -> None:
    with pytest.raises(ValueError, match="some miners have public addresses and some have none"):
        config_map(node(chain=Chain.MAINNET, miners=[public_miner("miner-1", "192.0.2.1"), miner("miner-2")]))


def public_miner(name: str, *addresses: str) -> MinerPeer:
    return dataclasses.replace(miner(name), public_addresses=addresses)


@pytest.mark.parametrize(("scale", "chain"), [(Scale.SMALL, Chain.REGTEST), (Scale.FULL, Chain.MAINNET)])
def test_the_cache_of_the_subtree_validator_fits_half_its_memory(scale: Scale, chain: Chain) -> None:
    limit = SIZES[scale][Service.SUBTREE_VALIDATOR].memory_limit

    assert 2 * int(variables(chain=chain)["txMetaCacheMaxMB"]) <= int(limit[:-2]) * MIB[limit[-2:]]


def test_policies_of_aerospike_are_not_set_where_utxos_are_elsewhere() -> None:
    assert {key for key in variables(aerospike=False) if key.startswith("aerospike")} == set()
    assert "TotalTimeout=5s&SocketTimeout=1s" in variables()["aerospike_writePolicy"]


@pytest.mark.parametrize(("copies", "partitions"), [(0, 1), (1, 0)])
def test_topics_without_copies_or_partitions_are_refused(copies: int, partitions: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        KafkaChoice(hosts="a:1", replication_factor=copies, partitions_high=partitions, tls=False)


@pytest.mark.parametrize("hosts", ["", "kafka", "kafka:0", "kafka:70000", "a:9092, b:9092", "a:9092,", "k_a:9092"])
def test_brokers_that_teranode_would_misread_are_refused_by_key(hosts: str) -> None:
    kafka = KafkaChoice(hosts=hosts, replication_factor=1, partitions_high=1, tls=False)

    with pytest.raises(ValueError, match="KAFKA_HOSTS: "):
        config_map(node(kafka=kafka))


def test_what_is_not_known_yet_stays_an_output_and_nothing_else_becomes_one() -> None:
    outputs: set[str] = set()

    def program() -> None:
        first, second, third = (miner(name) for name in NAMES)
        later = MinerPeer(
            name=third.name, host=pulumi.Output.from_input(third.host), peer_id=pulumi.Output.from_input(third.peer_id)
        )
        hosts = pulumi.Output.from_input("kafka.kafka.svc:9092")
        kafka = KafkaChoice(hosts=hosts, replication_factor=1, partitions_high=8, tls=False)
        made = config_map(node(miners=(first, second, later), kafka=kafka))
        outputs.update(key for key, value in made.items() if isinstance(value, pulumi.Output))
        pulumi.export("settings", made)

    assert simulate_program(program).exports["settings"] == config_map(node())
    assert outputs == {"KAFKA_HOSTS", "p2p_static_peers", "p2p_bootstrap_peers"}


@pytest.mark.parametrize("chain", Chain)
def test_every_field_of_every_group_says_what_it_is(chain: Chain) -> None:
    keys = [key for group in setting_groups(node(chain=chain)) for key in group.keys().values()]

    assert len({key.name for key in keys}) == len(keys)
    assert all(key.meaning.endswith(".") and key.source for key in keys)


@pytest.mark.parametrize(
    ("value", "rendered"),
    [
        (0, "0s"),
        (500, "500ms"),
        (90_000, "1m30s"),
        (90_000_007, "25h7ms"),
    ],
)
def test_durations_are_gos(value: int, rendered: str) -> None:
    assert render.duration(value) == rendered


@pytest.mark.parametrize(
    ("host", "rendered"),
    [
        ("m.example.org", "/dns4/m.example.org/tcp/9905"),
        ("10.1.2.3", "/ip4/10.1.2.3/tcp/9905"),
        ("2001:db8::1", "/ip6/2001:db8::1/tcp/9905"),
    ],
)
def test_an_address_says_of_which_kind_it_is(host: str, rendered: str) -> None:
    assert render.multiaddr(host, 9905) == rendered


def test_a_nested_url_keeps_its_own_parameters() -> None:
    assert render.query({"externalStore": "file:///data/a?hashPrefix=2&x=1", "WarmUp": "32"}) == (
        "externalStore=file%3A%2F%2F%2Fdata%2Fa%3FhashPrefix%3D2%26x%3D1&WarmUp=32"
    )


@pytest.mark.parametrize("value", ["a${DATADIR}", "*EHE*00", " a", "a ", "a\nb", "a\0"])
def test_text_that_teranode_would_expand_decrypt_or_trim_is_refused(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (six reasons)
        render.text(value)


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "0.000000001"])
def test_what_is_no_fee_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"fee|satoshi"):
        render.fee(Decimal(value))


@pytest.mark.parametrize("value", ["example.org", "/path", "http://user:pass@example.org", "http:///x", "http://a b/"])
def test_what_is_no_absolute_url_or_holds_credentials_is_refused_without_quoting_it(value: str) -> None:
    with pytest.raises(ValueError, match="not an absolute URL") as refused:
        render.url(value)

    assert "pass" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "port", "peer_id"),
    [
        ("", 9905, None),
        ("A.example", 9905, None),
        ("a/b", 1, None),
        ("a", 0, None),
        ("a", 70_000, None),
        ("a", 1, "0O"),
    ],
)
def test_what_is_no_address_of_a_peer_is_refused(host: str, port: int, peer_id: str | None) -> None:
    with pytest.raises(ValueError, match="is no"):
        render.multiaddr(host, port, peer_id)


@pytest.mark.parametrize("items", [["a|b"], [""], ["a", "b "]])
def test_a_list_whose_items_would_fall_apart_is_refused(items: list[str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (several reasons)
        render.pipe_list(items)


def test_numbers_and_durations_are_not_negative() -> None:
    with pytest.raises(ValueError, match="-1 is negative"):
        render.whole(-1)
    with pytest.raises(ValueError, match="negative"):
        render.duration(-1)
