"""Whatever is typed into a stack file, the answer is settings, or faults that a person can act upon."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.settings import SettingsError, parse
from infra.settings.schema import StackKeys
from simulator.errors import StackFileError
from simulator.stack_file import read_stack_file
from tests.properties.test_settings import EVERY_KEY
from tests.support.setting_changes import ALONE_IMPOSSIBLE, BASES, CHANGES, leaves, patterns
from tests.support.stack_settings import PROJECT, changed, faults_of, stack_file

NEVER: list[Any] = [
    None,
    -1,
    3.5,
    10**30,
    "",
    " ",
    "?",
    "x\ny",
    "\u202e",
    "\uff11\uff12",
    "${x}",
    [[]],
    ["?"],
    {"": ""},
    {"a": 1},
]
"""Values of no key at all, whatever its kind."""


def _documents() -> dict[str, dict[str, Any]]:
    testing = {
        **stack_file("testing"),
        "transactionLoad": {"transactionsPerSecond": 1, "miners": ["miner-1"]},
        "blockGenerator": {"enabled": True, "intervalSeconds": 10, "spreadSeconds": 20, "rotation": "turns"},
        "notifications": {"email": "alarms@example.org", "rules": "none", "monthlyBudgetUsd": 10},
    }
    own = {"dev": EVERY_KEY, "shared": testing, "resting": {**stack_file("testing"), "asleep": "true"}}
    return own | {f"live-{one.base}-{n}": one.after for n, one in enumerate(CHANGES)} | dict(BASES)


DOCUMENTS = _documents()
PLACES = {
    pattern: (name, path)
    for name, document in DOCUMENTS.items()
    for path, (pattern, value) in leaves(document, StackKeys)
    if value != ""
}
"""For every key of the model, a valid file that has it."""


@pytest.mark.parametrize("pattern", sorted(PLACES))
def test_no_key_takes_what_is_a_value_of_none(pattern: str) -> None:
    name, path = PLACES[pattern]
    for junk in NEVER:
        faults = faults_of(changed(DOCUMENTS[name], path.replace(".", "/"), junk), "live")
        assert any(one.path.startswith(f"teranode-infra:{path}") for one in faults), (junk, faults)


def test_every_key_of_the_model_has_its_place() -> None:
    assert set(patterns(StackKeys)) - set(PLACES) <= set(ALONE_IMPOSSIBLE) | {"expires"}


OF_YAML = [
    *("~", "null", "yes", "on", ".nan", ".inf", "017", "0o17", "0x1f", "1e999", "1_000", "1:30", "2026-12-01"),
    *("!!int", "!!binary", "!!set", "!!python/name:os.system", "&a", "*a", "<<:", "@", "`", "%", "-", "?", ":"),
    *("[]", "{}", "[", "{", "]", "}", "'", "|", ">", "#", '"', "\\", "\t", "\ufeff", "\x85", "\u2028", "\u202e"),
]
TYPED = st.text(max_size=30) | st.sampled_from(OF_YAML)
TEXTS = {stack: (PROJECT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8") for stack in ("testing", "mainnet")}


@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_whatever_is_typed_into_a_file_the_answer_is_settings_or_faults(
    tmp_path_factory: pytest.TempPathFactory, stack: str, data: st.DataObject
) -> None:
    lines = TEXTS[stack].splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    column = data.draw(st.integers(0, len(lines[at])))
    rest = data.draw(st.sampled_from([lines[at][column:], ""]))
    lines[at] = lines[at][:column] + data.draw(TYPED) + rest
    path = tmp_path_factory.mktemp("typed") / f"Pulumi.{stack}.yaml"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))

    told = _answer(path)

    assert told is None or f"Pulumi.{stack}.yaml" in told
    assert told is None or told.replace("\n", "").isprintable()


def _answer(path: Path) -> str | None:
    """What is said of a file; None if it is accepted."""
    try:
        settings = read_stack_file(path, PROJECT)
        parse(settings.config, stack=settings.stack, secret_keys=settings.secret_keys)
    except (StackFileError, SettingsError) as error:
        return str(error)
    return None
