import pytest
from google.protobuf import struct_pb2

from simulator.errors import UnsupportedValueError
from simulator.values import (
    ASSET_SIGNATURE,
    JSON,
    OUTPUT_SIGNATURE,
    RESOURCE_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    at,
    contains_secret,
    contains_unknown,
    from_struct,
    is_secret,
    is_unknown,
    reveal,
    seal,
    secret,
    texts,
    to_struct,
    unseal,
)

EVERYTHING: dict[str, JSON] = {
    "text": "x",
    "flag": True,
    "count": 3,
    "ratio": 0.5,
    "nothing": None,
    "list": [1, "a", {"b": []}],
    "object": {"empty": {}},
    "secret": secret({"user": "u"}),
}


def test_every_json_value_survives_the_wire_with_its_type() -> None:
    assert from_struct(to_struct(EVERYTHING)) == EVERYTHING


def test_whole_numbers_come_back_as_whole_numbers_and_booleans_stay_booleans() -> None:
    read = from_struct(to_struct({"count": 3, "flag": True}))
    assert type(read["count"]) is int
    assert type(read["flag"]) is bool


def test_marking_a_secret_twice_changes_nothing() -> None:
    assert secret(secret("x")) == secret("x")


def test_a_secret_of_unknown_content_is_both_secret_and_unknown() -> None:
    value = secret(UNKNOWN)
    assert is_secret(value)
    assert is_unknown(value)
    assert contains_unknown({"deep": [value]})


def test_revealing_unwraps_secrets_at_any_depth() -> None:
    assert reveal({"a": [secret({"b": secret("c")})]}) == {"a": [{"b": "c"}]}


def test_sealing_leaves_no_plaintext_and_is_the_same_for_every_secret() -> None:
    sealed = seal({"a": [secret("hunter2")], "b": secret("other")})
    assert "hunter2" not in str(sealed)
    assert sealed == seal({"a": [secret("different")], "b": secret("again")})
    assert contains_secret(sealed)


def test_sealing_sorts_keys_so_that_files_of_two_runs_are_identical() -> None:
    sealed = seal({"b": 1, "a": {"d": 1, "c": 2}})
    assert str(sealed) == "{'a': {'c': 2, 'd': 1}, 'b': 1}"


def test_a_sealed_secret_can_be_passed_on_but_not_read() -> None:
    sealed = seal(secret("x"))
    assert unseal(sealed) == secret(UNKNOWN)
    assert reveal(sealed) == UNKNOWN


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ({SIGNATURE_KEY: RESOURCE_SIGNATURE, "urn": "u", "id": "vpc-1"}, "vpc-1"),
        ({SIGNATURE_KEY: RESOURCE_SIGNATURE, "urn": "u"}, "u"),
        ({SIGNATURE_KEY: OUTPUT_SIGNATURE, "value": 1, "secret": True}, secret(1)),
        ({SIGNATURE_KEY: OUTPUT_SIGNATURE}, UNKNOWN),
    ],
)
def test_references_and_output_values_become_what_a_provider_sees(wire: dict[str, JSON], expected: JSON) -> None:
    assert from_struct(to_struct({"x": wire})) == {"x": expected}


def test_an_asset_is_refused_rather_than_guessed() -> None:
    struct = struct_pb2.Struct()
    struct.update({"x": {SIGNATURE_KEY: ASSET_SIGNATURE, "text": "t"}})
    with pytest.raises(UnsupportedValueError, match="an asset"):
        from_struct(struct)


def test_texts_come_with_their_paths_and_a_sealed_secret_has_none() -> None:
    value: JSON = {"a": ["x", {"b": "y"}], "open": secret("z"), "sealed": seal(secret("z")), "n": 1}
    assert list(texts(value)) == [("a[0]", "x"), ("a[1].b", "y"), ("open", "z")]


@pytest.mark.parametrize(("path", "expected"), [("a.b", 1), ("a", {"b": 1}), ("a.c", None), ("a.b.c", None)])
def test_a_dotted_path_leads_to_its_value_or_to_none(path: str, expected: JSON) -> None:
    assert at({"a": {"b": 1}}, path) == expected
