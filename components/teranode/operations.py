"""What this project does to a node that its operator does not: pass a release, start it, restart it. No resources."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import pulumi

from components.namespace import NamespaceRef
from components.teranode.chains import PRESETS, Chain
from components.teranode.cluster import CONFIG_MAP, SECRET
from components.teranode.operation import OperationArgs, Rule
from components.teranode.seed import JOB as SEED_JOB
from components.teranode.seed import Snapshot
from components.teranode.services import SERVICES, Service, enabled_services

_GATE_SECONDS = 900
"""Images of a new release are fetched by every node, and a pod has 300 s to start."""

_SEED_GATE_SECONDS = 300
_FIRST_STATE_SECONDS = 900
_RESTART_SECONDS = 2_700
"""Eleven services one after another, each of which may take minutes to become ready."""

PEER_LISTS = frozenset({"p2p_bootstrap_peers", "p2p_static_peers"})
"""Settings whose change restarts nothing: a newcomer dials the others. They learn of it when they next start."""

_READ_WORKLOADS = (
    Rule(group="apps", resources=("deployments",), verbs=("get",)),
    Rule(group="", resources=("pods",), verbs=("get", "list")),
)


def deployments(chain: Chain) -> str:
    """The Deployments of a chain's services in boot order, parted by spaces."""
    return " ".join(SERVICES[service].deployment for service in enabled_services(chain))


def release_gate(
    namespace: NamespaceRef, chain: Chain, *, image: str, tools: str, after: Sequence[pulumi.Resource]
) -> OperationArgs:
    """Wait until all services run `image`. `tools` is the image of the Job itself, which no release changes."""
    return OperationArgs(
        namespace=namespace,
        job="release-gate",
        image=tools,
        script="wait-for-release.sh",
        environment={"NAMESPACE": namespace.name, "IMAGE": image, "DEPLOYMENTS": deployments(chain)},
        timeout_seconds=_GATE_SECONDS,
        after=after,
        rules=_READ_WORKLOADS,
    )


def seed_gate(
    namespace: NamespaceRef, snapshot: Snapshot, *, tools: str, after: Sequence[pulumi.Resource]
) -> OperationArgs:
    """Let the node start once its snapshot is imported. Another snapshot is another run."""
    return OperationArgs(
        namespace=namespace,
        job="seed-gate",
        image=tools,
        script="wait-for-seed.sh",
        environment={"NAMESPACE": namespace.name, "JOB": SEED_JOB, "BLOCK_HASH": snapshot.block_hash},
        timeout_seconds=_SEED_GATE_SECONDS,
        after=after,
        rules=(Rule(group="batch", resources=("jobs",), verbs=("get",)),),
    )


def first_state(
    namespace: NamespaceRef, chain: Chain, *, tools: str, after: Sequence[pulumi.Resource], start_height: int = 0
) -> OperationArgs | None:
    """Bring a fresh node to work, once; None on isolated chains, where a setting does so at every start.

    A fresh node stands at `start_height`, that of its snapshot where it was seeded.

    Where part of the chain is with SV nodes it begins with what they have, as upstream's installation guide does, and
    goes on by itself. Nothing in it follows the release: a node that went back to IDLE is not pushed on by an update.
    """
    preset = PRESETS[chain]
    if preset.isolated:
        return None
    asset = SERVICES[Service.ASSET]
    return OperationArgs(
        namespace=namespace,
        job="first-state",
        image=tools,
        script="leave-idle.sh",
        environment={
            "ASSET_URL": f"http://{asset.service}:{asset.port('http').number}/api/v1",
            "EVENT": "LEGACYSYNC" if preset.bridges_sv_nodes else "RUN",
            "START_HEIGHT": str(start_height),
        },
        timeout_seconds=_FIRST_STATE_SECONDS,
        after=after,
        login=(SECRET, ("rpc_user", "rpc_pass")),
    )


def settings_restart(
    namespace: NamespaceRef,
    chain: Chain,
    *,
    settings: Mapping[str, pulumi.Input[str]],
    secret_versions: Sequence[pulumi.Input[str]],
    tools: str,
    after: Sequence[pulumi.Resource],
) -> OperationArgs:
    """Restart the pods that started with other settings or secrets, in boot order; the operator restarts none."""
    watched = {key: value for key, value in settings.items() if key not in PEER_LISTS}
    return OperationArgs(
        namespace=namespace,
        job="settings-restart",
        image=tools,
        script="restart-stale-pods.sh",
        environment={
            "NAMESPACE": namespace.name,
            "CONFIG_MAP": CONFIG_MAP,
            "EXTERNAL_SECRET": SECRET,
            "DEPLOYMENTS": deployments(chain),
            # Neither is read by the script: another value is another run.
            "SETTINGS": pulumi.Output.from_input(watched).apply(_digest),
            "SECRETS": pulumi.Output.all(*secret_versions).apply(" ".join),
        },
        timeout_seconds=_RESTART_SECONDS,
        after=after,
        rules=(
            Rule(group="apps", resources=("deployments",), verbs=("get",)),
            Rule(group="", resources=("pods",), verbs=("delete", "get", "list")),
            Rule(group="", resources=("configmaps",), verbs=("get",)),
            Rule(group="external-secrets.io", resources=("externalsecrets",), verbs=("get",)),
        ),
    )


def _digest(values: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
