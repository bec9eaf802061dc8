"""The images and charts that a program names, found in its evaluated resources. Pure functions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ops.preflight.needs import Evaluated
from simulator.values import JSON, at, is_unknown

_RELEASE = "kubernetes:helm.sh/v3:Release"
_DOCKER_HUB = "registry-1.docker.io"
_PARTS = re.compile(
    r"(?P<name>(?:[\w.-]+(?::\d+)?/)?[a-z0-9._/-]+)(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, order=True)
class Image:
    """An image, or a chart in a registry of images: where it is, and by which tag or digest it is asked for."""

    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def written(self) -> str:
        """As people write it."""
        host = "docker.io" if self.registry == _DOCKER_HUB else self.registry
        tag = f":{self.tag}" if self.tag else ""
        return f"{host}/{self.repository}{tag}{f'@{self.digest[:19]}…' if self.digest else ''}"


@dataclass(frozen=True, slots=True, order=True)
class Chart:
    """A chart that a repository lists in its index."""

    repository: str
    name: str
    version: str


def images(evaluated: Evaluated) -> list[Image]:
    """Every image that an object names as a text, or that the values of a chart name in parts; sorted."""
    found: set[str] = set()
    for node in evaluated.graph.nodes.values():
        if node.type.startswith("kubernetes:"):
            found.update(_named(node.inputs))
    return sorted({image for text in found if (image := parse(text)) is not None})


def charts(evaluated: Evaluated) -> tuple[list[Chart], list[Image]]:
    """The charts of repositories with an index, and those of registries of images; both sorted, each once.

    A chart from a folder of the project has been found by the program itself.
    """
    listed: set[Chart] = set()
    stored: set[Image] = set()
    for node in evaluated.graph.nodes.values():
        chart, version = str(node.inputs.get("chart")), str(node.inputs.get("version"))
        repository = at(node.inputs, "repositoryOpts.repo")
        if node.type != _RELEASE:
            continue
        if chart.startswith("oci://"):
            # A tag has no "+": Helm puts "_" in its place.
            image = parse(f"{chart.removeprefix('oci://')}:{version.replace('+', '_')}")
            stored.update([image] if image else [])
        elif isinstance(repository, str) and "://" in repository:
            listed.add(Chart(repository.rstrip("/"), chart, version))
    return sorted(listed), sorted(stored)


def parse(text: str) -> Image | None:
    """An image as it is written; None for what names none. Without a registry it is Docker Hub's, as for Kubernetes."""
    match = _PARTS.fullmatch(text)
    if match is None or is_unknown(text):
        return None
    host, slash, rest = match["name"].partition("/")
    if not slash or ("." not in host and ":" not in host and host != "localhost"):
        host, rest = "docker.io", match["name"]
    if host in ("docker.io", "index.docker.io"):
        host, rest = _DOCKER_HUB, rest if "/" in rest else f"library/{rest}"
    return Image(host, rest, match["tag"] or ("" if match["digest"] else "latest"), match["digest"] or "")


def _named(value: JSON) -> Iterator[str]:
    if isinstance(value, Mapping):
        image = value.get("image")
        if isinstance(image, str) and "/" in image:
            yield image
        if isinstance(value.get("repository"), str) and ("tag" in value or "digest" in value):
            yield _joined(value)
        for item in value.values():
            yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def _joined(parts: Mapping[str, JSON]) -> str:
    """An image of a chart's values, which name it in parts."""
    registry, tag, digest = (str(parts.get(key) or "") for key in ("registry", "tag", "digest"))
    name = f"{registry}/{parts['repository']}" if registry else str(parts["repository"])
    return f"{name}{f':{tag}' if tag else ''}{f'@{digest}' if digest else ''}"
