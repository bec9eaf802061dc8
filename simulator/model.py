"""What the simulated cloud does with one resource: check its inputs, create it, preview it.

Stateless: the same request gives the same answer in every process. Both the in-process monitor and the provider
plugins answer from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from simulator.errors import CheckError
from simulator.types import MODELS, model
from simulator.types.base import Autoname, Place, Request, ResourceModel, logical_name, stable_hex
from simulator.values import JSON, UNKNOWN, at, is_secret, reveal, secret

__all__ = [
    "MODELS",
    "Autoname",
    "Place",
    "Request",
    "ResourceModel",
    "adopts",
    "check",
    "create",
    "model",
    "preview_outputs",
    "read",
    "reveal_properties",
]

_SOMEWHERE = Place(account="000000000000", region="us-east-1")


def check(
    token: str,
    urn: str,
    inputs: Mapping[str, JSON],
    old_inputs: Mapping[str, JSON] | None = None,
    serial: int = 0,
) -> dict[str, JSON]:
    """Complete ``inputs`` with the name that the provider makes where the program gives none.

    Args:
        old_inputs: the checked inputs of the existing resource: it keeps the name that was made for it.
        serial: how many resources of this URN were created before.

    Raises:
        UntaughtError: unknown resource type.
        CheckError: the made name would be longer than the service allows.
    """
    checked = dict(inputs)
    autoname = model(token).autoname
    if autoname is None:
        return checked
    if at(checked, autoname.property) is not None or any(name in checked for name in autoname.unless):
        return checked
    old_name = at(old_inputs or {}, autoname.property)
    _set(checked, autoname.property.split("."), _made_name(autoname, urn, serial) if old_name is None else old_name)
    _set(checked, *_witness(autoname))
    return checked


def create(request: Request) -> tuple[str, dict[str, JSON]]:
    """Create a resource: its physical id and all its outputs.

    Inputs that are secret stay marked in the outputs.

    Raises:
        UntaughtError: unknown resource type.
    """
    revealed = replace(request, inputs=reveal_properties(request.inputs))
    resource_id = model(request.token).identify(revealed)
    return resource_id, read(request, resource_id)


def read(request: Request, resource_id: str) -> dict[str, JSON]:
    """The outputs of an existing resource of which the id is known.

    Raises:
        UntaughtError: unknown resource type.
    """
    kind = model(request.token)
    revealed = replace(request, inputs=reveal_properties(request.inputs))
    answered = {**kind.defaults, **kind.compute(revealed, resource_id), **_id_output(request.token, resource_id)}
    return _outputs(kind, request.inputs, answered)


def adopts(token: str) -> bool:
    """Whether a type takes over something that another resource made, and with it that one's id."""
    found = MODELS.get(token)
    return found is not None and found.adopts


def preview_outputs(token: str, inputs: Mapping[str, JSON]) -> dict[str, JSON]:
    """What a provider knows before creation: inputs echoed, everything else unknown (nested too).

    Raises:
        UntaughtError: unknown resource type.
    """
    kind = model(token)
    request = Request(token, f"urn:pulumi:preview::preview::{token}::preview", reveal_properties(inputs), _SOMEWHERE)
    computed = {**kind.defaults, **kind.compute(request, UNKNOWN), **_id_output(token, UNKNOWN)}
    hidden = {key: _unknown_unless_given(value, request.inputs.get(key)) for key, value in computed.items()}
    return _outputs(kind, inputs, hidden)


def reveal_properties(properties: Mapping[str, JSON]) -> dict[str, JSON]:
    """``properties`` without secret marks at any depth."""
    return {key: reveal(value) for key, value in properties.items()}


def _id_output(token: str, resource_id: str) -> dict[str, JSON]:
    """Bridged providers repeat the id among the outputs; the Kubernetes provider and providers themselves do not."""
    return {"id": resource_id} if token.startswith(("aws:", "random:")) else {}


def _outputs(kind: ResourceModel, inputs: Mapping[str, JSON], answered: Mapping[str, JSON]) -> dict[str, JSON]:
    """Lay what the cloud answers over the echoed inputs; defaults yield to inputs, computed values do not."""
    outputs: dict[str, JSON] = {
        **answered,
        **{key: value for key, value in inputs.items() if not key.startswith("__")},
    }
    for key in answered.keys() & inputs.keys() - kind.defaults.keys():
        outputs[key] = secret(answered[key]) if is_secret(inputs[key]) else answered[key]
    outputs.update({key: secret(outputs[key]) for key in kind.secret_outputs if key in outputs})
    return outputs


def _unknown_unless_given(computed: JSON, given: JSON) -> JSON:
    """Keep what the program itself gave, hide what the cloud adds."""
    if computed == given:
        return given
    if isinstance(computed, Mapping) and isinstance(given, Mapping):
        return {key: _unknown_unless_given(value, given.get(key)) for key, value in computed.items()}
    return UNKNOWN


def _made_name(autoname: Autoname, urn: str, serial: int) -> str:
    logical = logical_name(urn)
    prefix = "" if logical.startswith(autoname.prefix) else autoname.prefix
    name = f"{prefix}{logical}-{stable_hex(autoname.hex_digits, urn, str(serial), 'autoname')}"
    if len(name) > autoname.max_length:
        raise CheckError(
            f"{autoname.property}: the made name {name!r} has {len(name)} characters, the service allows "
            f"{autoname.max_length}: shorten the logical name or give {autoname.property}"
        )
    return name


def _witness(autoname: Autoname) -> tuple[Sequence[str], JSON]:
    """Where and how a provider notes that it made a name: bridged providers and the Kubernetes provider differ."""
    if autoname.property == "metadata.name":
        return ("metadata", "annotations", "pulumi.com/autonamed"), "true"
    return ("__defaults",), [autoname.property]


def _set(properties: dict[str, JSON], path: Sequence[str], value: JSON) -> None:
    """Set a nested value without touching the objects that the caller still holds."""
    key, *rest = path
    if not rest:
        properties[key] = value
        return
    inner = properties.get(key)
    copy = dict(inner) if isinstance(inner, Mapping) else {}
    _set(copy, rest, value)
    properties[key] = copy
