from pathlib import Path

import pytest

from ops.stacks import UnknownStackError, find_stack, project_stacks


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("Pulumi.yaml", "Pulumi.testing.yaml", "Pulumi.mainnet.yaml"):
        (tmp_path / name).write_text("config: {}\n")
    return tmp_path


def test_a_stack_is_found_by_name(project: Path) -> None:
    assert find_stack("testing", project).path == project / "Pulumi.testing.yaml"
    assert [stack.name for stack in project_stacks(project)] == ["mainnet", "testing"]


def test_a_stack_file_is_found_anywhere_and_named_by_its_file_name(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere" / "Pulumi.my-env.yaml"
    file.parent.mkdir()
    file.write_text("config: {}\n")
    found = find_stack(str(file), project)
    assert (found.name, found.path) == ("my-env", file)


def test_an_unknown_stack_names_the_nearest_one(project: Path) -> None:
    with pytest.raises(UnknownStackError, match=r"unknown stack 'testng': did you mean 'testing'\?"):
        find_stack("testng", project)


def test_an_unknown_stack_with_no_near_name_lists_all(project: Path) -> None:
    with pytest.raises(UnknownStackError, match="the project has mainnet, testing"):
        find_stack("qqq", project)


def test_a_missing_stack_file_is_said_to_be_missing(project: Path) -> None:
    with pytest.raises(UnknownStackError, match="no such stack file"):
        find_stack("./Pulumi.gone.yaml", project)


@pytest.mark.parametrize("name", ["my-env.yaml", "Pulumi.yaml", "Pulumi.my-env.yml", "Pulumi.my env.yaml"])
def test_a_file_that_the_cli_would_not_take_for_a_stack_file_is_refused_with_the_form(
    project: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("config: {}\n")
    with pytest.raises(UnknownStackError, match=r"a stack file is named Pulumi\.STACK\.yaml"):
        find_stack(str(tmp_path / name), project)
