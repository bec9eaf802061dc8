"""PromQL as far as this project writes it: what an expression selects, and whether it can be read at all.

A parser of the grammar in Prometheus' documentation ("Querying basics", "Operators", "Functions"), without types: that
a sum gets a vector is for promtool to say, which tests/contract/test_promtool.py asks where it is installed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

AGGREGATIONS = {"avg", "bottomk", "count", "count_values", "group", "max", "min", "quantile", "stddev", "sum", "topk"}
FUNCTIONS = {
    *("absent", "absent_over_time", "changes", "clamp_min", "count_over_time", "delta", "deriv", "histogram_quantile"),
    *("increase", "irate", "label_join", "label_replace", "max_over_time", "min_over_time", "rate", "scalar", "time"),
    "vector",
}
BINARY = ("or", "and", "unless", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "^")
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<duration>(?:\d+(?:ms|[smhdwy]))+|\$__\w+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<name>[A-Za-z_:][A-Za-z0-9_:]*)
    | (?P<sign>=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}\[\],:])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Selector:
    """A metric that an expression reads: with which matchers, over which range, directly inside which function."""

    metric: str
    matchers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    window: str = ""
    function: str = ""


def selectors(expression: str) -> list[Selector]:
    """Every selector of an expression; `ValueError` says where it cannot be read."""
    parser = _Parser(expression)
    found = list(parser.expression(""))
    parser.end()
    return found


def metrics(expression: str) -> set[str]:
    """Names of the metrics that an expression reads."""
    return {selector.metric for selector in selectors(expression)}


class _Parser:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def end(self) -> None:
        if self._text[self._at :].strip():
            raise self._error("something after the end")

    def expression(self, function: str) -> Iterator[Selector]:
        yield from self._operand(function)
        while self._take(*BINARY):
            self._take("bool")
            for keyword in ("on", "ignoring"):
                if self._take(keyword):
                    self._labels()
            if self._take("group_left", "group_right"):
                self._labels(optional=True)
            yield from self._operand(function)

    def _operand(self, function: str) -> Iterator[Selector]:
        self._take("-", "+")
        if self._take("("):
            yield from self.expression(function)
            self._need(")")
        elif not self._kind("number"):
            yield from self._named(function)

    def _named(self, function: str) -> Iterator[Selector]:
        name = self._kind("name")
        if name is None:
            raise self._error("an operand is missing")
        if name in AGGREGATIONS:
            grouped = self._grouping()
            yield from self._arguments(name)
            if not grouped:
                self._grouping()
        elif self._peek() == "(":
            if name not in FUNCTIONS:
                raise self._error(f"unknown function {name}")
            yield from self._arguments(name)
        else:
            yield self._selector(name, function)

    def _selector(self, metric: str, function: str) -> Selector:
        matchers: dict[str, tuple[str, str]] = {}
        if self._take("{"):
            while not self._take("}"):
                label, operator = self._kind("name"), self._take("=~", "!~", "!=", "=")
                value = self._kind("string")
                if not (label and operator and value):
                    raise self._error("a matcher is label, operator and string")
                matchers[label] = (operator, value[1:-1])
                self._take(",")
        window = ""
        if self._take("["):
            window = self._kind("duration") or ""
            self._need("]")
            if not window:
                raise self._error("a range needs a duration")
        if self._take("offset") and not self._kind("duration"):
            raise self._error("offset needs a duration")
        return Selector(metric=metric, matchers=matchers, window=window, function=function)

    def _arguments(self, function: str) -> Iterator[Selector]:
        self._need("(")
        while not self._take(")"):
            if not self._kind("string"):
                yield from self.expression(function)
            if self._peek() != ")":
                self._need(",")

    def _grouping(self) -> bool:
        if self._take("by", "without"):
            self._labels()
            return True
        return False

    def _labels(self, *, optional: bool = False) -> None:
        if optional and self._peek() != "(":
            return
        self._need("(")
        while not self._take(")"):
            if not self._kind("name"):
                raise self._error("a label is missing")
            self._take(",")

    def _peek(self) -> str:
        found = _TOKEN.match(self._text, self._at)
        return found.group().strip() if found else ""

    def _take(self, *wanted: str) -> str | None:
        token = self._peek()
        return self._advance() if token in wanted else None

    def _kind(self, kind: str) -> str | None:
        found = _TOKEN.match(self._text, self._at)
        return self._advance() if found and found.lastgroup == kind else None

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise self._error(f"{token} is missing")

    def _advance(self) -> str:
        found = _TOKEN.match(self._text, self._at)
        assert found
        self._at = found.end()
        return found.group().strip()

    def _error(self, problem: str) -> ValueError:
        return ValueError(f"{problem} at {self._at} of {self._text!r}")
