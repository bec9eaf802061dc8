"""Disk encryption settings of an account in a region: ``aws:ebs``."""

from simulator.types.aws import regional
from simulator.types.base import ResourceModel

MODELS = (
    ResourceModel(
        "aws:ebs/defaultKmsKey:DefaultKmsKey",
        identify=lambda request: request.text("keyArn"),
        compute=lambda request, _: regional(request),
    ),
    ResourceModel(
        "aws:ebs/encryptionByDefault:EncryptionByDefault",
        identify=lambda request: f"terraform-{request.number(10**17, 'setting'):026d}",
        compute=lambda request, _: regional(request),
        defaults={"enabled": True},
    ),
)
