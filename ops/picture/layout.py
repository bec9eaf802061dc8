"""Where everything in the picture goes: regions as panels one below the other, peerings beside them."""

from collections.abc import Iterator, Mapping, Sequence

from ops.picture.facts import TIERS, ClusterFacts, EnvironmentFacts, RegionFacts, SubnetFacts, read_facts
from ops.picture.svg import Canvas, text_width
from ops.render.text import count
from simulator.graph import Graph

_MARGIN = 20
_PANEL_WIDTH = 920
_GAP = 16
_PADDING = 14
_TIER_LABEL_WIDTH = 172
_CELL_HEIGHT, _CELL_GAP = 38, 6
_ZONES_PER_ROW = 3
_CLUSTER_WIDTH = 316
_ZONES_WIDTH = _PANEL_WIDTH - 2 * _PADDING - _TIER_LABEL_WIDTH - _CLUSTER_WIDTH - _GAP
_LINE = 19
_HEADER = 64
_LANE = 14
"""Distance between two links beside the panels."""
_MOST_LANES = 10
"""More peerings than this (six regions have 15) are drawn as one trunk that joins all."""
_LINK_LABEL = "VPC peering"
_LINK_LABEL_ROOM = 18


def draw(graph: Graph, *, title: str) -> str:
    """Draw the environment of ``graph`` as an SVG document."""
    facts = read_facts(graph)
    lanes = len(facts.peerings) if len(facts.peerings) <= _MOST_LANES else 1
    links_width = (lanes + 1) * _LANE + _LINK_LABEL_ROOM if lanes else 0
    canvas = Canvas(width=2 * _MARGIN + _PANEL_WIDTH + links_width)
    canvas.text(_MARGIN, _MARGIN + 16, title, size=20, style="text bold")
    subtitle = f"{count(len(facts.regions), 'region')}, {count(facts.resources, 'resource')}"
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
    return canvas.render(y - _GAP + _MARGIN, f"Environment {title}", " ".join(_sentences(facts)))


def _sentences(facts: EnvironmentFacts) -> Iterator[str]:
    """The picture in words, for those who cannot see it."""
    for region in facts.regions:
        clusters = ", ".join(f"EKS {cluster.version} cluster {cluster.name}" for cluster in region.clusters)
        home = ", the home region" if region.home else ""
        zones = f"{count(len(region.zones), 'zone')}"
        yield f"Region {region.name}{home}: VPC {region.cidr} in {zones}{f', {clusters}' if clusters else ''}."
    if facts.peerings:
        yield f"VPC peerings: {', '.join(f'{here} with {there}' for here, there in facts.peerings)}."
    if facts.private_zone:
        yield f"Private DNS zone {facts.private_zone}, shared by every VPC."


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
    columns = min(len(region.zones), _ZONES_PER_ROW)
    width = (_ZONES_WIDTH - (columns - 1) * _CELL_GAP) / columns
    lefts = [_MARGIN + _PADDING + _TIER_LABEL_WIDTH + column * (width + _CELL_GAP) for column in range(len(zones))]
    for x, zone in zip(lefts, zones, strict=True):
        canvas.text(x, top + 10, zone, size=12, style="muted", width=width)
    y = top + _LINE
    for tier in region.tiers:
        _draw_tier_label(canvas, tier, y)
        for x, zone in zip(lefts, zones, strict=True):
            if subnet := region.subnets.get((tier, zone)):
                _draw_subnet(canvas, subnet, tier, x, y, width)
        y += _CELL_HEIGHT + _CELL_GAP
    return y


def _draw_tier_label(canvas: Canvas, tier: str, y: float) -> None:
    x, width = _MARGIN + _PADDING, _TIER_LABEL_WIDTH - _CELL_GAP
    canvas.text(x, y + 16, tier, size=12, style="text bold", width=width)
    if tier in TIERS:
        canvas.text(x, y + 31, TIERS[tier], size=10.5, style="muted", width=width)


def _draw_subnet(canvas: Canvas, subnet: SubnetFacts, tier: str, x: float, y: float, width: float) -> None:
    room = width - _CELL_GAP - 2
    canvas.box(x, y, width, _CELL_HEIGHT, tier if tier in TIERS else "other")
    canvas.text(x + 8, y + (16 if subnet.nat else 23), subnet.cidr, size=12, style="text mono", width=room)
    if subnet.nat:
        canvas.text(x + 8, y + 31, "NAT gateway", size=11, style="link bold", width=room)


def _draw_cluster(canvas: Canvas, cluster: ClusterFacts, x: float, y: float) -> None:
    room = _CLUSTER_WIDTH - 2 * _PADDING
    canvas.box(x, y, _CLUSTER_WIDTH, _cluster_height(cluster), "cluster")
    lines = [
        (f"EKS {cluster.version}  {cluster.name}", "text bold"),
        *((group, "text") for group in cluster.node_groups),
        (f"{count(cluster.addons, 'managed add-on')}", "muted"),
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
    if not pairs:
        return
    ends_y = [middles[name] for pair in pairs for name in pair]
    label_x = edge + ((len(pairs) if len(pairs) <= _MOST_LANES else 1) + 1) * _LANE
    canvas.upright_text(label_x, (min(ends_y) + max(ends_y)) / 2, _LINK_LABEL, size=12, style="link bold")
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
        lines.append(f"{count(len(facts.peerings), 'VPC peering')} between regions, with routes on both sides")
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
