"""The README keeps its promises: its stack file previews, its commands exist."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from simulator import simulate
from tests.support.stacks import ROOT

README = (ROOT / "README.md").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


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


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_make_target_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE))

    assert named <= TARGETS


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_ops_command_that_a_page_names_exists(page: Path) -> None:
    for command in set(re.findall(r"-m ops ((?:simulator )?[a-z]+)", page.read_text())):
        result = CliRunner().invoke(app, [*command.split(), "--help"])

        assert result.exit_code == 0, command


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []
