"""Transactions on a chain of worthless coins: the section as it is written, and what holds by default."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from infra.settings.miners import MinerKeys
from infra.settings.section import Doc, Section

MAX_TRANSACTIONS_PER_SECOND = 100
"""What one small program signs and asks about without hurry. Who wants to find Teranode's limit needs another tool."""


class TransactionLoadKeys(Section):
    """Transactions on regtest, at a steady rate, beside miners and from their own coinbases; off unless written.

    A coinbase can be spent 100 blocks after it is mined: a new chain carries no load before height 101. Refused on any
    other chain, where coins are worth something, and where no blocks are generated.
    """

    transactions_per_second: Annotated[
        int,
        Field(ge=1, le=MAX_TRANSACTIONS_PER_SECOND),
        Doc(
            "how many transactions each of the miners is sent",
            "blocks without transactions test little of a node",
            unit="transactions per second",
        ),
    ]
    miners: Annotated[
        tuple[str, ...] | None,
        Field(min_length=1),
        Doc(
            "miners that are sent transactions, each by a program of its own and from its own coins",
            "what one miner validates first the others learn from it: load on one of them tests that too",
            default="all that run; with the rotation `founder` that one, for the others mine no coins",
        ),
    ] = None


def loaded_miners(keys: TransactionLoadKeys, miners: Mapping[str, MinerKeys], rotation: str) -> tuple[str, ...]:
    """The miners that are loaded: those that are written, else all that run and mine."""
    if keys.miners is not None:
        return tuple(sorted(keys.miners))
    mining = sorted(miners)[:1] if rotation == "founder" else sorted(miners)
    return tuple(name for name in mining if miners[name].enabled is not False)
