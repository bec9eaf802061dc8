"""The copy in which the CLI may write: the original's bytes, without what belongs to the real stack's secrets."""

from pathlib import Path

import pytest

from simulator.stack_file import PLACEHOLDER_SECRET
from simulator.working_copy import copy_stack_file, make_working_copy


def copied(tmp_path: Path, text: str, old_copy: str | None = None) -> str:
    """The copy of a stack file with this text."""
    source, target = tmp_path / "Pulumi.dev.yaml", tmp_path / "copy.yaml"
    source.write_bytes(text.encode())
    if old_copy is not None:
        target.write_text(old_copy, encoding="utf-8")
    copy_stack_file(source, target)
    assert source.read_bytes() == text.encode()
    return target.read_bytes().decode()


def test_the_keys_of_the_real_secrets_provider_are_left_out(tmp_path: Path) -> None:
    text = "secretsprovider: awskms://alias/x\nencryptedkey: abc\nencryptionsalt: v1:x\nconfig:\n  a:b: c\n"
    assert copied(tmp_path, text) == "config:\n  a:b: c\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a:b:\n    secure: v1:x:y\n  a:c: d\n", f'  a:b:\n    "{PLACEHOLDER_SECRET}"\n  a:c: d\n'),
        ("  a:b: { secure: v1:x:y }\n", f'  a:b: "{PLACEHOLDER_SECRET}"\n'),
        ('  a:b: { list: [{ secure: "x" }] }\n', f'  a:b: {{ list: ["{PLACEHOLDER_SECRET}"] }}\n'),
    ],
)
def test_each_secret_becomes_a_placeholder(tmp_path: Path, text: str, expected: str) -> None:
    assert copied(tmp_path, f"config:\n{text}") == f"config:\n{expected}"


@pytest.mark.parametrize(
    "text",
    [
        "# note\nconfig:\n  a:b: 007  # kept\n  a:c: on\n  a:d: 1.10\n",
        "\ufeffconfig:\r\n  a:b: c\r\n",
        "config:\n\ta:b: c\n",
        "config: {",
        "- a\n",
        "",
    ],
)
def test_everything_else_is_left_as_written_mistakes_included(tmp_path: Path, text: str) -> None:
    assert copied(tmp_path, text) == text


def test_the_salt_of_the_copys_own_state_survives_a_refresh(tmp_path: Path) -> None:
    text = copied(tmp_path, "encryptionsalt: v1:real\nconfig:\n  a:b: c\n", old_copy="encryptionsalt: v1:own\n")
    assert text == "config:\n  a:b: c\nencryptionsalt: v1:own\n"


def test_program_files_are_links_and_stack_files_are_not(tmp_path: Path) -> None:
    project, copy = tmp_path / "project", tmp_path / "copy"
    (project / "infra").mkdir(parents=True)
    (project / ".git").mkdir()
    for name in ("__main__.py", "Pulumi.yaml", "Pulumi.dev.yaml"):
        (project / name).write_text("a: b\n", encoding="utf-8")
    for _ in range(2):
        make_working_copy(project, copy)
    links = {entry.name: entry.is_symlink() for entry in copy.iterdir()}
    assert links == {"infra": True, "__main__.py": True, "Pulumi.yaml": False, "Pulumi.dev.yaml": False}
