"""Wallets are named and never held; names of miners suit the database; nothing published gets in."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from infra.settings import Sibling, published
from policies.rules import secrets
from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of, stack_file
from tests.support.stacks import ROOT

MAINNET = stack_file("mainnet")
ARN = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:wallets/miner-1-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:444455556666:key/12345678-90ab-cdef-1234-567890abcdef"
# Published with Teranode's docker samples, see tests/unit/components/test_credentials.py.
PUBLISHED = (
    "c8a1b91ae120878d91a04c904e0d565aa44b2575c1bb30a729bd3e36e2a1d5e6"
    "067216fa92b1a1a7e30d0aaabe288e25f1efc0830f309152638b61d84be6b71d"
)


def mainnet(**keys: object) -> dict[str, Any]:
    return changed(MAINNET, "miners/miner-1", {"region": "eu-west-1", **keys})


def refused(document: dict[str, Any], stack: str = "mainnet", siblings: Sequence[Sibling] = ()) -> dict[str, str]:
    faults = faults_of(document, stack, siblings)
    return {fault.path.removeprefix("teranode-infra:"): str(fault) for fault in faults}


def test_a_miner_has_first_credentials_and_no_wallet_unless_it_says_so() -> None:
    miner = accepted(MINIMAL).miners["miner-1"]

    assert (miner.credentials, miner.wallet_secret, miner.wallet_key) == (1, None, None)


def test_a_wallet_is_named_by_the_arns_of_its_secret_and_key() -> None:
    miner = accepted(mainnet(walletSecret=ARN, walletKey=KEY, credentials=3), "mainnet").miners["miner-1"]

    assert (miner.credentials, miner.wallet_secret, miner.wallet_key) == (3, ARN, KEY)


@pytest.mark.parametrize("generation", [0, -1, 10_001, 1.5, "2", True])
def test_generations_are_whole_numbers_from_one(generation: object) -> None:
    assert "miners.miner-1.credentials" in refused(mainnet(credentials=generation))


@pytest.mark.parametrize(
    "value",
    [
        "wallets/miner-1",
        "arn:aws:secretsmanager:eu-west-1:444455556666:secret:wallets/miner-1",
        "KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn",
    ],
)
def test_anything_but_the_arn_of_a_secret_is_refused_and_not_shown(value: str) -> None:
    fault = refused(mainnet(walletSecret=value))["miners.miner-1.walletSecret"]

    assert value not in fault


@pytest.mark.parametrize("value", ["alias/wallets", "arn:aws:kms:eu-west-1:444455556666:alias/wallets", "key/1"])
def test_a_wallets_key_is_a_key_and_no_alias(value: str) -> None:
    assert "miners.miner-1.walletKey" in refused(mainnet(walletSecret=ARN, walletKey=value))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("444455556666", "111122223333", "account, 444455556666"), ("eu-west-1", "us-east-1", "region, eu-west-1")],
)
@pytest.mark.parametrize(("key", "arn"), [("walletSecret", ARN), ("walletKey", KEY)])
def test_a_wallet_is_in_the_miners_account_and_region(key: str, arn: str, old: str, new: str, said: str) -> None:
    named = {"walletSecret": ARN, "walletKey": KEY} | {key: arn.replace(old, new)}

    assert said in refused(mainnet(**named))[f"miners.miner-1.{key}"]


@pytest.mark.parametrize(
    "name", ["mainnet/miner-1-wallet", "mainnet/miner-1/teranode", "mainnet/wallets", "mainnet/wallets/"]
)
def test_a_wallet_is_not_where_whoever_deploys_reads(name: str) -> None:
    fault = refused(mainnet(walletSecret=ARN.replace("wallets/miner-1", name)))["miners.miner-1.walletSecret"]

    assert "a name below mainnet/wallets/, or outside of mainnet/" in fault
    assert "make the secret anew as mainnet/wallets/miner-1" in fault


@pytest.mark.parametrize("name", ["testing/wallets/miner-1", "testing/miner-1", "dev/wallets/miner-1"])
def test_a_wallet_is_no_other_environments(name: str) -> None:
    document = mainnet(walletSecret=ARN.replace("wallets/miner-1", name))

    fault = refused(document, siblings=[Sibling("dev")])["miners.miner-1.walletSecret"]
    assert f"it is one of {name.split('/', maxsplit=1)[0]}" in fault


@pytest.mark.parametrize("name", ["mainnet/wallets/miner-1", "wallets/miner-1", "wallet", "treasury/mainnet/miner-1"])
def test_a_wallet_below_the_wallets_or_by_itself_is_taken(name: str) -> None:
    arn = ARN.replace("wallets/miner-1", name)

    assert accepted(mainnet(walletSecret=arn), "mainnet").miners["miner-1"].wallet_secret == arn


def test_where_wallets_may_lie_is_what_the_deployer_is_denied() -> None:
    for file, sid in (("deployer/secrets", "NoWallets"), ("roles/drift", "NoWallets")):
        statements = json.loads((ROOT / "docs" / f"{file}.json").read_text())["Statement"]
        [denied] = [one for one in statements if one["Sid"] == sid]
        assert denied["Resource"].endswith(":secret:ENVIRONMENT/wallets/*")


def test_a_key_without_a_wallet_decrypts_nothing() -> None:
    assert "miners.miner-1.walletKey" in refused(mainnet(walletKey=KEY))


def test_no_wallet_is_shared_by_two_miners() -> None:
    document = mainnet(walletSecret=ARN)
    document["miners"]["miner-2"] = {"region": "eu-west-1", "walletSecret": ARN}

    assert "miners.miner-1 names the same" in refused(document)["miners.miner-2.walletSecret"]


def test_on_regtest_a_real_wallet_has_no_place() -> None:
    arn = ARN.replace("444455556666", "111122223333")
    document = changed(MINIMAL, "miners/miner-1", {"region": "eu-west-1", "walletSecret": arn})

    assert "regtest" in refused(document, "dev")["miners.miner-1.walletSecret"]


@pytest.mark.parametrize("name", ["postgres", "template0", "pg-miner", "rdsminer", "teranode-admin", "miner--1"])
def test_a_miner_is_not_called_like_something_of_the_server(name: str) -> None:
    document = changed(MINIMAL, "miners", {name: {"region": "eu-west-1"}})

    assert f"miners.{name}" in refused(document, "dev")


@pytest.mark.parametrize("path", ["owner", "miners/miner-1/region", "release"])
def test_a_key_that_teranode_publishes_is_refused_wherever_it_stands(path: str) -> None:
    faults = refused(changed(MINIMAL, path, f"x {PUBLISHED}"), "dev")

    assert any("Teranode publishes" in fault for fault in faults.values())
    assert not any(PUBLISHED in fault for fault in faults.values())


def test_settings_and_policies_know_the_same_published_keys() -> None:
    assert published.DIGESTS == secrets.PUBLISHED_KEYS
