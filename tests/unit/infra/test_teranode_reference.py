"""The page of Teranode's settings is what the model says."""

from pathlib import Path

import pytest

from components.teranode import Chain, config_map, secret_keys
from infra import teranode_reference
from tests.support.teranode import node


def test_the_page_is_up_to_date() -> None:
    assert teranode_reference.main(["--check"]) == 0


def test_the_check_fails_when_a_setting_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stale = tmp_path / "docs" / "page.md"
    monkeypatch.setattr(teranode_reference, "PROJECT", tmp_path)
    monkeypatch.setattr(teranode_reference, "PAGE", stale)

    assert teranode_reference.main(["--check"]) == 1
    stale.parent.mkdir()
    assert teranode_reference.main([]) == 0
    assert teranode_reference.main(["--check"]) == 0
    stale.write_text(stale.read_text().replace("`network`", "`netwrok`"))
    assert teranode_reference.main(["--check"]) == 1


def test_every_key_that_may_be_set_is_on_the_page() -> None:
    page = teranode_reference.page()
    rendered = {key for chain in Chain for key in config_map(node(chain=chain))}

    assert {key for key in rendered | secret_keys(Chain.MAINNET) if f"| `{key}` |" not in page} == set()
