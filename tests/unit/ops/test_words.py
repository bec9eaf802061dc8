"""What commands say can be read and pasted: lines of a hundred columns."""

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from ops.cli import app
from ops.help_text import joined
from ops.render.text import prose
from tests.support.stacks import ROOT

COMMAND = (
    "aws ec2 describe-availability-zones --region us-east-1 "
    "--query 'AvailabilityZones[].[ZoneName,ZoneId]' --output table"
)


def commands(group: TyperGroup, name: str = "") -> dict[str, TyperCommand]:
    found: dict[str, TyperCommand] = {}
    for part, inner in group.commands.items():
        path = f"{name} {part}".strip()
        if isinstance(inner, TyperGroup):
            found |= commands(inner, path)
        elif isinstance(inner, TyperCommand):
            found[path] = inner
    return found


ALL = get_command(app)
assert isinstance(ALL, TyperGroup)
COMMANDS = commands(ALL)


def test_a_command_after_a_colon_has_a_line_of_its_own() -> None:
    words = "look them up: there are many zones. " * 5
    *before, last = prose(f"{words}Ask: {COMMAND}")
    assert last == f"  {COMMAND}"
    assert " ".join(before) == f"{words}Ask:"
    assert max(map(len, before)) <= 100


@pytest.mark.parametrize("columns", range(20, 60))
def test_what_is_quoted_is_not_broken(columns: int) -> None:
    lines = prose("the state is asked for by `pulumi stack export --stack testing`, and read", columns)
    assert any("`pulumi stack export --stack testing`" in line for line in lines)


def test_a_preview_in_a_pipe_breaks_no_command() -> None:
    text = CliRunner().invoke(app, ["preview", str(ROOT / "Pulumi.testing.yaml")], catch_exceptions=False).stdout
    told = text.split("Messages of the program\n")[1].splitlines()
    assert any(line.strip() == COMMAND for line in told)
    assert max(len(line) for line in told if not line.startswith("    ")) <= 102


def test_paragraphs_are_joined_and_lists_stay() -> None:
    assert joined("one\ntwo\n\nthree\nfour\n\n- five\n- six") == "one two\n\nthree four\n\n- five\n- six"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_no_line_that_ends_where_the_source_does(name: str) -> None:
    text = COMMANDS[name].help or ""
    assert text
    assert [one for one in text.split("\n\n") if "\n" in one and "\n- " not in one and "\n " not in one] == []


CAN_NOT = {
    "status": "simulated",
    "simulator env": "simulated",
    "backup-list": "simulated",
    "backup-remove": "dry-run",
    "pull-request prices": "must not be made",
    "pull-request post": "must not be made",
    "pull-request redact": "GitHub",
    "attest list": "signed",
    "attest fetch": "signed",
    "attest key": "signed",
}


@pytest.mark.parametrize("name", CAN_NOT)
def test_exit_codes_are_those_that_a_command_has(name: str) -> None:
    epilog = COMMANDS[name].epilog or ""
    assert epilog.startswith("Exit codes: 0 ")
    assert CAN_NOT[name] not in epilog
