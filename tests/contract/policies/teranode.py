"""A node of Teranode in a model region, and the operator that serves it."""

from tests.contract.policies.platform import DIGEST
from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Row

IMAGE = f"ghcr.io/bsv-blockchain/teranode:v0.14.4@sha256:{DIGEST}"
OPERATOR = "teranode-operator"
RUNNING = (
    *("asset", "blockAssembly", "blockPersister", "blockValidator", "blockchain", "peer", "propagation", "pruner"),
    *("rpc", "subtreeValidator", "validator"),
)
STOPPED = ("alertSystem", "bootstrap", "coinbase", "legacy", "utxoPersister")


def build_teranode(region: RegionBuilder) -> None:
    """Register the operator of the region's miner, and the miner's Cluster."""
    provider = f"{region.name}-kubernetes"
    release: Row = {
        "chart": f"oci://ghcr.io/bsv-blockchain/helm/{OPERATOR}",
        "version": "0.2.3",
        "namespace": OPERATOR,
        "postrender": "tools/postrender/teranode-operator",
        "values": {
            "deployment": {
                "env": {"watch_namespace": "miner"},
                "image": {"repository": "ghcr.io/bsv-blockchain/operator", "tag": f"v0.8.5@sha256:{DIGEST}"},
                "replicaCount": 2,
            }
        },
    }
    region.stack.add("kubernetes:helm.sh/v3:Release", f"{region.name}-{OPERATOR}", release, provider=provider)
    region.stack.add(
        "kubernetes:policy/v1:PodDisruptionBudget",
        f"{region.name}-{OPERATOR}-budget",
        {"metadata": {"name": OPERATOR, "namespace": OPERATOR}, "spec": {"minAvailable": 1}},
        provider=provider,
    )
    region.stack.add(
        "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster",
        f"{region.name}-node",
        {
            "metadata": {
                "name": "teranode",
                "namespace": "miner",
                "annotations": {"pulumi.com/deletionPropagationPolicy": "background"},
            },
            "spec": _spec(),
        },
        provider=provider,
        protect=True,
        retainOnDelete=True,
    )


def _spec() -> Row:
    spec: Row = {"image": IMAGE, **{name: {"enabled": False, "spec": {}} for name in STOPPED}}
    for name in RUNNING:
        overrides: Row = {"replicas": 1, **({"image": IMAGE} if name == "rpc" else {})}
        spec[name] = {"enabled": True, "spec": {"deploymentOverrides": overrides}}
    return spec
