"""The transaction load: where its coins come from, and that they are worth nothing."""

from collections import Counter
from collections.abc import Iterator

from components.teranode import PRESETS, Chain
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, reference

_SECTION = "transactionLoad"


def load_is_where_coins_are_worthless(draft: Draft) -> Iterator[Fault]:
    """The program signs with the miner's own wallet key, which only regtest makes for itself and gives to a pod."""
    if draft.transaction_load is None:
        return
    if draft.chain and not PRESETS[Chain(draft.chain)].isolated:
        yield fault(
            _SECTION,
            None,
            f"absent on the chain {draft.chain}: it spends what miners mine, with their wallets' keys, which only "
            "regtest generates",
            "remove the section, or write chain: regtest",
        )
    elif draft.tier == "mainnet":
        yield fault(_SECTION, None, "absent on the tier mainnet: nothing there is for tests", "remove the section")


def load_has_coins(draft: Draft) -> Iterator[Fault]:
    """Coins are mined by the generator alone, and without blocks no transaction is ever mined either."""
    blocks = draft.block_generator_settings()
    if draft.transaction_load is None or draft.chain != "regtest" or draft.tier == "mainnet":
        return
    if blocks is None:
        yield fault(
            _SECTION,
            None,
            "absent where no blocks are generated: its coins are coinbases, and blocks hold what it sends",
            "remove the section, or write blockGenerator: { enabled: true }",
        )
        return
    named = draft.transaction_load.miners or ()
    founder = min(draft.miners, default="")
    for place, name in enumerate(named):
        if blocks.rotation == "founder" and name in draft.miners and name != founder:
            yield fault(
                f"{_SECTION}.miners[{place}]",
                name,
                f"{founder} with the rotation founder: the others mine nothing and have no coins to spend",
                f"write {founder}, or blockGenerator: {{ rotation: turns }}",
            )


def load_is_of_miners_that_run(draft: Draft) -> Iterator[Fault]:
    """A program beside a stopped node would wait for it until somebody wonders."""
    named = (draft.transaction_load and draft.transaction_load.miners) or ()
    times = Counter(named)
    known = draft.miner_names
    for place, name in enumerate(named):
        path = f"{_SECTION}.miners[{place}]"
        if known is not None and name not in known:
            yield fault(path, name, "a miner of this environment", reference(name, known))
        elif name in draft.miners and draft.miners[name].enabled is False:
            yield fault(path, name, "a miner that runs", f"remove it, or write miners.{name}.enabled: true")
        if times[name] > 1 and named.index(name) != place:
            yield fault(path, name, "each miner once", "remove it; more load is a higher transactionsPerSecond")


RULES = (load_is_where_coins_are_worthless, load_has_coins, load_is_of_miners_that_run)
