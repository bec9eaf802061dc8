"""A synthetic `pulumi` executable: it records how it is called and answers as a test says. No engine is behind it."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

_PROGRAM = """\
#!{python}
import json, os, pathlib, sys
here = pathlib.Path({folder!r})
with open(here / "calls.jsonl", "a") as calls:
    call = {{"arguments": sys.argv[1:], "folder": os.getcwd(), "profile": os.environ.get("AWS_PROFILE")}}
    print(json.dumps(call), file=calls)
line = " ".join(sys.argv[1:])
answers = json.loads((here / "answers.json").read_text())
for place, answer in enumerate(answers):
    if all(part in line for part in answer["when"]):
        if answer["once"]:
            (here / "answers.json").write_text(json.dumps(answers[:place] + answers[place + 1 :]))
        sys.stdout.write(answer["stdout"])
        sys.stderr.write(answer["stderr"])
        sys.exit(answer["code"])
sys.exit("synthetic pulumi: no answer to " + line)
"""


@dataclass(frozen=True)
class FakePulumi:
    """The executable and what it recorded, in one folder."""

    folder: Path

    def answer(self, *when: str, stdout: str = "", stderr: str = "", code: int = 0, once: bool = False) -> None:
        """To a command line that contains all of `when`; an earlier answer comes first, and one of `once` one time."""
        file = self.folder / "answers.json"
        known = json.loads(file.read_text())
        known.append({"when": when, "stdout": stdout, "stderr": stderr, "code": code, "once": once})
        file.write_text(json.dumps(known))

    @property
    def calls(self) -> Sequence[Mapping[str, object]]:
        """Arguments, working folder and AWS profile of every call so far."""
        file = self.folder / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def command_lines(self) -> list[str]:
        """Every call so far, its arguments joined by blanks."""
        return [" ".join(call["arguments"]) for call in self.calls if isinstance(call["arguments"], list)]


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """Put the executable in `folder`, and nothing else on the PATH."""
    folder.mkdir()
    executable = folder / "pulumi"
    executable.write_text(_PROGRAM.format(python=sys.executable, folder=str(folder)))
    executable.chmod(0o755)
    (folder / "answers.json").write_text("[]")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("PULUMI_OPTION_CWD", raising=False)
    return FakePulumi(folder)
