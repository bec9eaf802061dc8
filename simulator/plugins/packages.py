"""The three packages that the simulator stands in for, and where a configured provider of each one works."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata

from simulator.model import Place
from simulator.providers import provider_place
from simulator.record import PROVIDER_PREFIX
from simulator.rules import tokens as t
from simulator.rules.rule import texts_at
from simulator.values import JSON, reveal
from simulator.world import World

PACKAGES: Mapping[str, str] = {"aws": "pulumi_aws", "kubernetes": "pulumi_kubernetes", "random": "pulumi_random"}
"""Pulumi package names and the Python distributions of their SDKs."""

_CLUSTER_ARN = re.compile(r"arn:(?P<partition>[\w-]+):eks:(?P<region>[\w-]+):(?P<account>\d{12}):cluster/")
_SERVER = re.compile(r'"?server"?:\s*"?(?P<url>https://[^\s",}]+)')


def version_of(package: str) -> str:
    """The version of the SDK that this project has pinned: the engine asks for a plugin of the same version."""
    return metadata.version(PACKAGES[package])


@dataclass(frozen=True, slots=True)
class Reach:
    """What a configured provider works on."""

    place: Place
    cluster: str = ""
    default_tags: Mapping[str, JSON] = field(default_factory=dict)


def reach(package: str, config: Mapping[str, JSON], world: World) -> Reach:
    """Read from its configuration what a provider works on.

    Raises:
        CheckError: an AWS provider does not say its region.
    """
    if package == "kubernetes":
        return _cluster_reach(config, world)
    found = provider_place(f"{PROVIDER_PREFIX}{package}", config)
    return Reach(place=found.place, default_tags=found.default_tags)


def _cluster_reach(config: Mapping[str, JSON], world: World) -> Reach:
    identifier = reveal(config.get("clusterIdentifier"))
    cluster = identifier if isinstance(identifier, str) and identifier else _cluster_of_kubeconfig(config, world)
    arn = _CLUSTER_ARN.match(cluster)
    place = Place(arn["account"], arn["region"], arn["partition"]) if arn else Place("", "")
    return Reach(place=place, cluster=cluster)


def _cluster_of_kubeconfig(config: Mapping[str, JSON], world: World) -> str:
    """The ARN of the cluster that answers at the kubeconfig's server, or the server where none does."""
    server = _SERVER.search(str(reveal(config.get("kubeconfig"))))
    if server is None:
        return ""
    with world.transaction() as view:
        clusters = [thing for thing in view.everything() if thing.token == t.CLUSTER]
    arns = (arn for one in clusters if server["url"] in texts_at(one.outputs, "endpoint") for arn in _arn(one.outputs))
    return next(arns, server["url"])


def _arn(outputs: Mapping[str, JSON]) -> list[str]:
    return texts_at(outputs, "arn")
