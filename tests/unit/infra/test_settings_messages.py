"""What the faults say: one mistake is one fault, its remedy can be followed, and no secret is shown."""

from typing import Any

import pytest

from infra import catalog
from infra.settings import Fault, SettingsError, Sibling, parse
from tests.support.stack_settings import MINIMAL, REMOVED, accepted, as_config, changed, faults_of, stack_file


def _paths(document: dict[str, Any], stack: str = "dev") -> list[str]:
    return [fault.path.removeprefix("teranode-infra:") for fault in faults_of(document, stack)]


def _encrypted(config: dict[str, str], *names: str) -> tuple[Fault, ...]:
    with pytest.raises(SettingsError) as caught:
        parse(config, stack="dev", secret_keys=frozenset(names))
    return caught.value.faults


def _renamed_region(name: str) -> dict[str, Any]:
    """The minimal document, its one region misspelt; `home` and the miner keep naming it rightly."""
    document = changed(MINIMAL, f"regions/{name}", MINIMAL["regions"]["eu-west-1"])
    return changed(document, "regions/eu-west-1", REMOVED)


@pytest.mark.parametrize("zone", ["eu-west-1z", "eu-west-1i", "eu-west-1", "us-east-1a", "b"])
def test_a_zone_that_is_none_of_the_region_is_one_fault(zone: str) -> None:
    assert _paths(changed(MINIMAL, "regions/eu-west-1/zones", ["eu-west-1a", "eu-west-1b", zone])) == [
        "regions.eu-west-1.zones[2]"
    ]


def test_an_empty_instance_type_is_one_fault() -> None:
    assert _paths(changed(MINIMAL, "nodes/general/instanceTypes", [""])) == ["nodes.general.instanceTypes[0]"]
    assert _paths(changed(MINIMAL, "nodes/storage/aerospike", {"instanceType": ""})) == [
        "nodes.storage.aerospike.instanceType"
    ]


@pytest.mark.parametrize("cidrs", [["0.0.0.0/0"], ["198.51.100.0"], ["198.51.100.0/24", "10.0.0.0/8"], "x", None])
def test_a_refused_block_is_not_reported_as_no_block(cidrs: object) -> None:
    faults = faults_of(changed(MINIMAL, "access/apiCidrs", cidrs))
    assert len(faults) == 1
    assert "endpointAccess" not in str(faults[0])


def test_a_misspelt_endpoint_access_is_not_judged_as_its_default() -> None:
    document = changed(changed(MINIMAL, "access/apiCidrs", REMOVED), "kubernetes/endpointAccess", "Private")
    assert _paths(document) == ["kubernetes.endpointAccess"]


@pytest.mark.parametrize("name", ["EU-WEST-1", "eu-west-9", "eu-wst-1"])
def test_a_misspelt_region_is_one_fault_whoever_names_it_rightly(name: str) -> None:
    (fault,) = faults_of(_renamed_region(name))
    assert fault.path == f"teranode-infra:regions.{name}"
    assert "eu-west-1" in fault.remedy


@pytest.mark.parametrize("name", ["EU-WEST-1", "eu-west-9"])
def test_a_region_that_does_not_exist_is_suggested_to_nobody(name: str) -> None:
    document = changed(MINIMAL, f"regions/{name}", {"cidr": "10.41.0.0/16"})
    document = changed(document, "miners/miner-2", {"region": "ap-northeast-1"})
    by_path = {fault.path: fault for fault in faults_of(document)}
    assert set(by_path) == {f"teranode-infra:regions.{name}", "teranode-infra:miners.miner-2.region"}
    assert by_path["teranode-infra:miners.miner-2.region"].remedy == "Declared: eu-west-1"
    assert name not in catalog.regions()


def test_an_unknown_key_is_refused_though_encrypted_and_its_value_is_not_shown() -> None:
    config = as_config(MINIMAL) | {"teranode-infra:walletKey": "hunter2"}
    (fault,) = _encrypted(config, "teranode-infra:walletKey")
    assert (fault.path, fault.value) == ("teranode-infra:walletKey", "")
    assert "hunter2" not in str(fault)


