"""The comment on a pull request: what it says of changes, and that strangers' texts in it stay texts."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops import prices_command, pull_request_commands
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.preview import preview
from ops.prices.book import PriceBook, Wanted
from ops.prices.price import Price, Tier
from ops.pull_request.change import StackChange, stack_change
from ops.pull_request.comment import LONGEST, MARKER, comment
from ops.quantities import products
from ops.stacks import StackFile, find_stack
from simulator.compare import Action, compare
from simulator.graph import Graph
from tests.support.stacks import evaluated, stack_file

SMALL: Mapping[str, object] = {
    "regions": {"eu-west-1": {"cidr": "10.48.0.0/16"}},
    "miners": {"miner-1": {"region": "eu-west-1"}},
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> StackChange:
    """A stack of one region of which nothing is recorded yet."""
    file = stack_file(tmp_path_factory.mktemp("recorded"), "small", "testing", **SMALL)
    made = preview(find_stack(str(file)))
    return stack_change(made, None, compare({"version": 3, "deployment": {"resources": []}}, made.graph))


def after(folder: Path, recorded: StackChange, **changes: object) -> StackChange:
    file = stack_file(folder, "small", "testing", **{**SMALL, **changes})
    made = preview(find_stack(str(file)), recorded.preview.deployment)
    assert made.comparison
    return stack_change(made, recorded.preview.graph, made.comparison)


def row(text: str, begin: str) -> list[str]:
    """The cells of the first table row whose first cell is ``begin``."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return next(cells for cells in rows if cells[0] == begin)


def test_a_release_is_few_updates_and_gates_with_the_inputs_that_cause_them(
    tmp_path: Path, recorded: StackChange
) -> None:
    change = after(tmp_path, recorded, release="v0.15.0")
    text = comment([change], [])

    assert text.startswith(MARKER)
    assert row(text, "<code>small</code>")[1:5] == ["0", "1", "1", "0"]
    assert row(text, "<code>small</code>")[6] == "clean"
    assert row(text, "update") == [
        "update",
        "<code>spec.image</code><br><code>spec.rpc.spec.deploymentOverrides.image</code>",
        "<code>miner-1-node-cluster</code>",
    ]
    assert 'm0["miner-1<br/>11 services, changed"]:::changed' in text
    assert "CAUTION" not in text
    assert "Quantities" not in text


def test_a_new_region_is_counted_by_region_drawn_and_told_in_quantities(tmp_path: Path, recorded: StackChange) -> None:
    regions = {"eu-west-1": {"cidr": "10.48.0.0/16"}, "us-east-1": {"cidr": "10.49.0.0/16"}}
    change = after(tmp_path, recorded, regions=regions)
    text = comment([change], [])

    created = sum(item.type != "" for item in change.comparison.of(Action.CREATE))
    assert row(text, "<code>small</code>")[1] == str(created)
    assert sum(counts[Action.CREATE] for counts in change.by_region().values()) == created
    assert row(text, "<code>us-east-1</code>")[2:] == ["0", "0", "0"]
    assert 'subgraph r1["us-east-1 +' in text
    [cells] = [line.strip("| ").split(" | ") for line in text.splitlines() if "control planes" in line]
    assert cells == ["us-east-1", "kubernetes&#58; control planes", "hours", "0", "730", "+730"]
    assert "No prices&#58;" not in text
    assert "No prices: AWS's price list was not asked, which takes credentials" in text
    assert 0 < change.duration_s < recorded.duration_s


def test_what_would_lose_data_stands_on_top_with_its_cause_and_its_lock(tmp_path: Path, recorded: StackChange) -> None:
    change = after(tmp_path, recorded, miners={"miner-2": {"region": "eu-west-1"}})
    text = comment([change], [])

    assert text.index("[!CAUTION]") < text.index("### <code>small</code>")
    cells = row(text, "**delete**")
    assert "loses" in text.splitlines()[text[: text.index("| **delete**")].count("\n") - 2]
    assert cells[3:] == ["no longer in the program", "**none**"]
    assert "miner-1<br/>goes" in text
    assert "miner-2<br/>11 services, new" in text


def test_a_refused_update_is_told_before_everything_else(tmp_path: Path, recorded: StackChange) -> None:
    change = after(tmp_path, recorded, regions={"eu-west-1": {"cidr": "10.50.0.0/16"}})
    text = comment([change], [])

    assert "this update must not be made, for 1 reason" in text
    assert text.index("must not be made") < text.index("### <code>small</code>")
    cells = row(text, "<code>fixed fact</code>")
    assert cells[1] == "eu-west-1"
    assert cells[3] == "<code>regions.eu-west-1.cidr&#58; 10.50.0.0/16</code>"
    assert "10.48.0.0/16" in cells[4]


