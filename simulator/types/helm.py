"""Helm releases, as the Kubernetes provider keeps them: ``kubernetes:helm.sh/v3:Release``."""

from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _release(request: Request, _: str) -> dict[str, JSON]:
    status: dict[str, JSON] = {
        "appVersion": request.text("version").removeprefix("v"),
        "chart": request.text("chart").rpartition("/")[2],
        "name": request.text("name"),
        "namespace": request.text("namespace"),
        "revision": 1,
        "status": "deployed",
        "version": request.text("version"),
    }
    return {"resourceNames": {}, "status": status}


MODELS = (
    ResourceModel(
        "kubernetes:helm.sh/v3:Release",
        identify=lambda request: f"{request.text('namespace', 'default')}/{request.text('name')}",
        compute=_release,
        autoname=Autoname("name", max_length=53, hex_digits=8),
    ),
)
