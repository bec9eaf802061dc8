"""Machines: ``aws:ec2`` launch templates and instances."""

from simulator.types.aws import private_ip, public_ip, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _launch_template(request: Request, template_id: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": request.arn("ec2", f"launch-template/{template_id}")}


def _instance(request: Request, instance_id: str) -> dict[str, JSON]:
    place = request.place
    address = request.text("privateIp") or private_ip(request)
    domain = "ec2.internal" if place.region == "us-east-1" else f"{place.region}.compute.internal"
    zone = request.found_text(request.text("subnetId"), "availabilityZone") or f"{place.region}a"
    is_public = request.inputs.get("associatePublicIpAddress") is True
    return {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"instance/{instance_id}"),
        "availabilityZone": request.text("availabilityZone", zone),
        "primaryNetworkInterfaceId": request.resource_id("eni"),
        "privateDns": f"ip-{address.replace('.', '-')}.{domain}" if address else "",
        "privateIp": address,
        "publicIp": public_ip(request) if is_public else "",
    }


MODELS = (
    ResourceModel(
        "aws:ec2/launchTemplate:LaunchTemplate",
        identify=lambda request: request.resource_id("lt"),
        compute=_launch_template,
        autoname=Autoname("name", max_length=128),
        defaults={"defaultVersion": 1, "latestVersion": 1, "namePrefix": ""},
    ),
    ResourceModel(
        "aws:ec2/instance:Instance",
        identify=lambda request: request.resource_id("i"),
        compute=_instance,
        defaults={
            "associatePublicIpAddress": False,
            "disableApiTermination": False,
            "ebsOptimized": False,
            "instanceState": "running",
            "monitoring": False,
            "publicDns": "",
            "sourceDestCheck": True,
            "tenancy": "default",
        },
        # Windows passwords, spot requests and Outposts, none of which this project uses
        empty=frozenset({"instanceLifecycle", "outpostArn", "passwordData", "spotInstanceRequestId"}),
    ),
)
