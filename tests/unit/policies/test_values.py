"""Reading values that may be unknown, secret, or of another type than expected."""

import pytest

from policies.rules.values import UNKNOWN, Json, UndecidedError, View, leaves

SECRET: Json = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "sealed"}


def test_absent_values_have_the_default() -> None:
    view = View({})

    assert view.text("a.b") == ""
    assert view.number("a", 7) == 7
    assert view.flag("a", default=True)
    assert view.strings("a") == ()
    assert view.views("a") == ()
    assert not view.has("a.b.c")


def test_values_are_found_below_objects_and_lists() -> None:
    view = View({"rules": [{"port": 1.0}, {"port": 443.0, "on": "true"}]})

    assert view.number("rules.1.port") == 443
    assert view.flag("rules.1.on")
    assert view.views("rules")[1].path == "rules.1"


@pytest.mark.parametrize("marker", [UNKNOWN, SECRET], ids=["unknown", "secret"])
@pytest.mark.parametrize("reader", ["text", "flag", "number", "strings", "view", "views", "document"])
def test_what_cannot_be_read_is_undecided_with_its_path(reader: str, marker: Json) -> None:
    view = View({"outer": {"inner": marker}})

    with pytest.raises(UndecidedError) as caught:
        getattr(view, reader)("outer.inner")

    assert caught.value.path == "outer.inner"


def test_something_unknown_on_the_way_is_undecided_too() -> None:
    with pytest.raises(UndecidedError):
        View({"outer": UNKNOWN}).text("outer.inner")


def test_an_unknown_value_is_set_whatever_it_is() -> None:
    assert View({"key": UNKNOWN}).has("key")
    assert View({"key": SECRET}).has("key")


@pytest.mark.parametrize(
    ("reader", "value"),
    [("text", 5), ("flag", "maybe"), ("number", "five"), ("view", "text"), ("views", "text"), ("document", "{")],
)
def test_a_value_of_another_type_is_undecided_and_not_the_default(reader: str, value: Json) -> None:
    with pytest.raises(UndecidedError):
        getattr(View({"key": value}), reader)("key")


def test_a_list_with_one_unknown_element_is_undecided() -> None:
    with pytest.raises(UndecidedError):
        View({"ids": ["subnet-1", UNKNOWN]}).strings("ids")


def test_a_lone_value_counts_as_a_list_of_one() -> None:
    assert View({"action": "s3:GetObject"}).strings("action") == ("s3:GetObject",)
    assert [view.text("a") for view in View({"block": {"a": "x"}}).views("block")] == ["x"]


def test_documents_are_read_from_text_and_from_objects() -> None:
    assert View({"policy": '{"Version": "1"}'}).document("policy").text("Version") == "1"
    assert View({"policy": {"Version": "1"}}).document("policy").text("Version") == "1"
    assert View({}).document("policy").raw == {}


def test_leaves_do_not_open_secrets() -> None:
    assert dict(leaves({"a": [{"b": 1}], "c": SECRET})) == {"a.0.b": 1, "c": SECRET}
