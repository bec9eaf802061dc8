"""Wallets, and what miners' credentials are called."""

from collections.abc import Iterator

from components import naming
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, name_fault
from infra.settings.fields import label_problem
from infra.settings.rules.topology import MAX_MINER_CHARACTERS

_ARN_REGION, _ARN_ACCOUNT = 3, 4

_RANDOM_SUFFIX = 7
"""Characters that Secrets Manager appends to a name in an ARN: a hyphen and six more."""


def names_fit_the_database(draft: Draft) -> Iterator[Fault]:
    """A miner's name becomes the name of its database and role; some are taken, some could be another's role."""
    for name in draft.miner_names or ():
        if label_problem(name, MAX_MINER_CHARACTERS):
            continue  # refused as a label already
        try:
            naming.miner_database(name)
        except ValueError:
            yield name_fault(
                f"miners.{name}",
                "a name that Postgres can take, with _ for -: no two hyphens in a row, neither pg-… nor rds…, none of "
                "the server's own",
                "for example miner-1",
            )


def wallets_are_real(draft: Draft) -> Iterator[Fault]:
    """On regtest the keys are generated: whatever else is named there could only be a key of value, in a test."""
    for name, miner in draft.miners.items():
        if miner.wallet_secret and draft.chain == "regtest":
            yield _wallet(name, "walletSecret", "absent on the chain regtest, whose keys are generated", "remove it")
        if miner.wallet_key and not miner.wallet_secret:
            yield _wallet(name, "walletKey", "absent without walletSecret: there is nothing to decrypt", "remove it")


def wallets_are_near(draft: Draft) -> Iterator[Fault]:
    """A secret is read in the miner's own region; another account's would need trust from there as well."""
    for name, miner in draft.miners.items():
        for key, arn in (("walletSecret", miner.wallet_secret), ("walletKey", miner.wallet_key)):
            parts = (arn or "").split(":")
            if len(parts) <= _ARN_ACCOUNT:
                continue
            if draft.account and parts[_ARN_ACCOUNT] != draft.account:
                yield _wallet(
                    name, key, f"an ARN of this environment's account, {draft.account}", "name one of this account"
                )
            if miner.region and parts[_ARN_REGION] != miner.region:
                yield _wallet(name, key, f"an ARN of the miner's region, {miner.region}", "replicate it there")


def wallets_are_out_of_reach(draft: Draft) -> Iterator[Fault]:
    """Deployers read what lies below their environment's name in Secrets Manager, but for its wallets."""
    others = {sibling.stack for sibling in draft.siblings} | {"mainnet", "testing"}
    own = f"{draft.stack}/wallets/"
    for name, miner in draft.miners.items():
        secret = (miner.wallet_secret or "").rpartition(":secret:")[2][:-_RANDOM_SUFFIX]
        owner, below, _ = secret.partition("/")
        if not below or (secret.startswith(own) and secret != own):
            continue
        if owner == draft.stack:
            yield _wallet(
                name,
                "walletSecret",
                f"a name below {own}, or outside of {draft.stack}/: whoever deploys or looks for drift reads what else "
                "is there",
                f"make the secret anew as {own}{name}",
            )
        elif owner in others:
            yield _wallet(
                name,
                "walletSecret",
                f"a wallet of this environment; the name says that it is one of {owner}",
                f"make a secret of its own, {own}{name}",
            )


def wallets_are_not_shared(draft: Draft) -> Iterator[Fault]:
    """Control KEY-3: a key that two miners hold is lost with either."""
    seen: dict[str, str] = {}
    for name, miner in sorted(draft.miners.items()):
        if not miner.wallet_secret:
            continue
        if miner.wallet_secret in seen:
            yield _wallet(
                name,
                "walletSecret",
                f"a secret of its own; miners.{seen[miner.wallet_secret]} names the same",
                "make one secret, with other keys, for each miner",
            )
        seen.setdefault(miner.wallet_secret, name)


def _wallet(miner: str, key: str, rule: str, remedy: str) -> Fault:
    return fault(f"miners.{miner}.{key}", "", rule, remedy)


RULES = (
    names_fit_the_database,
    wallets_are_real,
    wallets_are_near,
    wallets_are_out_of_reach,
    wallets_are_not_shared,
)
