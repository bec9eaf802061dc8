"""What a preview's exit code says to a script."""

from pathlib import Path

import pytest

from ops.exit_codes import ExitCode
from ops.preview import preview
from ops.stacks import find_stack
from tests.support.stacks import evaluated, stack_file


@pytest.mark.parametrize(
    ("block", "code"),
    [("10.32.0.0/16", ExitCode.CLEAN), ("10.33.0.0/16", ExitCode.REFUSED)],
    ids=["nothing changed", "a protected network replaced"],
)
def test_a_change_that_a_lock_refuses_is_no_success(tmp_path: Path, block: str, code: ExitCode) -> None:
    path = stack_file(tmp_path, "mainnet", "mainnet", regions={"eu-west-1": {"cidr": block}})

    result = preview(find_stack(str(path)), evaluated("mainnet").deployment)

    # What is replaced has no ARN yet: a rule that asks for it stays undecided.
    assert not result.policies.findings
    assert result.exit_code is code
