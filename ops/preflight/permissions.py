"""Whether the deployer may do what the program makes necessary, and what IAM itself limits.

IAM simulates the policies of the role and its boundary. It does so statement by statement of docs/deployer, each with a
resource and the conditions of its own: a role that has these documents is allowed all of it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ops.preflight import quotas
from ops.preflight.calls import CALLS
from ops.preflight.checks import ACCOUNT, Area, Check, Verdict
from ops.preflight.needs import Evaluated
from ops.preflight.reading import Reader, Trouble, batches, or_trouble
from ops.render.text import count
from ops.stacks import PROJECT_DIR
from simulator.values import JSON

_ROLE = "aws:iam/role:Role"
_PROFILE = "aws:iam/instanceProfile:InstanceProfile"
_IAM_REGION = "us-east-1"
"""IAM belongs to no region; its quotas are asked for in this one."""
_SHOWN = 6
_ACTIONS_AT_A_TIME = 50
_EXAMPLE = "preflight"
TRUST = quotas.Quota("iam", "L-C07B4B0D", "characters of a role's trust policy")
ROLES = quotas.Quota("iam", "L-FE177D64", "IAM roles")
PROFILES = quotas.Quota("iam", "L-6E65F664", "instance profiles")


@dataclass(frozen=True, slots=True)
class Deployer:
    """The role that runs updates of an environment."""

    arn: str
    account: str
    environment: str
    home: str


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a role may do these actions on these resources, under these conditions."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: tuple[tuple[str, tuple[str, ...]], ...]


def needed_calls(evaluated: Evaluated) -> tuple[set[str], set[str]]:
    """The calls that the program's resources need, and the types of which nobody wrote them down."""
    types = {node.type for node in evaluated.graph.nodes.values() if node.custom and node.type.startswith("aws:")}
    return {call for token in types for call in CALLS.get(token, ())}, {token for token in types if token not in CALLS}


def questions(deployer: Deployer, needed: set[str]) -> list[Question]:
    """What to ask of a role that should have the policies of docs/deployer: of each statement its needed actions."""
    asked: list[Question] = []
    for path in sorted((PROJECT_DIR / "docs" / "deployer").glob("*.json")):
        text = path.read_text(encoding="utf-8").replace("ACCOUNT", deployer.account)
        for statement in json.loads(text.replace("ENVIRONMENT", deployer.environment))["Statement"]:
            actions = sorted(needed & set(_listed(statement.get("Action", []))))
            resources = tuple(_example(one, deployer.home) for one in _listed(statement["Resource"]))
            context = (*_context(statement.get("Condition", {})), ("aws:RequestedRegion", (deployer.home,)))
            asked += [
                Question(tuple(some), resources, context) for some in batches(actions, _ACTIONS_AT_A_TIME) if some
            ]
    return asked


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _example(resource: str, home: str) -> str:
    """A resource that a pattern means; a pattern over everything stays."""
    if resource == "*":
        return resource
    *head, name = resource.split(":", 5)
    head = [home if index == 3 and part == "*" else part for index, part in enumerate(head)]  # noqa: PLR2004 (the region)
    return ":".join([*head, name if name == "*" else name.replace("*", _EXAMPLE)])


