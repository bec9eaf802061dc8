"""Assets on the internet: what is accepted, and what is refused for which reason."""

from typing import Any

import pytest

from tests.support.stack_settings import MINIMAL, REMOVED, accepted, changed, faults_of, stack_file

CERTIFICATE = "arn:aws:acm:eu-west-1:444455556666:certificate/12345678-1234-1234-1234-123456789012"
ASSETS = {"certificates": {"eu-west-1": CERTIFICATE}, "hosts": {"miner-1": "miner-1.example.org"}}


def shown(path: str = "public/assets", value: object = ASSETS) -> dict[str, Any]:
    """Mainnet with public assets, and one thing changed."""
    return changed(changed(stack_file("mainnet"), "public/assets", ASSETS), path, value)


def test_nothing_is_shown_unless_the_file_says_so() -> None:
    assert accepted(stack_file("mainnet"), stack="mainnet").public_assets is None


def test_it_may_stand_there_before_the_miner_mines() -> None:
    settings = accepted(shown(), stack="mainnet").public_assets

    assert settings is not None
    assert (settings.hosts, settings.requests_per_second) == ({"miner-1": "miner-1.example.org"}, 100)


@pytest.mark.parametrize(
    ("path", "value", "refused", "rule"),
    [
        ("public/assets/certificates", {}, "public.assets.certificates.eu-west-1", "a certificate for miner-1.example"),
        ("public/assets/certificates", REMOVED, "public.assets.certificates", "a value for this key"),
        (
            "public/assets/certificates/eu-west-1",
            CERTIFICATE.replace("eu-west-1", "us-east-1"),
            "public.assets.certificates.eu-west-1",
            "a certificate in eu-west-1",
        ),
        (
            "public/assets/certificates/eu-west-1",
            CERTIFICATE.replace("4444", "9999"),
            "public.assets.certificates.eu-west-1",
            "a certificate of this environment's account, 444455556666",
        ),
        (
            "public/assets/certificates/eu-west-3",
            CERTIFICATE,
            "public.assets.certificates.eu-west-3",
            "a region of this environment",
        ),
        (
            "public/assets/hosts/miner-2",
            "miner-2.example.org",
            "public.assets.hosts.miner-2",
            "a miner of this environment",
        ),
        ("public/assets/hosts/miner-1", "localhost", "public.assets.hosts.miner-1", "a full name in DNS"),
        ("public/assets/hosts/miner-1", "*.example.org", "public.assets.hosts.miner-1", "a full name in DNS"),
        ("public/assets/hosts/miner-1", "192.0.2.1", "public.assets.hosts.miner-1", "a full name in DNS"),
        ("public/assets/requestsPerSecond", 0, "public.assets.requestsPerSecond", ""),
        ("public/assets/requestsPerSecond", 1001, "public.assets.requestsPerSecond", ""),
        ("public/peers", False, "public.assets", "public addresses of the miners"),
    ],
)
def test_what_nobody_could_fetch_from_is_refused(path: str, value: object, refused: str, rule: str) -> None:
    [fault] = faults_of(shown(path, value), stack="mainnet")

    assert fault.path.removeprefix("teranode-infra:") == refused
    assert fault.rule.startswith(rule)


def test_who_tests_shows_nothing_to_strangers() -> None:
    [fault] = [one for one in faults_of(changed(MINIMAL, "public/assets", ASSETS)) if one.path.endswith("assets")]

    assert fault.rule == "absent on the chain regtest: public addresses are for the chain mainnet"


def test_a_name_leads_to_one_miner_and_no_miner_has_the_name_of_a_proxy_s_namespace() -> None:
    document = changed(shown("miners/miner-1-assets", {"region": "eu-west-1"}), "nodes/general/minNodesPerZone", 3)
    document = changed(document, "public/assets/hosts/miner-1-assets", "miner-1.example.org")
    found = [one for one in faults_of(document, stack="mainnet") if "public.assets" in one.path]

    assert [(one.path.rpartition(".")[2], one.rule) for one in found] == [
        ("miner-1", "a miner beside which none is called miner-1-assets: so is the namespace of its proxy"),
        (
            "miner-1-assets",
            "a name of this miner alone; public.assets.hosts.miner-1 has it too",
        ),
    ]
