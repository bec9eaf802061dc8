"""Stack files of environments of any size, to measure how cost grows."""

from pathlib import Path

from infra import catalog

_FIRST_BLOCK = 64
"""Second octet of the first region's network: networks of two stacks may not overlap, the project's own are lower."""

_INSTANCE_TYPES = ("m7g.large", "m7g.2xlarge")
"""Defaults of the tier that some regions lack; what is measured does not depend on them."""

_MINERS_PER_NODE_OF_A_ZONE = 4
"""So many more miners, one node more in each zone: settings refuse more than the nodes hold."""

_SETTINGS = """\
config:
  pulumi:disable-default-providers: ["*"]
  teranode-infra:account: "111122223333"
  teranode-infra:owner: devops@example.org
  teranode-infra:tier: testing
  teranode-infra:chain: regtest
  teranode-infra:release: v0.14.4
  teranode-infra:home: {home}
  teranode-infra:access:
    deployRole: arn:aws:iam::111122223333:role/teranode-deploy
    adminRole: arn:aws:iam::111122223333:role/teranode-admin
    apiCidrs: [198.51.100.0/24]
  teranode-infra:nodes: {{ general: {{ minNodesPerZone: {nodes_per_zone}, maxNodesPerZone: {nodes_per_zone} }} }}
  teranode-infra:regions:
{regions}
  teranode-infra:miners:
{miners}
"""


def write_stack(folder: Path, regions: int, miners_per_region: int = 1) -> Path:
    """Write the settings of an environment of that size; returns the stack file.

    Raises:
        ValueError: the catalog knows fewer regions that can hold one.
    """
    names = usable_regions()
    if regions > len(names):
        raise ValueError(f"{regions} regions asked for, the catalog has {len(names)} that can hold an environment")
    chosen = names[:regions]
    lines = [_region_line(name, _FIRST_BLOCK + index) for index, name in enumerate(chosen)]
    numbers = range(1, miners_per_region + 1)
    miners = [f"    miner-{name}-{number}: {{ region: {name} }}" for name in chosen for number in numbers]
    file = folder / f"Pulumi.bench-{regions}-{miners_per_region}.yaml"
    text = _SETTINGS.format(
        home=chosen[0],
        regions="\n".join(lines),
        miners="\n".join(miners),
        nodes_per_zone=-(-miners_per_region // _MINERS_PER_NODE_OF_A_ZONE),
    )
    file.write_text(text, encoding="utf-8")
    return file


def _region_line(name: str, block: int) -> str:
    region = catalog.regions()[name]
    lacking = [kind for kind in _INSTANCE_TYPES if not _offered_everywhere(kind, region)]
    assumed = [name, *lacking] if region.opt_in else lacking
    statement = f", assumeOffered: [{', '.join(assumed)}]" if assumed else ""
    return f"    {name}: {{ cidr: 10.{block}.0.0/16{statement} }}"


def _offered_everywhere(instance_type: str, region: catalog.Region) -> bool:
    zones = catalog.zones_offering(instance_type, region.name)
    return zones is None or zones.issuperset(region.default_zones)


def usable_regions() -> list[str]:
    """Regions of the commercial partition whose zones are known, those that need no opt-in first."""
    usable = [
        region for region in catalog.regions().values() if region.partition == "aws" and len(region.default_zones) > 1
    ]
    return [region.name for region in sorted(usable, key=lambda region: (region.opt_in, region.name))]
