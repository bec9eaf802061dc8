"""What admission refuses of pods: the level and the quota of their namespace.

Of a controller the API server only warns, and then none of its pods starts: an awaited controller fails in the end, so
the simulated server refuses at once and says what would have happened.
"""

from collections.abc import Mapping

from simulator import pod_security
from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.values import JSON
from simulator.world import Thing

_WRITE = (Operation.CREATE, Operation.UPDATE)
_ENFORCE = "pod-security.kubernetes.io/enforce"
_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    t.POD: ("spec",),
    t.DEPLOYMENT: ("spec", "template", "spec"),
    t.STATEFUL_SET: ("spec", "template", "spec"),
    t.DAEMON_SET: ("spec", "template", "spec"),
    t.JOB: ("spec", "template", "spec"),
    t.CRON_JOB: ("spec", "jobTemplate", "spec", "template", "spec"),
}
_COMPUTE = ("cpu", "memory", "ephemeral-storage")

book = RuleBook()


@book.rule("pod-security", "FailedCreate", tuple(_TEMPLATES), *_WRITE)
def _pod_security(attempt: Attempt) -> str | None:
    level = _level(attempt)
    found = pod_security.violations(level, _pod(attempt))
    if not found:
        return None
    return f'pods are forbidden: violates PodSecurity "{level}:latest": {", ".join(found)}{_consequence(attempt)}'


@book.rule("pod-quota", "FailedCreate", tuple(_TEMPLATES), *_WRITE)
def _pod_quota(attempt: Attempt) -> str | None:
    # A LimitRange fills in what a container leaves out.
    if any(_home(one.inputs) == _home(attempt.inputs) for one in attempt.find(t.LIMIT_RANGE)):
        return None
    quotas = [one for one in attempt.find(t.RESOURCE_QUOTA) if _home(one.inputs) == _home(attempt.inputs)]
    for quota in quotas:
        missing = [f"{name} for: {who}" for name in _counted(quota) if (who := _without(_pod(attempt), name))]
        if missing:
            return f"failed quota: {quota.id}: must specify {'; '.join(missing)}{_consequence(attempt)}"
    return None


def _consequence(attempt: Attempt) -> str:
    return "" if attempt.token == t.POD else " (admission only warns of the controller; none of its pods starts)"


def _pod(attempt: Attempt) -> Mapping[str, JSON]:
    value: JSON = attempt.inputs
    for key in _TEMPLATES[attempt.token]:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _level(attempt: Attempt) -> str:
    name = _home(attempt.inputs)
    for namespace in attempt.find(t.NAMESPACE):
        metadata = namespace.inputs.get("metadata")
        if isinstance(metadata, Mapping) and metadata.get("name") == name:
            labels = metadata.get("labels")
            return str(labels.get(_ENFORCE, "")) if isinstance(labels, Mapping) else ""
    return ""


def _home(inputs: Mapping[str, JSON]) -> str:
    return next(iter(texts_at(dict(inputs), "metadata.namespace")), "default")


def _counted(quota: Thing) -> list[str]:
    """What a quota makes every container say: ``cpu`` alone means its request."""
    spec = quota.inputs.get("spec")
    hard = spec.get("hard") if isinstance(spec, Mapping) else None
    names = hard if isinstance(hard, Mapping) else {}
    asked = {f"requests.{name}" if name in _COMPUTE else str(name) for name in names}
    known = {f"{kind}.{name}" for kind in ("requests", "limits") for name in _COMPUTE}
    return sorted(asked & known)


def _without(pod: Mapping[str, JSON], name: str) -> str:
    kind, _, resource = name.partition(".")
    return ",".join(str(one.get("name")) for one in pod_security.containers(pod) if not _says(one, kind, resource))


def _says(container: Mapping[str, JSON], kind: str, resource: str) -> bool:
    resources = container.get("resources")
    if not isinstance(resources, Mapping):
        return False
    # A limit without a request is also the request.
    given = [resources.get(one) for one in ((kind, "limits") if kind == "requests" else (kind,))]
    return any(isinstance(one, Mapping) and one.get(resource) is not None for one in given)