def test_a_replacement_that_follows_from_another_names_where_it_began(tmp_path: Path, recorded: StackChange) -> None:
    change = after(tmp_path, recorded, regions={"eu-west-1": {"cidr": "10.50.0.0/16"}})
    [subnet, *_] = [item for item in change.comparison.of(Action.REPLACE) if "subnet:Subnet" in item.type]
    [vpc] = [item for item in change.comparison.of(Action.REPLACE) if item.type.endswith(":Vpc")]

    assert change.causes(vpc) == ("cidrBlock",)
    assert change.causes(subnet) == ("eu-west-1-network-vpc: cidrBlock",)


def test_with_prices_the_summary_has_what_the_month_costs_and_how_much_more_that_is(
    tmp_path: Path, recorded: StackChange
) -> None:
    regions = {"eu-west-1": {"cidr": "10.48.0.0/16"}, "us-east-1": {"cidr": "10.49.0.0/16"}}
    change = after(tmp_path, recorded, regions=regions)
    clusters = [Wanted(region, products.CONTROL_PLANE, "hours") for region in ("eu-west-1", "us-east-1")]
    text = comment([change], [], book=PriceBook({one: Price((Tier(0, 0.1),)) for one in clusters}))

    unpriced = len(change.quantities) - 1
    assert row(text, "<code>small</code>")[8] == f"146.00 (+73.00)<br>{unpriced} not priced"
    assert f"{unpriced + 1} differences, +73.00 USD" in text
    [control_planes] = [line for line in text.splitlines() if "control planes" in line and "Not priced" not in line]
    assert control_planes.endswith("| +730 | +73.00 |")
    [nodes] = [line for line in text.splitlines() if "m7g.2xlarge" in line and line.startswith("|")]
    assert nodes.endswith("| not priced |")


def test_an_update_without_anything_made_promises_no_time(tmp_path: Path, recorded: StackChange) -> None:
    change = after(tmp_path, recorded, owner="others@example.org")

    assert change.duration_s == 0
    assert row(comment([change], []), "<code>small</code>")[7] == "updates in place"


def test_of_a_new_stack_everything_is_new(recorded: StackChange) -> None:
    text = comment([recorded], [])

    assert "Nothing is recorded of this stack" in text
    assert row(text, "<code>small</code>")[2:6] == ["0", "0", "0", "0"]
    assert recorded.duration_s == recorded.preview.up.total_s


def test_an_unchanged_stack_is_one_row(recorded: StackChange) -> None:
    same = stack_change(
        recorded.preview, recorded.preview.graph, compare(recorded.preview.graph, recorded.preview.graph)
    )
    text = comment([same], [])

    assert row(text, "<code>small</code>")[1:5] == ["0"] * 4
    assert row(text, "<code>small</code>")[7] == "nothing to do"
    assert "###" not in text


def test_texts_of_strangers_stay_texts() -> None:
    hostile = "</code><img src=x onerror=alert(1)> @octocat [a](https://e.example) | `b` **c** #1 www.e.example\n\n## d"
    text = comment([], [(hostile, hostile)])

    assert "<img" not in text
    assert "@octocat" not in text
    assert "](https" not in text
    assert "https://" not in text
    assert "www." not in text
    assert "\n## d" not in text
    assert "`b`" not in text
    [line] = [line for line in text.splitlines() if line.startswith("| <code>&#60;&#47;") or "octocat" in line][:1]
    assert line.count(" | ") == 7


def test_a_comment_that_is_too_long_is_cut_between_its_parts() -> None:
    failures = [(f"stack-{number}", "x" * 290) for number in range(400)]
    text = comment([], failures)

    assert len(text) <= LONGEST
    assert text.endswith("see the full result._\n")
    assert text.count("<details>") == text.count("</details>")


