"""The blocks of a chain without proof of work: the section as it is written, and what holds by default."""

from typing import Annotated

from pydantic import Field

from infra.settings import fields
from infra.settings.environment import BlockGeneratorSettings
from infra.settings.section import Doc, Section

MAX_SECONDS = 3_600
DEFAULT_INTERVAL_SECONDS = 10
"""As Teranode's own compose set-up has it."""

DEFAULT_SPREAD_SECONDS = 20


class BlockGeneratorKeys(Section):
    """Blocks on regtest, which nobody else mines; refused on every other chain, where a block takes work."""

    enabled: Annotated[
        bool | None,
        Doc("whether blocks are mined", "a test of its own may want to decide when a block comes", default="true"),
    ] = None
    interval_seconds: Annotated[
        int | None,
        Field(ge=1, le=MAX_SECONDS),
        Doc(
            "how long a tip stays at least before the next block is mined on it",
            "a chain that stands still tests nothing",
            unit="seconds",
            default=str(DEFAULT_INTERVAL_SECONDS),
        ),
    ] = None
    spread_seconds: Annotated[
        int | None,
        Field(ge=1, le=MAX_SECONDS),
        Doc(
            "how far the patience of miners differs at a height; longer than a block takes to reach all of them",
            "whose patience ends in the same moment make competing blocks",
            unit="seconds",
            default=str(DEFAULT_SPREAD_SECONDS),
        ),
    ] = None
    rotation: Annotated[
        fields.Rotation | None,
        Doc(
            "`turns`: at each height another miner; `founder`: always the one whose name comes first. Up to height 100 "
            "it is the founder in any case",
            "what one miner mines the others must take: turns test that everywhere",
            default="`turns`",
        ),
    ] = None


def block_generator_settings(keys: BlockGeneratorKeys, chain: fields.Chain | None) -> BlockGeneratorSettings | None:
    """Resolve who mines, and how often; None where nobody does."""
    if chain != "regtest" or keys.enabled is False:
        return None
    return BlockGeneratorSettings(
        interval_seconds=keys.interval_seconds or DEFAULT_INTERVAL_SECONDS,
        spread_seconds=keys.spread_seconds or DEFAULT_SPREAD_SECONDS,
        rotation=keys.rotation or "turns",
    )
