"""What the pod of a Job says of itself, read from its status as the API server writes it. No input or output."""

from collections.abc import Iterator, Mapping

from simulator.values import JSON, at

_PARTS = (
    ("spec.initContainers", "status.initContainerStatuses"),
    ("spec.containers", "status.containerStatuses"),
)


def last_words(pod: Mapping[str, JSON]) -> str:
    """The message of the container that ended last."""
    words = [str(at(status, "state.terminated.message") or "").strip() for _, status in _containers(pod)]
    return next((word for word in reversed(words) if word), "")


def waits_for(pod: Mapping[str, JSON] | None) -> str:
    """For what a pod waits before its next container runs; empty if one runs, or if all have ended.

    Its phase does not say it: that is Pending as long as containers run that come before others.
    """
    if pod is None:
        return "there is none: the events of the Job say why"
    for name, status in _containers(pod):
        if at(status, "state.terminated") is not None:
            continue
        if at(status, "state.running") is not None:
            return ""
        return f"{at(pod, 'metadata.name')}, {_unscheduled(pod) or f'{name}: {_waiting(status)}'}"
    return ""


def _containers(pod: Mapping[str, JSON]) -> Iterator[tuple[str, Mapping[str, JSON]]]:
    """Each container in the order in which they run, and its status, which is empty before there is a node."""
    for spec, status in _PARTS:
        said = {str(one.get("name")): one for one in _objects(at(pod, status))}
        for one in _objects(at(pod, spec)):
            name = str(one.get("name"))
            yield name, said.get(name, {})


def _unscheduled(pod: Mapping[str, JSON]) -> str:
    for one in _objects(at(pod, "status.conditions")):
        if one.get("type") == "PodScheduled" and one.get("status") == "False":
            return f"{one.get('reason')}: {one.get('message')}"
    return ""


def _waiting(status: Mapping[str, JSON]) -> str:
    said = at(status, "state.waiting.message")
    return f"{at(status, 'state.waiting.reason') or 'nothing is said'}{f': {said}' if said else ''}"


def _objects(value: JSON) -> Iterator[dict[str, JSON]]:
    yield from (one for one in (value if isinstance(value, list) else ()) if isinstance(one, dict))
