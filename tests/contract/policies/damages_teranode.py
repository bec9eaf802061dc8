"""Damages of Teranode's nodes and their operator."""

from tests.contract.policies.names import RELEASE, TERANODE
from tests.contract.policies.stack import Damage, edit
from tests.contract.policies.teranode import OPERATOR

_WATCHED = "values.deployment.env.watch_namespace"

DAMAGES: dict[str, tuple[Damage, ...]] = {
    "TER-1": (
        edit(TERANODE, "metadata.annotations", None),
        edit(TERANODE, "spec.pruner", None),
        edit(TERANODE, "spec.legacy.spec", None),
        edit(TERANODE, "spec.coinbase.enabled", None),
        edit(TERANODE, "spec.propagation.enabled", value=False),
        edit(TERANODE, "spec.blockAssembly.spec.deploymentOverrides.replicas", 2),
        edit(TERANODE, "spec.blockAssembly.spec.deploymentOverrides", {}),
        edit(TERANODE, "spec.image", None),
        edit(TERANODE, "spec.image", "ghcr.io/bsv-blockchain/teranode:v0.15.0"),
        edit(TERANODE, "spec.rpc.spec.deploymentOverrides", {"replicas": 1}),
        edit(TERANODE, "spec.env", [{"name": "logLevel", "value": "DEBUG"}]),
        edit(TERANODE, "spec.imagePullSecrets", [{"name": "registry"}]),
    ),
    "TER-2": (
        edit(RELEASE, _WATCHED, "", name=OPERATOR),
        edit(RELEASE, _WATCHED, "other", name=OPERATOR),
        edit(RELEASE, _WATCHED, "other, miner", name=OPERATOR),
        edit(RELEASE, "postrender", None, name=OPERATOR),
    ),
}
