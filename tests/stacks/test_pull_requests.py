"""The comments on four pull requests are those that were read and approved.

python -m tests.support.pull_requests    rewrites golden/pull-requests, then: git diff
"""

import pytest

from tests.support.pull_requests import FOLDER, PULL_REQUESTS, rendered


@pytest.mark.parametrize("name", PULL_REQUESTS)
def test_a_comment_is_the_reviewed_one(name: str) -> None:
    assert rendered(name) == (FOLDER / f"{name}.md").read_text()


def test_every_reviewed_comment_is_one_of_them() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(PULL_REQUESTS)
