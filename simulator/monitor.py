"""The resource monitor of an in-process run: answers the SDK's calls from the model of the cloud and records them.

The SDK calls a monitor from a pool of threads, so everything that is shared is written under one lock. A mistake of
the program is noted and answered with unknown values, so that one run reports every mistake it can reach.
"""

import threading
from collections.abc import Iterable, Mapping

from google.protobuf import empty_pb2
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import resource_pb2

from simulator.baseline import Answer, Baseline, Options, settle
from simulator.errors import CheckError, SimulatorError, UntaughtError
from simulator.inputs import input_problems, path_problems
from simulator.inspection import REGIONAL_ID, region_problems, text_problems
from simulator.model import Request, adopts, read, reveal_properties
from simulator.providers import NOWHERE, ProviderPlace, provider_place
from simulator.record import PROVIDER_PREFIX, STACK_TYPE, CustomTimeouts, RecordedResource
from simulator.urns import former_urns, make_urn
from simulator.values import JSON, add_to_struct, contains_sealed, from_struct, texts


class _NoMocks(Mocks):
    """The base class wants mocks; every call that would reach them is overridden here."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        raise UntaughtError(f"no model of the function {args.token}")

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        raise UntaughtError(f"no model of the resource type {args.typ}")


class SimulatedMonitor(MockMonitor):
    """Answers and records the registrations of one run.

    Attributes:
        problems: every mistake found, each with the URN it is about.
    """

    def __init__(self, project: str, stack: str, *, preview: bool, baseline: Baseline) -> None:
        super().__init__(_NoMocks())
        self.problems: list[str] = []
        self._project = project
        self._stack = stack
        self._preview = preview
        self._baseline = baseline
        self._lock = threading.Lock()
        self._recorded: dict[str, RecordedResource] = {}
        self._registered_outputs: dict[str, dict[str, JSON]] = {}
        self._providers: dict[str, ProviderPlace] = {}
        self._region_by_id: dict[str, str] = {}
        self._outputs_by_id: dict[str, Mapping[str, JSON]] = {}

    def recorded(self) -> dict[str, RecordedResource]:
        """Every resource by URN, the outputs of components as they registered them last."""
        return dict(self._recorded)

    def registered_outputs(self, urn: str) -> Mapping[str, JSON]:
        """What a component or the stack registered as its outputs."""
        return self._registered_outputs.get(urn, {})

    # The names below are the service's, as the SDK calls them.

    def RegisterResource(  # noqa: N802
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Answer one ``pulumi.Resource`` of the program."""
        urn = make_urn(self._stack, self._project, request.parent, request.type, request.name)
        if not request.custom:
            self._record(urn, request, Answer("", from_struct(request.object), {}))
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        inputs = from_struct(request.object)
        where = self._place(urn, request.type, request.provider, request.parent, inputs)
        self._inspect(urn, request.type, inputs, where, request.ignoreChanges)
        answer = self._settle(urn, request, inputs, where)
        if answer is None:
            self._record(urn, request, Answer("", inputs, {}))
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object, unknown=True)
        self._record(urn, request, answer, where)
        response = resource_pb2.RegisterResourceResponse(urn=urn, id=answer.id, object=request.object)
        # Outside of a preview the SDK reads a secret of unknown content as a secret None: leave it out instead.
        sealed = [key for key, value in answer.outputs.items() if not self._preview and contains_sealed(value)]
        changed = {
            key: value
            for key, value in answer.outputs.items()
            if inputs.get(key) is not value and key not in sealed  # the inputs are in the answer already
        }
        add_to_struct(response.object, changed)
        # What is missing is None to the SDK, unless the answer as a whole is called unknown.
        response.unknown = not answer.id or bool(sealed)
        return response

    def ReadResource(  # noqa: N802
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Answer one ``Resource.get`` of the program."""
        urn = make_urn(self._stack, self._project, request.parent, request.type, request.name)
        state = from_struct(request.properties)
        where = self._place(urn, request.type, request.provider, request.parent, state)
        try:
            outputs = read(Request(request.type, urn, state, where.place, default_tags=where.default_tags), request.id)
        except SimulatorError as error:
            self._note(urn, str(error))
            outputs = state
        resource = RecordedResource(
            urn=urn,
            type=request.type,
            name=request.name,
            custom=True,
            id=request.id,
            parent=request.parent,
            provider=request.provider,
            inputs=state,
            outputs=outputs,
            external=True,
            dependencies=tuple(sorted(request.dependencies)),
        )
        self._add(resource, where)
        response = resource_pb2.ReadResourceResponse(urn=urn, id=request.id)
        add_to_struct(response.properties, outputs)
        return response

    def Invoke(self, request: resource_pb2.ResourceInvokeRequest) -> resource_pb2.ResourceInvokeResponse:  # noqa: N802
        """Refuse a function call: an answer that the simulator made up would decide what the program creates."""
        message = (
            f"the simulator answers no functions: take the value from configuration or a resource, not {request.tok}"
        )
        self._note(request.tok, message)
        raise UntaughtError(f"{request.tok}: {message}")

    def RegisterResourceOutputs(  # noqa: N802
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Keep the outputs of a component, or the exports of the stack."""
        outputs = from_struct(request.outputs)
        with self._lock:
            self._registered_outputs[request.urn] = outputs
        return empty_pb2.Empty()

    def RegisterStackTransform(self, request: object) -> empty_pb2.Empty:  # noqa: ARG002, N802
        """Refuse a transform: it runs in the engine, so an in-process run would silently leave it out."""
        self._note("stack", "the simulator runs no transforms: set the option or property where the resource is made")
        return empty_pb2.Empty()

    RegisterStackInvokeTransform = RegisterStackTransform

    def _place(self, urn: str, token: str, provider: str, parent: str, inputs: Mapping[str, JSON]) -> ProviderPlace:
        """Where a resource is created; notes a default provider and a missing component parent on the way."""
        if token.startswith(PROVIDER_PREFIX):
            try:
                where = provider_place(token, inputs)
            except CheckError as error:
                self._note(urn, str(error))
                return NOWHERE
            with self._lock:
                self._providers[urn] = where
            return where
        if not parent or parent.split("::", 3)[2] == STACK_TYPE:
            self._note(urn, "has no component as its parent: pass parent=self in the component that creates it")
        if not provider:
            self._note(urn, "uses a default provider: pass an explicit provider, or inherit one from the parent")
        with self._lock:
            return self._providers.get(provider.rpartition("::")[0], NOWHERE)

    def _inspect(
        self, urn: str, token: str, inputs: Mapping[str, JSON], where: ProviderPlace, ignore_changes: Iterable[str]
    ) -> None:
        found = list(texts(dict(inputs)))
        for problem in text_problems(found):
            self._note(urn, problem)
        if token.startswith("aws:") and where.place.region:
            for problem in region_problems(token, found, where.place.region, self._region_by_id):
                self._note(urn, problem)
        try:
            problems = [*input_problems(token, inputs), *path_problems(token, ignore_changes)]
        except UntaughtError as error:
            problems = [str(error)]
        for problem in problems:
            self._note(urn, problem)

    def _settle(
        self,
        urn: str,
        request: resource_pb2.RegisterResourceRequest,
        inputs: dict[str, JSON],
        where: ProviderPlace,
    ) -> Answer | None:
        if request.importId:
            self._note(urn, f"imports {request.importId}: the simulated cloud has nothing to import; run the real CLI")
            return None
        if request.type.startswith(PROVIDER_PREFIX) and request.version:
            inputs["version"] = request.version
        try:
            return settle(
                Request(request.type, urn, inputs, where.place, default_tags=where.default_tags, find=self._outputs_of),
                self._baseline.find((urn, *self._former_urns(urn, request))),
                Options(
                    request.ignoreChanges,
                    request.replaceOnChanges,
                    request.additionalSecretOutputs,
                    self._provider_urns(request),
                ),
                preview=self._preview,
            )
        except SimulatorError as error:
            self._note(urn, str(error))
            return None

    def _record(
        self,
        urn: str,
        request: resource_pb2.RegisterResourceRequest,
        answer: Answer,
        where: ProviderPlace = NOWHERE,
    ) -> None:
        timeouts = request.customTimeouts
        self._add(
            RecordedResource(
                urn=urn,
                type=request.type,
                name=request.name,
                custom=request.custom,
                id=answer.id,
                parent=request.parent,
                provider=request.provider,
                inputs=answer.inputs,
                outputs=answer.outputs,
                protect=request.protect,
                retain_on_delete=request.retainOnDelete,
                dependencies=tuple(sorted(request.dependencies)),
                property_dependencies={
                    key: tuple(sorted(value.urns)) for key, value in sorted(request.propertyDependencies.items())
                },
                ignore_changes=tuple(request.ignoreChanges),
                replace_on_changes=tuple(request.replaceOnChanges),
                additional_secret_outputs=tuple(request.additionalSecretOutputs),
                aliases=self._former_urns(urn, request),
                delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
                deleted_with=request.deletedWith,
                custom_timeouts=CustomTimeouts(timeouts.create, timeouts.update, timeouts.delete),
            ),
            where,
        )

    def _add(self, resource: RecordedResource, where: ProviderPlace) -> None:
        with self._lock:
            if resource.urn in self._recorded:
                self.problems.append(f"{resource.urn}: registered twice: logical names must differ under one parent")
            self._recorded[resource.urn] = resource
            if resource.id and not adopts(resource.type):
                self._outputs_by_id[resource.id] = resource.outputs
            if where.place.region:
                for name in (resource.id, *(text for _, text in texts(dict(resource.outputs)))):
                    if REGIONAL_ID.fullmatch(name):
                        self._region_by_id.setdefault(name, where.place.region)

    def _outputs_of(self, resource_id: str) -> Mapping[str, JSON]:
        """What exists under a physical id, for answers that depend on another resource."""
        return reveal_properties(self._outputs_by_id.get(resource_id, {}))

    def _former_urns(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> tuple[str, ...]:
        parent = self._recorded.get(request.parent)
        return former_urns(request, urn, parent.aliases if parent else ())

    def _provider_urns(self, request: resource_pb2.RegisterResourceRequest) -> tuple[str, ...]:
        urn = request.provider.rpartition("::")[0]
        provider = self._recorded.get(urn)
        return (urn, *provider.aliases) if provider else ()

    def _note(self, subject: str, problem: str) -> None:
        with self._lock:
            self.problems.append(f"{subject}: {problem}")
