"""`ops report`: the page is complete in itself, says what the graph says, and shows names as text."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops import report_command
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.fleet import Siblings, policy_graph
from ops.preview import Preview
from ops.quantities.count import quantities
from ops.quantities.model import of_all_regions
from ops.report import render
from ops.report.facts import inhabitants, is_stateful, lock_of
from ops.report.gantt import tick_s
from ops.report.markup import element, joined
from ops.report.timeline import ACROSS_REGIONS, busy, lanes
from ops.stacks import PROJECT_DIR, StackFile
from policies.rules.evaluation import evaluate
from simulator.graph import Deployment, Graph
from simulator.schedule import Step, schedule
from tests.support.stacks import STACKS, evaluated
from tests.unit.simulator.deployments import deployment, resource, urn

DAY = date(2026, 12, 1)
VOID = {"meta", "link", "br"}
PLANTED = "<script>alert(1)</script>\"'&"
AWS = "pulumi:providers:aws"


@dataclass
class Part:
    """An element of the page."""

    tag: str
    attributes: Mapping[str, str | None]
    parent: "Part | None" = None
    children: "list[Part | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, tag: str, **attributes: str) -> "list[Part]":
        found = [part for part in self.walk() if part.tag == tag]
        return [
            part
            for part in found
            if all(value in (part.attributes.get(name.rstrip("_")) or "").split() for name, value in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> "Part":
        (found,) = self.all(tag, **attributes)
        return found

    def walk(self) -> "Iterator[Part]":
        for child in self.children:
            if isinstance(child, Part):
                yield child
                yield from child.walk()


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed by itself, in its order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Part("", {})
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice"
        part = Part(tag, dict(attrs), self.at)
        self.at.children.append(part)
        if tag not in VOID:
            self.at = part

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Part(tag, dict(attrs), self.at))

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def read(page: str) -> Part:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.at is reader.root
    return reader.root


def previewed(name: str, made: Deployment, judged: Deployment | None = None) -> Preview:
    """A preview of ``made`` with the verdict on ``judged``, else on itself."""
    graph = Graph(made)
    return Preview(
        refusals=(),
        stack=StackFile(name, PROJECT_DIR / f"Pulumi.{name}.yaml"),
        deployment=made,
        graph=graph,
        up=schedule(graph),
        destroy=schedule(graph, "destroy"),
        policies=evaluate(policy_graph(judged or made), today=DAY),
        siblings=Siblings({}, {}),
        comparison=None,
        log=("warning: a message",),
        evaluation_s=1.0,
    )


@pytest.fixture(scope="module", params=STACKS)
def stack(request: pytest.FixtureRequest) -> Preview:
    return previewed(request.param, evaluated(request.param).deployment)


@pytest.fixture(scope="module")
def page(stack: Preview) -> Part:
    return read(render(stack))


def section(page: Part, key: str) -> Part:
    (found,) = [part for part in page.all("section") if part.attributes.get("id") == key]
    return found


def rows(table: Part) -> list[list[str]]:
    return [
        [cell.text for cell in row.children if isinstance(cell, Part)]
        for body in table.all("tbody")
        for row in body.all("tr")
    ]


def test_nothing_is_loaded_from_anywhere(stack: Preview) -> None:
    text = render(stack)
    page = read(text)
    loading = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href", "style"}

    assert not {part.tag for part in page.walk()} & {"img", "link", "iframe", "object", "embed", "base", "form", "use"}
    assert not [part for part in page.walk() if loading & part.attributes.keys()]
    assert all((link.attributes["href"] or "").startswith("#") for link in page.all("a"))
    assert not re.search(
        r"url\(|@import|@font-face|fetch|XMLHttp|import\(", page.one("style").text + page.one("script").text
    )
    assert not [name for part in page.walk() for name in part.attributes if name.startswith("on")]


def test_the_browser_is_told_to_load_nothing_and_run_these_lines_alone(page: Part) -> None:
    (policy,) = [
        part.attributes["content"] or ""
        for part in page.all("meta")
        if part.attributes.get("http-equiv") == "Content-Security-Policy"
    ]

    def own(tag: str) -> str:
        return base64.b64encode(hashlib.sha256(page.one(tag).text.encode()).digest()).decode()

    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{own('style')}'" in policy
    assert f"script-src 'sha256-{own('script')}'" in policy


def test_the_same_input_makes_the_same_bytes_and_no_clock_is_in_them(stack: Preview) -> None:
    again = previewed(stack.stack.name, json.loads(json.dumps(stack.deployment)))

    assert render(replace(again, evaluation_s=99.0)) == render(stack)
    assert "As of 2026-12-01" in render(stack, as_of=DAY)
    assert "As of" not in render(stack)


def test_the_page_stays_small_enough_to_mail(stack: Preview) -> None:
    assert len(render(stack).encode()) < 600 * 1024


def test_everything_that_the_program_registers_has_a_line_in_the_schedule(stack: Preview, page: Part) -> None:
    gantt = page.one("div", class_="gantt")
    ends = [part for part in gantt.all("div", class_="row") if "axis" not in (part.attributes["class"] or "")]

    assert len(ends) == sum(node.custom for node in stack.graph.nodes.values())
    assert {lane.region for lane in lanes(stack.graph, stack.up)} == {*stack.graph.regions.values(), ACROSS_REGIONS}


def test_a_miner_is_in_the_lane_of_its_region(stack: Preview) -> None:
    placed = {branch.name: lane.region for lane in lanes(stack.graph, stack.up) for branch in lane.branches}

    for miner in inhabitants(stack.graph).miners:
        assert placed[miner.name] == miner.region


def test_the_chain_that_decides_is_marked_and_told(stack: Preview, page: Part) -> None:
    path = stack.up.critical_path()
    marked = [
        row
        for row in page.one("div", class_="gantt").all("div", class_="row")
        if row.all("rect", class_="all") and row.all("span", class_="mark")
    ]
    told = [row[0] for row in rows(section(page, "schedule").one("table"))]

    assert len(marked) == sum(step.duration_s > 0 for step in path)
    assert told == [stack.graph.nodes[step.urn].name for step in path if step.duration_s > 10]


def test_the_inventory_counts_what_the_graph_holds(stack: Preview, page: Part) -> None:
    table = section(page, "inventory").one("table")
    regions = [cell.text for cell in table.one("thead").all("th")][1:-2]
    nodes = [node for node in stack.graph.nodes.values() if node.custom]
    counted = Counter(stack.graph.regions.get(node.urn, "no region") for node in nodes)
    body = [row for row in rows(table) if len(row) > 1]

    assert len(body) == len({node.type for node in nodes})
    for at, region in enumerate(regions, start=1):
        assert sum(int(row[at].replace(",", "") or 0) for row in body) == counted[region]
    assert [cell.text for cell in table.one("tfoot").all("td")][-2] == f"{len(nodes):,}"


def test_what_holds_data_has_its_locks_told_or_what_would_be_lost(stack: Preview, page: Part) -> None:
    stateful = [node for node in stack.graph.nodes.values() if is_stateful(node)]
    told = [row[-1] for row in rows(section(page, "inventory").one("table")) if row[-1] and len(row) > 1]

    assert len(told) == len({node.type for node in stateful})
    if stack.policies.tier == "mainnet":
        assert "1 of 1 protected, 1 of 1 retained, 1 of 1 locked by AWS" in told
    else:
        assert "none: would lose the database" in told
    headline = {part.all("dt")[0].text: part.all("dd")[0].text for part in page.one("dl").all("div")}
    assert headline["hold data"] == f"{len(stateful)}, {sum(bool(lock_of(node)) for node in stateful)} locked"


def test_waivers_have_their_reason_and_end(stack: Preview, page: Part) -> None:
    policies = section(page, "policies")
    until = {(item.waiver.rule, item.waiver.until.isoformat()) for item in stack.policies.waived}
    shown = {(part.all("b")[0].text, part.all("time")[0].text) for part in policies.all("summary")}

    assert shown == until
    assert len(policies.all("li")) == len(stack.policies.waived)
    assert all(item.waiver.reason in policies.text for item in stack.policies.waived)


def test_quantities_are_those_of_the_command(stack: Preview, page: Part) -> None:
    found = rows(section(page, "quantities").one("table"))

    assert [(row[0], row[2]) for row in found] == [
        (quantity.what, f"{quantity.amount:,.0f}") for quantity in of_all_regions(quantities(stack.graph))
    ]


def test_the_drawing_has_every_region_miner_service_store_and_entry(stack: Preview, page: Part) -> None:
    drawn = section(page, "environment")
    lives = inhabitants(stack.graph)

    assert {part.all("h3")[0].text.split()[1] for part in drawn.all("article")} == set(stack.graph.regions.values())
    for miner in lives.miners:
        (box,) = [
            part for part in drawn.all("section", class_="miner") if part.all("h5")[0].text == f"Miner {miner.name}"
        ]
        assert set(miner.services) <= {chip.text for chip in box.all("span", class_="chip")}
        assert miner.address in box.text
    assert len([item for part in drawn.all("div", class_="stores") for item in part.all("li")]) == len(lives.stores)
    assert len([item for part in drawn.all("div", class_="doors") for item in part.all("li")]) == len(lives.entries)


def test_stores_are_told_by_what_they_are() -> None:
    def told(name: str) -> set[str]:
        return {f"{store.kind}: {store.detail}" for store in inhabitants(Graph(evaluated(name).deployment)).stores}

    assert "UTXO store: Aerospike community, 1 server" in told("testing")
    assert "Postgres: RDS 17.9, db.t4g.medium, 20 GiB, one zone" in told("testing")
    assert {
        "UTXO store: Aerospike enterprise, 3 servers in 3 racks",
        "Shared files: Lustre, 1200 GiB, 250 MB/s per TiB",
        "Postgres: Aurora 17.9, 2 instances of db.r7g.large",
    } <= told("mainnet")


def test_what_the_internet_may_reach_is_told() -> None:
    testing = inhabitants(Graph(evaluated("testing").deployment)).entries
    assert {(entry.what, entry.sources) for entry in testing if entry.region == "eu-west-1"} == {
        ("Kubernetes API of testing-eu-west-1", "198.51.100.0/24")
    }
    (entry,) = inhabitants(Graph(evaluated("mainnet").deployment)).entries
    assert entry.what == "load balancer mainnet-miner-1-public, ports 8333, 9905"
    assert entry.sources == "0.0.0.0/0"


def test_a_region_that_only_keeps_copies_has_no_network_drawn() -> None:
    page = read(render(previewed("mainnet", evaluated("mainnet").deployment)))
    drawn = {part.all("h3")[0].text.split()[1]: part for part in page.all("article")}

    assert "No network" in drawn["eu-central-1"].text
    assert not drawn["eu-central-1"].all("table")
    assert drawn["eu-west-1"].all("table")
    assert ("regions", "1, 1 for copies") in [
        (part.all("dt")[0].text, part.all("dd")[0].text) for part in page.one("dl").all("div")
    ]


def test_a_public_load_balancer_is_an_entry_with_its_ports_and_sources() -> None:
    provider = urn(AWS, "aws")
    balancer = {"internal": False, "securityGroups": ["sg-1"], "tags": {"Name": "open"}}
    rule = {"securityGroupId": "sg-1", "cidrIpv4": "0.0.0.0/0"}
    listener = {"loadBalancerArn": "arn-1", "port": 9905}
    made = deployment(
        resource(AWS, "aws", {"region": "eu-west-1"}),
        resource("aws:lb/loadBalancer:LoadBalancer", "open", balancer, provider=provider, outputs={"id": "arn-1"}),
        resource("aws:lb/listener:Listener", "open", listener, provider=provider),
        resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in", rule, provider=provider),
        resource("aws:lb/loadBalancer:LoadBalancer", "inner", {"internal": True}, provider=provider),
    )

    (entry,) = inhabitants(Graph(made)).entries
    assert (entry.region, entry.what, entry.sources) == ("eu-west-1", "load balancer open, port 9905", "0.0.0.0/0")


def test_names_that_are_markup_are_shown_as_text() -> None:
    """A name, a tag, an address and a message of the program are what others wrote."""
    text = json.dumps(evaluated("testing").deployment)
    for name in ("miner-1", "10.16.0.0/16", "testing-postgres", "cert-manager", "ghcr.io", "198.51.100.0/24"):
        text = text.replace(name, json.dumps(f"{name}{PLANTED}")[1:-1])
    planted = previewed("testing", json.loads(text), evaluated("testing").deployment)
    shown = render(replace(planted, log=(PLANTED,)))

    assert "<script>alert" not in shown
    assert shown.count("<script") == 1
    assert f"Miner miner-1{PLANTED}" in read(shown).text
    assert not [part for part in read(shown).walk() if any(name.startswith("on") for name in part.attributes)]


def test_it_can_be_read_without_seeing_it(page: Part) -> None:
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("head").one("title").text
    assert all(part.all("caption") for part in page.all("table"))
    assert all(cell.attributes.get("scope") for cell in page.all("th"))
    assert all(
        part.attributes.get("aria-hidden") == "true" or (part.attributes.get("role") == "img" and part.all("title"))
        for part in page.all("svg")
    )
    assert all(
        part.attributes.get("tabindex") == "0" and part.attributes.get("aria-label")
        for part in page.all("div", class_="wide")
    )
    ids = [part.attributes["id"] for part in page.walk() if "id" in part.attributes]
    assert len(ids) == len(set(ids))
    assert {(link.attributes["href"] or "")[1:] for link in page.all("a")} <= set(ids)
    levels = [int(part.tag[1]) for part in page.walk() if re.fullmatch(r"h\d", part.tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_without_a_script_every_line_opens_and_no_button_is_dead(page: Part) -> None:
    assert page.all("details")
    assert all(
        part.children and isinstance(part.children[0], Part) and part.children[0].tag == "summary"
        for part in page.all("details")
    )
    assert all("hidden" in button.attributes for button in page.all("button"))


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    whole = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_text_and_bars_stand_out_in_both_themes(theme: int) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for what must be told apart from its ground."""
    style = (PROJECT_DIR / "ops/report/page.css").read_text()
    palette = dict(re.findall(r"--(\w+): (#\w+);", style.split("@media")[theme]))

    for ground in ("ground", "panel", "public", "private", "data", "other", "cluster"):
        assert contrast(palette["text"], palette[ground]) >= 4.5, ground
        assert contrast(palette["muted"], palette[ground]) >= 4.5, ground
    for colour in ("accent", "link", "good", "bad"):
        assert contrast(palette[colour], palette["ground"]) >= 4.5, colour
        assert contrast(palette[colour], palette["panel"]) >= 4.5, colour
    for colour in ("work", "own", "all"):
        assert contrast(palette[colour], palette["ground"]) >= 3, colour


