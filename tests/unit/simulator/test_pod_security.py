"""Pod Security Standards, control by control."""

from typing import Any

import pytest

from simulator.pod_security import violations

SAFE: dict[str, Any] = {
    "name": "c",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
}


def pod(security: dict[str, Any] | None = None, /, **spec: Any) -> dict[str, Any]:
    """A pod that passes everywhere but for what is given: of its container's security context, of its spec."""
    container = {**SAFE, "securityContext": {**SAFE["securityContext"], **(security or {})}}
    return {"containers": [container], **spec}


def test_a_hardened_pod_passes_every_level() -> None:
    for level in ("privileged", "baseline", "restricted"):
        assert violations(level, pod()) == []


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        (pod(hostNetwork=True), "hostNetwork"),
        (pod(hostPID=True), "hostPID"),
        (pod(hostIPC=True), "hostIPC"),
        (pod(volumes=[{"name": "v", "hostPath": {"path": "/"}}]), "hostPath"),
        (pod(securityContext={"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}), "sysctls"),
        (pod(securityContext={"seccompProfile": {"type": "Unconfined"}}), "seccompProfile"),
        (pod({"privileged": True}), "privileged"),
        (pod({"procMount": "Unmasked"}), "procMount"),
        (pod({"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}), "SYS_ADMIN"),
        (pod(initContainers=[{**SAFE, "ports": [{"containerPort": 1, "hostPort": 1}]}]), "hostPort"),
    ],
)
def test_baseline_and_restricted_refuse_what_reaches_the_node(spec: dict[str, Any], named: str) -> None:
    assert any(named in found for found in violations("baseline", spec))
    assert any(named in found for found in violations("restricted", spec))
    assert violations("privileged", spec) == []


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        (pod({"allowPrivilegeEscalation": True}), "allowPrivilegeEscalation"),
        (pod({"allowPrivilegeEscalation": None}), "allowPrivilegeEscalation"),
        (pod({"capabilities": {}}), "capabilities.drop"),
        (pod({"capabilities": {"drop": ["ALL"], "add": ["CHOWN"]}}), "CHOWN"),
        (pod({"runAsNonRoot": False}), "runAsNonRoot"),
        (pod({"runAsUser": 0}), "runAsUser=0"),
        (pod({"seccompProfile": {}}), "seccompProfile"),
        (pod(volumes=[{"name": "v", "nfs": {"server": "s"}}]), "nfs"),
        (pod(securityContext={"runAsUser": 0}), "runAsUser=0"),
        (pod(initContainers=[{"name": "i"}]), '"i"'),
    ],
)
def test_only_restricted_refuses_what_is_merely_unsafe(spec: dict[str, Any], named: str) -> None:
    assert any(named in found for found in violations("restricted", spec))
    assert violations("baseline", spec) == []


def test_what_the_pod_says_holds_for_containers_that_say_nothing() -> None:
    quiet = {"name": "c", "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}}
    whole = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert violations("restricted", {"containers": [quiet], "securityContext": whole}) == []
