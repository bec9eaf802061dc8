"""What a rule of the simulated AWS is: a condition that refuses a call, with the code and words of the real API."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.model import Place
from simulator.values import JSON
from simulator.world import Thing, View


class Operation(StrEnum):
    """A change that a provider asks of the API."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call to the API: what is asked, where, and the world in which it is asked."""

    operation: Operation
    token: str
    inputs: dict[str, JSON]
    """Plain values: no secret marks and nothing unknown. Of a deletion, the inputs of the thing to delete."""
    place: Place
    view: View
    thing: Thing | None = None
    """What exists already, for an update or a deletion."""
    cluster: str = ""
    quotas: Mapping[str, int] = field(default_factory=dict)
    """Limits of this account that differ from AWS's defaults, by the id of the rule that enforces them."""

    @property
    def id(self) -> str:
        """The id of what is changed or deleted; empty at creation."""
        return self.thing.id if self.thing else ""

    def text(self, path: str) -> str:
        """The one value at ``path``, or an empty string."""
        return next(iter(self.texts(path)), "")

    def texts(self, path: str) -> list[str]:
        """Every string at ``path``, lists flattened."""
        return texts_at(self.inputs, path)

    def before(self, path: str) -> str:
        """The value at ``path`` before an update."""
        return next(iter(texts_at(self.thing.inputs, path)), "") if self.thing else ""

    def find(self, token: str, **equal: JSON) -> list[Thing]:
        """Other things of type ``token`` at this place whose inputs have these values."""
        here = self.view.in_place(token, self.place, self.cluster if token.startswith("kubernetes:") else "")
        return [thing for thing in here if not self._is_self(thing) and _has(thing, equal)]

    def find_in_account(self, token: str, **equal: JSON) -> list[Thing]:
        """The same in all regions of the account."""
        everywhere = self.view.in_account(token, self.place.account)
        return [thing for thing in everywhere if not self._is_self(thing) and _has(thing, equal)]

    def lookup(self, token: str, thing_id: str) -> Thing | None:
        """The thing of that type and id in any region of the account, or None."""
        return self.view.find(token, thing_id, self.place.account)

    def allowed(self, rule_id: str, default: int) -> int:
        """How many there may be in this account; ``default`` is AWS's limit for a new one."""
        return self.quotas.get(rule_id, default)

    def _is_self(self, thing: Thing) -> bool:
        return self.thing is not None and (thing.token, thing.id) == (self.thing.token, self.thing.id)


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that the API enforces.

    ``breaks`` returns what is wrong in the API's words, or None if the attempt is allowed.
    """

    id: str
    tokens: tuple[str, ...]
    operations: tuple[Operation, ...]
    code: str
    breaks: Callable[[Attempt], str | None]


class RuleBook:
    """The rules of one service, in the order in which they are checked."""

    def __init__(self) -> None:
        """Begin an empty book."""
        self._rules: list[Rule] = []

    def __iter__(self) -> Iterator[Rule]:
        """Go through the rules in order."""
        return iter(self._rules)

    def rule(
        self, rule_id: str, code: str, tokens: str | tuple[str, ...], *operations: Operation
    ) -> Callable[[Callable[[Attempt], str | None]], Callable[[Attempt], str | None]]:
        """Enter the decorated condition in the book; without ``operations`` it guards creation."""

        def enter(breaks: Callable[[Attempt], str | None]) -> Callable[[Attempt], str | None]:
            types = (tokens,) if isinstance(tokens, str) else tokens
            self._rules.append(Rule(rule_id, types, operations or (Operation.CREATE,), code, breaks))
            return breaks

        return enter

    def add(self, rule: Rule) -> None:
        """Enter a rule that is built from a table."""
        self._rules.append(rule)


class RefusedError(Exception):
    """The simulated API refuses a call."""

    def __init__(self, rule_id: str, code: str, message: str) -> None:
        """Keep the rule's id beside the API's code and message."""
        super().__init__(f"api error {code}: {message}")
        self.rule_id = rule_id
        self.code = code


def texts_at(value: object, path: str) -> list[str]:
    """Every string at the dotted ``path`` of ``value``, lists flattened on the way."""
    found = [value]
    for part in path.split("."):
        found = [one[part] for one in _flat(found) if isinstance(one, dict) and one.get(part) is not None]
    return [str(one) for one in _flat(found) if isinstance(one, (str, int)) and one != ""]


def _flat(values: list[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            yield from _flat(value)
        else:
            yield value


def _has(thing: Thing, equal: dict[str, JSON]) -> bool:
    return all(thing.inputs.get(name) == value for name, value in equal.items())
