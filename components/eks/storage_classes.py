"""Storage classes for volumes that follow their pod's zone."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component

DEFAULT_CLASS = "gp3"
IO_CLASS = "gp3-io"

# gp3 gives 3,000 IOPS and 125 MiB/s for nothing; the second class buys what Kafka and databases in a cluster use.
# 6,000 IOPS need a volume of at least 12 GiB (EBS user guide: 500 IOPS per GiB).
_IO_PARAMETERS = {"iops": "6000", "throughput": "500"}


@dataclass(frozen=True, kw_only=True)
class StorageClassesArgs:
    """Arguments of `StorageClasses`; `retain_volumes` makes a volume outlive its claim."""

    volume_key_arn: pulumi.Input[str]
    retain_volumes: bool
    provider: kubernetes.Provider


class StorageClasses(Component):
    """The default gp3 class and one with more input and output, both encrypted with the cluster's volume key.

    Volumes are made in the zone of their first pod and can grow. Whether one outlives its claim is the environment's
    choice. Parameters and reclaim policy of a class are create-only: a change replaces the class, and volumes that
    exist keep what they were made with.
    """

    TOKEN = "teranode:eks:StorageClasses"

    def __init__(self, name: str, args: StorageClassesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        for class_name, extra in ((DEFAULT_CLASS, {}), (IO_CLASS, _IO_PARAMETERS)):
            kubernetes.storage.v1.StorageClass(
                f"{name}-{class_name}",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=class_name,
                    annotations={
                        "storageclass.kubernetes.io/is-default-class": str(class_name == DEFAULT_CLASS).lower()
                    },
                ),
                provisioner="ebs.csi.aws.com",
                parameters={"type": "gp3", "encrypted": "true", "kmsKeyId": args.volume_key_arn, **extra},
                reclaim_policy="Retain" if args.retain_volumes else "Delete",
                allow_volume_expansion=True,
                volume_binding_mode="WaitForFirstConsumer",
                # A class has a fixed name: its successor cannot exist beside it.
                opts=self._child(provider=args.provider, delete_before_replace=True),
            )
        self.register_outputs({})
