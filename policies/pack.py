"""The rules as policies of a Pulumi policy pack: one stack policy per rule.

The engine hands a stack policy the outputs of each resource, with secrets unwrapped, and without ``retainOnDelete``.
In a preview each output that AWS could fill in is unknown, also where the program left the input out on purpose. So one
more policy, which reports nothing, remembers the inputs that the engine shows before each step, and rules read those.

Rules that remain blind are not part of the pack; they are listed in its description and decided by ``ops preview`` and
the tests. A value that is unknown during a preview leaves a rule undecided, which is reported as advice: the update's
own run of the pack decides it.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import date
from typing import TypeAlias

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError
from rules import ALL_RULES, FLEET_RULES, Graph, Resource, Rule, Undecided, evaluate
from rules.values import UNKNOWN, Json

NAME = "teranode-infra"
UNDECIDED_POLICY = "undecided"
INPUTS_POLICY = "inputs"

Inputs: TypeAlias = MutableMapping[str, Mapping[str, Json]]
"""What the program asked for, by URN."""


def hidden_rules() -> Mapping[str, str]:
    """Ids of the rules that a pack cannot decide, with the reason."""
    hidden = {rule.id: rule.hidden_from_pack for rule in ALL_RULES if rule.hidden_from_pack}
    hidden |= {rule.id: "needs all stacks side by side" for rule in FLEET_RULES}
    return {**hidden, "R5": "needs the state before the update"}


def description() -> str:
    """What the pack covers, and by name what it does not."""
    hidden = ", ".join(f"{rule} ({reason})" for rule, reason in hidden_rules().items())
    return f"Rules of teranode-infra. Not decided here but by `ops preview`: {hidden}."


def policies(today: Callable[[], date]) -> list[Policy]:
    """One mandatory policy per rule that a pack can decide, and one that advises of what stayed undecided.

    :param today: the day on which waivers are judged, asked at each run.
    """
    visible = [rule for rule in ALL_RULES if not rule.hidden_from_pack]
    inputs: Inputs = {}
    graphs = Graphs(inputs)
    return [
        _inputs_policy(inputs),
        *(_policy(turn, rule, today, graphs) for turn, rule in enumerate(visible)),
        _undecided_policy(len(visible), visible, today, graphs),
    ]


class Graphs(threading.local):
    """The graph of the stack that is being analyzed, read once for all policies.

    The SDK asks every stack policy in turn within one call, in one thread, and makes all resources anew for each. A
    policy whose turn is not after that of the one before belongs to another call, which has another stack.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._graph = Graph(())
        self._turn = -1

    def of(self, turn: int, resources: Sequence[PolicyResource]) -> Graph:
        """The graph of ``resources``, for the policy whose turn it is."""
        if self._turn < 0 or turn <= self._turn:
            self._graph = graph_of(resources, self._inputs)
        self._turn = turn
        return self._graph


def _inputs_policy(inputs: Inputs) -> Policy:
    def remember(args: ResourceValidationArgs, _report_violation: ReportViolation) -> None:
        inputs[args.urn] = {key: _read(args.props, key) for key in args.props}

    return ResourceValidationPolicy(
        name=INPUTS_POLICY,
        description="Remembers what the program asked for, for the other policies; reports nothing",
        validate=remember,
        enforcement_level=EnforcementLevel.ADVISORY,
    )


def _policy(turn: int, rule: Rule, today: Callable[[], date], graphs: Graphs) -> Policy:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        report = evaluate(graphs.of(turn, args.resources), today=today(), rules=[rule])
        for finding in report.findings:
            if finding.rule == rule.id:
                where = f"{finding.path}: " if finding.path else ""
                report_violation(f"{where}{finding.message}. {finding.remedy}", finding.urn)

    return StackValidationPolicy(
        name=rule.id.lower(),
        description=f"{rule.id}: {rule.title}. {rule.reason} ({rule.source})",
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
        severity=Severity.CRITICAL if rule.guards_data else Severity.HIGH,
        remediation_steps=rule.remedy,
    )


def _undecided_policy(turn: int, rules: Sequence[Rule], today: Callable[[], date], graphs: Graphs) -> Policy:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        report = evaluate(graphs.of(turn, args.resources), today=today(), rules=rules)
        for item in _first_of_each(report.undecided):
            report_violation(f"{item.rule} is not decided: {item.path} is {item.cause}", item.urn)
        for waived in report.waived:
            text = f"{waived.finding.rule} is waived until {waived.waiver.until}: {waived.waiver.reason}"
            report_violation(text, waived.finding.urn)
        for finding in report.findings:
            if finding.rule not in {rule.id for rule in rules}:
                report_violation(f"{finding.message}. {finding.remedy}", None)

    return StackValidationPolicy(
        name=UNDECIDED_POLICY,
        description="What the rules could not decide in this run, and what is waived",
        validate=validate,
        enforcement_level=EnforcementLevel.ADVISORY,
    )


def _first_of_each(undecided: Iterable[Undecided]) -> Iterable[Undecided]:
    """One line per rule and resource: a preview of a new stack would drown in them otherwise."""
    return {(item.rule, item.urn): item for item in undecided}.values()


def graph_of(resources: Iterable[PolicyResource], inputs: Mapping[str, Mapping[str, Json]]) -> Graph:
    """The engine's resources as the graph that rules read; outputs stand in where no inputs were shown."""
    return Graph(_resource(resource, inputs.get(resource.urn)) for resource in resources)


def _resource(resource: PolicyResource, inputs: Mapping[str, Json] | None) -> Resource:
    outputs = {key: _read(resource.props, key) for key in resource.props}
    return Resource(
        urn=resource.urn,
        type=resource.resource_type,
        custom=_is_custom(resource.resource_type),
        id=_text(outputs.get("id")),
        parent=resource.parent.urn if resource.parent else "",
        provider=resource.provider.urn if resource.provider else "",
        properties=outputs if inputs is None else inputs,
        outputs=outputs,
        protect=resource.opts.protect,
        retain_on_delete=None,
        dependencies=tuple(dependency.urn for dependency in resource.dependencies),
        property_dependencies={
            key: tuple(dependency.urn for dependency in dependencies)
            for key, dependencies in resource.property_dependencies.items()
        },
        ignore_changes=tuple(resource.opts.ignore_changes),
    )


def _is_custom(token: str) -> bool:
    return token.startswith(("aws:", "kubernetes:", "random:", "pulumi:providers:"))


def _read(container: Mapping[str, object] | Sequence[object], key: str | int) -> Json:
    # The engine's proxies raise when an unknown value is touched; rules want to see that it is there.
    try:
        value = container[key]  # type: ignore[index]
    except UnknownValueError:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {name: _read(value, name) for name in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_read(value, index) for index in range(len(value))]
    return value if value is None or isinstance(value, bool | int | float | str) else str(type(value).__name__)


def _text(value: Json) -> str:
    return value if isinstance(value, str) and value != UNKNOWN else ""
