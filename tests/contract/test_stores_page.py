"""docs/stores.md says of every profile that a stack file can name how far it is supported."""

import re
from typing import get_args

import pytest

from infra.settings.reference import sections
from infra.settings.schema import StackKeys
from tests.support.stacks import ROOT

TEXT = (ROOT / "docs" / "stores.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("\n## Support\n")[2].partition("\n## ")[0]
ROWS = [
    [cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\|.*\|$", SECTION, re.MULTILINE)[2:]
]
SUPPORT = {row[1].strip("`"): row[2] for row in ROWS if row[1]}


def profiles() -> set[str]:
    """Every `<section>: <profile>` that the stack file's models take."""
    found: set[str] = set()
    for title, section in sections(StackKeys):
        field = section.model_fields.get("profile")
        if field is not None and "." not in title:
            found |= {f"{title}: {choice}" for part in get_args(field.annotation) for choice in get_args(part)}
    return found


@pytest.mark.parametrize("profile", sorted(profiles()))
def test_every_profile_of_the_settings_has_a_row(profile: str) -> None:
    assert SUPPORT[profile] in ("long-term", "community")


def test_the_models_were_read() -> None:
    assert {"postgres: aurora", "files: lustre"} <= profiles()


def test_a_row_says_how_far_why_and_by_whom() -> None:
    assert {row[2] for row in ROWS} == {"long-term", "community", "unsupported"}
    assert all(len(row) == 5 and row[3] and row[4] for row in ROWS)


def test_what_is_unsupported_names_no_setting() -> None:
    assert [row[0] for row in ROWS if row[2] == "unsupported" and row[1]] == []


def test_the_readme_leads_here() -> None:
    assert "docs/stores.md" in (ROOT / "README.md").read_text(encoding="utf-8")
