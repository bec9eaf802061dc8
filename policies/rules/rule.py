"""What a rule is: an identified, sourced predicate over the resources it is about."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .graph import Graph, Resource

TIERS = frozenset({"testing", "mainnet"})
MAINNET_ONLY = frozenset({"mainnet"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One breach, as a check reports it.

    :param message: what is wrong, with the value found; never a secret.
    :param path: dotted path of the offending input, empty where it is an option or something absent.
    :param urn: the offender where it is not the subject of the check.
    """

    message: str
    path: str = ""
    urn: str = ""


Check = Callable[[Graph, Resource], Iterator[Problem]]
Subjects = Callable[[Graph], Iterable[Resource]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A control that a stack must satisfy.

    :param id: identifier of the control.
    :param title: what must hold, in one line.
    :param reason: what goes wrong otherwise.
    :param source: who says so.
    :param remedy: what the person who reads the finding does about it.
    :param subjects: the resources that the rule is about; their number is reported, so that a rule which looked at
        nothing is seen.
    :param check: yields the breaches of one subject; may raise ``UndecidedError``.
    :param tiers: tiers to which the rule applies.
    :param guards_data: whether a breach can lose data or keys, not only expose or delay.
    :param hidden_from_pack: why a Pulumi policy pack cannot decide the rule, empty where it can.
    """

    id: str
    title: str
    reason: str
    source: str
    remedy: str
    subjects: Subjects
    check: Check
    tiers: frozenset[str] = TIERS
    guards_data: bool = False
    hidden_from_pack: str = ""


def rule(
    id: str,  # noqa: A002 (the rule's own word for it)
    *,
    title: str,
    reason: str,
    source: str,
    remedy: str,
    on: tuple[str, ...] | Subjects,
    tiers: frozenset[str] = TIERS,
    guards_data: bool = False,
    hidden_from_pack: str = "",
) -> Callable[[Check], Rule]:
    """Turn the check below into a :class:`Rule`.

    :param on: type tokens of the subjects, or a function that selects them.
    """

    def build(check: Check) -> Rule:
        return Rule(
            id=id,
            title=title,
            reason=reason,
            source=source,
            remedy=remedy,
            subjects=on if callable(on) else _of_types(on),
            check=check,
            tiers=tiers,
            guards_data=guards_data,
            hidden_from_pack=hidden_from_pack,
        )

    return build


def _of_types(types: tuple[str, ...]) -> Subjects:
    def select(graph: Graph) -> Iterable[Resource]:
        return graph.of_type(*types)

    return select
