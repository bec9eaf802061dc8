"""Rendered settings and specs, to be read line by line when they change: python -m tests.support.teranode."""

import pytest

from tests.support.teranode import GOLDEN, golden


@pytest.mark.parametrize("name", sorted(golden()))
def test_what_is_rendered_is_what_was_read(name: str) -> None:
    assert golden()[name] == (GOLDEN / name).read_text()


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(golden())
