"""Networks that no stack of the project uses."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network

from components.cidr import REGION_PREFIX_LENGTH

_BLOCKS = tuple(IPv4Network("10.0.0.0/8").subnets(new_prefix=REGION_PREFIX_LENGTH))


def free_networks(used: Iterable[str], beside: str | None = None) -> Iterator[IPv4Network]:
    """Yield every block that a region may have and that overlaps none of `used`.

    They come in order, from the one behind `beside` to the one before it, so that the networks of an environment lie
    together.
    """
    taken = [IPv4Network(cidr) for cidr in used]
    start = next((place for place, block in enumerate(_BLOCKS) if str(block) == beside), 0)
    for block in (*_BLOCKS[start:], *_BLOCKS[:start]):
        if not any(block.overlaps(other) for other in taken):
            yield block
