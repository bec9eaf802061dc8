"""File systems of EFS, their mount targets, access points and policies: ``aws:efs``."""

from simulator.types.aws import regional, regional_tagged, zone_id
from simulator.types.base import Request, ResourceModel
from simulator.values import JSON


def _arn(request: Request, file_system_id: str) -> str:
    return request.arn("elasticfilesystem", f"file-system/{file_system_id}")


def _host(request: Request, file_system_id: str) -> str:
    return f"{file_system_id}.efs.{request.place.region}.{request.place.dns_suffix}"


def _file_system(request: Request, file_system_id: str) -> dict[str, JSON]:
    tags = request.mapping("tags")
    zone = request.text("availabilityZoneName")
    return {
        **regional_tagged(request),
        "arn": _arn(request, file_system_id),
        "availabilityZoneId": zone_id(zone) if zone else "",
        "creationToken": request.text("creationToken", f"terraform-{request.digest(26, 'token')}"),
        "dnsName": _host(request, file_system_id),
        "name": tags.get("Name", ""),
        # As of its creation: EFS counts files later.
        "numberOfMountTargets": 0,
        "ownerId": request.place.account,
        "sizeInBytes": [{"value": 6144, "valueInIa": 0, "valueInStandard": 6144}],
    }


def _mount_target(request: Request, _: str) -> dict[str, JSON]:
    file_system = request.text("fileSystemId")
    zone = request.found_text(request.text("subnetId"), "availabilityZone")
    return {
        **regional(request),
        "availabilityZoneId": zone_id(zone) if zone else "",
        "availabilityZoneName": zone,
        "dnsName": _host(request, file_system),
        "fileSystemArn": _arn(request, file_system),
        "mountTargetDnsName": f"{zone}.{_host(request, file_system)}",
        "networkInterfaceId": request.resource_id("eni"),
        "ownerId": request.place.account,
    }


def _access_point(request: Request, access_point_id: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("elasticfilesystem", f"access-point/{access_point_id}"),
        "fileSystemArn": _arn(request, request.text("fileSystemId")),
        "ownerId": request.place.account,
    }


def _setting(token: str) -> ResourceModel:
    """A setting of a file system: it is known by the file system's id and answers with nothing of its own."""
    return ResourceModel(
        token,
        identify=lambda request: request.text("fileSystemId"),
        compute=lambda request, _: regional(request),
    )


MODELS = (
    ResourceModel(
        "aws:efs/fileSystem:FileSystem",
        identify=lambda request: request.resource_id("fs"),
        compute=_file_system,
        defaults={"performanceMode": "generalPurpose", "throughputMode": "bursting"},
    ),
    ResourceModel(
        "aws:efs/mountTarget:MountTarget",
        identify=lambda request: request.resource_id("fsmt"),
        compute=_mount_target,
    ),
    ResourceModel(
        "aws:efs/accessPoint:AccessPoint",
        identify=lambda request: request.resource_id("fsap"),
        compute=_access_point,
    ),
    _setting("aws:efs/backupPolicy:BackupPolicy"),
    _setting("aws:efs/fileSystemPolicy:FileSystemPolicy"),
)
