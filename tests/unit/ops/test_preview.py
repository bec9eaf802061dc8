"""What a preview's exit code says to a script."""

import copy
from pathlib import Path
from typing import Any

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

    assert result.policies.clean
    moved = [(one.rule, one.cause) for one in result.refusals if one.subject == "eu-west-1" and one.rule != "R4"]
    assert moved == ([("fixed fact", f"regions.eu-west-1.cidr: {block}")] if code is ExitCode.REFUSED else [])
    assert result.exit_code is code


def test_a_lock_that_mainnet_loses_is_told_once() -> None:
    before: dict[str, Any] = copy.deepcopy(dict(evaluated("mainnet").deployment))
    rows = before["deployment"]["resources"]
    [bastion] = [one for one in rows if one["urn"].endswith("::eu-west-1-eks-access-instance")]
    bastion["protect"] = True

    result = preview(find_stack("mainnet"), before)

    assert [(one.rule, one.urns) for one in result.refusals] == [("R5", (bastion["urn"],))]
    assert result.policies.clean
    assert result.policies.checked["R5"] > 0
