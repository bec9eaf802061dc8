"""Where everything in the picture goes: regions as panels one below the other, peerings beside them."""

from collections.abc import Mapping, Sequence

from ops.picture.facts import ClusterFacts, EnvironmentFacts, RegionFacts, read_facts
from ops.picture.svg import Canvas, text_width
from simulator.graph import Graph

_MARGIN = 20
_PANEL_WIDTH = 880
_GAP = 16
_PADDING = 14
_TIER_LABEL_WIDTH = 58
_CELL_WIDTH, _CELL_HEIGHT, _CELL_GAP = 146, 28, 6
_ZONES_PER_ROW = 3
_CLUSTER_WIDTH = _PANEL_WIDTH - _TIER_LABEL_WIDTH - _ZONES_PER_ROW * (_CELL_WIDTH + _CELL_GAP) - 2 * _PADDING - _GAP
_LINE = 19
_HEADER = 64
_LANE = 14
"""Distance between two links beside the panels."""
_MOST_LANES = 10
"""More peerings than this (six regions have 15) are drawn as one trunk that joins all."""
_TIERS = ("public", "private", "data")


def draw(graph: Graph, *, title: str) -> str:
    """Draw the environment of ``graph`` as an SVG document."""
    facts = read_facts(graph)
    lanes = len(facts.peerings) if len(facts.peerings) <= _MOST_LANES else 1
    canvas = Canvas(width=2 * _MARGIN + _PANEL_WIDTH + (lanes + 1) * _LANE if lanes else 2 * _MARGIN + _PANEL_WIDTH)
    canvas.text(_MARGIN, _MARGIN + 16, title, size=20, style="text bold")
    subtitle = f"{_number(len(facts.regions), 'region')}, {_number(facts.resources, 'resource')}"
    canvas.text(_MARGIN + text_width(title, 20) + 24, _MARGIN + 16, subtitle, style="muted")
    y: float = _MARGIN + 32
    middles: dict[str, float] = {}
    for region in facts.regions:
        height = _region_height(region)
        _draw_region(canvas, region, y, height)
        middles[region.name] = y + height / 2
        y += height + _GAP
    _draw_peerings(canvas, facts, middles)
    y = _draw_mesh_text(canvas, facts, y)
    return canvas.render(y - _GAP + _MARGIN, f"Environment {title}")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _zone_rows(region: RegionFacts) -> list[tuple[str, ...]]:
    return [region.zones[start : start + _ZONES_PER_ROW] for start in range(0, len(region.zones), _ZONES_PER_ROW)]


def _grid_height(region: RegionFacts) -> float:
    block = _LINE + len(region.tiers) * (_CELL_HEIGHT + _CELL_GAP)
    return len(_zone_rows(region)) * block


def _cluster_height(cluster: ClusterFacts) -> float:
    return (3 + len(cluster.node_groups)) * _LINE + _PADDING


def _region_height(region: RegionFacts) -> float:
    clusters = sum(_cluster_height(cluster) + _CELL_GAP for cluster in region.clusters)
    return _HEADER + max(_grid_height(region), clusters) + _PADDING


def _draw_region(canvas: Canvas, region: RegionFacts, y: float, height: float) -> None:
    left = _MARGIN + _PADDING
    right = _MARGIN + _PANEL_WIDTH - _PADDING
    canvas.box(_MARGIN, y, _PANEL_WIDTH, height, "panel")
    canvas.text(left, y + 26, region.name, size=16, style="text bold")
    if region.home:
        canvas.text(left + text_width(region.name, 16) + 10, y + 26, "home", style="accent bold")
    canvas.text(right, y + 26, f"VPC {region.cidr}", style="text mono end")
    canvas.text(left, y + 46, ", ".join(region.remarks), size=12, style="muted", width=_PANEL_WIDTH - 2 * _PADDING)
    top = y + _HEADER
    for zones in _zone_rows(region):
        top = _draw_zones(canvas, region, zones, top)
    top = y + _HEADER
    for cluster in region.clusters:
        _draw_cluster(canvas, cluster, right - _CLUSTER_WIDTH, top)
        top += _cluster_height(cluster) + _CELL_GAP


