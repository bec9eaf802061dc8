"""External Secrets: brings secrets from Secrets Manager into the namespaces that may read them."""

from components import iam
from components.images import ImageSource
from components.placement import Placement
from components.platform.values import NODE_SELECTOR, PRIORITY_CLASS, replicas, resources, zone_spread
from components.workloads import Share

NAMESPACE = "external-secrets"
SERVICE_ACCOUNT = "external-secrets"
WEBHOOK_PORT = 10250

# The cluster-wide store is defined, though never served: the certificate controller is not ready without it.
DEFINITIONS = {
    "installCRDs": True,
    "crds": {
        "createClusterExternalSecret": False,
        "createClusterGenerator": False,
        "createClusterPushSecret": False,
        "createPushSecret": False,
    },
}

_CONTROLLER = Share(cpu="20m", memory="192Mi", cpu_limit="500m")
_WEBHOOK = Share(cpu="10m", memory="96Mi", cpu_limit="200m")
_CERTIFICATES = Share(cpu="10m", memory="128Mi", cpu_limit="200m")


def values(images: ImageSource, *, high_availability: bool) -> dict[str, object]:
    """Values of the chart; security contexts are its own, which are those of the level `restricted`.

    Stores and secrets of the whole cluster are not served: each namespace has its own store, which
    names the namespace's own reader role, and nothing writes to Secrets Manager from here.
    """
    image = images.image("external-secrets")
    image_values: dict[str, object] = {"repository": image.name, "tag": image.version}
    count = replicas(high_availability=high_availability)

    def part(component: str, share: Share) -> dict[str, object]:
        return {
            "image": image_values,
            "replicaCount": count,
            "resources": resources(share),
            "nodeSelector": dict(NODE_SELECTOR),
            "priorityClassName": PRIORITY_CLASS,
            "podDisruptionBudget": {"enabled": high_availability, "minAvailable": 1},
            "topologySpreadConstraints": zone_spread({"app.kubernetes.io/name": component}),
        }

    return {
        "installCRDs": False,
        **part("external-secrets", _CONTROLLER),
        "leaderElect": high_availability,
        "livenessProbe": {"enabled": True},
        "readinessProbe": {"enabled": True},
        "processClusterExternalSecret": False,
        "processClusterGenerator": False,
        "processClusterPushSecret": False,
        "processClusterStore": False,
        "processPushSecret": False,
        # The controller's own Pod Identity is its only way to AWS; it borrows no service account's token.
        "rbac": {"serviceAccountTokenCreate": False},
        "serviceAccount": {"name": SERVICE_ACCOUNT},
        "webhook": {**part("external-secrets-webhook", _WEBHOOK), "port": WEBHOOK_PORT},
        "certController": part("external-secrets-cert-controller", _CERTIFICATES),
    }


def policy(placement: Placement) -> str:
    """It may become a reader of one namespace's secrets, and is nobody by itself."""
    return iam.document(
        {
            "Sid": "BecomeReaders",
            "Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Resource": placement.global_arn("iam", f"role{placement.iam_path}reader/*"),
        }
    )
