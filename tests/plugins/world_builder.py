"""Small worlds for tests: things that exist, and attempts to change something."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.model import Place
from simulator.rules import RULES, Attempt
from simulator.rules.rule import Operation
from simulator.world import Status, Thing, World

ACCOUNT = "111122223333"
IRELAND = Place(ACCOUNT, "eu-west-1")
VIRGINIA = Place(ACCOUNT, "us-east-1")
CLUSTER_ARN = f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/blue"

Inputs = dict[str, Any]


def thing(
    token: str,
    thing_id: str,
    inputs: Inputs | None = None,
    outputs: Inputs | None = None,
    *,
    place: Place = IRELAND,
    status: Status = Status.ACTIVE,
) -> Thing:
    """Something that exists; Kubernetes objects exist in the one cluster of these tests."""
    cluster = CLUSTER_ARN if token.startswith("kubernetes:") else ""
    return Thing(token, thing_id, place, f"urn:{thing_id}", inputs or {}, outputs or {}, status, 0, cluster)


@dataclass(frozen=True)
class Ask:
    """A call to the API, and the world in which it is made."""

    operation: Operation
    token: str
    inputs: Inputs = field(default_factory=dict)
    exists: tuple[Thing, ...] = ()
    target: Thing | None = None
    quotas: dict[str, int] = field(default_factory=dict)


def create(token: str, *exists: Thing, quotas: dict[str, int] | None = None, **inputs: Any) -> Ask:
    """Creating a thing with these inputs where ``exists`` exists."""
    return Ask(Operation.CREATE, token, inputs, exists, quotas=quotas or {})


def update(target: Thing, *exists: Thing, **inputs: Any) -> Ask:
    """Giving ``target`` these inputs instead of its own."""
    return Ask(Operation.UPDATE, target.token, inputs, (target, *exists), target)


def delete(target: Thing, *exists: Thing) -> Ask:
    """Deleting ``target``."""
    return Ask(Operation.DELETE, target.token, dict(target.inputs), (target, *exists), target)


def verdict(rule_id: str, ask: Ask, directory: Path) -> str | None:
    """What rule ``rule_id`` says to ``ask``: the API's message, or None if it lets the call pass.

    A rule that does not cover the call at all raises, so that no test passes because of a wrong type.
    """
    rule = next(rule for rule in RULES if rule.id == rule_id)
    assert ask.operation in rule.operations
    assert any(token in {ask.token, "kubernetes:*"} for token in rule.tokens)
    world = World(directory / f"{len(list(directory.iterdir()))}.sqlite")
    cluster = CLUSTER_ARN if ask.token.startswith("kubernetes:") else ""
    with world.transaction() as view:
        for one in ask.exists:
            view.put(one)
        attempt = Attempt(ask.operation, ask.token, ask.inputs, IRELAND, view, ask.target, cluster, ask.quotas)
        return rule.breaks(attempt)
