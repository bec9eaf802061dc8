"""Property values as plain JSON data with the markers that the Pulumi engine uses on its wire.

The simulator passes ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None`` and nothing else. What JSON
cannot say (a value is secret, a value is not known yet) is said by the engine's own markers, so that a value needs no
translation between the program, the model and a deployment file.
Source of the signatures: pulumi/pulumi, ``sdk/go/common/resource/properties.go``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from google.protobuf import struct_pb2

from simulator.errors import UnsupportedValueError

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a public type tag, not a credential)
RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7"

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands for a value that only a real ``up`` can know."""

CIPHERTEXT = "v1:c2ltdWxhdGVk:c2ltdWxhdGVk"
"""What every secret of a simulated deployment is written as: files of two runs must not differ by encryption."""


def secret(value: JSON) -> dict[str, JSON]:
    """Mark ``value`` as secret; marking twice changes nothing."""
    if isinstance(value, dict) and is_secret(value):
        return value
    return {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value}


def is_secret(value: object) -> bool:
    """Whether ``value`` itself is a secret, in flight or sealed (secrets nested inside do not count)."""
    return isinstance(value, dict) and value.get(SIGNATURE_KEY) == SECRET_SIGNATURE


def is_unknown(value: object) -> bool:
    """Whether ``value`` itself is unknown; a secret of unknown content is unknown too."""
    if isinstance(value, dict) and is_secret(value):
        return value.get("value") == UNKNOWN
    return value == UNKNOWN


def contains_unknown(value: object) -> bool:
    """Whether ``value`` is unknown or holds something unknown at any depth."""
    if isinstance(value, str):
        return value == UNKNOWN
    if isinstance(value, dict):
        return any(contains_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(contains_unknown(item) for item in value)
    return False


def contains_secret(value: object) -> bool:
    """Whether ``value`` is secret or holds a secret at any depth."""
    if isinstance(value, dict):
        return is_secret(value) or any(contains_secret(item) for item in value.values())
    return isinstance(value, list) and any(contains_secret(item) for item in value)


def contains_sealed(value: object) -> bool:
    """Whether ``value`` holds, at any depth, a secret whose content is not known."""
    if isinstance(value, dict):
        return (is_secret(value) and is_unknown(value)) or any(contains_sealed(item) for item in value.values())
    return isinstance(value, list) and any(contains_sealed(item) for item in value)


def reveal(value: JSON) -> JSON:
    """Copy ``value`` without secret marks, as a provider reads it. What is sealed cannot be read: it is unknown."""
    if isinstance(value, dict):
        if is_secret(value):
            return reveal(value["value"]) if "value" in value else UNKNOWN
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def seal(value: JSON) -> JSON:
    """Copy ``value`` with every secret replaced by its envelope in a deployment file, which holds no plaintext.

    Keys are sorted: the wire gives them in another order in every process, files of two runs must be identical.
    """
    if isinstance(value, dict):
        if is_secret(value):
            return {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": CIPHERTEXT}
        return {key: seal(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [seal(item) for item in value]
    return value


def unseal(value: JSON) -> JSON:
    """Copy ``value`` of a deployment file into flight: a sealed secret is a secret of unknown content."""
    if isinstance(value, dict):
        if is_secret(value):
            return value if "value" in value else secret(UNKNOWN)
        return {key: unseal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unseal(item) for item in value]
    return value


def at(properties: Mapping[str, JSON], path: str) -> JSON:
    """The value at a dotted path of objects, None where there is none."""
    value: JSON = properties
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def texts(value: JSON, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string in ``value`` with its property path; of a secret its content if there is one, never its marker."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict) and is_secret(value):
        yield from texts(value.get("value"), path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}[{index}]")


def from_struct(struct: struct_pb2.Struct) -> dict[str, JSON]:
    """Read a property map from the wire.

    Whole numbers become ``int``. A resource reference becomes what a provider sees: the id of a custom resource, the
    URN of a component.

    Raises:
        UnsupportedValueError: the map holds an asset or an archive, which no taught resource type takes.
    """
    return {key: _from_value(value) for key, value in struct.fields.items()}


def to_struct(properties: Mapping[str, JSON]) -> struct_pb2.Struct:
    """Write a property map to the wire."""
    struct = struct_pb2.Struct()
    add_to_struct(struct, properties)
    return struct


def add_to_struct(struct: struct_pb2.Struct, properties: Mapping[str, JSON]) -> None:
    """Set ``properties`` in ``struct``, replacing those of the same name."""
    fields = struct.fields
    for key, value in properties.items():
        _set_value(fields[key], value)


def _from_value(value: struct_pb2.Value) -> JSON:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "struct_value":
        return _from_object(value.struct_value)
    if kind == "list_value":
        return [_from_value(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return value.bool_value if kind == "bool_value" else None


def _from_object(struct: struct_pb2.Struct) -> JSON:
    value = {key: _from_value(item) for key, item in struct.fields.items()}
    signature = value.get(SIGNATURE_KEY)
    if signature is None or signature == SECRET_SIGNATURE:
        return value
    if signature == RESOURCE_SIGNATURE:
        return value["id"] if "id" in value else value["urn"]
    if signature == OUTPUT_SIGNATURE:
        content = value.get("value", UNKNOWN)
        return secret(content) if value.get("secret") else content
    kind = {ASSET_SIGNATURE: "an asset", ARCHIVE_SIGNATURE: "an archive"}.get(str(signature), f"signature {signature}")
    raise UnsupportedValueError(f"the simulator cannot read {kind}: no taught resource type takes one")


def _set_value(target: struct_pb2.Value, value: JSON) -> None:
    # bool before int: Python counts True as a number.
    if isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, Mapping):
        target.struct_value.Clear()
        target.struct_value.SetInParent()
        add_to_struct(target.struct_value, value)
    elif value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, (int, float)):
        target.number_value = value
    else:
        target.list_value.Clear()
        target.list_value.SetInParent()
        for item in value:
            _set_value(target.list_value.values.add(), item)
