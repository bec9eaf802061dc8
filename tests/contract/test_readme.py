"""The README keeps its promises: its stack file previews, its commands exist."""

import re
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from ops.cli import app
from simulator import simulate
from tests.support.stacks import ROOT

README = (ROOT / "README.md").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
WORKFLOWS = sorted((ROOT / ".github").rglob("*.yml"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_stack_file_of_ten_lines_previews(tmp_path: Path) -> None:
    [text] = re.findall(r"```yaml\n(# Pulumi\.dev\.yaml.*?)```", README, re.DOTALL)
    stack_file = tmp_path / "Pulumi.dev.yaml"
    stack_file.write_text(text)

    simulation = simulate(stack_file, project_dir=ROOT)

    assert len([line for line in text.splitlines() if line.startswith("  teranode-infra:")]) == 9
    assert len(simulation.of_type("teranode:region:Region")) == 1
    assert len(simulation.of_type("aws:eks/cluster:Cluster")) == 1


@pytest.mark.parametrize("page", [*PAGES, *WORKFLOWS], ids=label)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"(?:^|`|run: )make ([a-z-]+)", page.read_text(), re.MULTILINE))

    assert named <= TARGETS


def ops_command_lines(page: Path) -> list[list[str]]:
    """What stands behind `python -m ops`: on a page in running words and blocks of shell, in a workflow anywhere."""
    text = page.read_text()
    blocks = (
        [text]
        if page.suffix == ".yml"
        else re.findall(r"^```(?:sh|bash|console|yaml)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    )
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    found: list[list[str]] = []
    for line in lines:
        parts = re.findall(r"python[0-9.]* -m ops ([^|;&>)\"]*)", line)
        found += [part.split(" #")[0].split() for part in parts]
    return found


@pytest.mark.parametrize("page", [*PAGES, *WORKFLOWS], ids=label)
def test_every_ops_command_and_option_that_a_page_names_exists(page: Path) -> None:
    for words in ops_command_lines(page):
        command, rest = get_command(app), list(words)
        while isinstance(command, TyperGroup) and rest and rest[0] in command.commands:
            command = command.commands[rest.pop(0)]
        own = rest[: rest.index("--")] if "--" in rest else rest  # what follows is another program's
        named = {word.split("=")[0] for word in own if word.startswith("--")}
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}

        assert not isinstance(command, TyperGroup) or not rest or rest[0].startswith("-"), f"no command: ops {words}"
        assert named <= known, f"ops {' '.join(words)}"


@pytest.mark.parametrize(
    "file", [*sorted({*PAGES} - {ROOT / "CHANGELOG.md"}), *sorted((ROOT / "ops").rglob("*.py"))], ids=label
)
def test_every_ops_command_can_be_pasted(file: Path) -> None:
    """Nobody is told to activate the virtual environment, so it is part of the command."""
    assert re.findall(r".*(?<![\w/])python3? -m ops [a-z].*", file.read_text()) == []


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_runbook_is_in_the_index() -> None:
    index = ROOT / "docs" / "runbooks" / "README.md"
    named = set(re.findall(r"\]\(([a-z-]+\.md)\)", index.read_text()))

    assert named == {page.name for page in index.parent.glob("*.md")} - {index.name}


@pytest.mark.parametrize("page", ["docs/roadmap.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_place_in_the_repository_that_a_page_names_exists(page: str) -> None:
    named = re.findall(
        r"`((?:\.github|components|docs|infra|ops|policies|simulator|tests)/[\w./-]*)`", (ROOT / page).read_text()
    )

    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []
