"""Properties of the settings: one mistake is always found and named, and nothing breaks the reader."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra import catalog
from infra.settings.schema import StackKeys
from tests.support.stack_settings import MINIMAL, REMOVED, accepted, changed, faults_of, stack_file

DOCUMENTS = {"dev": dict(MINIMAL), "testing": stack_file("testing"), "mainnet": stack_file("mainnet")}
OPTIONAL = (
    "access/apiCidrs",
    "access/driftRole",
    "access/permissionsBoundary",
    "mode",
    "notifications",
    "notifications/monthlyBudgetUsd",
)
"""Keys of these documents that may be left out by themselves; without the first, an endpoint must be private."""
FREE_NAMES = ("regions", "miners")
JUNK: list[Any] = [None, True, -1, 3.5, "", "?", "latest", [], ["?"], {"unknown": 1}]


def _keys(document: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Every key of the document, joined by /, without the names that its author is free to choose."""
    for key, value in document.items():
        path = f"{prefix}{key}"
        if prefix.rstrip("/") not in FREE_NAMES:
            yield path
        if isinstance(value, dict):
            yield from _keys(value, f"{path}/")


def _value(document: Mapping[str, Any], path: str) -> object:
    value: Any = document
    for key in path.split("/"):
        value = value[key]
    return value


PLACES = [(stack, path) for stack, document in DOCUMENTS.items() for path in _keys(document)]
LEAVES = [(stack, path) for stack, path in PLACES if not isinstance(_value(DOCUMENTS[stack], path), dict)]


@st.composite
def misspelt(draw: st.DrawFn, word: str) -> str:
    """A word with one character dropped, doubled, replaced, or two swapped."""
    index = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyzABC019_-"))
    forms = (
        word[:index] + word[index + 1 :],
        word[:index] + letter + word[index:],
        word[:index] + letter + word[index + 1 :],
        word[:index] + word[index : index + 2][::-1] + word[index + 2 :],
    )
    return draw(st.sampled_from(forms).filter(lambda form: form not in ("", word)))


@given(st.data(), st.sampled_from(PLACES))
def test_any_misspelt_key_is_refused_by_its_name(data: st.DataObject, place: tuple[str, str]) -> None:
    stack, path = place
    parent, _, key = path.rpartition("/")
    wrong = f"{parent}/{data.draw(misspelt(key))}" if parent else data.draw(misspelt(key))
    document = changed(DOCUMENTS[stack], path, REMOVED)
    faults = faults_of(changed(document, wrong, _value(DOCUMENTS[stack], path)), stack)
    assert f"teranode-infra:{wrong.replace('/', '.')}" in {fault.path for fault in faults}


@given(st.sampled_from(LEAVES), st.sampled_from(JUNK))
def test_any_value_of_another_kind_is_refused_by_its_key(place: tuple[str, str], junk: object) -> None:
    stack, path = place
    faults = faults_of(changed(DOCUMENTS[stack], path, junk), stack)
    assert any(fault.path.startswith(f"teranode-infra:{path.replace('/', '.')}") for fault in faults)


@pytest.mark.parametrize(("stack", "path"), [place for place in PLACES if place[1] not in OPTIONAL])
def test_any_missing_key_is_refused_by_its_name(stack: str, path: str) -> None:
    faults = faults_of(changed(DOCUMENTS[stack], path, REMOVED), stack)
    key = f"teranode-infra:{path.replace('/', '.')}"
    assert any(fault.path == key or fault.path.startswith(f"{key}.") for fault in faults)


