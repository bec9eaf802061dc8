"""The environment as nested boxes that find room on a phone: regions, networks, zones, clusters, miners, stores."""

import math
from collections.abc import Iterator, Mapping, Sequence

from ops.picture.facts import TIERS, ClusterFacts, EnvironmentFacts, RegionFacts
from ops.render.text import count
from ops.report.facts import Inhabitants, MinerFacts, Store
from ops.report.markup import Html, element, joined

_MESH_WIDTH, _BOX_WIDTH, _BOX_HEIGHT = 360, 116, 40
_RADIUS_X, _RADIUS_Y = 118, 86
_TALL_RADIUS_Y, _TALL_FROM = 160, 5
"""From so many regions on the ring is higher, or boxes would touch."""
_MOST_ON_A_RING = 8
_DIGEST = "@sha256:"


def drawing(facts: EnvironmentFacts, lives: Inhabitants) -> Html:
    """The whole environment: how its regions are joined, then each of them."""
    panels = element("div", *(_region(region, lives) for region in facts.regions), class_="regions")
    return joined((_between(facts, lives), panels))


def _between(facts: EnvironmentFacts, lives: Inhabitants) -> Html:
    words = []
    if facts.peerings:
        words.append(f"{count(len(facts.peerings), 'VPC peering')} between regions, with routes on both sides.")
    if facts.private_zone:
        words.append(f"Private DNS zone {facts.private_zone}, shared by every VPC.")
    parts = [element("p", word) for word in words]
    if 1 < len(facts.regions) <= _MOST_ON_A_RING and facts.peerings:
        parts.insert(0, _mesh(facts, lives))
    return element("div", *parts, class_="between") if parts else Html("")


def _mesh(facts: EnvironmentFacts, lives: Inhabitants) -> Html:
    """Regions on a ring, a line for each peering."""
    places, height = _ring([region.name for region in facts.regions])
    lines = [
        element("line", x1=_px(places[a][0]), y1=_px(places[a][1]), x2=_px(places[b][0]), y2=_px(places[b][1]))
        for a, b in facts.peerings
        if a in places and b in places
    ]
    boxes = [part for region in facts.regions for part in _mesh_box(region, *places[region.name], lives)]
    said = "; ".join(f"{here} with {there}" for here, there in facts.peerings)
    return element(
        "svg",
        element("title", f"VPC peerings: {said}"),
        *lines,
        *boxes,
        class_="mesh",
        viewBox=f"0 0 {_MESH_WIDTH} {_px(height)}",
        role="img",
    )


def _ring(names: Sequence[str]) -> tuple[Mapping[str, tuple[float, float]], float]:
    """Where the middle of each box is, the first on top, two side by side; and how high all of it is."""
    number = len(names)
    turn = -math.pi / 2 if number > 2 else math.pi  # noqa: PLR2004 (two lie on a line)
    angles = [turn + 2 * math.pi * at / number for at in range(number)]
    radius_y = _RADIUS_Y if number < _TALL_FROM else _TALL_RADIUS_Y
    downs = [radius_y * math.sin(angle) for angle in angles]
    top = min(downs) - _BOX_HEIGHT / 2 - 4
    places = {
        name: (_MESH_WIDTH / 2 + _RADIUS_X * math.cos(angle), down - top)
        for name, angle, down in zip(names, angles, downs, strict=True)
    }
    return places, max(downs) + _BOX_HEIGHT / 2 + 4 - top


def _mesh_box(region: RegionFacts, x: float, y: float, lives: Inhabitants) -> Iterator[Html]:
    yield element(
        "rect", x=_px(x - _BOX_WIDTH / 2), y=_px(y - _BOX_HEIGHT / 2), width=_BOX_WIDTH, height=_BOX_HEIGHT, rx=6
    )
    own = count(sum(miner.region == region.name for miner in lives.miners), "miner")
    yield element("text", region.name, x=_px(x), y=_px(y - 3), class_="strong")
    yield element("text", f"{own}, home" if region.home else own, x=_px(x), y=_px(y + 12))


def _px(value: float) -> str:
    return f"{value:.1f}"