def test_encrypted_default_providers_are_refused_and_not_shown() -> None:
    config = as_config(MINIMAL) | {"pulumi:disable-default-providers": "hunter2"}
    (fault,) = _encrypted(config, "pulumi:disable-default-providers")
    assert fault.value == "[hidden]"


def test_a_key_is_not_taken_for_encrypted_because_another_namespace_has_one_of_its_name() -> None:
    faults = _encrypted(as_config(MINIMAL) | {"aws:home": "hunter2"}, "aws:home")
    assert [fault.path for fault in faults] == ["aws:home"]


@pytest.mark.parametrize("depth", [20, 500, 100_000])
def test_what_is_nested_too_deeply_is_one_fault(depth: int) -> None:
    config = as_config(MINIMAL) | {"teranode-infra:access": "[" * depth + "]" * depth}
    (fault,) = _encrypted(config)
    assert (fault.path, fault.value) == ("teranode-infra:access", "")
    assert "at most 12 deep" in fault.rule


@pytest.mark.parametrize(
    ("account", "value"),
    [
        ("hunter2-is-my-password", "[22 characters]"),
        ("11112222333", '"11112222333"'),
        ("1111-2222", '"1111-2222"'),
        ("1111222233334444", '"1111222233334444"'),
    ],
)
def test_an_account_is_shown_unless_it_may_be_a_secret(account: str, value: str) -> None:
    (fault,) = faults_of(changed(MINIMAL, "account", account))
    assert fault.value == value


@pytest.mark.parametrize("name", ["m" * 64, "a" * 64, "Miner"])
def test_a_bad_name_is_shown_once_in_its_path(name: str) -> None:
    (fault,) = faults_of(changed(MINIMAL, "miners", {name: {"region": "eu-west-1"}}))
    assert (fault.path, fault.value) == (f"teranode-infra:miners.{name}", "")


def test_a_malformed_network_is_not_repeated_in_the_rule() -> None:
    (fault,) = faults_of(changed(MINIMAL, "regions/eu-west-1/cidr", "AKIAIOSFODNN7EXAMPLE"))
    assert "AKIA" not in str(fault)


def test_a_stack_without_settings_is_not_said_to_have_no_file() -> None:
    with pytest.raises(SettingsError) as caught:
        parse({}, stack="mainet", siblings=(Sibling("mainnet"), Sibling("testing")))
    message = str(caught.value)
    assert "did you mean mainnet?" in message
    assert "into Pulumi.mainet.yaml" in message
    assert "missing" not in message


@pytest.mark.parametrize("stack", ["My_Stack", "dev.1", "D" * 25])
def test_a_bad_stack_name_is_told_what_is_allowed(stack: str) -> None:
    (fault,) = faults_of(MINIMAL, stack)
    assert "lower-case letters, digits and -" in fault.rule
    assert ("at most 24 characters" in fault.rule) == (len(stack) > 24)


def test_the_permissions_boundary_is_none_unless_written() -> None:
    assert accepted(MINIMAL).access.permissions_boundary is None
    for stack in ("testing", "mainnet"):
        document = stack_file(stack)
        boundary = accepted(document, stack).access.permissions_boundary
        assert boundary == f"arn:aws:iam::{document['account']}:policy/teranode-boundary-{stack}"


@pytest.mark.parametrize(
    ("path", "misspelt"),
    [
        ("account", "acount"),
        ("owner", "ownr"),
        ("tier", "teir"),
        ("chain", "chian"),
        ("release", "relese"),
        ("home", "hom"),
        ("access", "acces"),
        ("regions", "regoins"),
        ("miners", "miner"),
        ("regions/eu-west-1/cidr", "cdir"),
        ("access/deployRole", "deployrole"),
        ("access/adminRole", "adminRol"),
    ],
)
def test_a_misspelt_key_is_one_fault_and_not_missed_as_well(path: str, misspelt: str) -> None:
    *above, name = path.split("/")
    value: Any = MINIMAL
    for key in path.split("/"):
        value = value[key]
    document = changed(changed(MINIMAL, path, REMOVED), "/".join([*above, misspelt]), value)

    [found] = faults_of(document)
    assert (found.path, found.rule) == (f"teranode-infra:{'.'.join([*above, misspelt])}", "a known key")
    assert found.remedy.startswith(f"did you mean {name}")
