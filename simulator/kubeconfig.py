"""Real API servers behind simulated clusters: one context of a kubeconfig for each region.

``TERANODE_SIM_KUBECONFIG`` names the file. A simulated EKS cluster then hands out the endpoint and certificate
authority of the context that has its region's name, and the stand-in for ``aws eks get-token`` that context's
credentials, so that the real Kubernetes plugin talks to a real API server.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulator.errors import SetupError

KUBECONFIG_VARIABLE = "TERANODE_SIM_KUBECONFIG"


class KubeconfigError(SetupError):
    """The kubeconfig cannot be read, or lacks what a simulated cluster needs from it."""


@dataclass(frozen=True, slots=True)
class ClusterAccess:
    """How to reach one API server."""

    endpoint: str
    certificate_authority: str
    """PEM in base64, as EKS hands it out."""
    token: str = field(default="", repr=False)
    client_certificate: str = field(default="", repr=False)
    """PEM text."""
    client_key: str = field(default="", repr=False)
    """PEM text."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Cluster(_Part):
    server: str
    authority_data: Annotated[str, Field(alias="certificate-authority-data")] = ""
    authority_file: Annotated[str, Field(alias="certificate-authority")] = ""


class _User(_Part):
    token: str = ""
    certificate_data: Annotated[str, Field(alias="client-certificate-data")] = ""
    certificate_file: Annotated[str, Field(alias="client-certificate")] = ""
    key_data: Annotated[str, Field(alias="client-key-data")] = ""
    key_file: Annotated[str, Field(alias="client-key")] = ""


class _Context(_Part):
    cluster: str
    user: str


class _NamedCluster(_Part):
    name: str
    cluster: _Cluster


class _NamedUser(_Part):
    name: str
    user: _User


class _NamedContext(_Part):
    name: str
    context: _Context


class _Kubeconfig(_Part):
    clusters: list[_NamedCluster]
    users: list[_NamedUser]
    contexts: list[_NamedContext]


def read_contexts(path: Path, variable: str = KUBECONFIG_VARIABLE) -> Mapping[str, ClusterAccess]:
    """The clusters of the kubeconfig at ``path``, by context name.

    Args:
        variable: what named the file, for errors.

    Raises:
        KubeconfigError: not readable, or a context without certificate authority, or without a client certificate or
            token (credentials that a command would fetch are the real cloud's, and are not used).
    """
    try:
        config = _Kubeconfig.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KubeconfigError(f"{variable}={path}: cannot be read: {error}") from error
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in one["loc"]) for one in error.errors())
        raise KubeconfigError(f"{variable}={path}: not a kubeconfig: {places}") from None
    clusters = {one.name: one.cluster for one in config.clusters}
    users = {one.name: one.user for one in config.users}
    found = {}
    for entry in config.contexts:
        where = f"{variable}={path}: context {entry.name}"
        cluster, user = clusters.get(entry.context.cluster), users.get(entry.context.user)
        if cluster is None or user is None:
            raise KubeconfigError(f"{where}: names a cluster or a user that the file does not have")
        found[entry.name] = _access(cluster, user, path.parent, where)
    return found


def _access(cluster: _Cluster, user: _User, folder: Path, where: str) -> ClusterAccess:
    authority = _pem(cluster.authority_data, cluster.authority_file, folder, where)
    certificate = _pem(user.certificate_data, user.certificate_file, folder, where)
    key = _pem(user.key_data, user.key_file, folder, where)
    if not authority:
        raise KubeconfigError(f"{where}: needs certificate-authority-data or certificate-authority")
    if not user.token and not (certificate and key):
        raise KubeconfigError(f"{where}: needs a token, or a client certificate with its key")
    return ClusterAccess(
        endpoint=cluster.server,
        certificate_authority=base64.b64encode(authority.encode()).decode(),
        token=user.token,
        client_certificate=certificate,
        client_key=key,
    )


def _pem(data: str, file: str, folder: Path, where: str) -> str:
    try:
        return base64.b64decode(data).decode() if data else (folder / file).read_text() if file else ""
    except (OSError, ValueError) as error:
        raise KubeconfigError(f"{where}: {file or 'inline data'} cannot be read: {error}") from None
