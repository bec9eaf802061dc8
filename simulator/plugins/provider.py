"""A resource provider in the sense of the Pulumi engine, for one package, backed by the simulated account.

Protocol: pulumi/pulumi, ``proto/pulumi/provider.proto``.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, status_pb2
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from simulator import model
from simulator.diff import diff
from simulator.errors import SimulatorError
from simulator.faults import Scenario
from simulator.inputs import input_problems
from simulator.kubeconfig import ClusterAccess
from simulator.plugins import comparison, effects
from simulator.plugins.cloud import Call, CallError, Cloud, PartialFailureError
from simulator.plugins.engine_log import EngineLog
from simulator.plugins.packages import Reach, reach, version_of
from simulator.record import PROVIDER_PREFIX
from simulator.values import JSON, contains_unknown, from_struct, to_struct
from simulator.world import Thing, World

_NO_ENGINE = EngineLog("")


class SimulatedProvider(ResourceProviderServicer):
    """One provider process: made for a package, told by Configure what it works on."""

    def __init__(
        self, package: str, world: World, scenario: Scenario, speed: float, contexts: Mapping[str, ClusterAccess]
    ) -> None:
        """Serve ``package`` from ``world``.

        Args:
            speed: the real length of a modelled second, in seconds.
            contexts: the API servers that really answer for clusters, by region.
        """
        self._package = package
        self._world = world
        self._log = _NO_ENGINE
        self._cloud = Cloud(world, scenario, speed, contexts, warn=self._warn)
        self._reach: Reach | None = None

    # The names of the methods and their parameters are the protocol's.
    # ruff: noqa: N802, ARG002

    def Handshake(
        self, request: pb.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> pb.ProviderHandshakeResponse:
        """Agree on features; from here on, messages reach the engine."""
        self._log = EngineLog(request.engine_address)
        return pb.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True, accept_outputs=False)

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """The version of the SDK whose plugin this is."""
        return plugin_pb2.PluginInfo(version=version_of(self._package))

    def GetSchema(self, request: pb.GetSchemaRequest, context: grpc.ServicerContext) -> pb.GetSchemaResponse:
        """The least schema that is valid: programs use the installed SDK, never this."""
        schema = {"name": self._package, "version": version_of(self._package)}
        return pb.GetSchemaResponse(schema=json.dumps(schema))

    def CheckConfig(self, request: pb.CheckRequest, context: grpc.ServicerContext) -> pb.CheckResponse:
        """Refuse a configuration that the provider could not work with."""
        config = from_struct(request.news)
        response = pb.CheckResponse(inputs=request.news)
        try:
            if not contains_unknown(config):
                reach(self._package, config, self._world)
        except SimulatorError as error:
            response.failures.append(_failure(str(error)))
        return response

    def DiffConfig(self, request: pb.DiffRequest, context: grpc.ServicerContext) -> pb.DiffResponse:
        """Whether a changed configuration can still manage what the old one made."""
        old = from_struct(request.old_inputs if request.HasField("old_inputs") else request.olds)
        token = f"{PROVIDER_PREFIX}{self._package}"
        return comparison.answer(list(diff(token, old, from_struct(request.news))))

    def Configure(self, request: pb.ConfigureRequest, context: grpc.ServicerContext) -> pb.ConfigureResponse:
        """Learn the region, account or cluster to work on."""
        with _errors_to(context):
            self._reach = reach(self._package, from_struct(request.args), self._world)
        return pb.ConfigureResponse(acceptSecrets=True, acceptResources=True, supportsPreview=True)

    def Check(self, request: pb.CheckRequest, context: grpc.ServicerContext) -> pb.CheckResponse:
        """Refuse unknown, missing and ill-typed inputs; fill in the name that the provider makes."""
        token, inputs = _token(request.urn), from_struct(request.news)
        olds = from_struct(request.olds) if request.HasField("olds") else None
        try:
            problems = input_problems(token, inputs)
            if problems:
                return pb.CheckResponse(failures=[_failure(problem) for problem in problems])
            checked = model.check(token, request.urn, inputs, olds, self._cloud.serial(request.urn))
        except SimulatorError as error:
            return pb.CheckResponse(failures=[_failure(str(error))])
        return pb.CheckResponse(inputs=to_struct(checked))

    def Diff(self, request: pb.DiffRequest, context: grpc.ServicerContext) -> pb.DiffResponse:
        """Compare the inputs of the existing resource with those that the program gives now."""
        with _errors_to(context):
            old, new = from_struct(request.old_inputs), from_struct(request.news)
            return comparison.compare(self._call(request.urn), old, new, from_struct(request.olds))

    def Create(self, request: pb.CreateRequest, context: grpc.ServicerContext) -> pb.CreateResponse:
        """Make a resource, or say what is known of it before it is made."""
        inputs = _without_marks(from_struct(request.properties))
        with _errors_to(context):
            if request.preview:
                return pb.CreateResponse(properties=to_struct(model.preview_outputs(_token(request.urn), inputs)))
            thing = self._cloud.create(self._call(request.urn, request.timeout), inputs)
            return pb.CreateResponse(id=thing.id, properties=to_struct(thing.outputs))

    def Read(self, request: pb.ReadRequest, context: grpc.ServicerContext) -> pb.ReadResponse:
        """What exists now, for a refresh or an import; an empty id says that nothing does."""
        if self._package == "random":
            # It exists in the state alone, where every password has the id "none": what is recorded is what there is.
            return pb.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
        with _errors_to(context):
            thing = self._cloud.read(self._call(request.urn, request.timeout), request.id)
        if thing is None:
            return pb.ReadResponse()
        thing = effects.as_read(thing, from_struct(request.properties))
        marks = {name: value for name, value in from_struct(request.inputs).items() if name.startswith("__")}
        inputs = to_struct({**thing.inputs, **marks})
        return pb.ReadResponse(id=thing.id, properties=to_struct(thing.outputs), inputs=inputs)

    def Update(self, request: pb.UpdateRequest, context: grpc.ServicerContext) -> pb.UpdateResponse:
        """Change a resource in place, or say what is known of the change before it is made."""
        inputs = _without_marks(from_struct(request.news))
        if request.preview:
            return pb.UpdateResponse(properties=to_struct({**from_struct(request.olds), **inputs}))
        with _errors_to(context):
            thing = self._cloud.update(self._call(request.urn, request.timeout), request.id, inputs)
            return pb.UpdateResponse(properties=to_struct(thing.outputs))

    def Delete(self, request: pb.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Delete a resource."""
        with _errors_to(context):
            self._cloud.delete(self._call(request.urn, request.timeout), request.id)
        return empty_pb2.Empty()

    def Invoke(self, request: pb.InvokeRequest, context: grpc.ServicerContext) -> pb.InvokeResponse:
        """Refuse every function: this project's programs take what they need from configuration and outputs."""
        context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"the simulator knows no function {request.tok}: prefer configuration or a resource's output, "
            "or teach it in simulator/plugins/provider.py (Invoke) and simulator/monitor.py",
        )

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Cut every wait short; what was begun is reported as begun."""
        self._cloud.cancel()
        return empty_pb2.Empty()

    def _warn(self, urn: str, message: str) -> None:
        self._log.warn(urn, message)

    def _call(self, urn: str, timeout_seconds: float = 0) -> Call:
        if self._reach is None:
            raise CallError(f"the {self._package} provider is not configured")
        token = _token(urn)
        return Call(
            *(token, urn, self._reach.place, self._reach.cluster, self._reach.default_tags),
            timeout_seconds=timeout_seconds,
        )


@contextmanager
def _errors_to(context: grpc.ServicerContext) -> Iterator[None]:
    """Turn what the simulated cloud raises into the answers that the engine understands."""
    try:
        yield
    except PartialFailureError as failure:
        _answer_partial(context, failure)
    except (CallError, SimulatorError) as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))


def _answer_partial(context: grpc.ServicerContext, failure: PartialFailureError) -> NoReturn:
    """Report a resource that exists but is not ready, so that the engine keeps it in its state."""
    thing: Thing = failure.thing
    detail = pb.ErrorResourceInitFailed(
        id=thing.id, properties=to_struct(thing.outputs), inputs=to_struct(thing.inputs), reasons=[failure.reason]
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=failure.reason)
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, failure.reason)


def _token(urn: str) -> str:
    return urn.split("::", 3)[2].rsplit("$", 1)[-1]


def _without_marks(inputs: Mapping[str, JSON]) -> dict[str, JSON]:
    """``inputs`` without what providers write for themselves (``__defaults``)."""
    return {name: value for name, value in inputs.items() if not name.startswith("__")}


def _failure(problem: str) -> pb.CheckFailure:
    path, separator, reason = problem.partition(": ")
    if separator and " " not in path:
        return pb.CheckFailure(property=path, reason=reason)
    return pb.CheckFailure(reason=problem)
