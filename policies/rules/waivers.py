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
    :param problem: shell pattern over what the rule says is wrong.
    :param reason: why the breach is accepted and what would end it.
    :param since: first day.
    :param until: last day, after which the waiver is itself a finding.
    """

    rule: str
    resource: str
    problem: str = "*"
    reason: str
    since: date
    until: date

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError(f"waiver of {self.rule} for {self.resource}: a reason is required")
        if self.until < self.since:
            raise ValueError(f"waiver of {self.rule} for {self.resource}: until {self.until} is before {self.since}")

    def covers(self, rule: str, urn: str, problem: str, today: date) -> bool:
        """Whether this breach of ``rule`` by ``urn`` is accepted on that day."""
        if rule != self.rule or not self.since <= today <= self.until:
            return False
        return fnmatchcase(urn, self.resource) and fnmatchcase(problem, self.problem)

    def expired(self, today: date) -> bool:
        """Whether the last day has passed."""
        return today > self.until


WAIVERS: tuple[Waiver, ...] = (
    Waiver(
        rule="FS-3-REGION",
        resource="*",
        reason=(
            "encryption by default is a setting of an account and region that several environments share: destroying "
            "one must not turn it off for the others. `ops bootstrap` turns it on in every region of a stack and its "
            "--check tells whether it still is, and every volume of this project names its key itself. A rule that "
            "reads the account, and not the graph of a stack, would end this waiver"
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
            "Aerospike, local disks, Prometheus, Grafana, Teranode), and a digest of one architecture would stop the "
            "others: they are pinned by tag. A mirror with immutable tags (platform.imageMirrors), or digests read "
            "from the registries into infra/versions.py, would end this waiver"
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
    Waiver(
        rule="AER-2-CLIENTS",
        resource="*-utxo-store-racks-cluster",
        reason=(
            "Teranode's Aerospike client knows no TLS, and the operator shows a certificate only where the port for "
            "clients asks for one. The port is closed to all but the miner's namespace and the operator's "
            "(AER-2-CLOSED). A Teranode release with TLS for Aerospike would end this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="K8S-2-USER",
        resource="*-utxo-store-servers",
        problem="* raw disks",
        reason=(
            "a container runtime gives raw disks to root alone. Pods with raw disks run as root, without any "
            "capability; those on network disks run as user 65532. A runtime that hands devices to the pod's group "
            "would end this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="K8S-2-USER",
        resource="*-seed-job",
        reason=(
            "Teranode's image runs as root, and so the folder of a node's files belongs to root: what is to be read "
            "there by Teranode is written by root too, without any capability. A Teranode that runs as a user of its "
            "own would end this waiver"
        ),
        since=date(2026, 11, 23),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="K8S-2-SECRETS",
        resource="*-seed-job",
        reason=(
            "Teranode's seeder reads its stores, passwords included, from the environment alone, as its services do. "
            "The pod has no token and ends with the import. A Teranode that reads files would end this waiver"
        ),
        since=date(2026, 11, 23),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="K8S-2-USER",
        resource="*-kafka-single-broker",
        reason=(
            "Kafka's image and the files of brokers that exist belong to its user 1000. The profile single is one of "
            "testing. An image without a user of its own would end this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="K8S-2-USER",
        resource="*-database-job",
        reason=(
            "Postgres' clients look their user up, and the image knows none but its own, 70. The pod lives for "
            "seconds, has no volume that it may write to and no token. A client that needs no such user would end "
            "this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
    Waiver(
        rule="K8S-2-SECRETS",
        resource="*-database-job",
        reason=(
            "psql reads who it is, and its script the verifiers of logins, from the environment. The pod lives for "
            "seconds, in a namespace that nothing else runs in but pods like it. A script that reads files would end "
            "this waiver"
        ),
        since=date(2026, 11, 22),
        until=date(2027, 5, 31),
    ),
)