class TestCommand:
    @pytest.fixture
    def stacks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A project of one stack, with a folder of baselines."""
        file = stack_file(tmp_path, "small", "testing", **SMALL)
        monkeypatch.setattr(pull_request_commands, "project_stacks", lambda: [StackFile("small", file)])
        (tmp_path / "baselines").mkdir()
        return tmp_path

    @staticmethod
    def run(folder: Path, *options: str) -> tuple[int, str, str]:
        arguments = ["--baselines", str(folder / "baselines"), "--markdown", str(folder / "comment.md"), *options]
        result = CliRunner().invoke(app, ["pull-request", "comment", *arguments], catch_exceptions=False)
        return result.exit_code, result.stdout, result.stderr

    def test_it_compares_each_stack_with_its_baseline(self, stacks: Path, recorded: StackChange) -> None:
        (stacks / "baselines" / "small.json").write_text(json.dumps(recorded.preview.deployment))
        code, stdout, _ = self.run(stacks, "--full-result", "https://ci.example/run/1")

        assert code == ExitCode.CLEAN
        assert stdout.startswith("small  ")
        assert "[Full result](https://ci.example/run/1)" in (stacks / "comment.md").read_text()

    def test_a_stack_whose_state_could_not_be_read_is_not_called_new(self, stacks: Path, recorded: StackChange) -> None:
        code, _, _ = self.run(stacks, "--asked")
        text = (stacks / "comment.md").read_text()
        assert code == ExitCode.FINDINGS
        assert "<code>small</code> is not compared with what there is**: its state could not be read." in text
        assert "Nothing is recorded" not in text

        (stacks / "baselines" / "small.missing").write_text("there is no such stack yet\n")
        assert self.run(stacks, "--asked")[0] == ExitCode.FINDINGS
        assert "**: there is no such stack yet." in (stacks / "comment.md").read_text()

        (stacks / "baselines" / "small.json").write_text(json.dumps(recorded.preview.deployment))
        assert self.run(stacks, "--asked")[0] == ExitCode.CLEAN
        assert "not compared" not in (stacks / "comment.md").read_text()

    def test_an_update_that_must_not_be_made_has_its_own_exit_code(self, stacks: Path, recorded: StackChange) -> None:
        (stacks / "baselines" / "small.json").write_text(json.dumps(recorded.preview.deployment))
        stack_file(stacks, "small", "testing", **{**SMALL, "regions": {"eu-west-1": {"cidr": "10.50.0.0/16"}}})
        code, _, _ = self.run(stacks)

        assert code == ExitCode.REFUSED
        assert "must not be made" in (stacks / "comment.md").read_text()

    def test_settings_that_are_refused_are_told_in_the_comment(self, stacks: Path) -> None:
        file = stack_file(stacks, "small", "testing", **SMALL, release="latest")
        assert file.exists()
        code, stdout, _ = self.run(stacks)

        text = (stacks / "comment.md").read_text()
        assert code == ExitCode.FINDINGS
        assert "cannot be evaluated" in stdout
        assert "teranode-infra&#58;release" in text
        assert "v&#60;major&#62;" in text

    def test_products_are_written_priced_by_somebody_else_and_read_again(
        self, stacks: Path, recorded: StackChange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (stacks / "baselines" / "small.json").write_text(json.dumps(recorded.preview.deployment))
        products, prices = stacks / "products.json", stacks / "prices.json"
        self.run(stacks, "--products", str(products))
        monkeypatch.setattr(
            prices_command,
            "ask",
            lambda _, asked, __: PriceBook({one: Price((Tier(0, 1),)) for one in asked}),
        )
        result = CliRunner().invoke(
            app, ["pull-request", "prices", str(products), "--to", str(prices)], catch_exceptions=False
        )
        code, _, _ = self.run(stacks, "--prices", str(prices))

        assert result.exit_code == code == ExitCode.CLEAN
        assert "USD a month" in (stacks / "comment.md").read_text()
        assert "not priced" not in (stacks / "comment.md").read_text()

    def test_why_there_are_no_prices_reaches_the_comment(self, stacks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        products, prices = stacks / "products.json", stacks / "prices.json"
        self.run(stacks, "--products", str(products))
        monkeypatch.setattr(prices_command, "ask", lambda *_: PriceBook({}, "no credentials for AWS"))
        CliRunner().invoke(app, ["pull-request", "prices", str(products), "--to", str(prices)], catch_exceptions=False)
        self.run(stacks, "--prices", str(prices))

        text = (stacks / "comment.md").read_text()
        assert "No prices: no credentials for AWS." in text
        assert "USD a month" not in text

    def test_a_file_of_prices_that_is_none_is_refused(self, stacks: Path) -> None:
        (stacks / "prices.json").write_text("{}")
        code, _, stderr = self.run(stacks, "--prices", str(stacks / "prices.json"))

        assert code == ExitCode.USAGE
        assert "ops pull-request prices" in stderr

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--stack", "nowhere"), "no stack file for nowhere"),
            (("--full-result", "javascript:alert(1)"), "https://"),
        ],
    )
    def test_wrong_options_are_refused(self, stacks: Path, options: tuple[str, ...], said: str) -> None:
        code, _, stderr = self.run(stacks, *options)

        assert code == ExitCode.USAGE
        assert said in stderr


def test_of_the_real_stacks_a_larger_database_of_mainnet_is_an_update(tmp_path: Path) -> None:
    before = evaluated("mainnet").deployment
    file = stack_file(tmp_path, "mainnet", "mainnet", postgres={"instanceClass": "db.r7g.xlarge"})
    made = preview(find_stack(str(file)), before)
    assert made.comparison
    change = stack_change(made, Graph(before), made.comparison)
    text = comment([change], [])

    assert change.dangerous == ()
    assert row(text, "<code>mainnet</code>")[1] == row(text, "<code>mainnet</code>")[3] == "0"
    assert {(one.kind.what, one.after - one.before) for one in change.quantities} == {
        ("db.r7g.large, aurora-postgresql", -1460),
        ("db.r7g.xlarge, aurora-postgresql", 1460),
    }
