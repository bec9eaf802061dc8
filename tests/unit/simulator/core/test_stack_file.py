import json
from pathlib import Path

import pytest

from simulator.errors import StackFileError
from simulator.stack_file import StackSettings, read_stack_file, stack_name


def read(folder: Path, content: bytes | str, name: str = "Pulumi.dev.yaml") -> StackSettings:
    (folder / "Pulumi.yaml").write_text("name: sample\n")
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return read_stack_file(folder / name, folder)


@pytest.mark.parametrize(
    ("name", "stack"),
    [
        ("Pulumi.dev.yaml", "dev"),
        ("Pulumi.eu.dev-1.yaml", "eu.dev-1"),
        ("Pulumi.yaml", None),
        ("Pulumi.dev.yml", None),
        ("dev.yaml", None),
    ],
)
def test_the_name_of_a_stack_file_says_its_stack(name: str, stack: str | None) -> None:
    assert stack_name(Path("anywhere") / name) == stack


def test_project_stack_and_full_keys_are_read(tmp_path: Path) -> None:
    settings = read(tmp_path, "config:\n  home: eu-west-1\n  aws:region: us-east-1\n", "Pulumi.my-env.yaml")
    assert (settings.project, settings.stack) == ("sample", "my-env")
    assert settings.config == {"sample:home": "eu-west-1", "aws:region": "us-east-1"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1.30", "1.30"),
        ("yes", "yes"),
        ("true", "true"),
        ("'quoted'", "quoted"),
        ("'012345678901'", "012345678901"),
        ("'2026-01-01'", "2026-01-01"),
        ("0", "0"),
        ("0.5", "0.5"),
        ("", ""),
        ("~", ""),
    ],
)
def test_scalars_arrive_as_they_stand_in_the_file(tmp_path: Path, written: str, expected: str) -> None:
    assert read(tmp_path, f"config:\n  x: {written}\n").config["sample:x"] == expected


def test_objects_arrive_as_json_text_with_typed_values(tmp_path: Path) -> None:
    settings = read(tmp_path, "config:\n  x: {b: [1, 1.5, yes, 'true', true, ~], a: {10: 0x10}}\n")
    assert settings.config["sample:x"] == '{"a":{"10":16},"b":[1,1.5,"yes","true",true,null]}'


def test_secure_values_become_secret_placeholders(tmp_path: Path) -> None:
    settings = read(tmp_path, "config:\n  a: {secure: v1:x}\n  b: {c: [{secure: v1:y}]}\n  d: plain\n")
    assert settings.secret_keys == {"sample:a", "sample:b"}
    assert "v1:" not in str(settings.config)
    assert json.loads(settings.config["sample:b"]) == {"c": [settings.config["sample:a"]]}


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfconfig:\r\n  a: b\r\n", b"config:\n  a: b"])
def test_byte_order_marks_and_windows_line_ends_are_accepted(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content).config == {"sample:a": "b"}


def test_merged_keys_may_be_overridden(tmp_path: Path) -> None:
    settings = read(tmp_path, "config:\n  a: &a {x: 1, y: 2}\n  b: {<<: *a, y: 3}\n")
    assert settings.config["sample:b"] == '{"x":1,"y":3}'


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "config:\n", "encryptionsalt: v1:x\n"])
def test_a_file_without_configuration_is_an_empty_configuration(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content).config == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"config:\n  a: 1\n  b: 2\n  a: 3\n", "line 4: a: the key 'a' stands twice, first in line 2: rename"),
        (b"config:\n  a: {b: 1, b: 2}\n", "line 2: a.b: the key 'b' stands twice, first in line 2: rename"),
        (b"config:\n  a: {b: [1, 017]}\n", "line 2: a.b[1]: 017, a number without quotes, begins with 0"),
        (b"config:\n  a: 098765432109\n", "line 2: a: 098765432109, a number without quotes, begins with 0"),
        (b"config:\n  a: 2026-12-01\n", "line 2: a: 2026-12-01, a date without quotes"),
        (b"config:\n  a: {b: 2027-01-31T18:00:00Z}\n", "line 2: a.b: 2027-01-31T18:00:00Z, a date without quotes"),
        (b"config:\n  a: {null: x}\n", "line 2: a: a key must be text, and this is nothing"),
        (b"config:\n  a: {b: !!binary aGk=}\n", "line 2: a.b: a tag that no key has"),
        (b"config: &a\n  b: *a\n", "aliases repeat too much, or themselves"),
        (b"config:\n\ta: 1\n", "line 2: a tab indents or starts a value"),
        (b"config:\n  a: b\n  c: \xff\n", "line 3: is not UTF-8"),
        (b"config:\n  a: \x01\n", "is not YAML"),
        (b"config:\n  a: [1\n", "line 3"),
        (b"config:\n  ? [a]\n  : b\n", "line 2: config: a key must be text"),
        (b"config:\n  a: !!python/name:os.system x\n", "line 2"),
        (b"config: [1]\n", "config: must be a mapping"),
        (b"- a\n", "must be a mapping"),
        (b"confg: {}\n", "confg: not read by the simulator"),
        (b"environment: [shared]\n", "environment: not read by the simulator"),
    ],
)
def test_what_the_cli_would_take_wrongly_is_refused_with_file_and_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(StackFileError) as caught:
        read(tmp_path, content)
    assert str(caught.value).startswith(str(tmp_path / "Pulumi.dev.yaml"))
    assert message in str(caught.value)


def test_all_faults_of_form_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    with pytest.raises(StackFileError) as caught:
        read(tmp_path, "config:\n  b: {x: 010}\n  a: 2026-12-01\n  a: 1\n")
    at = [line.partition("Pulumi.dev.yaml, ")[2].split(":")[:2] for line in str(caught.value).splitlines()]
    assert at == [["line 2", " b.x"], ["line 3", " a"], ["line 4", " a"]]


def test_aliases_inside_aliases_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    levels = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
    with pytest.raises(StackFileError, match="aliases repeat too much"):
        read(tmp_path, f"config:\n  a0: &a0 [x]\n{levels}")


@pytest.mark.parametrize("text", ["[" * 3000, "config: {x: " + "[" * 3000 + "]" * 3000 + "}"])
def test_what_is_nested_too_deeply_to_be_read_is_refused_with_the_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(StackFileError, match=r"Pulumi\.dev\.yaml: lists or mappings are nested too deeply"):
        read(tmp_path, text)


@pytest.mark.parametrize("value", ["!!int hunter2", "!!float hunter2", "!!timestamp hunter2", "9" * 5000])
def test_a_value_that_its_tag_does_not_fit_is_refused_and_not_shown(tmp_path: Path, value: str) -> None:
    with pytest.raises(StackFileError, match=r"Pulumi\.dev\.yaml: holds a number that is too long") as caught:
        read(tmp_path, f"config:\n  x: {value}\n")
    assert "hunter2" not in str(caught.value)


def test_a_secret_is_not_echoed_by_a_parse_error(tmp_path: Path) -> None:
    with pytest.raises(StackFileError) as caught:
        read(tmp_path, "config:\n  password: hunter2: x\n")
    assert "hunter2" not in str(caught.value)


def test_a_missing_file_or_another_file_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackFileError, match=r"a stack file is named Pulumi\.<stack>\.yaml, <stack> being letters"):
        read(tmp_path, "", "testing.yaml")
    with pytest.raises(StackFileError, match="cannot be read: No such file"):
        read_stack_file(tmp_path / "Pulumi.none.yaml", tmp_path)
