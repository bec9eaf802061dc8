"""cert-manager: certificates for webhooks inside the cluster."""

from components.images import ImageSource
from components.platform.values import NODE_SELECTOR, PRIORITY_CLASS, replicas, resources, zone_spread
from components.workloads import Share

NAMESPACE = "cert-manager"
WEBHOOK_PORT = 10250
DEFINITIONS = {"crds": {"enabled": True}}

_CONTROLLER = Share(cpu="20m", memory="192Mi", cpu_limit="500m")
_INJECTOR = Share(cpu="20m", memory="320Mi", cpu_limit="500m")  # it holds every secret and webhook of the cluster
_WEBHOOK = Share(cpu="20m", memory="96Mi", cpu_limit="500m")
_CHECK = Share(cpu="10m", memory="64Mi", cpu_limit="200m")
_WEBHOOK_TIMEOUT_SECONDS = 10


def values(images: ImageSource, *, high_availability: bool) -> dict[str, object]:
    """Values of the chart; security contexts are its own, which are those of the level `restricted`."""
    count = replicas(high_availability=high_availability)

    def part(component: str, image: str, share: Share) -> dict[str, object]:
        return {
            "image": _image(images, image),
            "replicaCount": count,
            "resources": resources(share),
            "nodeSelector": dict(NODE_SELECTOR),
            "podDisruptionBudget": {"enabled": high_availability, "minAvailable": 1},
            "topologySpreadConstraints": zone_spread(
                {"app.kubernetes.io/instance": NAMESPACE, "app.kubernetes.io/component": component}
            ),
        }

    return {
        "global": {"priorityClassName": PRIORITY_CLASS, "leaderElection": {"namespace": NAMESPACE}},
        "crds": {"enabled": False},
        **part("controller", "cert-manager-controller", _CONTROLLER),
        "webhook": {
            **part("webhook", "cert-manager-webhook", _WEBHOOK),
            "securePort": WEBHOOK_PORT,
            "timeoutSeconds": _WEBHOOK_TIMEOUT_SECONDS,
        },
        "cainjector": part("cainjector", "cert-manager-cainjector", _INJECTOR),
        "acmesolver": {"image": _image(images, "cert-manager-acmesolver")},
        "startupapicheck": {
            "image": _image(images, "cert-manager-startupapicheck"),
            "resources": resources(_CHECK),
            "nodeSelector": dict(NODE_SELECTOR),
        },
    }


def _image(images: ImageSource, name: str) -> dict[str, object]:
    image = images.image(name)
    return {"repository": image.name, "tag": image.tag, **({"digest": image.digest} if image.digest else {})}
