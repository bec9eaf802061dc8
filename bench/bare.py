"""The same resources registered without anything around them: what the SDK alone costs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

from simulator.custom_resources import DEFINITIONS
from simulator.graph import Deployment, Graph, Node
from simulator.record import STACK_TYPE
from simulator.schema import resource_class
from simulator.values import JSON, reveal


@dataclass(frozen=True, slots=True)
class Registration:
    """One resource to register: its SDK class, logical name and arguments as a program would pass them."""

    create: Callable[..., pulumi.Resource]
    name: str
    arguments: Mapping[str, JSON]


class EchoMocks(Mocks):
    """The stock mocks of Pulumi's documentation: inputs come back as outputs."""

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, JSON]]:
        """Echo the inputs."""
        return f"{args.name}-id", args.inputs

    def call(self, args: MockCallArgs) -> tuple[dict[str, JSON], None]:
        """Nothing is invoked."""
        raise NotImplementedError(args.token)


def registrations(deployment: Deployment) -> list[Registration]:
    """All resources of a deployment, flat: same types, names and inputs; no parents, options or references."""
    return [_registration(node) for node in Graph(deployment).nodes.values() if node.type != STACK_TYPE]


def register(resources: Sequence[Registration]) -> None:
    """Register everything with the stock mock monitor, the way Pulumi's own unit tests run."""

    @pulumi.runtime.test
    def program() -> None:
        for resource in resources:
            resource.create(resource.name, **resource.arguments)

    pulumi.runtime.set_mocks(EchoMocks(), preview=False)
    program()


def _registration(node: Node) -> Registration:
    if not node.custom:
        return Registration(_component(node.type), node.name, {})
    inputs = {key: reveal(value) for key, value in node.inputs.items() if not key.startswith("__")}
    if node.is_provider:
        return Registration(_custom(node.type), node.name, {"props": inputs})
    arguments = {_snake(key): value for key, value in inputs.items()}
    if node.type in DEFINITIONS:
        return Registration(kubernetes.apiextensions.CustomResource, node.name, arguments)
    return Registration(resource_class(node.type), node.name, arguments)


def _component(token: str) -> Callable[..., pulumi.Resource]:
    return lambda name: pulumi.ComponentResource(token, name)


def _custom(token: str) -> Callable[..., pulumi.Resource]:
    return lambda name, props: pulumi.CustomResource(token, name, props)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