def _context(conditions: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for tests in conditions.values():
        for key, values in tests.items():
            yield key, (_listed(values)[0].replace("*", _EXAMPLE),)


def permission_checks(reader: Reader, deployer: Deployer, evaluated: Evaluated) -> Iterator[Check]:
    """Every action that the program needs, simulated."""
    needed, unknown = needed_calls(evaluated)
    denied: dict[str, str] = {}
    for question in questions(deployer, needed):
        answer = or_trouble(lambda question=question: _simulate(reader, deployer, question))
        if isinstance(answer, Trouble):
            yield answer.check(
                Area.PERMISSIONS, ACCOUNT, f"{question.actions[0]} and {len(question.actions) - 1} more", _ALLOW
            )
        else:
            denied.update(answer)
    yield judge_permissions(deployer, needed, denied)
    for token in sorted(unknown):
        found = "nobody wrote down which calls it needs"
        yield Check(Area.PERMISSIONS, ACCOUNT, token, Verdict.UNKNOWN, found, "add it to ops/preflight/calls.py")


_ALLOW = (
    "look with credentials that may iam:SimulatePrincipalPolicy on the deploy role: bootstrap's network policy does"
)


def _simulate(reader: Reader, deployer: Deployer, question: Question) -> dict[str, str]:
    """The actions that would be denied, each with how."""
    results = reader.all(
        "iam",
        _IAM_REGION,
        "simulate_principal_policy",
        "EvaluationResults",
        PolicySourceArn=deployer.arn,
        ActionNames=list(question.actions),
        ResourceArns=list(question.resources),
        ContextEntries=[
            {
                "ContextKeyName": key,
                "ContextKeyType": "stringList" if "NormalizedRecordNames" in key else "string",
                "ContextKeyValues": list(values),
            }
            for key, values in question.context
        ],
    )
    return {
        str(result["EvalActionName"]): str(result["EvalDecision"])
        for result in results
        if result["EvalDecision"] != "allowed"
    }


def judge_permissions(deployer: Deployer, needed: set[str], denied: Mapping[str, str]) -> Check:
    """Whether the deployer may do everything."""
    subject = deployer.arn.rsplit("/", 1)[-1]
    if not denied:
        return Check(Area.PERMISSIONS, ACCOUNT, subject, Verdict.HOLDS, f"may do {count(len(needed), 'needed action')}")
    shown = ", ".join(f"{action} ({how})" for action, how in sorted(denied.items())[:_SHOWN])
    more = f" and {len(denied) - _SHOWN} more" if len(denied) > _SHOWN else ""
    remedy = (
        "implicitDeny: a policy of docs/deployer is missing or old; explicitDeny: the boundary or the organization "
        "forbids it"
    )
    command = f".venv/bin/python -m ops bootstrap {deployer.environment} --check"
    found = f"{len(denied)} of {len(needed)} actions denied: {shown}{more}"
    return Check(Area.PERMISSIONS, ACCOUNT, subject, Verdict.FAILS, found, remedy, command)


def identity_checks(reader: Reader, environment: str, evaluated: Evaluated) -> Iterator[Check]:
    """The limits of IAM: how long a trust policy may be, how many roles and instance profiles there may be."""
    summary = or_trouble(lambda: reader.client("iam", _IAM_REGION).get_account_summary()["SummaryMap"])
    path = f"/{environment}/"
    own = or_trouble(
        lambda: Counter(
            {
                _ROLE: len(reader.all("iam", _IAM_REGION, "list_roles", "Roles", PathPrefix=path)),
                _PROFILE: len(
                    reader.all("iam", _IAM_REGION, "list_instance_profiles", "InstanceProfiles", PathPrefix=path)
                ),
            }
        )
    )
    yield from judge_identity(evaluated, summary, own)


def judge_identity(
    evaluated: Evaluated, summary: Mapping[str, int] | Trouble, own: Mapping[str, int] | Trouble
) -> Iterator[Check]:
    """``own`` counts what the environment has already, by type; ``summary`` is IAM's account of the account."""
    roles = [node for node in evaluated.graph.nodes.values() if node.type == _ROLE]
    longest = max((trust_characters(role.inputs.get("assumeRolePolicy")) for role in roles), default=0)
    needs: Iterable[tuple[quotas.Quota, str, str, float]] = (
        (TRUST, "AssumeRolePolicySizeQuota", "", longest),
        (ROLES, "RolesQuota", "Roles", len(roles)),
        (
            PROFILES,
            "InstanceProfilesQuota",
            "InstanceProfiles",
            sum(node.type == _PROFILE for node in evaluated.graph.nodes.values()),
        ),
    )
    for quota, limit, used, needed in needs:
        trouble = next((one for one in (summary, own) if isinstance(one, Trouble)), None)
        if isinstance(summary, Trouble) or isinstance(own, Trouble):
            yield (trouble or Trouble("was not read")).check(Area.QUOTAS, ACCOUNT, quota.name)
        elif limit not in summary:
            yield Trouble("IAM does not tell").check(Area.QUOTAS, ACCOUNT, quota.name)
        else:
            others = summary.get(used, 0) - own.get(_ROLE if quota is ROLES else _PROFILE, 0) if used else 0
            yield _fits(quota, needed, others, summary[limit])


def trust_characters(policy: JSON) -> int:
    """The length of a trust policy as IAM counts it: without white space."""
    return len("".join(policy.split())) if isinstance(policy, str) else 0


def _fits(quota: quotas.Quota, needed: float, others: float, limit: float) -> Check:
    beside = "" if quota is TRUST else f", others use {others:g}"
    found = f"needs {needed:g}{beside}; {limit:g} allowed"
    if needed + others <= limit:
        return Check(Area.QUOTAS, ACCOUNT, quota.name, Verdict.HOLDS, found)
    wanted = int(needed + others)
    command = quotas.increase(quota, _IAM_REGION, wanted)
    return Check(Area.QUOTAS, ACCOUNT, quota.name, Verdict.FAILS, found, f"ask for {wanted}", command)
