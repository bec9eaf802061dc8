"""The `Distribution` component."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.bucket_access import BucketRef
from components.keys import DataKey, DataKeyArgs
from components.objects import Objects, ObjectsArgs, Purpose
from components.placement import Placement
from components.protection import Protection

_ABANDONED_DAYS = 14
_PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


@dataclass(frozen=True, kw_only=True)
class DistributionArgs:
    """Arguments of `Distribution`.

    - `readers`: accounts, by id; each decides by IAM which of its people may read. None may be left of them.
    - `images`: names of the repositories, behind the environment's.
    """

    placement: Placement
    readers: tuple[str, ...]
    images: tuple[str, ...]
    log_retention_days: int
    protection: Protection


class Distribution(Component):
    """Repositories and a bucket that named accounts read and nobody outside writes.

    A tag, once pushed, is what it is. Images that lost their tag or never had one go after two weeks, but for those
    that an index of several architectures names: ECR keeps these. A release never goes by itself. ECR decrypts for
    whoever may pull; objects are decrypted by the readers themselves, through S3 alone.

    Another name of a repository, or another key, is another repository.
    """

    TOKEN = "teranode:distribution:Distribution"

    repositories: Mapping[str, pulumi.Output[str]]
    """URL of each, by its image."""
    releases: BucketRef

    def __init__(self, name: str, args: DistributionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        key = DataKey(
            f"{name}-encryption",
            DataKeyArgs(placement=args.placement, data_class="images", protection=args.protection),
            opts=self._child(),
        )
        self.repositories = {image: self._repository(image, key) for image in args.images}
        self.releases = Objects(
            f"{name}-objects",
            ObjectsArgs(
                placement=args.placement,
                log_retention_days=args.log_retention_days,
                protection=args.protection,
                purposes=(Purpose.RELEASES, Purpose.LOGS),
                key_class="releases",
                readers=args.readers,
            ),
            opts=self._child(),
        ).buckets[Purpose.RELEASES]
        self.register_outputs({"repositories": dict(self.repositories), "bucket": self.releases.name})

    def _repository(self, image: str, key: DataKey) -> pulumi.Output[str]:
        args, protection = self._args, self._args.protection
        repository = aws.ecr.Repository(
            f"{self._label}-repository-{image}",
            name=f"{args.placement.environment}/{image}",
            image_tag_mutability="IMMUTABLE",
            encryption_configurations=[
                aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=key.arn)
            ],
            # The registry's own setting, which `ops bootstrap` makes, counts where there is one.
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            force_delete=protection.force_destroy,
            tags={"Name": f"{args.placement.environment}-{image}", "data-class": "images"},
            opts=self._child(protect=protection.protect, retain_on_delete=protection.protect),
        )
        if args.readers:
            pull: iam.Statement = {
                "Sid": "TestersPull",
                "Effect": "Allow",
                "Principal": {"AWS": [iam.account_root(args.placement, reader) for reader in args.readers]},
                "Action": _PULL,
            }
            aws.ecr.RepositoryPolicy(
                f"{self._label}-readers-{image}",
                repository=repository.name,
                policy=iam.document(pull),
                opts=self._child(),
            )
        aws.ecr.LifecyclePolicy(
            f"{self._label}-lifecycle-{image}",
            repository=repository.name,
            policy=json.dumps({"rules": [_untagged()]}),
            opts=self._child(delete_before_replace=True),
        )
        return repository.repository_url


def _untagged() -> dict[str, object]:
    return {
        "rulePriority": 1,
        "description": "Images without a tag",
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": _ABANDONED_DAYS,
        },
        "action": {"type": "expire"},
    }
