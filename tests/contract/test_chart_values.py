"""What is given to Helm charts: reviewed values, and, where the charts are at hand, what comes out of them.

TERANODE_CHARTS_DIR names a folder of unpacked charts in the pinned versions; with `helm` on the PATH each one is
rendered with the values of both stacks.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.images import Image
from infra import versions
from tests.support.inventory import GOLDEN, chart_values
from tests.support.stacks import STACKS, evaluated

CHARTS = os.environ.get("TERANODE_CHARTS_DIR")
HELM = shutil.which("helm")
MISSING = "TERANODE_CHARTS_DIR names no folder of charts" if not CHARTS else "no helm on the PATH" if not HELM else ""
# Named by the reviewed values, which the first test holds to the stacks: collecting tests must evaluate nothing.
REVIEWED = {
    stack: {path.stem.removesuffix(f"-{stack}"): path for path in sorted((GOLDEN / "values").glob(f"*-{stack}.yaml"))}
    for stack in STACKS
}
RENDERED = [(stack, chart) for stack, charts in REVIEWED.items() for chart in charts]
WORKLOADS = ("DaemonSet", "Deployment", "Job", "StatefulSet")
PRIVILEGED = {"local-static-provisioner"}
"""Charts whose pods handle the node's own disks."""
POD_SHAPED = {"affinity", "containerSecurityContext", "nodeSelector", "podSecurityContext", "resources"} | {
    "securityContext",
    "storageSpec",
}
"""Values that a chart hands to the API server as they are."""
REGISTRIES = {Image.parse(reference).registry for reference in versions.IMAGES.values()}
MIRROR = "mirror.example.org"

needs_charts = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.mark.parametrize("stack", STACKS)
def test_the_values_of_every_chart_are_the_reviewed_ones(stack: str) -> None:
    """A change here is a change of what runs: see tests/support/inventory.py before accepting it."""
    found = chart_values(evaluated(stack))

    assert set(found) == set(REVIEWED[stack])
    for chart, text in found.items():
        assert text == REVIEWED[stack][chart].read_text(), chart


def release_of(stack: str, chart: str) -> Mapping[str, Any]:
    return next(
        release.inputs
        for release in sorted(evaluated(stack).of_type("kubernetes:helm.sh/v3:Release"), key=lambda one: one.name)
        if release.inputs["chart"] == chart
    )


def folder_of(chart: str) -> Path:
    assert CHARTS
    return Path(CHARTS) / chart