def _draw_zones(canvas: Canvas, region: RegionFacts, zones: tuple[str, ...], top: float) -> float:
    """One block of zones as columns and tiers as rows; returns where the next block starts."""
    left = _MARGIN + _PADDING + _TIER_LABEL_WIDTH
    for column, zone in enumerate(zones):
        x = left + column * (_CELL_WIDTH + _CELL_GAP)
        canvas.text(x, top + 10, zone, size=12, style="muted", width=_CELL_WIDTH)
    y = top + _LINE
    for tier in region.tiers:
        canvas.text(_MARGIN + _PADDING, y + 19, tier, size=12, style="muted", width=_TIER_LABEL_WIDTH)
        for column, zone in enumerate(zones):
            subnet = region.subnets.get((tier, zone))
            if subnet is None:
                continue
            x = left + column * (_CELL_WIDTH + _CELL_GAP)
            canvas.box(x, y, _CELL_WIDTH, _CELL_HEIGHT, tier if tier in _TIERS else "other")
            canvas.text(x + 8, y + 19, subnet.cidr, size=12, style="text mono", width=_CELL_WIDTH - 42)
            if subnet.nat:
                canvas.text(x + _CELL_WIDTH - 8, y + 19, "NAT", size=11, style="link bold end")
        y += _CELL_HEIGHT + _CELL_GAP
    return y


def _draw_cluster(canvas: Canvas, cluster: ClusterFacts, x: float, y: float) -> None:
    room = _CLUSTER_WIDTH - 2 * _PADDING
    canvas.box(x, y, _CLUSTER_WIDTH, _cluster_height(cluster), "cluster")
    lines = [
        (f"EKS {cluster.version}  {cluster.name}", "text bold"),
        *((group, "text") for group in cluster.node_groups),
        (f"{_number(cluster.addons, 'managed add-on')}", "muted"),
        (cluster.endpoint, "muted"),
    ]
    for number, (line, style) in enumerate(lines, start=1):
        canvas.text(x + _PADDING, y + number * _LINE + 2, line, size=12, style=style, width=room)


def _draw_peerings(canvas: Canvas, facts: EnvironmentFacts, middles: dict[str, float]) -> None:
    """One link per pair, each in a lane of its own; a trunk if there are too many to follow."""
    edge = _MARGIN + _PANEL_WIDTH
    pairs = sorted(
        (pair for pair in facts.peerings if pair[0] in middles and pair[1] in middles),
        key=lambda pair: (abs(middles[pair[0]] - middles[pair[1]]), pair),
    )
    if len(pairs) > _MOST_LANES:
        x = edge + _LANE
        canvas.line([(x, min(middles.values())), (x, max(middles.values()))])
        for y in middles.values():
            canvas.line([(edge, y), (x, y)])
            canvas.dot(edge, y)
        return
    ends = _link_ends(pairs, middles)
    for lane, (first, second) in enumerate(pairs, start=1):
        x, start, end = edge + lane * _LANE, ends[first, lane], ends[second, lane]
        canvas.line([(edge, start), (x, start), (x, end), (edge, end)])
        canvas.dot(edge, start)
        canvas.dot(edge, end)


def _link_ends(pairs: Sequence[tuple[str, str]], middles: Mapping[str, float]) -> dict[tuple[str, int], float]:
    """Height at which each link meets a panel, by region and lane, ordered so that nested links do not cross."""
    links: dict[str, list[tuple[bool, int, int]]] = {}
    for lane, pair in enumerate(pairs, start=1):
        for here, there in (pair, pair[::-1]):
            down = middles[there] > middles[here]
            links.setdefault(here, []).append((down, -lane if down else lane, lane))
    return {
        (name, lane): middles[name] + (slot - (len(found) - 1) / 2) * _LANE
        for name, found in links.items()
        for slot, (_, _, lane) in enumerate(sorted(found))
    }


def _draw_mesh_text(canvas: Canvas, facts: EnvironmentFacts, y: float) -> float:
    lines = []
    if facts.peerings:
        lines.append(f"{_number(len(facts.peerings), 'VPC peering')} between regions, with routes on both sides")
    if facts.private_zone:
        lines.append(f"Private DNS zone {facts.private_zone}, shared by every VPC")
    if not lines:
        return y
    height = len(lines) * _LINE + _PADDING
    canvas.box(_MARGIN, y, _PANEL_WIDTH, height, "panel")
    for number, line in enumerate(lines, start=1):
        width = _PANEL_WIDTH - 2 * _PADDING
        canvas.text(_MARGIN + _PADDING, y + number * _LINE + 2, line, style="text", width=width)
    return y + height + _GAP
