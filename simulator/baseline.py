"""The recorded state of a stack, from which a run takes ids and outputs of what already exists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from simulator.diff import diff, parse_path
from simulator.graph import states
from simulator.model import Request, check, create, preview_outputs
from simulator.record import PROVIDER_PREFIX
from simulator.values import JSON, contains_sealed, contains_secret, secret, unseal


@dataclass(frozen=True, slots=True)
class Existing:
    """One resource of the recorded state, its secrets of unknown content."""

    type: str
    id: str
    provider: str
    """URN of the provider that made it; empty for providers."""
    inputs: Mapping[str, JSON]
    outputs: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a registration that decide what the engine answers."""

    ignore_changes: Sequence[str] = ()
    replace_on_changes: Sequence[str] = ()
    additional_secret_outputs: Sequence[str] = ()
    providers: Sequence[str] = ()
    """URNs of the provider, its own and then its aliases; of another one's resource the engine makes a new one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine would answer: id (empty if unknown), checked inputs, outputs."""

    id: str
    inputs: Mapping[str, JSON]
    outputs: Mapping[str, JSON]


class Baseline:
    """The custom resources of a deployment in the form of ``pulumi stack export``, by URN."""

    def __init__(self, deployment: Mapping[str, JSON] | None = None) -> None:
        """Read ``deployment``; an empty one if None.

        Raises:
            DeploymentFormatError: it is not in that form.
        """
        recorded = states(deployment) if deployment else ()
        self._by_urn = {str(state["urn"]): state for state in recorded if state.get("custom")}

    def find(self, urns: Iterable[str]) -> Existing | None:
        """The first of ``urns``, a resource's own and then its aliases, that exists."""
        state = next((self._by_urn[urn] for urn in urns if urn in self._by_urn), None)
        if state is None:
            return None
        return Existing(
            type=str(state.get("type")),
            id=str(state.get("id") or ""),
            provider=str(state.get("provider") or "").rpartition("::")[0],
            inputs=_properties(state, "inputs"),
            outputs=_properties(state, "outputs"),
        )


def settle(request: Request, existing: Existing | None, options: Options, *, preview: bool) -> Answer:
    """Create, keep, update or replace the resource of ``request``.

    What a replaced resource will answer is unknown, in a preview and in an ``up`` alike: the recorded answers are no
    longer true and made-up ones would look like facts in a comparison.

    Raises:
        UntaughtError: unknown resource type.
        CheckError: the provider would refuse the inputs.
    """
    answer = _settle(request, existing, options, preview=preview)
    names = [name for name in options.additional_secret_outputs if name in answer.outputs]
    return replace(answer, outputs={**answer.outputs, **{name: secret(answer.outputs[name]) for name in names}})


def _settle(request: Request, existing: Existing | None, options: Options, *, preview: bool) -> Answer:
    token = request.token
    if existing is None:
        checked = check(token, request.urn, request.inputs, serial=request.serial)
        if preview:
            return Answer("", checked, preview_outputs(token, checked))
        resource_id, outputs = create(replace(request, inputs=checked))
        return Answer(resource_id, checked, outputs)
    checked = check(token, request.urn, request.inputs, existing.inputs)
    for path in options.ignore_changes:
        _keep(checked, existing.inputs, parse_path(path))
    changes = diff(token, existing.inputs, checked, replace_on_changes=options.replace_on_changes)
    exchanged = bool(options.providers) and existing.provider not in options.providers
    if (exchanged or any(change.replaces for change in changes)) and not token.startswith(PROVIDER_PREFIX):
        checked = check(token, request.urn, request.inputs, serial=request.serial + 1)
        return Answer("", checked, preview_outputs(token, checked))
    recorded = _with_readable_secrets(existing.outputs, replace(request, inputs=checked))
    if not changes:
        return Answer(existing.id, checked, recorded)
    changed = {parse_path(change.path)[0] for change in changes}
    return Answer(existing.id, checked, _overlaid(recorded, checked, changed))


def _with_readable_secrets(recorded: Mapping[str, JSON], request: Request) -> Mapping[str, JSON]:
    """Fill sealed outputs with what the model would answer.

    The program may compute with a secret, so it needs one of the right form; how it reads is never compared.
    """
    sealed = [key for key, value in recorded.items() if contains_sealed(value)]
    if not sealed:
        return recorded
    modelled = create(request)[1]
    return {**recorded, **{key: modelled[key] for key in sealed if contains_secret(modelled.get(key))}}


def _overlaid(outputs: Mapping[str, JSON], inputs: Mapping[str, JSON], changed: set[str | int]) -> Mapping[str, JSON]:
    """The recorded outputs after an update in place: the changed inputs echoed, the rest as it was."""
    return {
        **outputs,
        **{key: _merged(outputs.get(key), value) for key, value in inputs.items() if key in changed},
    }


def _merged(recorded: JSON, given: JSON) -> JSON:
    """Keep the nested values that the cloud added beside those that the program gives."""
    if isinstance(recorded, Mapping) and isinstance(given, Mapping):
        return {**recorded, **given}
    return given


def _keep(inputs: dict[str, JSON], old: Mapping[str, JSON], path: tuple[str | int, ...]) -> None:
    """Set the ignored ``path`` back to its recorded value, as the engine does before it asks the provider."""
    key, *rest = path
    name = str(key)
    recorded = old.get(name)
    if not rest:
        if name in old:
            inputs[name] = recorded
        else:
            inputs.pop(name, None)
        return
    given = inputs.get(name)
    if isinstance(given, Mapping) and isinstance(recorded, Mapping):
        copy = dict(given)
        _keep(copy, recorded, tuple(rest))
        inputs[name] = copy


def _properties(state: Mapping[str, JSON], key: str) -> Mapping[str, JSON]:
    value = unseal(state.get(key))
    return value if isinstance(value, Mapping) else {}