@given(st.data())
def test_any_misspelt_region_is_refused(data: st.DataObject) -> None:
    wrong = data.draw(misspelt("eu-west-1").filter(lambda name: name not in catalog.regions()))
    faults = faults_of(changed(MINIMAL, f"regions/{wrong}", {"cidr": "10.41.0.0/16"}))
    assert f"teranode-infra:regions.{wrong}" in {fault.path for fault in faults}


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 31), st.integers(0, 65_535))
def test_a_network_is_accepted_only_if_canonical_private_and_free(a: int, b: int, length: int, host: int) -> None:
    text = f"{a}.{b}.{host >> 8}.{host & 255}/{length}"
    network = IPv4Network(text, strict=False)
    private = any(network.subnet_of(IPv4Network(block)) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
    free = str(network) not in ("10.40.0.0/16", "172.17.0.0/16", "172.20.0.0/16")
    good = length == 16 and host == 0 and private and free
    assert (faults_of(changed(MINIMAL, "regions/us-east-1", {"cidr": text})) == ()) == good


COMMON = sorted(name for name, region in catalog.regions().items() if region.zones and not region.opt_in)


@given(st.lists(st.sampled_from(COMMON), min_size=1, unique=True), st.integers(1, 5))
def test_any_choice_of_ordinary_regions_and_miners_is_accepted(names: list[str], miners: int) -> None:
    document = changed(MINIMAL, "regions", {name: {"cidr": f"10.{100 + n}.0.0/16"} for n, name in enumerate(names)})
    document["home"] = names[0]
    document["miners"] = {f"miner-{n}": {"region": names[n % len(names)]} for n in range(miners)}
    environment = accepted(document)
    assert list(environment.regions) == sorted(names)
    assert {region.cidr for region in environment.regions.values()} == {
        f"10.{100 + n}.0.0/16" for n in range(len(names))
    }


@given(st.sampled_from([name for name in COMMON if name != "eu-west-1"]))
def test_adding_a_region_leaves_the_settings_of_the_others_alone(name: str) -> None:
    grown = accepted(changed(MINIMAL, f"regions/{name}", {"cidr": "10.41.0.0/16"}))
    assert grown.regions["eu-west-1"] == accepted(MINIMAL).regions["eu-west-1"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(field.alias or "" for field in StackKeys.model_fields.values())), ANY_JSON | st.text())
def test_whatever_stands_in_a_key_the_answer_is_settings_or_faults(key: str, value: object) -> None:
    faults = faults_of(changed(MINIMAL, key, value))
    assert all(fault.rule and fault.remedy for fault in faults)


@given(st.sampled_from(PLACES), ANY_JSON)
def test_whatever_stands_deep_in_a_file_the_answer_is_settings_or_faults(place: tuple[str, str], value: object) -> None:
    stack, path = place
    faults = faults_of(changed(DOCUMENTS[stack], path, value), stack)
    assert all(fault.rule and fault.remedy for fault in faults)


