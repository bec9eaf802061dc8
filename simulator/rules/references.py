"""Things that name other things: what is named must exist, and some of it cannot go while it is named."""

from collections.abc import Callable

from simulator.rules import tokens as t
from simulator.rules.reference import Reference
from simulator.rules.reference_table import REFERENCES
from simulator.rules.rule import Attempt, Operation, Rule, RuleBook, texts_at
from simulator.world import Thing

Names = Callable[[Thing], list[str]]
"""Every string by which a thing can be named."""


def _named_by_id(thing: Thing) -> list[str]:
    return [thing.id]


def _named_by(*outputs: str) -> Names:
    return lambda thing: [thing.id, *(value for path in outputs for value in texts_at(thing.outputs, path))]


_NAMES: dict[str, Names] = {
    t.ROLE: _named_by("arn", "name"),
    t.POLICY: _named_by("arn"),
    t.INSTANCE_PROFILE: _named_by("arn", "name"),
    t.KMS_KEY: _named_by("arn", "keyId"),
    t.CLUSTER: _named_by("name", "arn"),
    t.LAUNCH_TEMPLATE: _named_by("name"),
    t.ZONE: _named_by("zoneId"),
    t.EIP: _named_by("allocationId"),
    t.SECRET: _named_by("arn", "name"),
    t.BACKUP_VAULT: _named_by("arn", "name"),
}

_MADE_BY_OTHERS = {
    t.SECURITY_GROUP: (
        (t.VPC, "defaultSecurityGroupId"),
        (t.CLUSTER, "vpcConfig.clusterSecurityGroupId"),
    ),
    t.ROUTE_TABLE: ((t.VPC, "defaultRouteTableId"), (t.VPC, "mainRouteTableId")),
}
"""Things that come into being with another resource and are named by one of its outputs."""

_ACROSS_REGIONS = frozenset({t.PEERING, t.ZONE})
_NAMED_IN_OTHER_REGIONS = frozenset({"backup-plan-copy", "bucket-replication-key", "zone-association-vpc"})
"""References that may name a thing of another region; every other one is a slip that AWS answers with NotFound."""

_MANAGED_BY_AWS = ":iam::aws:policy/"

book = RuleBook()


def _missing(reference: Reference) -> Rule:
    def breaks(attempt: Attempt) -> str | None:
        for name in attempt.texts(reference.path):
            if _MANAGED_BY_AWS not in name and not _exists(attempt, reference, name):
                return reference.missing[1].format(id=name)
        return None

    operations = (Operation.CREATE, Operation.UPDATE)
    return Rule(f"{reference.id}-exists", (reference.token,), operations, reference.missing[0], breaks)


def _in_use(reference: Reference, code: str, message: str) -> Rule:
    def breaks(attempt: Attempt) -> str | None:
        if attempt.thing is None or _lets_go(attempt, reference):
            return None
        names = names_of(attempt.thing)
        users = attempt.view.in_account(reference.token, attempt.place.account)
        if any(name in names for user in users for name in texts_at(user.inputs, reference.path)):
            return message.format(id=attempt.thing.id)
        return None

    return Rule(f"{reference.id}-in-use", (reference.target,), (Operation.DELETE,), code, breaks)


def _lets_go(attempt: Attempt, reference: Reference) -> bool:
    """Whether the deletion takes along what hangs on the thing, as the program asked in its inputs."""
    asked = {"attachment-role": "forceDetachPolicies", "record-zone": "forceDestroy"}.get(reference.id)
    return asked is not None and attempt.inputs.get(asked) is True


def names_of(thing: Thing) -> list[str]:
    """Every string by which other resources can name ``thing``."""
    return _NAMES.get(thing.token, _named_by_id)(thing)


def _exists(attempt: Attempt, reference: Reference, name: str) -> bool:
    anywhere = reference.target in _ACROSS_REGIONS or reference.id in _NAMED_IN_OTHER_REGIONS

    def seen(token: str) -> list[Thing]:
        if anywhere:
            return attempt.view.in_account(token, attempt.place.account)
        return attempt.view.in_place(token, attempt.place)

    if any(name in names_of(thing) for thing in seen(reference.target)):
        return True
    made = _MADE_BY_OTHERS.get(reference.target, ())
    return any(name in texts_at(thing.outputs, path) for token, path in made for thing in seen(token))


for _reference in REFERENCES:
    book.add(_missing(_reference))
    if _reference.in_use is not None:
        book.add(_in_use(_reference, *_reference.in_use))
