"""How settings reach the program: Pulumi's configuration and the stack files beside."""

import json
from collections.abc import Iterator
from pathlib import Path

import pulumi.runtime
import pytest
from pulumi.runtime.config import CONFIG

from infra.settings import SettingsError, load, read_siblings, reference
from infra.settings.defaults import TIER_DEFAULTS
from infra.settings.schema import StackKeys
from tests.support.stack_settings import MINIMAL, as_config


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A stack named `dev` without configuration; whatever a test sets is gone after it."""
    monkeypatch.setattr(pulumi, "get_stack", lambda: "dev")
    token = CONFIG.set({})
    yield "dev"
    CONFIG.reset(token)


@pytest.mark.usefixtures("stack")
def test_settings_are_loaded_from_the_configuration_of_the_stack(tmp_path: Path) -> None:
    pulumi.runtime.set_all_config(as_config(MINIMAL))
    assert load(tmp_path).home == "eu-west-1"


@pytest.mark.usefixtures("stack")
def test_settings_arrive_by_environment_variable_under_the_cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(as_config(MINIMAL) | {"teranode-infra:regoins": "{}"}))
    with pytest.raises(SettingsError, match="did you mean regions"):
        load(tmp_path)


@pytest.mark.usefixtures("stack")
def test_other_stack_files_of_the_project_are_compared(tmp_path: Path) -> None:
    pulumi.runtime.set_all_config(as_config(MINIMAL))
    (tmp_path / "Pulumi.yaml").write_text("name: teranode-infra\n", encoding="utf-8")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n  regions: {eu-west-1: {cidr: 10.40.0.0/16}}\n", encoding="utf-8"
    )
    other = tmp_path / "Pulumi.other.yaml"
    other.write_text("config:\n  teranode-infra:regions: {eu-west-2: {cidr: 10.40.0.0/16}}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"Pulumi\.other\.yaml teranode-infra:regions\.eu-west-2\.cidr"):
        load(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "config: [",
        "\t- a",
        "config:\n  regions: 5\n",
        "",
        "config:\n",
        "- 1\n",
        "\ufeffconfig: {}\n",
        "[" * 3000,
        "config: &itself {regions: *itself}\n",
        "config: {account: 2026-13-45}\n",
        "config: {account: !!bool x, owner: !!timestamp x}\n",
    ],
    ids=range(11),
)
def test_a_strange_stack_file_beside_never_breaks_the_run(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.other.yaml").write_text(text, encoding="utf-8")
    (sibling,) = read_siblings(tmp_path, "dev")
    assert sibling.stack == "other"
    assert sibling.networks == {}


def test_a_stack_file_whose_ending_the_cli_ignores_says_nothing(tmp_path: Path) -> None:
    text = "config:\n  teranode-infra:regions: {{eu-west-2: {{cidr: 10.{}.0.0/16}}}}\n"
    (tmp_path / "Pulumi.yaml").write_text("name: teranode-infra\n", encoding="utf-8")
    (tmp_path / "Pulumi.other.yaml").write_text(text.format(41), encoding="utf-8")
    (tmp_path / "Pulumi.other.yml").write_text(text.format(42), encoding="utf-8")
    (tmp_path / "Pulumi.third.yml").write_text(text.format(43), encoding="utf-8")
    (sibling,) = read_siblings(tmp_path, "dev")
    assert (sibling.stack, sibling.networks) == ("other", {"eu-west-2": "10.41.0.0/16"})


def test_a_stack_file_that_is_not_text_is_said_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.other.yaml").write_bytes(b"\xff\xfe\x00config")
    (sibling,) = read_siblings(tmp_path, "dev")
    assert sibling.problem


@pytest.mark.parametrize("text", ["[" * 3000, "a: 2026-13-45", "a: !!bool hunter2", "a: !!timestamp hunter2"])
def test_a_stack_file_without_sense_is_said_to_be_unreadable_and_not_shown(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.other.yaml").write_text(text, encoding="utf-8")
    (sibling,) = read_siblings(tmp_path, "dev")
    assert sibling.problem
    assert "hunter2" not in sibling.problem


def test_the_configuration_reference_is_up_to_date() -> None:
    assert reference.main(["--check"]) == 0


def test_the_reference_check_fails_when_a_key_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stale = tmp_path / "configuration.md"
    stale.write_text(reference.page().replace("`home`", "`hmoe`"), encoding="utf-8")
    monkeypatch.setattr(reference, "PAGE", stale)
    monkeypatch.setattr(reference, "PROJECT", tmp_path)
    monkeypatch.setattr(reference, "page", lambda: "current")
    assert reference.main(["--check"]) == 1


def test_every_key_says_what_it_means_and_why() -> None:
    sections = [section for _, section in reference.sections(StackKeys)]
    assert len(sections) >= 10
    for section in sections:
        for field in section.model_fields.values():
            doc = reference.doc_of(field)
            assert doc.meaning, field.alias
            assert doc.why, field.alias
            assert field.is_required() or doc.default, field.alias


def test_both_tiers_name_a_default_for_everything() -> None:
    assert set(TIER_DEFAULTS) == {"testing", "mainnet"}
    assert TIER_DEFAULTS["mainnet"].protect
    assert not TIER_DEFAULTS["testing"].protect
