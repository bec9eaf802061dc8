"""What a node is for, who mines with it, what is public: what is accepted, and what is refused for which reason."""

from typing import Any

import pytest

from infra.settings import Sibling
from tests.support.stack_settings import MINIMAL, REMOVED, accepted, changed, faults_of, stack_file

WALLET = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:wallet-AbCdEf"
CERTIFICATE = "arn:aws:acm:eu-west-1:444455556666:certificate/12345678-1234-1234-1234-123456789012"
POOL = "arn:aws:iam::777788889999:root"
MAINNET = stack_file("mainnet")
MINING = {"certificates": {"eu-west-1": CERTIFICATE}, "partners": {"pool-1": {"principals": [POOL]}}}


def mining(path: str = "mode", value: object = "mining") -> dict[str, Any]:
    """Mainnet with one miner that mines, and one thing changed."""
    document = changed(MAINNET, "mode", "mining")
    document = changed(document, "miners/miner-1/walletSecret", WALLET)
    return changed(changed(document, "mining", MINING), path, value)


def refusals(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault.path.removeprefix("teranode-infra:"), fault.rule) for fault in faults_of(document, stack="mainnet")]


def test_a_miner_listens_first_on_mainnet_and_mines_elsewhere_unless_the_file_says_otherwise() -> None:
    assert accepted(MAINNET, stack="mainnet").miners["miner-1"].mode == "listening"
    assert accepted(MINIMAL).miners["miner-1"].mode == "mining"
    assert accepted(mining(), stack="mainnet").miners["miner-1"].mode == "mining"
    assert accepted(mining("miners/miner-1/mode", "listening"), stack="mainnet").miners["miner-1"].mode == "listening"


def test_everything_for_mining_may_stand_there_before_the_mode_changes() -> None:
    environment = accepted(mining("mode", "listening"), stack="mainnet")

    assert environment.miners["miner-1"].mode == "listening"
    assert environment.mining is not None
    assert environment.mining.partners == {"pool-1": (POOL,)}


def test_mining_for_real_needs_a_wallet_partners_and_a_certificate_and_says_so_at_once() -> None:
    assert [path for path, _ in refusals(changed(MAINNET, "mode", "mining"))] == [
        "miners.miner-1.walletSecret",
        "mining.partners",
    ]


@pytest.mark.parametrize(
    ("path", "value", "refused", "rule"),
    [
        ("mining/certificates", {}, "mining.certificates.eu-west-1", None),
        ("mining/certificates", REMOVED, "mining.certificates", "a value for this key"),
        (
            "mining/certificates/eu-west-1",
            CERTIFICATE.replace("eu-west-1", "us-east-1"),
            "mining.certificates.eu-west-1",
            "a certificate in eu-west-1",
        ),
        (
            "mining/certificates/eu-west-1",
            CERTIFICATE.replace("4444", "9999"),
            "mining.certificates.eu-west-1",
            "a certificate of this environment's account, 444455556666",
        ),
        ("mining/certificates/eu-west-3", CERTIFICATE, "mining.certificates.eu-west-3", "a region of this environment"),
        ("mining/certificates/eu-west-1", "arn:aws:iam::1:x", "mining.certificates.eu-west-1", None),
        ("mining/partners", {}, "mining.partners", None),
        ("mining/partners/pool-1/principals", ["*"], "mining.partners.pool-1.principals[0]", None),
        ("mining/partners/pool-1/principals", [], "mining.partners.pool-1.principals", "at least 1 entry"),
        ("mining/partners/Pool_1", {"principals": [POOL[:-4] + "role/r"]}, "mining.partners.Pool_1", None),
        (
            "mining/partners/pool-2",
            {"principals": [POOL]},
            "mining.partners.pool-2.principals",
            "a principal of this partner alone; mining.partners.pool-1 has it too",
        ),
        ("miners/miner-1/walletSecret", REMOVED, "miners.miner-1.walletSecret", None),
        ("mode", "mine", "mode", "one of listening, mining"),
    ],
)
def test_what_does_not_let_partners_in_safely_is_refused(
    path: str, value: object, refused: str, rule: str | None
) -> None:
    [(found, reason)] = refusals(mining(path, value))

    assert found == refused
    assert rule is None or reason == rule


@pytest.mark.parametrize("path", ["mode", "miners/miner-1/mode"])
def test_nobody_listens_where_nobody_else_publishes(path: str) -> None:
    [fault] = faults_of(changed(MINIMAL, path, "listening"))

    assert fault.path == f"teranode-infra:{path.replace('/', '.')}"
    assert "nobody but the environment's own miners publishes" in fault.rule


def test_the_key_that_was_before_says_what_took_its_place() -> None:
    [fault] = faults_of(changed(MAINNET, "miners/miner-1/listenMode", "full"), stack="mainnet")

    assert fault.path == "teranode-infra:miners.miner-1.listenMode"
    assert fault.remedy.startswith("write mode: listening (it was listenOnly) or mode: mining (it was full)")


def test_peers_are_public_on_mainnet_unless_switched_off_and_nowhere_else() -> None:
    assert accepted(MAINNET, stack="mainnet").public_peers
    assert not accepted(changed(MAINNET, "public/peers", value=False), stack="mainnet").public_peers
    assert not accepted(MINIMAL).public_peers
    [fault] = faults_of(changed(MINIMAL, "public/peers", value=True))
    assert fault.path == "teranode-infra:public.peers"


def test_a_miner_whose_blocks_nobody_outside_can_fetch_is_told_of() -> None:
    def told(document: dict[str, Any]) -> list[str]:
        return [notice for notice in accepted(document, stack="mainnet").notices if "public.assets" in notice]

    assets = {"certificates": {"eu-west-1": CERTIFICATE}, "hosts": {"miner-1": "assets.example.org"}}

    [notice] = told(mining())
    assert notice.startswith("miner-1: mines on the chain mainnet")
    assert told(mining("public/assets", assets)) == []
    assert told(MAINNET) == []
    assert not any("public.assets" in notice for notice in accepted(MINIMAL).notices)


def test_an_account_of_another_environment_is_no_partner() -> None:
    siblings = [Sibling("testing", account="777788889999")]
    [fault] = faults_of(mining(), stack="mainnet", siblings=siblings)

    assert fault.path == "teranode-infra:mining.partners.pool-1.principals"
    assert (fault.value, "this account is of Pulumi.testing.yaml" in fault.rule) == (f'"{POOL}"', True)
