"""`ops env`: stack files that are made from others, and what all of them say."""

import json
import shutil
from datetime import UTC, datetime
from ipaddress import IPv4Network
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from infra.settings import Environment, parse, read_siblings
from ops.cli import app
from ops.environments.new import NewEnvironmentError, Wish, draft, lifetime, save
from ops.environments.stack_text import config_texts, stack_text
from ops.exit_codes import ExitCode
from ops.preview import preview
from ops.stacks import PROJECT_DIR, find_stack
from simulator.stack_file import read_stack_file
from simulator.values import JSON

END = datetime(2027, 1, 31, 18, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the stack files, as a simulated shell works in one."""
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.testing.yaml", "Pulumi.mainnet.yaml"):
        shutil.copy(PROJECT_DIR / name, folder)
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(folder))
    return folder


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["env", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def settings(folder: Path, name: str) -> Environment:
    """What the settings make of a stack file, held against all others of its folder."""
    read = read_stack_file(folder / f"Pulumi.{name}.yaml", folder)
    return parse(read.config, stack=name, siblings=read_siblings(folder, name), secret_keys=read.secret_keys)


def edited(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / f"Pulumi.{name}.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_new_environment_has_networks_names_and_roles_of_its_own(project: Path) -> None:
    code, stdout, stderr = run("new", "dev", "--from", "testing")
    environment = settings(project, "dev")
    like = settings(project, "testing")

    assert code == ExitCode.CLEAN, stderr
    assert list(environment.regions) == list(like.regions)
    assert {name: miner.region for name, miner in environment.miners.items()} == {
        "miner-1": "eu-west-1",
        "miner-2": "us-east-1",
        "miner-3": "ap-southeast-1",
    }
    assert environment.access.deploy_role == "arn:aws:iam::111122223333:role/teranode-deploy-dev"
    assert environment.access.admin_role.endswith("/teranode-admin-dev")
    assert environment.access.permissions_boundary == "arn:aws:iam::111122223333:policy/teranode-boundary-dev"
    assert (environment.home, environment.release, environment.expires) == (like.home, like.release, None)
    assert "ops bootstrap dev" in stdout


def test_one_after_another_gets_networks_that_overlap_nothing(project: Path) -> None:
    for name in ("one", "two", "three"):
        assert run("new", name, "--from", "testing")[0] == ExitCode.CLEAN
    networks = [
        IPv4Network(region.cidr)
        for name in ("testing", "mainnet", "one", "two", "three")
        for region in settings(project, name).regions.values()
    ]

    assert len(networks) == 13
    assert not any(first.overlaps(second) for first, second in combinations(networks, 2))


def test_regions_miners_and_an_end_are_as_asked(project: Path) -> None:
    source = find_stack("testing", project)
    made = draft(Wish("dev", ("us-west-2", "eu-west-1"), 5, END), source, project)

    assert made.environment.home == "eu-west-1"
    assert made.environment.expires == END
    assert [miner.region for miner in made.environment.miners.values()] == [
        "us-west-2",
        "eu-west-1",
        "us-west-2",
        "eu-west-1",
        "us-west-2",
    ]
    assert draft(Wish("dev", ("us-west-2",)), source, project).environment.home == "us-west-2"


def test_what_the_source_says_of_stores_and_regions_stays_and_what_a_miner_says_does_not(project: Path) -> None:
    edited(project, "testing", "miner-1: { region: eu-west-1 }", "miner-1: { region: eu-west-1, credentials: 7 }")
    edited(project, "testing", "{ cidr: 10.17.0.0/16 }", "{ cidr: 10.17.0.0/16, nat: perZone }")
    edited(
        project, "testing", "  teranode-infra:home", '  teranode-infra:logRetentionDays: "60"\n  teranode-infra:home'
    )
    run("new", "dev", "--from", "testing")
    environment = settings(project, "dev")

    assert (environment.regions["us-east-1"].nat, environment.regions["eu-west-1"].nat) == ("perZone", "single")
    assert environment.log_retention_days == 60
    assert {miner.credentials for miner in environment.miners.values()} == {1}


def test_the_end_of_the_source_is_not_taken_over(project: Path) -> None:
    save(draft(Wish("dev", expires=END), find_stack("testing", project), project))

    assert draft(Wish("next"), find_stack("dev", project), project).environment.expires is None


def test_what_is_written_previews_without_a_finding(project: Path) -> None:
    run("new", "dev", "--from", "testing", "--regions", "eu-west-1", "--miners", "1", "--ttl", "48h")

    assert preview(find_stack("dev", project)).exit_code == ExitCode.CLEAN


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dev", "--from", "mainnet"], "only environments of the tier testing"),
        (["dev", "--from", "tesing"], "did you mean 'testing'?"),
        (["testing", "--from", "testing"], "there is such a stack file"),
        (["mainnet", "--from", "testing"], "there is such a stack file"),
        (["../dev", "--from", "testing"], "no name of a stack"),
        (["Dev", "--from", "testing"], "no name of a stack"),
        (["d--v", "--from", "testing"], "no two hyphens"),
        (["dev", "--from", "testing", "--ttl", "2w"], "for example 48h"),
        (["dev", "--from", "testing", "--ttl", "0h"], "for example 48h"),
        (["dev", "--from", "testing", "--regions", "eu-west-9"], "did you mean"),
        (["dev", "--from", "testing", "--regions", "eu-west-1,eu-west-1"], "each once"),
        (["dev", "--from", "testing", "--regions", "eu-west-1,"], "a comma between them"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_and_nothing_is_written(
    project: Path, arguments: list[str], message: str
) -> None:
    before = {file.name: file.read_bytes() for file in project.iterdir()}
    code, stdout, stderr = run("new", *arguments)

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert message in stderr
    assert {file.name: file.read_bytes() for file in project.iterdir()} == before


def test_a_file_that_comes_to_be_meanwhile_stays_as_it_is(project: Path) -> None:
    made = draft(Wish("dev"), find_stack("testing", project), project)
    made.path.write_text("mine")

    with pytest.raises(NewEnvironmentError, match="cannot be written"):
        save(made)
    assert made.path.read_text() == "mine"


def test_an_encrypted_value_is_not_copied_as_what_stands_in_for_it(project: Path) -> None:
    edited(project, "testing", "release: v0.14.4", "release: { secure: v1:abc }")
    code, _, stderr = run("new", "dev", "--from", "testing")

    assert code == ExitCode.USAGE
    assert "plain text: this is no secret" in stderr


def test_where_no_network_is_left_it_is_said(project: Path) -> None:
    entries = ", ".join(
        f"r{number}: {{ cidr: 10.{number}.0.0/16 }}" for number in range(256) if number not in (16, 17, 18, 200)
    )
    (project / "Pulumi.full.yaml").write_text(f"config:\n  teranode-infra:regions: {{ {entries} }}\n")

    with pytest.raises(NewEnvironmentError, match="1 networks are free, and 3 are needed"):
        draft(Wish("dev"), find_stack("testing", project), project)


def test_a_lifetime_is_of_hours_or_days() -> None:
    assert lifetime("48h") == lifetime("2d")


def test_the_list_has_every_environment_and_marks_what_is_past_its_time(project: Path) -> None:
    save(draft(Wish("old", expires=datetime(2020, 1, 1, tzinfo=UTC)), find_stack("testing", project), project))
    code, stdout, _ = run("list")
    document = json.loads(run("list", "--json")[1])

    assert code == ExitCode.CLEAN
    assert [line.split()[0] for line in stdout.splitlines()[1:]] == ["mainnet", "old", "testing"]
    assert "2020-01-01 00:00 UTC, past" in stdout
    assert document["format"] == 1
    assert {entry["name"]: entry["expired"] for entry in document["environments"]} == {
        "mainnet": False,
        "old": True,
        "testing": False,
    }
    assert document["environments"][1]["expires"] == "2020-01-01T00:00:00Z"


def test_a_stack_file_that_is_refused_is_listed_with_its_fault(project: Path) -> None:
    edited(project, "testing", "home: eu-west-1", "home: eu-west-9")
    (project / "Pulumi.broken.yaml").write_text("config: [")
    code, stdout, _ = run("list")
    entries = {entry["name"]: entry for entry in json.loads(run("list", "--json")[1])["environments"]}

    assert code == ExitCode.FINDINGS
    assert stdout.count("refused, see below") == 3
    assert "1 fault" in entries["mainnet"]["problem"]
    assert "faults" in entries["testing"]["problem"]
    assert "Pulumi.broken.yaml, line 1" in entries["broken"]["problem"]


SCALARS = st.text(max_size=20) | st.from_regex(r"[-+0-9.eExX_:TZ]{1,24}", fullmatch=True)
VALUES = st.recursive(
    SCALARS | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc-1", min_size=1), inner, max_size=3),
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=5), VALUES, max_size=4))
def test_what_is_written_reads_as_it_was(tmp_path_factory: pytest.TempPathFactory, values: dict[str, JSON]) -> None:
    folder = tmp_path_factory.mktemp("project")
    (folder / "Pulumi.yaml").write_text("name: teranode-infra\n")
    config = {f"teranode-infra:{key}": value for key, value in values.items()}
    (folder / "Pulumi.dev.yaml").write_text(stack_text(config, "comment"), encoding="utf-8")
    read = read_stack_file(folder / "Pulumi.dev.yaml", folder).config

    assert {key: _plain(text) for key, text in read.items()} == {
        key: _plain(text) for key, text in config_texts(config).items()
    }


def _plain(text: str) -> object:
    """JSON by its value, whatever its spaces and the order of its keys; other text as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text
