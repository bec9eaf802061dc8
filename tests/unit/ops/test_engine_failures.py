"""A CLI that fails is quoted, with what to do where its own words do not say it."""

from pathlib import Path

import pytest

from ops.pulumi_cli import PulumiCli, PulumiCliError
from tests.support.fake_pulumi import install

LOCKED = """\
error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock \
file with `pulumi cancel`.
  s3://state/.pulumi/locks/organization/teranode-infra/mainnet/1.json: created by deploy@runner (pid 71) at 07:00
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (LOCKED, "wait for its end. Only when it is certain that it is dead: pulumi cancel --stack mainnet"),
        (
            "error: [409] Conflict: Another update is currently in progress.",
            "another update of this stack is under way",
        ),
        ("api error ExpiredTokenException: The security token included in the request is expired", "sign in again"),
        ("error: no stack named 'mainnet' found", "`pulumi login` changes it"),
    ],
)
def test_what_the_cli_said_is_quoted_and_followed_by_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, expected: str
) -> None:
    install(tmp_path / "bin", monkeypatch).answer("stack export", stderr=said, code=255)

    with pytest.raises(PulumiCliError) as failed:
        PulumiCli.find("mainnet", tmp_path).export()

    assert said.strip() in str(failed.value)
    assert str(failed.value).count(expected) == 1