def _region(region: RegionFacts, lives: Inhabitants) -> Html:
    home = element("span", "home", class_="badge") if region.home else ""
    title = element("h3", f"Region {region.name} ", home)
    return element("article", title, _doors(region, lives), _network(region, lives), class_="region")


def _doors(region: RegionFacts, lives: Inhabitants) -> Html:
    """What answers from the internet, drawn above the network that it leads into."""
    own = [entry for entry in lives.entries if entry.region == region.name]
    if not own:
        return element("p", "From the internet: nothing answers.", class_="doors shut")
    items = [element("li", element("b", entry.what), f" answers {entry.sources or 'anywhere'}") for entry in own]
    return element("div", element("p", "From the internet:"), element("ul", *items), class_="doors")


def _network(region: RegionFacts, lives: Inhabitants) -> Html:
    stores = [store for store in lives.stores if store.region == region.name]
    shared = [store for store in stores if not store.miner]
    if not region.cidr:
        title = element("h4", "No network: nothing runs here")
        return element("div", title, _stores("Stores of the region", shared) if shared else "", class_="vpc")
    clusters = [_cluster(cluster, region, lives) for cluster in region.clusters]
    return element(
        "div",
        element("h4", f"VPC {region.cidr}"),
        element("p", ", ".join(region.remarks), class_="muted") if region.remarks else "",
        _subnets(region),
        *clusters,
        _stores("Stores of the region", shared) if shared else "",
        class_="vpc",
    )


def _subnets(region: RegionFacts) -> Html:
    head = element("tr", element("td"), *(element("th", zone, scope="col") for zone in region.zones))
    rows = [
        element(
            "tr",
            element("th", tier, element("small", TIERS.get(tier, "")), scope="row"),
            *(_subnet(region, tier, zone) for zone in region.zones),
        )
        for tier in region.tiers
    ]
    caption = element("caption", f"Subnets of {region.name} by zone", class_="unseen")
    return element("table", caption, element("thead", head), element("tbody", *rows), class_="subnets")


def _subnet(region: RegionFacts, tier: str, zone: str) -> Html:
    subnet = region.subnets.get((tier, zone))
    if subnet is None:
        return element("td")
    nat = element("small", "NAT gateway") if subnet.nat else ""
    return element("td", element("code", subnet.cidr), nat, class_=f"subnet {tier}" if tier in TIERS else "subnet")


def _cluster(cluster: ClusterFacts, region: RegionFacts, lives: Inhabitants) -> Html:
    operators = sorted({operator.name for operator in lives.operators if operator.region == region.name})
    miners = [miner for miner in lives.miners if miner.region == region.name]
    pools = element("ul", *(element("li", pool) for pool in cluster.node_groups), class_="pools")
    facts = f"{count(cluster.addons, 'managed add-on')}; {cluster.endpoint}"
    return element(
        "div",
        element("h4", f"EKS {cluster.version} {cluster.name}"),
        element("p", facts, class_="muted"),
        pools,
        element("div", *(_miner(miner, lives) for miner in miners), class_="miners") if miners else "",
        element("p", element("b", "Operators "), _chips(operators), class_="chips") if operators else "",
        class_="cluster",
    )


def _miner(miner: MinerFacts, lives: Inhabitants) -> Html:
    stores = [store for store in lives.stores if store.miner == miner.name]
    services = _chips(miner.services) if miner.services else element("em", "stopped: its data stays")
    image = miner.image.partition(_DIGEST)
    return element(
        "section",
        element("h5", f"Miner {miner.name}"),
        element("p", element("code", image[0]), " by digest" if image[1] else "", class_="muted"),
        element("p", services, class_="chips"),
        element("p", "Other miners call ", element("code", miner.address)) if miner.address else "",
        _stores("Its own stores", stores) if stores else "",
        class_="miner",
    )


def _stores(title: str, stores: Sequence[Store]) -> Html:
    items = [
        element("li", element("b", store.kind), " ", store.detail, element("small", store.lock or "no lock"))
        for store in stores
    ]
    return element("div", element("h5", title), element("ul", *items), class_="stores")


def _chips(names: Sequence[str]) -> Html:
    return joined((element("span", name, class_="chip") for name in names), " ")
