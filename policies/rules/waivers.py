"""Accepted breaches: each one named, dated, with its reason, and shown in every result.

A waiver ends by itself: after its last day it waives nothing and is a finding, so that it is renewed or removed.
"""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One accepted breach.

    :param rule: id of the waived rule.
    :param resource: shell pattern over the URN.
    :param reason: why the breach is accepted and what would end it.
    :param since: first day.
    :param until: last day, after which the waiver is itself a finding.
    """

    rule: str
    resource: str
    reason: str
    since: date
    until: date

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError(f"waiver of {self.rule} for {self.resource}: a reason is required")
        if self.until < self.since:
            raise ValueError(f"waiver of {self.rule} for {self.resource}: until {self.until} is before {self.since}")

    def covers(self, rule: str, urn: str, today: date) -> bool:
        """Whether a breach of ``rule`` by ``urn`` is accepted on that day."""
        return rule == self.rule and self.since <= today <= self.until and fnmatchcase(urn, self.resource)

    def expired(self, today: date) -> bool:
        """Whether the last day has passed."""
        return today > self.until


WAIVERS: tuple[Waiver, ...] = (
    Waiver(
        rule="FS-3-REGION",
        resource="*",
        reason=(
            "encryption by default is a setting of an account and region that several environments share: destroying "
            "one must not turn it off for the others. It is made by hand, once per account and region "
            "(docs/first-up.md), and every volume of this project names its key itself. A step of the deployment that "
            "makes and checks it outside the stacks would end this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="SEC-3",
        resource="*",
        reason=(
            "the administrator's password of Postgres is rotated by RDS. Those of a miner are rotated by hand, by one "
            "number in the stack file and without downtime (docs/runbooks/rotate-credentials.md): a schedule would "
            "need a function that restarts Teranode's pods in order, and the identity of a peer must not change. Such "
            "a function would end this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="IMG-1",
        resource="*::*-platform-*",
        reason=(
            "no public record gives a multi-architecture digest of these operators' images (External Secrets, "
            "Aerospike, local disks, Prometheus, Grafana), and a digest of one architecture would stop the others: "
            "they are pinned by tag. A mirror with immutable tags (platform.imageMirrors), or digests read from the "
            "registries into infra/versions.py, would end this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="IMG-1",
        resource="*::*-utxo-store-*",
        reason=(
            "no public record gives a multi-architecture digest of Aerospike's images (servers, exporter, backup "
            "service): they are pinned by tag. A mirror with immutable tags (platform.imageMirrors), or digests read "
            "from the registry into infra/versions.py, would end this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="S3-4-COPY",
        resource="*::*-objects-bucket-backups",
        reason=(
            "mainnet has one region, and a region refers to no other one while it is built: a copy needs a bucket that "
            "the environment does not have. Until then backups survive a mistake and an intruder (versions, object "
            "lock), not the loss of the region. A bucket in a second region, with replication to it, would end this "
            "waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="KAFKA-1",
        resource="*-kafka-strimzi-kafka",
        reason=(
            "Teranode checks a server's certificate against files only, which its operator cannot mount in every "
            "service, and Strimzi's certificates are its own. The listener admits the miners' namespaces alone. An "
            "operator that mounts files everywhere, or certificates of an authority that Teranode's image trusts, "
            "would end this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
)
