"""File systems of FSx: ``aws:fsx``."""

from simulator.types.aws import regional_tagged
from simulator.types.base import Request, ResourceModel
from simulator.values import JSON

_MOUNT_NAME_LENGTH = 8


def _mount_name(request: Request) -> str:
    """Eight letters and digits without meaning; a file system of the first generation is called ``fsx``."""
    if not request.text("deploymentType").startswith("PERSISTENT"):
        return "fsx"
    return request.digest(_MOUNT_NAME_LENGTH, "mount-name")


def _lustre(request: Request, file_system_id: str) -> dict[str, JSON]:
    place = request.place
    return {
        **regional_tagged(request),
        "arn": request.arn("fsx", f"file-system/{file_system_id}"),
        "dnsName": f"{file_system_id}.fsx.{place.region}.{place.dns_suffix}",
        "mountName": _mount_name(request),
        # A metadata server and one object server for each 1.2 TiB, each with an interface of its own.
        "networkInterfaceIds": [f"eni-0{request.digest(16, f'interface-{number}')}" for number in range(2)],
        "ownerId": place.account,
        "vpcId": request.found_text(request.text("subnetIds"), "vpcId"),
    }


MODELS = (
    ResourceModel(
        "aws:fsx/lustreFileSystem:LustreFileSystem",
        identify=lambda request: request.resource_id("fs"),
        compute=_lustre,
        defaults={
            "automaticBackupRetentionDays": 0,
            "copyTagsToBackups": False,
            "deploymentType": "SCRATCH_1",
            "fileSystemTypeVersion": "2.10",
            "skipFinalBackup": True,
            "storageType": "SSD",
        },
    ),
)
