"""Parts of the pods that the community edition runs in. No resources."""

import pulumi_kubernetes as kubernetes

from components.aerospike.args import LABELS
from components.workloads import pod_security

_ROOT = 0

_Core = kubernetes.core.v1


def one_on_each_node() -> kubernetes.core.v1.AffinityArgs:
    """A server never shares its node with another one of the same store."""
    return _Core.AffinityArgs(
        pod_anti_affinity=_Core.PodAntiAffinityArgs(
            required_during_scheduling_ignored_during_execution=[
                _Core.PodAffinityTermArgs(
                    topology_key="kubernetes.io/hostname",
                    label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=LABELS),
                )
            ]
        )
    )


def over_zones() -> kubernetes.core.v1.TopologySpreadConstraintArgs:
    """Servers are spread evenly over the zones, as far as it goes."""
    # Demanded, it would keep a server from its disk once a zone joins the region.
    return _Core.TopologySpreadConstraintArgs(
        max_skew=1,
        topology_key="topology.kubernetes.io/zone",
        when_unsatisfiable="ScheduleAnyway",
        label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=LABELS),
    )


def as_root() -> kubernetes.core.v1.PodSecurityContextArgs:
    """Of pods that open raw disks, which a container runtime gives to root alone."""
    secured = pod_security(_ROOT)
    secured.run_as_non_root = False
    return secured


def probe(script: str, *, period_seconds: int, failures: int) -> kubernetes.core.v1.ProbeArgs:
    """A probe by one of the scripts."""
    return _Core.ProbeArgs(
        exec_=_Core.ExecActionArgs(command=[f"/scripts/{script}"]),
        period_seconds=period_seconds,
        timeout_seconds=10,
        failure_threshold=failures,
    )


def mount(name: str, path: str, *, read_only: bool | None = None) -> kubernetes.core.v1.VolumeMountArgs:
    """A volume in a container."""
    return _Core.VolumeMountArgs(name=name, mount_path=path, read_only=read_only)


def files(
    name: str, source: kubernetes.core.v1.ConfigMap, keys: list[str], *, executable: bool = False
) -> kubernetes.core.v1.VolumeArgs:
    """Keys of a ConfigMap as files."""
    return _Core.VolumeArgs(
        name=name,
        config_map=_Core.ConfigMapVolumeSourceArgs(
            name=source.metadata.name,
            default_mode=0o555 if executable else 0o444,
            items=[_Core.KeyToPathArgs(key=key, path=key) for key in keys],
        ),
    )


def claim(
    name: str, storage_class: str, size_gib: int, *, block: bool = False
) -> kubernetes.core.v1.PersistentVolumeClaimArgs:
    """A claim of each server's own; `block` for a raw disk without a file system."""
    return _Core.PersistentVolumeClaimArgs(
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name),
        spec=_Core.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=storage_class,
            volume_mode="Block" if block else "Filesystem",
            resources=_Core.VolumeResourceRequirementsArgs(requests={"storage": f"{size_gib}Gi"}),
        ),
    )
