"""The metrics of a server, as a container beside it. No resources."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.aerospike.args import EXPORTER_PORT
from components.aerospike.config import SERVICE_PORT
from components.stores import StoreEndpoint
from components.workloads import Share, container_security, resources

CONFIG_DIRECTORY = "/etc/aerospike-prometheus-exporter"
CONFIG_KEY = "ape.toml"

# Not by the image's own start, which writes its configuration from a template.
COMMAND = ("/usr/bin/aerospike-prometheus-exporter", "--config", f"{CONFIG_DIRECTORY}/{CONFIG_KEY}")

SHARE = Share(cpu="50m", memory="128Mi", cpu_limit="250m")


def settings(*, password_file: str | None = None, user: str | None = None) -> str:
    """The exporter's own configuration; a password is read from a file when it connects."""
    login = f'user = "{user}"\npassword = "file:{password_file}"\n' if user and password_file else ""
    return (
        f'[Agent]\nbind = ":{EXPORTER_PORT}"\ntimeout = 10\n\n'
        f'[Aerospike]\ndb_host = "127.0.0.1"\ndb_port = {SERVICE_PORT}\n{login}'
    )


def metrics_url(store: StoreEndpoint) -> pulumi.Output[str]:
    """Where any one of the servers' exporters answers those of the miner's namespace."""
    return pulumi.Output.format("http://{0}:{1}/metrics", store.host, EXPORTER_PORT)


def container(image: str, mounts: Sequence[kubernetes.core.v1.VolumeMountArgs]) -> kubernetes.core.v1.ContainerArgs:
    """The container; `mounts` bring its configuration to `CONFIG_DIRECTORY`."""
    return kubernetes.core.v1.ContainerArgs(
        name="exporter",
        image=image,
        command=list(COMMAND),
        ports=[kubernetes.core.v1.ContainerPortArgs(name="metrics", container_port=EXPORTER_PORT)],
        liveness_probe=_probe(),
        readiness_probe=_probe(),
        resources=resources(SHARE),
        security_context=container_security(),
        volume_mounts=list(mounts),
    )


def _probe() -> kubernetes.core.v1.ProbeArgs:
    return kubernetes.core.v1.ProbeArgs(
        tcp_socket=kubernetes.core.v1.TCPSocketActionArgs(port=EXPORTER_PORT), period_seconds=30
    )
