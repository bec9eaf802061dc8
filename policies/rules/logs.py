"""Log groups (OBS-1)."""

from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import LOG_GROUP

_MIN_RETENTION_DAYS = {"mainnet": 365, "testing": 30}


@rule(
    "OBS-1",
    title="Log groups have a key and a retention",
    reason="Logs are evidence: they must be unreadable to strangers and still there when asked for.",
    source="CIS AWS; EKS.8, EC2.6",
    remedy="Set kms_key_id and retention_in_days (setting logRetentionDays).",
    on=(LOG_GROUP,),
)
def kept_and_encrypted(graph: Graph, group: Resource) -> Iterator[Problem]:
    if not group.inputs.has("kmsKeyId"):
        yield Problem("no customer-managed key", "kmsKeyId")
    days = group.inputs.number("retentionInDays")
    least = _MIN_RETENTION_DAYS.get(graph.tier, _MIN_RETENTION_DAYS["mainnet"])
    if days < least:
        found = "no retention is set, so logs are kept and paid for for ever" if days == 0 else f"{days:g} days"
        yield Problem(f"{found}; {graph.tier} needs at least {least} days", "retentionInDays")


RULES: tuple[Rule, ...] = (kept_and_encrypted,)
