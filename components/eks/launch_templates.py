"""What every instance of this project is started with: one place for its security contract."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

# IMDSv2 with one hop: a pod's request for the instance's credentials never comes back.
METADATA_OPTIONS = aws.ec2.LaunchTemplateMetadataOptionsArgs(
    http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
)


def root_volume(size_gib: int, key_arn: pulumi.Input[str]) -> aws.ec2.LaunchTemplateBlockDeviceMappingArgs:
    """An encrypted gp3 root volume of an Amazon Linux 2023 instance; it goes with its instance."""
    return aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
        device_name="/dev/xvda",
        ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            volume_type="gp3",
            volume_size=size_gib,
            encrypted="true",
            kms_key_id=key_arn,
            delete_on_termination="true",
        ),
    )


def tag_specifications(tags: Mapping[str, str]) -> Sequence[aws.ec2.LaunchTemplateTagSpecificationArgs]:
    """Tags of what EC2 makes for an instance, where the provider's default tags do not reach."""
    return [
        aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=resource_type, tags=tags)
        for resource_type in ("instance", "volume", "network-interface")
    ]