def test_text_is_escaped_unless_it_is_markup() -> None:
    assert element("p", "<b>", element("b", "&"), title='"<') == '<p title="&quot;&lt;">&lt;b&gt;<b>&amp;</b></p>'
    assert joined(["<", element("i", "a")], "&") == "&lt;&amp;<i>a</i>"
    assert element("p", hidden=False, title=None) == "<p></p>"


def test_times_that_touch_are_one_bar() -> None:
    steps = [Step("a", 0, 5, None), Step("b", 3, 7, None), Step("c", 7, 9, None), Step("d", 12, 13, None)]

    assert list(busy(steps)) == [(0, 9), (12, 13)]
    assert list(busy([])) == []


@pytest.mark.parametrize(("total_s", "tick"), [(50, 10), (1118, 300), (1351, 300), (20000, 3600), (100000, 3600)])
def test_the_axis_has_round_ticks(total_s: float, tick: int) -> None:
    assert tick_s(total_s) == tick


@pytest.mark.parametrize("number", [1, 2, 5, 8, 9])
def test_any_number_of_regions_is_drawn(number: int) -> None:
    from tests.unit.ops.test_picture import environment  # noqa: PLC0415 (the environments of the other picture)

    made = environment(number)
    page = read(render(previewed("testing", made)))
    assert len(page.all("article")) == number
    rings = page.all("svg", class_="mesh")
    assert len(rings) == (1 < number <= 8)
    boxes = [
        (float(box.attributes["x"] or 0), float(box.attributes["y"] or 0)) for ring in rings for box in ring.all("rect")
    ]
    assert not [(a, b) for a in boxes for b in boxes if a < b and abs(a[0] - b[0]) < 116 and abs(a[1] - b[1]) < 40]


def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = previewed("testing", evaluated("testing").deployment)
    monkeypatch.setattr(report_command, "preview", lambda *_, **__: made)
    file = tmp_path / "report.html"
    result = CliRunner().invoke(app, ["report", "testing", "--html", str(file), "--as-of", "2026-12-01", "--json"])

    assert result.exit_code == ExitCode.CLEAN, result.stderr
    assert file.read_text() == render(made, as_of=DAY)
    document = json.loads(result.stdout)
    assert document["bytes"] == file.stat().st_size
    assert document["resources"] == evaluated_resources(made)

    refused = CliRunner().invoke(app, ["report", "testing", "--html", str(tmp_path / "no" / "report.html")])
    assert (refused.exit_code, refused.stdout) == (ExitCode.USAGE, "")
    assert "cannot be written" in refused.stderr


def evaluated_resources(made: Preview) -> int:
    return sum(node.custom for node in made.graph.nodes.values())
