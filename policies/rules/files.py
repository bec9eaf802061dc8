"""Shared file systems (FS-1, FS-2)."""

from collections.abc import Iterator

from .documents import Statement, policy_document
from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    EFS,
    EFS_ACCESS_POINT,
    EFS_BACKUP_POLICY,
    EFS_MOUNT_TARGET,
    EFS_POLICY,
    FSX_LUSTRE,
    NODE_GROUP,
    SUBNET,
)

_FILE_SYSTEMS = (EFS, FSX_LUSTRE)
_PERSISTENT = "PERSISTENT_"


@rule(
    "FS-1",
    title="Shared file systems are encrypted with a key of the account and, on mainnet, backed up",
    reason="Files, their copies and the wire; damage that a copy within the zone repeats at once.",
    source="EFS.1/2; FSx.2",
    remedy="Use the files components; backups follow the tier.",
    on=_FILE_SYSTEMS,
    guards_data=True,
)
def encrypted_and_backed_up(graph: Graph, item: Resource) -> Iterator[Problem]:
    if not item.inputs.has("kmsKeyId"):
        yield Problem("no customer-managed key", "kmsKeyId")
    if item.type == EFS and not item.inputs.flag("encrypted"):
        yield Problem("files are not encrypted", "encrypted")
    if not graph.strict:
        return
    if item.type == FSX_LUSTRE:
        if item.inputs.number("automaticBackupRetentionDays") <= 0:
            yield Problem("there are no automatic backups", "automaticBackupRetentionDays")
        if item.inputs.flag("skipFinalBackup", default=True):
            yield Problem("the final backup is skipped", "skipFinalBackup")
        return
    policies = graph.referrers(item, "fileSystemId", EFS_BACKUP_POLICY)
    if not any(policy.inputs.text("backupPolicy.status") == "ENABLED" for policy in policies):
        yield Problem("there are no automatic backups")


@rule(
    "FS-1-ACCESS",
    title="EFS is mounted in every zone with nodes, by TLS, through access points with a directory and a user",
    reason="A zone without a mount target loses its files with another zone; a root mount sees every miner's.",
    source="EFS.3/4/6",
    remedy="Use the files components; give the file system a mount target in each zone.",
    on=(EFS, EFS_ACCESS_POINT),
)
def mounted_narrowly(graph: Graph, item: Resource) -> Iterator[Problem]:
    if item.type == EFS_ACCESS_POINT:
        if item.inputs.text("rootDirectory.path") in ("", "/"):
            yield Problem("the access point opens the whole file system", "rootDirectory.path")
        if not item.inputs.has("posixUser"):
            yield Problem("the access point lets clients say who they are", "posixUser")
        return
    policies = graph.referrers(item, "fileSystemId", EFS_POLICY)
    if not any(_denies_plain(one) for policy in policies for one in policy_document(policy.inputs, "policy")):
        yield Problem("no statement of its policy denies mounts without TLS")
    served = _zones(graph, graph.referrers(item, "fileSystemId", EFS_MOUNT_TARGET), "subnetId")
    region = graph.region_of(item)
    groups = tuple(group for group in graph.of_type(NODE_GROUP) if graph.region_of(group) == region)
    for zone in sorted(_zones(graph, groups, "subnetIds") - served):
        yield Problem(f"{zone} has nodes and no mount target")


def _denies_plain(statement: Statement) -> bool:
    plain = statement.values("Bool", "aws:SecureTransport") == ("false",)
    return plain and not statement.allows and statement.anyone and statement.matches("elasticfilesystem:ClientMount")


def _zones(graph: Graph, users: tuple[Resource, ...], path: str) -> set[str]:
    subnets = {subnet.urn: subnet for user in users for subnet in graph.follow(user, path, SUBNET)}
    return {subnet.inputs.text("availabilityZone") for subnet in subnets.values()} - {""}


@rule(
    "FS-2",
    title="Lustre file systems are persistent",
    reason="Scratch file systems keep one copy: a broken server takes its files along.",
    source="FSx for Lustre user guide, deployment options",
    remedy="Set the deployment type PERSISTENT_2.",
    on=(FSX_LUSTRE,),
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def persistent(_graph: Graph, item: Resource) -> Iterator[Problem]:
    if not item.inputs.text("deploymentType").startswith(_PERSISTENT):
        yield Problem(f"the deployment type is {item.inputs.text('deploymentType') or 'SCRATCH_1'}", "deploymentType")


RULES: tuple[Rule, ...] = (encrypted_and_backed_up, mounted_narrowly, persistent)
