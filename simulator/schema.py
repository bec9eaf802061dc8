"""The schema of resource types, derived from the installed SDKs: their types are the only list of properties.

The only file that uses private names of the Pulumi SDK; pulumi is pinned exactly.
"""

import enum
import importlib
import importlib.util
import inspect
import json
import sys
import threading
import typing
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from pulumi import Archive, Asset, Output, Resource, _types
from pulumi.runtime import rpc

from simulator.diff import parse_path
from simulator.errors import UntaughtError
from simulator.record import PROVIDER_PREFIX
from simulator.shapes import AnyValue, ListOf, MapOf, Object, OneOf, Scalar, Shape, check
from simulator.values import JSON, is_unknown

# The SDKs import their modules on first use, which is not safe from two threads at once.
_IMPORTS = threading.RLock()

_TEXT = Scalar("a string", lambda value: isinstance(value, str))
_BOOLEAN = Scalar("a boolean", lambda value: isinstance(value, bool))
_NUMBER = Scalar("a number", lambda value: isinstance(value, (int, float)) and not isinstance(value, bool))
_INTEGER = Scalar("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool))
_SCALARS: Mapping[object, Shape] = {str: _TEXT, bool: _BOOLEAN, float: _NUMBER, int: _INTEGER}


def check_inputs(token: str, inputs: Mapping[str, JSON]) -> list[str]:
    """What does not fit the declared inputs of a type: unknown, missing and wrongly typed properties, nested too.

    Each problem starts with the property path. The inputs of a provider travel as JSON text and are decoded first.

    Raises:
        UntaughtError: no installed SDK declares the type.
    """
    with _IMPORTS:
        shape = _input_shape(token)
        value = _decoded(inputs, shape) if token.startswith(PROVIDER_PREFIX) else dict(inputs)
        return list(check(shape, value, ""))


def check_paths(token: str, paths: Iterable[str]) -> list[str]:
    """Property paths of ``ignore_changes`` that lead nowhere: the engine would silently ignore nothing.

    Raises:
        UntaughtError: no installed SDK declares the type.
    """
    with _IMPORTS:
        reasons = [(path, _input_shape(token).at(parse_path(path))) for path in paths]
    return [f"ignore_changes: {path} leads nowhere: {reason}" for path, reason in reasons if reason]


def input_names(token: str) -> frozenset[str]:
    """The names of the inputs that the SDK declares.

    Raises:
        UntaughtError: no installed SDK declares the type.
    """
    return frozenset(_types.input_type_types(_arguments(resource_class(token))))


def computed_outputs(token: str) -> frozenset[str]:
    """The outputs that the SDK declares and that are not inputs: the cloud must supply them.

    Raises:
        UntaughtError: no installed SDK declares the type.
    """
    return frozenset(_types.resource_types(resource_class(token))) - input_names(token) - {"id", "urn"}


def resource_class(token: str) -> type[Resource]:
    """The SDK's class of a type, provider types included.

    Raises:
        UntaughtError: no installed SDK declares it.
    """
    package, module, name = token.split(":", 2)
    if token.startswith(PROVIDER_PREFIX):
        _import_sdk(name)
        packages = (vars(entry) for entry in rpc._RESOURCE_PACKAGES.get(name, []))  # noqa: SLF001
        infos = [entry["pkg_info"] for entry in packages if "pkg_info" in entry]
        location = [(info["fqn"], info["class"]) for info in infos]
    else:
        _import_sdk(package)
        modules = (vars(entry) for entry in rpc._RESOURCE_MODULES.get(f"{package}:{module}", []))  # noqa: SLF001
        infos = [entry["mod_info"] for entry in modules if "mod_info" in entry]
        location = [(info["fqn"], info["classes"][token]) for info in infos if token in info["classes"]]
    if not location:
        raise UntaughtError(f"no installed SDK declares the type {token}")
    fully_qualified, class_name = location[0]
    return typing.cast("type[Resource]", getattr(importlib.import_module(fully_qualified), class_name))


def _import_sdk(package: str) -> None:
    if importlib.util.find_spec(f"pulumi_{package}") is not None:
        importlib.import_module(f"pulumi_{package}")


def _arguments(resource_class: type[Resource]) -> type:
    """The class of a resource's arguments. Where a nested type took the plain name, the SDK says ``InitArgs``."""
    module = sys.modules[resource_class.__module__]
    for suffix in ("InitArgs", "Args"):
        found = getattr(module, f"{resource_class.__name__}{suffix}", None)
        if inspect.isclass(found) and found.__module__ == resource_class.__module__:
            return found
    raise UntaughtError(f"the SDK declares no arguments for {resource_class.__module__}.{resource_class.__name__}")


@cache
def _input_shape(token: str) -> Shape:
    return _object_shape(_arguments(resource_class(token)))


@cache
def _object_shape(arguments: type) -> Shape:
    @cache
    def load() -> tuple[Mapping[str, Shape], frozenset[str]]:
        python_names = _types.input_type_py_to_pulumi_names(arguments)
        properties = {name: _shape(annotation) for name, annotation in _types.input_type_types(arguments).items()}
        signature = inspect.signature(arguments.__init__)
        required = {
            python_names[name]
            for name, parameter in signature.parameters.items()
            if parameter.default is inspect.Parameter.empty and name in python_names
        }
        return properties, frozenset(required)

    return Object(load)


def _shape(annotation: object) -> Shape:
    """The shape of an annotation of the SDK, its ``Input``, ``Output`` and ``Optional`` taken off."""
    if inspect.isclass(annotation):
        return _class_shape(annotation)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (list, Sequence):
        return ListOf(_shape(arguments[0]))
    if origin in (dict, Mapping):
        return MapOf(_shape(arguments[1]))
    if origin is typing.Literal:
        return Scalar(f"one of {', '.join(map(str, arguments))}", lambda value: value in arguments)
    if arguments and (origin is typing.Union or isinstance(annotation, type(int | str))):
        return _union_shape(arguments)
    return AnyValue()


def _class_shape(annotation: type) -> Shape:
    if _types.is_input_type(annotation):
        return _object_shape(annotation)
    if issubclass(annotation, enum.Enum):
        allowed = [member.value for member in annotation]
        return Scalar(f"one of {', '.join(map(str, allowed))}", lambda value: value in allowed)
    return _SCALARS.get(annotation, AnyValue())


def _union_shape(arguments: tuple[object, ...]) -> Shape:
    """Inputs may be given as awaitables, outputs or typed dictionaries: all of them arrive as the plain value."""
    options: list[Shape] = []
    for argument in arguments:
        origin = typing.get_origin(argument)
        is_wrapper = origin is Output or (inspect.isclass(origin) and origin.__name__ == "Awaitable")
        if argument is type(None) or is_wrapper or typing.is_typeddict(argument) or argument in (Asset, Archive):
            continue
        options.append(_shape(argument))
    if any(isinstance(option, Object) for option in options):
        options = [option for option in options if not isinstance(option, MapOf)]
    if not options or any(isinstance(option, AnyValue) for option in options):
        return AnyValue()
    return options[0] if len(options) == 1 else OneOf(tuple(options))


def _decoded(inputs: Mapping[str, JSON], shape: Shape) -> dict[str, JSON]:
    """The inputs of a provider: everything but a string is JSON text, and the engine adds ``version``."""
    declared = shape.load()[0] if isinstance(shape, Object) else {}
    return {
        key: _parse(value)
        if isinstance(value, str) and not is_unknown(value) and declared.get(key) is not _TEXT
        else value
        for key, value in inputs.items()
        if key != "version"
    }


def _parse(text: str) -> JSON:
    try:
        return json.loads(text)
    except ValueError:
        return text
