"""`python -m load`: reads what it shall do from the environment and goes on until it is told to stop.

It ends by itself only where it was told something wrong; whatever the node does, it waits and tries again.
"""

import logging
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from .clock import SystemClock
from .coins import Search
from .load import LOG, Load
from .node import Node, Server
from .wallet import Key, WalletError, keys_of

MAX_PER_SECOND = 100
_WRONG_CONFIGURATION = 2


class ConfigurationError(ValueError):
    """What the environment says cannot be done."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What to do, and where."""

    asset: Server
    propagation: Server
    per_second: int
    keys: Mapping[bytes, Key]


def configuration(environment: Mapping[str, str]) -> Configuration:
    """Read ASSET_URL, PROPAGATION_URL, TRANSACTIONS_PER_SECOND and WALLET_FILE; raises `ConfigurationError`."""
    rate = _said(environment, "TRANSACTIONS_PER_SECOND")
    if not rate.isascii() or not rate.isdigit() or not 1 <= int(rate) <= MAX_PER_SECOND:
        raise ConfigurationError(f"TRANSACTIONS_PER_SECOND is {rate!r}, not a whole number from 1 to {MAX_PER_SECOND}")
    wallet = Path(_said(environment, "WALLET_FILE"))
    try:
        keys = keys_of(wallet.read_text(encoding="ascii"))
    except (OSError, WalletError, UnicodeDecodeError) as error:
        # Not quoted where it may hold a part of a key.
        reason = "not ASCII" if isinstance(error, UnicodeDecodeError) else error
        raise ConfigurationError(f"WALLET_FILE {wallet}: {reason}") from None
    return Configuration(_server(environment, "ASSET_URL"), _server(environment, "PROPAGATION_URL"), int(rate), keys)


def _server(environment: Mapping[str, str], name: str) -> Server:
    try:
        return Server(_said(environment, name))
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}") from None


def _said(environment: Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise ConfigurationError(f"{name} is not set")
    return environment[name]


def _stop(number: int, _frame: FrameType | None) -> None:
    # In the middle of whatever it is: nothing is kept that could be left half done.
    LOG.info("told to stop: %s", signal.Signals(number).name)
    sys.exit(0)


def main() -> None:
    """Set the load going."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(message)s")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        told = configuration(os.environ)
    except ConfigurationError as error:
        LOG.error("%s", error)
        sys.exit(_WRONG_CONFIGURATION)
    clock = SystemClock()
    node = Node(told.asset, told.propagation)
    LOG.info("%d transactions a second from %d keys", told.per_second, len(told.keys))
    Load(node, Search(node, told.keys, clock), clock, told.per_second).run()


if __name__ == "__main__":
    main()