POOL = {"instanceTypes": ["m7g.2xlarge"], "minNodesPerZone": 1, "maxNodesPerZone": 2, "diskGib": 50}
STORAGE = {"instanceType": "i4i.large", "nodesPerZone": 1, "zones": ["eu-west-1a"]}
EVERY_KEY: dict[str, Any] = {
    **MINIMAL,
    "access": {
        **MINIMAL["access"],
        **{
            f"{role}Role": f"arn:aws:iam::111122223333:role/{role}"
            for role in ("operator", "readOnly", "preview", "drift")
        },
        "permissionsBoundary": "arn:aws:iam::111122223333:policy/boundary",
    },
    "regions": {
        "eu-west-1": {
            "cidr": "10.40.0.0/16",
            "zones": ["eu-west-1a", "eu-west-1b"],
            "nat": "perZone",
            "interfaceEndpoints": "standard",
            "nodes": {"system": POOL, "general": POOL, "storage": {"aerospike": STORAGE}},
        },
        "af-south-1": {"cidr": "10.41.0.0/16", "assumeOffered": ["af-south-1"]},
    },
    "kubernetes": {"version": "1.36", "endpointAccess": "restricted"},
    "nodes": {"general": {**POOL, "architecture": "arm64", "capacity": "spot"}},
    "postgres": {"profile": "rds", "instanceClass": "db.t4g.small", "storageGib": 20, "backupRetentionDays": 1},
    "files": {"profile": "lustre", "capacityGib": 2_400, "throughputMbpsPerTib": 500},
    "chain": "teratestnet",
    "platform": {
        "charts": {"cert-manager": {"repository": "oci://mirror.example.org/charts"}},
        "imageMirrors": {"quay.io": "mirror.example.org/quay"},
    },
    "utxoStore": {
        "profile": "community",
        "records": 1_000_000,
        "recordBytes": 1000,
        "yearlyGrowthPercent": 10,
        "replicationFactor": 1,
        "nodes": 2,
        "device": "gp3",
        "deviceGib": 20,
    },
    "miners": {
        "miner-1": {
            "region": "eu-west-1",
            "credentials": 2,
            "snapshot": {
                "url": "https://snapshots.example.org/teratestnet-teranode/1000",
                "hash": "ab" * 32,
                "height": 1_000,
                "headersSha256": f"sha256:{'1' * 64}",
                "utxoSetSha256": f"sha256:{'2' * 64}",
            },
            "walletSecret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:wallets/miner-1-AbCdEf",
            "walletKey": "arn:aws:kms:eu-west-1:111122223333:key/12345678-90ab-cdef-1234-567890abcdef",
            "utxoStore": {
                "profile": "enterprise",
                "nodesPerZone": 1,
                "replicationFactor": 1,
                "pool": "aerospike",
                "featureKey": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:aerospike-AbCdEf",
            },
        }
    },
    "backups": {"copyRegion": "eu-north-1", "retentionDays": 14},
    "kafka": {
        "profile": "msk",
        "brokers": 4,
        "partitionsHigh": 16,
        "instanceType": "kafka.m7g.xlarge",
        "storageGib": 100,
    },
    "logRetentionDays": "30",
}
MUTABLE = list(_keys(EVERY_KEY))


@st.composite
def mutated(draw: st.DrawFn, value: object) -> object:
    """A value like `value`: a letter amiss in it or in what it holds, an entry twice or gone, or something else."""
    choices = [ANY_JSON]
    if isinstance(value, str) and value:
        choices += [misspelt(value), st.sampled_from([value[:-1], f"{value}z", f" {value}", value.upper()])]
    if isinstance(value, list) and value:
        choices += [st.just(value[1:]), st.just(value * 2), mutated(value[-1]).map(lambda last: [*value[:-1], last])]
    if isinstance(value, dict) and (keys := sorted(filter(None, value))):
        key = draw(st.sampled_from(keys))
        renamed = misspelt(key).map(lambda name: {**value, name: value[key]})
        choices += [renamed, mutated(value[key]).map(lambda inner: {**value, key: inner})]
    return draw(draw(st.sampled_from(choices)))


def test_the_document_with_every_key_is_accepted() -> None:
    assert faults_of(EVERY_KEY) == ()


@given(st.data(), st.lists(st.sampled_from(MUTABLE), min_size=1, max_size=3, unique=True))
def test_whatever_is_amiss_in_several_places_the_answer_is_settings_or_faults(
    data: st.DataObject, paths: list[str]
) -> None:
    document = EVERY_KEY
    for path in sorted(paths, key=len, reverse=True):  # inner ones first: an outer one may take them away
        document = changed(document, path, data.draw(mutated(_value(document, path))))
    assert all(fault.rule and fault.remedy for fault in faults_of(document))


@given(st.lists(misspelt("eu-west-1a") | st.sampled_from(["eu-west-1a", "eu-west-1"]), min_size=1, max_size=4))
def test_whatever_the_zones_are_called_the_answer_is_settings_or_faults(zones: list[str]) -> None:
    well_formed = all(zone[:-1] == "eu-west-1" and zone[-1] in "abc" for zone in zones)
    good = well_formed and len(set(zones)) == len(zones) >= 2
    assert (faults_of(changed(MINIMAL, "regions/eu-west-1/zones", zones)) == ()) == good
