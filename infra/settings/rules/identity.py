"""Stack, tier, chain and account: which environment this is, and that it cannot be mistaken for another."""

from collections.abc import Iterable, Iterator

from infra.settings.draft import Draft
from infra.settings.faults import NAMESPACE, Fault, fault, listed, nearest, stack_file_name
from infra.settings.fields import label_problem

MAX_STACK_CHARACTERS = 24
"""EKS cluster, DNS zone, secret and role names begin with the stack; the longest of them ends at 64 characters."""

_RENAME = "create the stack under another name: pulumi stack init <name>"


def stack_name(draft: Draft) -> Iterator[Fault]:
    """The stack's name becomes part of physical names."""
    if problem := label_problem(draft.stack, MAX_STACK_CHARACTERS):
        yield Fault("stack name", problem, _RENAME, draft.stack)
    elif "--" in draft.stack:
        yield Fault("stack name", "no two hyphens in a row: RDS refuses them in identifiers", _RENAME, draft.stack)


def names_of_others_are_none_of_ours(draft: Draft) -> Iterator[Fault]:
    """Deployers' rights go by the beginning of names, `<environment>-*`: who may `testing-*` may all of `testing-2`."""
    for sibling in draft.siblings:
        if draft.stack.startswith(f"{sibling.stack}-") and draft.account and draft.account == sibling.account:
            yield Fault(
                "stack name",
                f"none that goes on from {sibling.stack}- in the same account: whoever deploys {sibling.stack} could "
                "delete what is called so",
                _RENAME,
                draft.stack,
            )


def well_known_stacks(draft: Draft) -> Iterator[Fault]:
    """`testing` and `mainnet` are what their names say, and the mainnet chain runs behind mainnet's guard rails."""
    for name in ("testing", "mainnet"):
        if draft.stack == name and draft.tier not in (None, name):
            yield fault("tier", draft.tier, f"the stack {name} has the tier {name}", f"write tier: {name}")
    if draft.stack == "mainnet" and draft.chain not in (None, "mainnet"):
        yield fault("chain", draft.chain, "the stack mainnet runs the chain mainnet", "write chain: mainnet")
    if draft.chain == "mainnet" and draft.tier not in (None, "mainnet"):
        yield fault(
            "tier", draft.tier, "the chain mainnet needs the tier mainnet", "write tier: mainnet, or another chain"
        )


def accounts_of_tiers(draft: Draft) -> Iterator[Fault]:
    """Mainnet has an account of its own, so that a mistake in another environment cannot reach it."""
    for sibling in draft.siblings:
        if not (draft.account and draft.tier and sibling.tier) or draft.account != sibling.account:
            continue
        if "mainnet" in (draft.tier, sibling.tier) and draft.tier != sibling.tier:
            yield fault(
                "account",
                draft.account,
                f"mainnet has its own account; {stack_file_name(sibling.stack)} (tier {sibling.tier}) names the same",
                "name another account here or there",
            )


def what_stays_has_no_end(draft: Draft) -> Iterator[Fault]:
    """Nothing may ever take mainnet, or the environment that everybody shares, for one that is past its time."""
    if draft.expires is None:
        return
    for name, stays in (("the tier mainnet", draft.tier == "mainnet"), ("the stack testing", draft.stack == "testing")):
        if stays:
            yield fault("expires", draft.expires, f"absent: {name} is always on", "remove the key")


def unknown_stack(stack: str, known: Iterable[str]) -> Fault:
    """Word the fault of a stack that has no settings at all: most often its name is misspelt."""
    names = sorted(known)
    close = nearest(stack, names, count=1)
    hint = f"did you mean {close[0]}? Otherwise " if close else ""
    return Fault(
        "stack name",
        f"a stack with settings: there is no key of {NAMESPACE} for this one",
        f"{hint}write its keys into {stack_file_name(stack)}, see docs/configuration.md; other stacks: "
        f"{listed(names) or 'none'}",
        stack,
    )


RULES = (stack_name, names_of_others_are_none_of_ours, well_known_stacks, accounts_of_tiers, what_stays_has_no_end)
