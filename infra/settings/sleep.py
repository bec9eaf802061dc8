"""What an environment is while it sleeps: no services, and pools that may be empty."""

from typing import Annotated

from pydantic import BeforeValidator

from infra.settings.environment import MinerSettings, NodePoolSettings, RegionSettings
from infra.settings.fields import refuse

_WORDS = {"true": True, "false": False}


def _asleep(value: object) -> object:
    """The CLI hands every key of the first level over as text."""
    if value not in _WORDS:
        raise refuse("true or false", "write asleep: true, or remove the key; `ops env sleep` writes it")
    return _WORDS[str(value)]


Asleep = Annotated[bool, BeforeValidator(_asleep)]


def resting_region(region: RegionSettings) -> RegionSettings:
    """The region with pools that may have no nodes; how many there are is not declared anyway, once a pool exists."""
    nodes = region.nodes.model_copy(
        update={"system": _may_be_empty(region.nodes.system), "general": _may_be_empty(region.nodes.general)}
    )
    return region.model_copy(update={"nodes": nodes})


def resting_miner(miner: MinerSettings) -> MinerSettings:
    """The miner stopped as `enabled: false` stops it, with its stores and files."""
    return miner.model_copy(update={"enabled": False})


def _may_be_empty(pool: NodePoolSettings) -> NodePoolSettings:
    return pool.model_copy(update={"min_nodes_per_zone": 0})
