"""Judge the inputs of a resource before anything is made of them, whoever described its type."""

from collections.abc import Iterable, Mapping

from simulator import schema
from simulator.custom_resources import DEFINITIONS
from simulator.diff import parse_path
from simulator.manifests import manifest_problems
from simulator.types.helm import RELEASE, release_problems
from simulator.types.kubernetes import is_built_in
from simulator.values import JSON


def input_problems(token: str, inputs: Mapping[str, JSON]) -> list[str]:
    """What the provider or the API server would refuse in ``inputs``, each starting with its property path.

    Custom resources are judged by their models, built-in kinds by the SDK and by the schemas of Kubernetes, everything
    else by the SDK.

    Raises:
        UntaughtError: neither a model nor an installed SDK declares the type.
    """
    definition = DEFINITIONS.get(token)
    if definition is not None:
        return definition.problems(inputs)
    problems = schema.check_inputs(token, inputs)
    if token == RELEASE:
        return problems + release_problems(inputs)
    return problems + manifest_problems(inputs) if is_built_in(token) else problems


def path_problems(token: str, paths: Iterable[str]) -> list[str]:
    """Property paths of ``ignore_changes`` that lead nowhere: the engine would silently ignore nothing.

    Raises:
        UntaughtError: neither a model nor an installed SDK declares the type.
    """
    definition = DEFINITIONS.get(token)
    if definition is None:
        return schema.check_paths(token, paths)
    reasons = [(path, definition.missing_at(parse_path(path))) for path in paths]
    return [f"ignore_changes: {path} leads nowhere: {reason}" for path, reason in reasons if reason]
