"""What a miner keeps to itself: made once, kept in one place, replaced login by login."""

import json
from collections.abc import Mapping
from dataclasses import replace

import base58
import pulumi
import pulumi_random as random
import pytest

from components.miner_secrets import Login, MinerSecrets, MinerSecretsArgs, StoreUrls, StoreUrlsArgs
from components.miner_secrets.logins import Turn, current_turn, password_generation
from components.protection import Protection
from components.stored_secret import SecretRef
from components.stores import StoreEndpoint
from simulator import Simulation, simulate_program
from simulator.compare import Action, compare
from simulator.values import JSON, is_secret, reveal
from tests.support.builders import LOCKED, UNLOCKED, placement, provider

SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 (a type)
KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
WALLET = SecretRef(
    arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:wallets/one-AbCdEf",
    keys=("miner_wallet_private_keys",),
    key_arn=None,
    version=None,
)


def args(**changes: object) -> MinerSecretsArgs:
    plain = MinerSecretsArgs(
        placement=placement(),
        miner="miner-1",
        generation=1,
        test_wallet=False,
        wallet=None,
        partners=False,
        aerospike_users=(),
        key_arn=KEY,
        protection=LOCKED,
    )
    return replace(plain, **changes)


def options() -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(providers=[provider(), random.Provider("random")])


def built(baseline: Mapping[str, JSON] | None = None, **changes: object) -> Simulation:
    def program() -> None:
        secrets = MinerSecrets("miner-1-secrets", args(**changes), options())
        pulumi.export("peerId", secrets.peer_id)
        pulumi.export("operator", [list(secret.keys) for secret in secrets.operator_secrets])
        pulumi.export("user", secrets.database_login.user)

    return simulate_program(program, baseline=baseline)


def values(simulation: Simulation, purpose: str) -> dict[str, str]:
    [version] = [one for one in simulation.of_type(VERSION) if one.name == f"miner-1-secrets-{purpose}-version"]
    text = version.inputs["secretString"]
    assert is_secret(text)
    return json.loads(str(reveal(text)))


def test_each_purpose_has_a_secret_of_its_own_under_the_miners_name() -> None:
    names = {
        str(secret.inputs["name"]) for secret in built(test_wallet=True, aerospike_users=("admin",)).of_type(SECRET)
    }

    assert names == {f"testing/miner-1/{purpose}" for purpose in ("p2p", "teranode", "wallet", "database", "aerospike")}


def test_secrets_have_the_regions_key_and_say_what_they_are() -> None:
    for secret in built().of_type(SECRET):
        assert secret.inputs["kmsKeyId"] == KEY
        tags = secret.inputs["tags"]
        assert isinstance(tags, dict)
        assert tags["data-class"] == "secrets"


@pytest.mark.parametrize(("protection", "locked", "days"), [(LOCKED, True, 30), (UNLOCKED, False, 0)])
def test_what_cannot_be_made_again_is_held_on_to(protection: Protection, locked: bool, days: int) -> None:  # noqa: FBT001
    simulation = built(protection=protection)
    seeds = [one for one in simulation.of_type(PASSWORD) if one.name.endswith("-seed")]

    assert len(seeds) == 2
    assert {(one.protect, one.retain_on_delete) for one in (*seeds, *simulation.of_type(SECRET))} == {(locked, locked)}
    assert {str(secret.inputs["recoveryWindowInDays"]) for secret in simulation.of_type(SECRET)} == {str(days)}


def test_key_and_peer_id_belong_together_and_only_the_id_is_public() -> None:
    simulation = built()
    key, peer_id = values(simulation, "p2p")["p2p_private_key"], simulation.exports["peerId"]

    assert isinstance(peer_id, str)
    assert base58.b58decode(peer_id).hex() == f"002408011220{key[64:]}"


def test_node_and_alert_service_have_different_identities() -> None:
    assert len(set(values(built(), "p2p").values())) == 2


def test_every_default_that_teranode_publishes_is_overridden() -> None:
    found = built().exports["operator"]
    assert isinstance(found, list)
    keys = {str(key) for keys in found if isinstance(keys, list) for key in keys}

    assert keys == {
        "alert_p2p_private_key",
        "coinbase_wallet_private_key",
        "grpc_admin_api_key",
        "miner_wallet_private_keys",
        "p2p_private_key",
        "rpc_pass",
        "rpc_user",
    }


def test_without_a_wallet_nobody_is_paid() -> None:
    assert values(built(), "teranode")["miner_wallet_private_keys"] == ""
    assert not [one for one in built().resources if "wallet" in one.name]


def test_a_test_wallet_is_a_key_of_a_test_network() -> None:
    simulation = built(test_wallet=True)
    wallet = values(simulation, "wallet")["miner_wallet_private_keys"]

    assert base58.b58decode_check(wallet)[0] == 0xEF
    assert "miner_wallet_private_keys" not in values(simulation, "teranode")


