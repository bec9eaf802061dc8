"""What FSx and EFS enforce: sizes, places, the network of Lustre, mount targets, policies."""

import json
import re

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at

book = RuleBook()
_WRITE = (Operation.CREATE, Operation.UPDATE)
_SMALLEST_GIB, _STEP_GIB = 1_200, 2_400
_THROUGHPUTS = (125, 250, 500, 1_000)
_LUSTRE_PORT = 988
_MAX_BACKUP_DAYS = 90
_MAX_PATH_DEPTH = 4


@book.rule("lustre-capacity", "BadRequest", t.LUSTRE, *_WRITE)
def _lustre_capacity(attempt: Attempt) -> str | None:
    capacity = attempt.inputs.get("storageCapacity")
    if attempt.text("deploymentType") != "PERSISTENT_2" or not isinstance(capacity, (int, float)):
        return None
    if capacity == _SMALLEST_GIB or (capacity > 0 and capacity % _STEP_GIB == 0):
        return None
    return (
        f"Invalid storage capacity {capacity:g} GiB for PERSISTENT_2 file systems: "
        f"it must be {_SMALLEST_GIB} GiB or a multiple of {_STEP_GIB} GiB"
    )


@book.rule("lustre-throughput", "BadRequest", t.LUSTRE, *_WRITE)
def _lustre_throughput(attempt: Attempt) -> str | None:
    throughput = attempt.inputs.get("perUnitStorageThroughput")
    if attempt.text("deploymentType") != "PERSISTENT_2" or throughput in _THROUGHPUTS:
        return None
    return f"Per unit storage throughput {throughput} is not valid for PERSISTENT_2: one of {list(_THROUGHPUTS)}"


@book.rule("lustre-one-subnet", "BadRequest", t.LUSTRE)
def _lustre_one_subnet(attempt: Attempt) -> str | None:
    count = len(attempt.texts("subnetIds"))
    return None if count == 1 else f"Exactly one subnet ID is required for Lustre file systems, {count} were given"


@book.rule("lustre-network", "InvalidNetworkSettings", t.LUSTRE)
def _lustre_network(attempt: Attempt) -> str | None:
    groups = attempt.texts("securityGroupIds")
    rules = [rule for group in groups for rule in attempt.find(t.INGRESS_RULE, securityGroupId=group)]
    for rule in rules:
        first, last = rule.inputs.get("fromPort"), rule.inputs.get("toPort")
        if isinstance(first, (int, float)) and isinstance(last, (int, float)) and first <= _LUSTRE_PORT <= last:
            return None
    return (
        "The file system cannot be created because the provided security groups do not permit "
        f"Lustre LNET network traffic on port {_LUSTRE_PORT}"
    )


@book.rule("lustre-backups", "BadRequest", t.LUSTRE, *_WRITE)
def _lustre_backups(attempt: Attempt) -> str | None:
    days = attempt.inputs.get("automaticBackupRetentionDays")
    if isinstance(days, (int, float)) and not 0 <= days <= _MAX_BACKUP_DAYS:
        return f"AutomaticBackupRetentionDays must be between 0 and {_MAX_BACKUP_DAYS}: {days:g}"
    if attempt.text("dailyAutomaticBackupStartTime") and not days:
        return "DailyAutomaticBackupStartTime can only be set when AutomaticBackupRetentionDays is greater than 0"
    return None


@book.rule("lustre-log-group", "BadRequest", t.LUSTRE, *_WRITE)
def _lustre_log_group(attempt: Attempt) -> str | None:
    destination = attempt.text("logConfiguration.destination")
    if not destination or re.search(r":log-group:/aws/fsx/", destination):
        return None
    return f"The name of the Amazon CloudWatch Logs log group must begin with the /aws/fsx prefix: {destination}"


@book.rule("file-system-token", "FileSystemAlreadyExists", t.EFS)
def _file_system_token(attempt: Attempt) -> str | None:
    token = attempt.text("creationToken")
    taken = token and attempt.find(t.EFS, creationToken=token)
    return f"File system with the creation token '{token}' already exists" if taken else None


@book.rule("file-system-key", "BadRequest", t.EFS)
def _file_system_key(attempt: Attempt) -> str | None:
    if attempt.text("kmsKeyId") and attempt.inputs.get("encrypted") is not True:
        return "KmsKeyId can only be specified if Encrypted is set to true."
    return None


@book.rule("mount-target-zone", "MountTargetConflict", t.MOUNT_TARGET)
def _mount_target_zone(attempt: Attempt) -> str | None:
    zone = _zone(attempt, attempt.text("subnetId"))
    others = attempt.find(t.MOUNT_TARGET, fileSystemId=attempt.inputs.get("fileSystemId"))
    if zone and any(
        _zone(attempt, subnet) == zone for other in others for subnet in texts_at(other.inputs, "subnetId")
    ):
        return "mount target already exists in this AZ"
    return None


def _zone(attempt: Attempt, subnet_id: str) -> str:
    subnet = attempt.lookup(t.SUBNET, subnet_id)
    return next(iter(texts_at(subnet.inputs, "availabilityZone")), "") if subnet else ""


@book.rule("access-point-directory", "BadRequest", t.ACCESS_POINT)
def _access_point_directory(attempt: Attempt) -> str | None:
    path = attempt.text("rootDirectory.path")
    if not path:
        return None
    if not path.startswith("/") or path.count("/") > _MAX_PATH_DEPTH or "//" in path:
        return f"Path '{path}' is not an absolute path of at most {_MAX_PATH_DEPTH} directories"
    return None


@book.rule("file-system-policy-document", "InvalidPolicyException", t.EFS_POLICY, *_WRITE)
def _file_system_policy_document(attempt: Attempt) -> str | None:
    """EFS takes policies about itself only, and wants every statement to name a principal."""
    try:
        document = json.loads(attempt.text("policy"))
        statements = document["Statement"]
    except (ValueError, KeyError, TypeError):
        return "Policy is not valid JSON"
    listed = statements if isinstance(statements, list) else [statements]
    if not all(isinstance(one, dict) and one.get("Principal") for one in listed):
        return "Policy has a statement without a principal"
    return None
