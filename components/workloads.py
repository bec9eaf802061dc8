"""What every pod of this project has in common: least rights, and a stated share of its node. No resources."""

from dataclasses import dataclass

from pulumi_kubernetes import core

NON_ROOT_USER = 65532
"""The `nonroot` user of distroless images: high enough to be nobody on the node."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a container asks for and is held to. Memory asked for is memory held to: nobody is evicted by surprise.

    `cpu` is what the scheduler sets aside, `cpu_limit` where throttling begins, both in Kubernetes' notation.
    """

    cpu: str
    memory: str
    cpu_limit: str


def resources(share: Share) -> core.v1.ResourceRequirementsArgs:
    """Requests and limits of a container."""
    return core.v1.ResourceRequirementsArgs(
        requests={"cpu": share.cpu, "memory": share.memory},
        limits={"cpu": share.cpu_limit, "memory": share.memory},
    )


def pod_security(user: int = NON_ROOT_USER) -> core.v1.PodSecurityContextArgs:
    """Of a pod that runs as `user`, whose group owns its volumes."""
    return core.v1.PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=user,
        run_as_group=user,
        fs_group=user,
        fs_group_change_policy="OnRootMismatch",
        seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security() -> core.v1.SecurityContextArgs:
    """Of every container: no capability, no way to gain one, nothing writable but its volumes."""
    return core.v1.SecurityContextArgs(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        run_as_non_root=True,
        capabilities=core.v1.CapabilitiesArgs(drop=["ALL"]),
        seccomp_profile=core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )


def scratch(name: str, size: str) -> core.v1.VolumeArgs:
    """A writable directory that lives and dies with its pod, at most `size` large."""
    return core.v1.VolumeArgs(name=name, empty_dir=core.v1.EmptyDirVolumeSourceArgs(size_limit=size))


def secret_files(name: str, secret: str, keys: tuple[str, ...]) -> core.v1.VolumeArgs:
    """Some keys of a Secret as files that only the pod's own group reads."""
    items = [core.v1.KeyToPathArgs(key=key, path=key) for key in keys]
    return core.v1.VolumeArgs(
        name=name, secret=core.v1.SecretVolumeSourceArgs(secret_name=secret, items=items, default_mode=0o440)
    )