@cache
def rendered(stack: str, chart: str, *, mirrored: bool = False) -> tuple[Mapping[str, Any], ...]:
    """The objects that the chart makes of a stack's values, hooks included."""
    assert HELM
    inputs = release_of(stack, chart)
    values = json.dumps(inputs["values"])
    if mirrored:
        for registry in REGISTRIES:
            values = re.sub(rf'"{re.escape(registry)}(?=[/"])', f'"{MIRROR}', values)
    command = [HELM, "template", inputs["name"], str(folder_of(chart)), "--namespace", inputs["namespace"]]
    command += ["--kube-version", f"{versions.KUBERNETES_VERSION}.0", "--values", "-"]
    done = subprocess.run(command, input=values, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tuple(document for document in yaml.safe_load_all(done.stdout) if document)


def pods(objects: tuple[Mapping[str, Any], ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in objects:
        if one["kind"] in WORKLOADS:
            yield f"{one['kind']} {one['metadata']['name']}", one["spec"]["template"]["spec"]


def containers(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*pod["containers"], *pod.get("initContainers", ())]


@needs_charts
@pytest.mark.parametrize(("stack", "chart"), RENDERED)
def test_every_rendered_container_has_its_share_and_runs_as_nobody(stack: str, chart: str) -> None:
    for name, pod in pods(rendered(stack, chart)):
        for container in containers(pod):
            security = {**pod.get("securityContext", {}), **container.get("securityContext", {})}
            share = container.get("resources") or {}

            assert {"cpu", "memory"} <= set(share.get("requests", {})) & set(share.get("limits", {})), name
            if chart not in PRIVILEGED:
                assert security.get("runAsNonRoot") is True, name
                assert security.get("readOnlyRootFilesystem") is True, name
                assert security.get("allowPrivilegeEscalation") is False, name
                assert security["capabilities"] == {"drop": ["ALL"]}, name
                assert security["seccompProfile"] == {"type": "RuntimeDefault"}, name


@needs_charts
@pytest.mark.parametrize(("stack", "chart"), RENDERED)
def test_every_rendered_pod_runs_on_its_own_nodes(stack: str, chart: str) -> None:
    for name, pod in pods(rendered(stack, chart)):
        on_system_nodes = pod.get("nodeSelector", {}).get("teranode.io/pool") == "system"

        assert on_system_nodes != (chart in PRIVILEGED), name


@needs_charts
@pytest.mark.parametrize(("stack", "chart"), RENDERED)
def test_every_rendered_image_is_pinned_by_this_project_and_follows_a_mirror(stack: str, chart: str) -> None:
    pinned = {Image.parse(reference).reference for reference in versions.IMAGES.values()}
    for name, pod in pods(rendered(stack, chart)):
        assert {container["image"] for container in containers(pod)} <= pinned, name
    workloads = [one for one in rendered(stack, chart, mirrored=True) if one["kind"] in (*WORKLOADS, "Prometheus")]

    assert not [registry for registry in REGISTRIES if re.search(rf"\b{re.escape(registry)}/", json.dumps(workloads))]


@needs_charts
@pytest.mark.parametrize(("stack", "chart"), RENDERED)
def test_nothing_rendered_opens_a_way_in_or_carries_a_known_password(stack: str, chart: str) -> None:
    objects = rendered(stack, chart)

    assert {one["spec"].get("type", "ClusterIP") for one in objects if one["kind"] == "Service"} <= {"ClusterIP"}
    assert not [one for one in objects if one["kind"] in ("Ingress", "IngressClass", "Gateway")]
    assert not [one for one in objects if one["kind"] == "CustomResourceDefinition"]
    assert "prom-operator" not in json.dumps([one for one in objects if one["kind"] == "Secret"])


@needs_charts
@pytest.mark.parametrize(("stack", "chart"), RENDERED)
def test_the_chart_knows_every_key_that_is_set(stack: str, chart: str) -> None:
    assert list(unknown_keys(release_of(stack, chart)["values"], folder_of(chart))) == []


def unknown_keys(values: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Keys that neither the chart's values nor its templates name; a chart with a schema refuses them itself."""
    if (folder / "values.schema.json").exists():
        return
    defaults = yaml.safe_load((folder / "values.yaml").read_text())
    templates = "".join(path.read_text() for path in (folder / "templates").rglob("*") if path.is_file())
    for key, value in values.items():
        subchart = folder / "charts" / key
        if (subchart / "values.yaml").exists():
            yield from (
                f"{key}.{found}" for found in unknown_keys(value, subchart) if not _set(defaults.get(key), found)
            )
        else:
            yield from _unknown(key, value, defaults, templates, "")


def _unknown(key: str, value: object, defaults: object, templates: str, above: str) -> Iterator[str]:
    path = f"{above}{key}"
    known = isinstance(defaults, dict) and key in defaults
    if not known:
        if f".Values.{path}" not in templates:
            yield path
        return
    inner = defaults[key] if isinstance(defaults, dict) else None
    if key not in POD_SHAPED and isinstance(value, dict) and isinstance(inner, dict) and inner:
        for name, item in value.items():
            yield from _unknown(name, item, inner, templates, f"{path}.")


def _set(defaults: object, path: str) -> bool:
    """Whether a chart itself sets that value of its subchart."""
    for key in path.split("."):
        if not isinstance(defaults, dict) or key not in defaults:
            return False
        defaults = defaults[key]
    return True
