"""Releases of Helm charts: ``helm.v3.Release`` of the Kubernetes provider, which runs Helm itself.

Source: pulumi/pulumi-kubernetes ``provider/pkg/provider/helm_release.go``.
"""

import re
from collections.abc import Mapping

from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON, is_unknown, reveal

RELEASE = "kubernetes:helm.sh/v3:Release"

LONGEST_NAME = 53
"""Characters of a release's name: Helm puts suffixes on it to name objects."""

_DEFAULT_TIMEOUT_S = 300
_EXACT_VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")


def release_problems(inputs: Mapping[str, JSON]) -> list[str]:
    """What this project does not leave open though the provider would: which version of the chart is installed."""
    version = reveal(inputs.get("version"))
    if is_unknown(version) or (isinstance(version, str) and _EXACT_VERSION.fullmatch(version)):
        return []
    return ["version: must be one exact version: Helm would take the newest chart of the day that fits"]


def _identify(request: Request) -> str:
    return f"{request.text('namespace', 'default')}/{request.text('name')}"


def _compute(request: Request, _: str) -> dict[str, JSON]:
    name, namespace = request.text("name"), request.text("namespace", "default")
    status: dict[str, JSON] = {
        "appVersion": "",  # only the chart itself says it
        "chart": request.text("chart").rstrip("/").rpartition("/")[2],
        "name": name,
        "namespace": namespace,
        "revision": 1,
        "status": "deployed",
        "version": request.text("version"),
    }
    # The objects that a chart makes are not known without the chart.
    return {"namespace": namespace, "resourceNames": {}, "status": status}


MODELS = (
    ResourceModel(
        RELEASE,
        identify=_identify,
        compute=_compute,
        autoname=Autoname("name", max_length=LONGEST_NAME, unless=(), hex_digits=8),
        defaults={"timeout": _DEFAULT_TIMEOUT_S},
    ),
)
