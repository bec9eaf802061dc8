"""Rule → a call that breaks it, and one that passes: Kubernetes objects."""

from typing import Any

from simulator.rules import tokens as t
from tests.plugins.things import ADMIN_POLICY, CLUSTER, cluster
from tests.plugins.world_builder import Ask, create, thing

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
PARAMETERS: dict[str, Any] = {"metadata": {"name": "settings"}}


def object_named(token: str, name: str, namespace: str = "default") -> Any:
    """A Kubernetes object that exists."""
    return thing(token, f"{namespace}/{name}", {"metadata": {"name": name, "namespace": namespace}})


CASES: dict[str, tuple[Ask, Ask]] = {
    "cluster-reachable": (create(CONFIG_MAP, **PARAMETERS), create(CONFIG_MAP, CLUSTER, **PARAMETERS)),
    "cluster-access": (
        create(CONFIG_MAP, cluster(accessConfig={"bootstrapClusterCreatorAdminPermissions": False})),
        create(
            CONFIG_MAP,
            cluster(accessConfig={"bootstrapClusterCreatorAdminPermissions": False}),
            thing(t.ACCESS_POLICY_ASSOCIATION, "a", {"clusterName": "blue", "policyArn": ADMIN_POLICY}),
        ),
    ),
    "namespace-exists": (
        create(CONFIG_MAP, metadata={"name": "x", "namespace": "miner-1"}),
        create(CONFIG_MAP, object_named(t.NAMESPACE, "miner-1"), metadata={"name": "x", "namespace": "miner-1"}),
    ),
    "object-name": (
        create(CONFIG_MAP, object_named(CONFIG_MAP, "x"), metadata={"name": "x"}),
        create(CONFIG_MAP, object_named(CONFIG_MAP, "x", "kube-system"), metadata={"name": "x"}),
    ),
    "object-name-pattern": (
        create(CONFIG_MAP, metadata={"name": "Settings"}),
        create(CONFIG_MAP, metadata={"name": "settings"}),
    ),
    "claim-class": (
        create(t.PERSISTENT_VOLUME_CLAIM, spec={"storageClassName": "gp3"}),
        create(t.PERSISTENT_VOLUME_CLAIM, object_named(t.STORAGE_CLASS, "gp3"), spec={"storageClassName": "gp3"}),
    ),
}
