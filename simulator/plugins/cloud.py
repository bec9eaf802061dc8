"""The simulated cloud as a provider meets it: calls that take time, are throttled, are refused, or take effect."""

import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from simulator import model
from simulator.faults import ApiError, Fault, Scenario
from simulator.kubeconfig import ClusterAccess
from simulator.latencies import latency
from simulator.model import Place
from simulator.plugins import effects
from simulator.rules import Attempt, RefusedError, enforce
from simulator.rules.kubernetes import warnings
from simulator.rules.rule import Operation
from simulator.values import JSON
from simulator.world import Status, Thing, View, World

MAX_ATTEMPTS = 25
"""How often the AWS provider calls before it gives up (its ``maxRetries``)."""

LONGEST_BACKOFF_SECONDS = 20.0
"""The AWS SDK's longest pause between two attempts; it begins with one second and doubles."""


@dataclass(frozen=True, slots=True)
class Call:
    """What the engine asks of the provider for one resource."""

    token: str
    urn: str
    place: Place
    cluster: str = ""
    default_tags: Mapping[str, JSON] | None = None
    timeout_seconds: float = 0


class CallError(Exception):
    """The call failed and nothing was made or changed."""


class PartialFailureError(Exception):
    """The call took effect, but what it made is not in the state that the provider waited for."""

    def __init__(self, thing: Thing, reason: str) -> None:
        """Keep ``thing`` so that the engine can record it."""
        super().__init__(reason)
        self.thing = thing
        self.reason = reason


