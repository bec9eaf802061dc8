"""Stack files with one thing wrong, given to `ops preview` as a person would: the message must lead to the mistake."""

from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from tests.support.stack_settings import PROJECT

Edit = str | tuple[str, str]
"""A line that is added to the configuration, without the namespace; or a text of the file and what takes its place."""


@dataclass(frozen=True, slots=True)
class BadInput:
    """What is wrong, the edit that makes it so, and the fault that is told of it.

    - `value`: as the message shows it; None where it shows none.
    - `rule`, `fix`: words of the lines that say what must hold and what to do.
    - `faults`: how many are told; one mistake is one fault, unless it breaks several rules.
    """

    what: str
    edit: Edit
    path: str
    value: str | None
    rule: str
    fix: str
    faults: int = 1
    stack: str = "testing"

    def __str__(self) -> str:
        """The name of the test."""
        return self.what.replace(" ", "-")


def edited(stack: str, *edits: Edit) -> str:
    """The text of a stack file of the project after `edits`."""
    text = (PROJECT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    for edit in edits:
        if isinstance(edit, str):
            text += f"  teranode-infra:{edit}\n"
            continue
        old, new = edit
        assert old in text, f"Pulumi.{stack}.yaml has changed: no {old!r}"
        text = text.replace(old, new, 1)
    return text


def refused(folder: Path, stack: str, content: str | bytes) -> str:
    """What `ops preview` answers to a stack file with `content`: a refusal, for a person."""
    path = folder / f"Pulumi.{stack}.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = CliRunner().invoke(app, ["preview", str(path)])
    assert result.exit_code == ExitCode.USAGE, result.output[:500]
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result.output


def assert_told(folder: Path, bad: BadInput) -> None:
    """The preview refuses the file, names it and the key, and says value, rule and fix: one fault for one mistake."""
    message = refused(folder, bad.stack, edited(bad.stack, bad.edit))
    head, _, listed = message.partition("\n\n")
    told = [part.strip() for part in listed.split(f"Pulumi.{bad.stack}.yaml: ") if part.strip()]
    count = "1 fault" if bad.faults == 1 else f"{bad.faults} faults"
    assert head == f"Pulumi.{bad.stack}.yaml: {count}, nothing was registered.", message
    assert len(told) == bad.faults, message
    paths = [part.splitlines()[0].partition(" = ")[0] for part in told]
    assert paths == sorted(paths), message
    given = "" if bad.value is None else f" = {bad.value}"
    own = [part.splitlines() for part in told if part.splitlines()[0] == f"teranode-infra:{bad.path}{given}"]
    assert any(bad.rule in rule and bad.fix in fix for _, rule, fix in own), message
