"""What the environments of an account share: service-linked roles, encrypted volumes, scanned images."""

from collections.abc import Iterator

from botocore.client import BaseClient

from ops.aws.session import Aws
from ops.bootstrap.steps import Step
from ops.bootstrap.target import Target

_ALWAYS = ("autoscaling", "eks", "eks-nodegroup", "elasticloadbalancing", "rds")
_ON_PUSH = "SCAN_ON_PUSH"
_EVERY_IMAGE = {"scanFrequency": _ON_PUSH, "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}


def services(target: Target) -> tuple[str, ...]:
    """The services that need a role of their own in the account, by what the environment uses."""
    environment = target.environment
    pools = [pool for region in environment.regions.values() for pool in (region.nodes.system, region.nodes.general)]
    needed = {
        "elasticfilesystem": environment.files.profile == "efs",
        "backup": environment.copies is not None
        or (environment.files.profile == "efs" and bool(environment.defaults.files.backup_retention_days)),
        "fsx": environment.files.profile == "lustre",
        "kafka": environment.kafka.profile == "msk",
        "spot": any(pool.capacity == "spot" for pool in pools),
    }
    names = (*_ALWAYS, *(name for name, is_needed in needed.items() if is_needed))
    return tuple(f"{name}.amazonaws.com" for name in names)


def account_steps(aws: Aws, target: Target) -> Iterator[Step]:
    """Each only adds: what another environment of the account relies on is never turned off."""
    iam: BaseClient = aws.client("iam", target.home)
    for service in services(target):
        yield _service_role(iam, service)
    for region in target.environment.regions:
        yield _encrypted_volumes(aws.client("ec2", region), region)
        yield _scanned_images(aws.client("ecr", region), region)


def _service_role(iam: BaseClient, service: str) -> Step:
    def found() -> str | None:
        return None if iam.list_roles(PathPrefix=f"/aws-service-role/{service}/")["Roles"] else "missing"

    return Step(
        f"service-linked role of {service}", found, lambda: iam.create_service_linked_role(AWSServiceName=service)
    )


def _encrypted_volumes(ec2: BaseClient, region: str) -> Step:
    def found() -> str | None:
        return None if ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] else "off"

    return Step(f"encryption of every new volume in {region}", found, ec2.enable_ebs_encryption_by_default)


def _scanned_images(ecr: BaseClient, region: str) -> Step:
    """On push; where the account scans better already, by Inspector or again and again, that stays.

    Replication is nobody's here, and stays as it is: a copy would have neither the readers nor the immutable tags of
    its repository, and whoever lost a region distributes the release to another from its source.
    """

    def found() -> str | None:
        scanning = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
        everything = any(
            entry["filter"] == "*"
            for rule in scanning.get("rules", [])
            if rule["scanFrequency"] != "MANUAL"
            for entry in rule["repositoryFilters"]
        )
        return None if everything else "not every image is scanned"

    def put() -> None:
        scanning = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
        kind = scanning.get("scanType", "BASIC")
        kept = [rule for rule in scanning.get("rules", []) if rule["scanFrequency"] not in (_ON_PUSH, "MANUAL")]
        ecr.put_registry_scanning_configuration(scanType=kind, rules=[*kept, _EVERY_IMAGE])

    return Step(f"scanning of every pushed image in {region}", found, put)