class Cloud:
    """One provider's connection to the simulated account."""

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        speed: float,
        contexts: Mapping[str, ClusterAccess],
        warn: Callable[[str, str], None],
    ) -> None:
        """Connect to ``world``.

        Args:
            contexts: the API servers that really answer for clusters, by region.
            speed: what a modelled second lasts in real seconds; 0 is no waiting at all.
            warn: takes a URN and a sentence for the person at the terminal.
        """
        self._world = world
        self._scenario = scenario
        self._speed = speed
        self._contexts = contexts
        self._warn = warn
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End all waiting, now and later."""
        self._cancelled.set()

    def serial(self, urn: str) -> int:
        """How many resources of this URN were created so far."""
        with self._world.transaction() as view:
            return view.creations(urn)

    def create(self, call: Call, inputs: Mapping[str, JSON]) -> Thing:
        """Make a resource.

        Raises:
            CallError: the API refuses, or throttles to the end.
            PartialFailureError: it was made, and the wait for it was cut short.
        """
        fault = self._begin(call, Operation.CREATE)
        with self._world.transaction() as view:
            attempt = self._attempt(call, Operation.CREATE, inputs, view)
            self._enforce(attempt, call)
            notices = warnings(attempt)
            serial = view.creations(call.urn)
            thing_id, outputs = model.create(_request(call, inputs, call.urn, serial, view))
            made = Thing(
                *(call.token, thing_id, call.place, call.urn, inputs, outputs),
                status=Status.CREATING,
                serial=serial,
                cluster=call.cluster,
            )
            thing = effects.with_real_server(made, self._contexts)
            view.put(thing)
            view.count_creation(call.urn)
        for notice in notices:
            self._warn(call.urn, notice)
        self._wait_for(call, thing, latency(call.token).create_s, fault, wanted="ACTIVE")
        return self._end(replace(thing, status=Status.ACTIVE), fault)

    def update(self, call: Call, thing_id: str, inputs: Mapping[str, JSON]) -> Thing:
        """Change a resource in place.

        Raises:
            CallError: the API refuses, or there is no such resource.
            PartialFailureError: the change was made, and the wait for it was cut short.
        """
        fault = self._begin(call, Operation.UPDATE)
        with self._world.transaction() as view:
            old = view.get(call.token, thing_id, call.place, call.cluster)
            if old is None:
                raise CallError(f"{_doing(call, Operation.UPDATE)}: api error NotFound: {thing_id} does not exist")
            self._enforce(self._attempt(call, Operation.UPDATE, inputs, view, old), call)
            outputs = model.read(_request(call, inputs, old.urn, old.serial, view), old.id)
            new = replace(old, inputs=inputs, outputs=outputs)
            thing = effects.with_real_server(effects.after_update(old, new), self._contexts)
            view.put(thing)
        self._wait_for(call, thing, 0, fault, wanted="ACTIVE")
        return self._end(replace(thing, status=Status.ACTIVE), fault)

    def delete(self, call: Call, thing_id: str) -> None:
        """Delete a resource; one that is gone already is no error, as with the real provider.

        Raises:
            CallError: the API refuses, or the wait was cut short: the resource still exists.
        """
        fault = self._begin(call, Operation.DELETE)
        with self._world.transaction() as view:
            thing = view.get(call.token, thing_id, call.place, call.cluster)
            if thing is None:
                return
            self._enforce(self._attempt(call, Operation.DELETE, thing.inputs, view, thing), call)
            view.put(replace(thing, status=Status.DELETING))
        try:
            self._wait_for(call, thing, latency(call.token).delete_s, fault, wanted="DELETED")
        except PartialFailureError as failure:
            raise CallError(failure.reason) from failure
        with self._world.transaction() as view:
            effects.delete(view, thing)
        if fault and fault.kill == "after":
            die()

    def read(self, call: Call, thing_id: str) -> Thing | None:
        """What exists under this id, or None. AWS finishes what it began, whether or not anyone waits for it.

        Raises:
            CallError: a fault of the scenario.
        """
        self._begin(call, "read")
        with self._world.transaction() as view:
            thing = view.get(call.token, thing_id, call.place, call.cluster)
            if thing is None or thing.status is Status.PENDING_DELETION:
                return None
            if thing.status is Status.CREATING:
                thing = replace(thing, status=Status.ACTIVE)
                view.put(thing)
            return thing

    def _begin(self, call: Call, operation: str) -> Fault | None:
        """Meet the scenario's faults that strike before the effect."""
        if self._cancelled.is_set():
            raise CallError(f"{_doing(call, operation)}: context canceled")
        with self._world.transaction() as view:
            fault = self._scenario.fault_for(view, call.token, call.urn, operation)
        if fault is None:
            return None
        if fault.kill == "before":
            die()
        if fault.error is not None:
            raise CallError(_message(call, operation, fault.error))
        if fault.throttle is not None:
            self._be_throttled(call, operation, fault.throttle)
        return fault

    def _be_throttled(self, call: Call, operation: str, times: int) -> None:
        for attempt in range(1, times + 1):
            if attempt == MAX_ATTEMPTS:
                refusal = ApiError(code="ThrottlingException", message="Rate exceeded")
                raise CallError(
                    f"{_message(call, operation, refusal)}: exceeded maximum number of attempts, {MAX_ATTEMPTS}"
                )
            pause = min(2.0 ** (attempt - 1), LONGEST_BACKOFF_SECONDS)
            if self._cancelled.wait(pause * self._speed):
                raise CallError(f"{_doing(call, operation)}: context canceled")

    def _enforce(self, attempt: Attempt, call: Call) -> None:
        try:
            enforce(attempt)
        except RefusedError as refusal:
            where = f"simulator rule {refusal.rule_id}"
            raise CallError(f"{_doing(call, attempt.operation, attempt.id)}: {refusal} ({where})") from refusal

    def _attempt(
        self, call: Call, operation: Operation, inputs: Mapping[str, JSON], view: View, thing: Thing | None = None
    ) -> Attempt:
        plain = model.reveal_properties(inputs)
        return Attempt(
            *(operation, call.token, plain, call.place, view, thing), cluster=call.cluster, quotas=self._scenario.quotas
        )

    def _wait_for(self, call: Call, thing: Thing, seconds: float, fault: Fault | None, wanted: str) -> None:
        if self._cancelled.wait(seconds * self._speed) and seconds:
            raise PartialFailureError(thing, f"waiting for {_short(call.token)} ({thing.id}): context canceled")
        if fault and fault.timeout:
            limit = f"{call.timeout_seconds:.0f}s" if call.timeout_seconds else "the provider's default"
            state = f"timeout while waiting for state to become '{wanted}' (timeout: {limit})"
            raise PartialFailureError(thing, f"waiting for {_short(call.token)} ({thing.id}): {state}")

    def _end(self, thing: Thing, fault: Fault | None) -> Thing:
        with self._world.transaction() as view:
            view.put(thing)
        if fault and fault.kill == "after":
            die()
        return thing


def die() -> None:
    """End this process as a crash would: no answer, no clean-up."""
    os.kill(os.getpid(), signal.SIGKILL)


def _request(call: Call, inputs: Mapping[str, JSON], urn: str, serial: int, view: View) -> model.Request:
    def find(thing_id: str) -> Mapping[str, JSON]:
        made = (thing for thing in view.with_id(thing_id, call.place.account) if not model.adopts(thing.token))
        return next((model.reveal_properties(thing.outputs) for thing in made), {})

    return model.Request(call.token, urn, inputs, call.place, serial, call.default_tags or {}, find)


def _short(token: str) -> str:
    return token.rsplit(":", 1)[-1]


def _doing(call: Call, operation: str, thing_id: str = "") -> str:
    verb = {"create": "creating", "update": "updating", "delete": "deleting", "read": "reading"}[operation]
    place = call.cluster or call.place.region
    return f"{verb} {_short(call.token)}{f' ({thing_id})' if thing_id else ''}{f' in {place}' if place else ''}"


def _message(call: Call, operation: str, refusal: ApiError) -> str:
    return f"{_doing(call, operation)}: api error {refusal.code}: {refusal.message}"