def test_a_wallet_of_somebody_else_is_only_named() -> None:
    simulation = built(wallet=WALLET)

    assert simulation.exports["operator"] == [
        ["alert_p2p_private_key", "p2p_private_key"],
        ["coinbase_wallet_private_key", "grpc_admin_api_key", "rpc_pass", "rpc_user"],
        ["miner_wallet_private_keys"],
    ]
    assert not [one for one in simulation.of_type(SECRET) if "wallet" in one.name]


def test_a_wallet_is_either_generated_or_named() -> None:
    with pytest.raises(ValueError, match="either generated or referred to"):
        args(test_wallet=True, wallet=WALLET)


def test_generations_count_from_one() -> None:
    with pytest.raises(ValueError, match="count from 1"):
        args(generation=0)


def test_the_database_learns_names_and_verifiers_and_no_password() -> None:
    simulation = built()
    known = values(simulation, "database")
    passwords = [str(reveal(one.outputs["result"])) for one in simulation.of_type(PASSWORD)]

    assert {key: known[key] for key in ("owner", "login_a", "login_b")} == {
        "owner": "miner_1",
        "login_a": "miner_1__a",
        "login_b": "miner_1__b",
    }
    assert known["verifier_a"].startswith("SCRAM-SHA-256$4096:")
    assert known["verifier_a"] != known["verifier_b"]
    assert not [password for password in passwords if password in json.dumps(known)]


@pytest.mark.parametrize("generation", range(1, 9))
def test_from_one_generation_to_the_next_only_the_idle_login_changes(generation: int) -> None:
    current, following = current_turn(generation), current_turn(generation + 1)

    assert current is not following
    assert password_generation(current, generation + 1) == password_generation(current, generation) == generation
    assert password_generation(following, generation + 1) == generation + 1
    assert password_generation(following, generation) == generation - 1


def test_the_current_login_takes_turns() -> None:
    assert [built(generation=number).exports["user"] for number in (1, 2, 3)] == [
        "miner_1__a",
        "miner_1__b",
        "miner_1__a",
    ]
    assert [*Turn] == ["a", "b"]


def test_a_new_generation_replaces_what_may_change_and_nothing_else() -> None:
    before = built()
    changes = compare(before.deployment, built(before.deployment, generation=2).deployment)
    replaced = {change.name for change in changes.changed if change.action is Action.REPLACE}

    assert replaced == {
        "miner-1-secrets-admin-api-key",
        "miner-1-secrets-database-password-b",
        "miner-1-secrets-database-salt-b",
        "miner-1-secrets-database-version",
        "miner-1-secrets-rpc-password",
        "miner-1-secrets-rpc-user",
        "miner-1-secrets-teranode-version",
    }
    assert {change.name for change in changes.changed} == replaced


def test_no_value_is_made_by_a_resource_that_shows_it_as_its_id() -> None:
    assert built(test_wallet=True).of_type("random:index/randomBytes:RandomBytes") == []


def endpoint(scheme: str, host: str, port: int) -> StoreEndpoint:
    return StoreEndpoint(
        scheme=scheme, host=pulumi.Output.from_input(host), port=pulumi.Output.from_input(port), ready=()
    )


def urls(*, aerospike: bool = False, authenticated: bool = False, alerts: bool = False) -> dict[str, str]:
    def program() -> None:
        login = Login(user="teranode", password=pulumi.Output.secret("other")) if authenticated else None
        url_args = StoreUrlsArgs(
            placement=placement(),
            miner="miner-1",
            database=endpoint("postgres", "db.example.org", 5432),
            database_login=Login(user="miner_1__a", password=pulumi.Output.secret("s3cret")),
            utxo_store=endpoint("aerospike", "aerospike.miner-1.svc", 3000) if aerospike else None,
            utxo_login=login,
            alerts=alerts,
            key_arn=KEY,
            protection=LOCKED,
        )
        StoreUrls("miner-1-urls", url_args, options())

    [version] = simulate_program(program).of_type(VERSION)
    return json.loads(str(reveal(version.inputs["secretString"])))


def test_utxos_in_postgres_have_a_database_of_their_own() -> None:
    assert urls() == {
        "blockchain_store": "postgres://miner_1__a:s3cret@db.example.org:5432/miner_1?sslmode=require",
        "utxostore": "postgres://miner_1__a:s3cret@db.example.org:5432/miner_1__utxo?sslmode=require",
    }


def test_utxos_in_aerospike_are_reached_with_and_without_a_login() -> None:
    plain, authenticated = urls(aerospike=True), urls(aerospike=True, authenticated=True)

    assert plain["utxostore"].startswith("aerospike://aerospike.miner-1.svc:3000/utxo-store?set=utxo&")
    assert authenticated["utxostore"].startswith("aerospike://teranode:other@aerospike.miner-1.svc:3000/utxo-store?")


def test_what_the_alert_service_is_told_outlives_its_pod() -> None:
    found = urls(aerospike=True, alerts=True)

    assert found["alert_store"] == "postgres://miner_1__a:s3cret@db.example.org:5432/miner_1__alert?sslmode=require"
