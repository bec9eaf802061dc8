"""Who looks for drift reads everything that a refresh reads, and nothing else: in AWS and in clusters."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

from components.eks.drift_rights import KINDS
from tests.support.stacks import ROOT, STACKS, evaluated

DOCS = ROOT / "docs"
READS = re.compile(r"Describe|Get|List|View")
NOT_FOR_A_REFRESH = {
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "guardduty:GetDetector",
    "guardduty:ListDetectors",
    "iam:GetAccountSummary",
    "iam:ListInstanceProfiles",
    "iam:ListRoles",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "route53:GetChange",
    "s3:ListBucketVersions",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
    "ssm:GetParameters",
}
"""What the deployer reads before an update, after it or to empty something."""

# EKS user guide, "Review access policy permissions": AmazonEKSViewPolicy, as far as the program makes such objects.
VIEWED = {
    ("", "ConfigMap"),
    ("", "Namespace"),
    ("", "PersistentVolumeClaim"),
    ("", "ResourceQuota"),
    ("", "Service"),
    ("", "ServiceAccount"),
    ("apps", "Deployment"),
    ("apps", "StatefulSet"),
    ("batch", "Job"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("policy", "PodDisruptionBudget"),
}


def statements(name: str) -> list[dict[str, Any]]:
    return json.loads((DOCS / f"{name}.json").read_text())["Statement"]


def actions(statement: dict[str, Any]) -> set[str]:
    found = statement.get("Action", [])
    return {found} if isinstance(found, str) else set(found)


def test_it_reads_what_the_deployer_reads_of_what_there_is_and_changes_nothing() -> None:
    allowed = {
        one for statement in statements("roles/drift") if statement["Effect"] == "Allow" for one in actions(statement)
    }
    deployer = {
        one
        for path in (DOCS / "deployer").glob("*.json")
        for statement in statements(f"deployer/{path.stem}")
        for one in actions(statement)
        if READS.match(one.partition(":")[2])
    }

    assert allowed - {"kms:Decrypt"} == deployer - NOT_FOR_A_REFRESH
    assert all(READS.match(one.partition(":")[2]) for one in allowed - {"kms:Decrypt"})


def test_values_of_secrets_are_those_of_the_environment_and_never_a_wallets() -> None:
    [values] = [one for one in statements("roles/drift") if one["Sid"] == "CompareSecrets"]
    [decrypt] = [one for one in statements("roles/drift") if one["Sid"] == "DecryptThem"]
    [denied] = [one for one in statements("roles/drift") if one["Effect"] == "Deny"]
    secrets = [
        str(resource.inputs["name"])
        for stack in STACKS
        for resource in evaluated(stack).of_type("aws:secretsmanager/secret:Secret")
    ]
    wallets = denied["Resource"].rpartition(":")[2].replace("ENVIRONMENT", "*")

    assert values["Resource"].endswith(":secret:ENVIRONMENT/*")
    assert decrypt["Condition"]["StringEquals"] == {"aws:ResourceTag/environment": "ENVIRONMENT"}
    assert "kms:ViaService" in decrypt["Condition"]["StringLike"]
    assert secrets
    assert fnmatchcase("mainnet/wallets/miner-1-AbCdEf", wallets)
    assert not [name for name in secrets if fnmatchcase(name, wallets)], "one that a refresh must read"


def test_every_kind_of_object_that_a_stack_makes_can_be_read() -> None:
    made = {resource.type for stack in STACKS for resource in evaluated(stack).resources}
    granted = {(group, kind) for group, kinds in KINDS for kind in kinds}
    unreadable = set[str]()
    for token in made:
        if not token.startswith("kubernetes:") or token.startswith("kubernetes:helm.sh/"):
            continue
        place, _, kind = token.removeprefix("kubernetes:").rpartition(":")
        group = place.partition("/")[0]
        group = "" if group == "core" else group
        plural = kind.lower() + ("es" if kind.lower().endswith("ss") else "s")
        if (group, kind) not in VIEWED and (group, plural) not in granted:
            unreadable.add(token)

    assert unreadable == set()


def test_it_fits_iams_limit_also_for_a_long_environment_name() -> None:
    text = (DOCS / "roles" / "drift.json").read_text().replace("ACCOUNT", "1" * 12).replace("ENVIRONMENT", "e" * 32)

    assert len(json.dumps(json.loads(text), separators=(",", ":"))) <= 6_144  # IAM quota
