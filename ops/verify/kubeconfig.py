"""From a context of the kubeconfig to a configuration of the official client."""

import os
import urllib.request
from pathlib import Path
from urllib.parse import urlparse

import yaml
from kubernetes import client
from kubernetes.config import ConfigException, load_kube_config
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ops.outputs import RegionOutputs
from ops.verify.readings import LookError


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _ClusterPart(_Part):
    proxy_url: str | None = Field(default=None, alias="proxy-url")


class _NamedCluster(_Part):
    name: str
    cluster: _ClusterPart


class _ContextPart(_Part):
    cluster: str


class _NamedContext(_Part):
    name: str
    context: _ContextPart


class _Kubeconfig(_Part):
    clusters: list[_NamedCluster] = Field(default_factory=list)
    contexts: list[_NamedContext] = Field(default_factory=list)


def configuration(region: RegionOutputs) -> client.Configuration:
    """How to talk to the API server of ``region``, by the context that it names; runs its credentials command.

    Raises:
        LookError: there is no kubeconfig or no such context, it is of another cluster, or gives no credentials.
    """
    context, remedy = region.kubernetes_context, f"run: {region.kubeconfig_command}"
    paths = os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    cluster, proxy = _cluster_of(_read(paths, remedy), context, paths, remedy)
    # `aws eks update-kubeconfig` names clusters by their ARN; of another name nothing can be said.
    if cluster.startswith("arn:") and cluster != region.cluster_arn:
        raise LookError(f"context {context} is of {cluster}, not of {region.cluster_arn}", remedy)
    made = client.Configuration()
    made.retries = False  # pyright: ignore[reportAttributeAccessIssue] (the client hands it to urllib3 as it is)
    try:
        load_kube_config(paths, context, made, persist_config=False)
    except (ConfigException, OSError) as error:
        raise LookError(f"context {context} cannot be used: {error}", remedy) from error
    if not made.api_key and not made.cert_file:
        raise LookError(
            f"context {context} gives no credentials: the command that it names for them failed",
            f"log in to AWS again (`aws sts get-caller-identity` says as whom), then {remedy}",
        )
    # The client reads no `proxy-url`, and of the environment it takes the proxy but not whom to leave alone.
    host = urlparse(made.host).hostname or ""
    made.proxy = proxy or (None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get("https"))
    return made


def _read(paths: str, remedy: str) -> list[_Kubeconfig]:
    """The files that there are; one after the other as kubectl takes them."""
    files = [Path(path).expanduser() for path in paths.split(os.pathsep) if path]
    found = []
    for file in files:
        try:
            found.append(_Kubeconfig.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
            raise LookError(f"{file}: is no kubeconfig ({str(error).splitlines()[0]})", remedy) from error
    if not found:
        raise LookError(f"there is no kubeconfig: {paths} does not exist", remedy)
    return found


def _cluster_of(files: list[_Kubeconfig], context: str, paths: str, remedy: str) -> tuple[str, str | None]:
    """The name of a context's cluster, and the proxy that leads to it. Of a name that stands twice the first counts."""
    contexts = {one.name: one.context.cluster for file in reversed(files) for one in file.contexts}
    if context not in contexts:
        raise LookError(
            f"the kubeconfig {paths} has no context {context}; it has {', '.join(sorted(contexts)) or 'none'}",
            f"{remedy}, or name another context with --context REGION=CONTEXT",
        )
    proxies = {one.name: one.cluster.proxy_url for file in reversed(files) for one in file.clusters}
    return contexts[context], proxies.get(contexts[context])
