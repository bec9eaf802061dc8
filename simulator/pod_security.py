"""Pod Security Standards: what the levels ``baseline`` and ``restricted`` refuse in the spec of a pod.

Source: kubernetes.io, "Pod Security Standards"; k8s.io/pod-security-admission ``policy/check_*.go``.
"""

from collections.abc import Iterator, Mapping

from simulator.values import JSON

Spec = Mapping[str, JSON]

_BASELINE_CAPABILITIES = frozenset(
    {
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"),
        *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    }
)
_SAFE_SYSCTLS = frozenset(
    {
        *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start"),
        *("net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports"),
        *("net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl"),
        *("net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"),
    }
)
_RESTRICTED_VOLUMES = frozenset(
    {
        *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"),
    }
)
_SECCOMP = ("RuntimeDefault", "Localhost")


def violations(level: str, pod: Spec) -> list[str]:
    """What ``level`` refuses in ``pod``, in the words of the admission controller. An unknown level refuses nothing."""
    if level == "restricted":
        return [*_baseline(pod), *_restricted(pod)]
    return list(_baseline(pod)) if level == "baseline" else []


def containers(pod: Spec) -> list[Spec]:
    """All containers, those that run before the others too."""
    return [*_items(pod, "initContainers"), *_items(pod, "containers"), *_items(pod, "ephemeralContainers")]


def _baseline(pod: Spec) -> Iterator[str]:
    for namespace in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(namespace) is True:
            yield f"host namespaces ({namespace}=true)"
    for volume in _items(pod, "volumes"):
        if "hostPath" in volume:
            yield f'hostPath volumes (volume "{volume.get("name")}")'
    for sysctl in _items(_part(pod, "securityContext"), "sysctls"):
        if sysctl.get("name") not in _SAFE_SYSCTLS:
            yield f"forbidden sysctls ({sysctl.get('name')})"
    if _seccomp(pod) == "Unconfined":
        yield "seccompProfile (pod must not set securityContext.seccompProfile.type to Unconfined)"
    for container in containers(pod):
        yield from _baseline_container(container)


def _baseline_container(container: Spec) -> Iterator[str]:
    name, security = container.get("name"), _part(container, "securityContext")
    if security.get("privileged") is True:
        yield f'privileged (container "{name}" must not set securityContext.privileged=true)'
    added = [one for one in _texts(_part(security, "capabilities"), "add") if one not in _BASELINE_CAPABILITIES]
    if added:
        yield f'non-default capabilities (container "{name}" must not include {", ".join(added)} in capabilities.add)'
    if any(port.get("hostPort") for port in _items(container, "ports")):
        yield f'hostPort (container "{name}" uses hostPorts)'
    if security.get("procMount", "Default") != "Default":
        yield f'procMount (container "{name}" must not set securityContext.procMount)'
    if _seccomp(container) == "Unconfined":
        yield f'seccompProfile (container "{name}" must not set securityContext.seccompProfile.type to Unconfined)'


def _restricted(pod: Spec) -> Iterator[str]:
    for volume in _items(pod, "volumes"):
        kinds = volume.keys() - {"name"} - _RESTRICTED_VOLUMES
        if kinds:
            yield f'restricted volume types (volume "{volume.get("name")}" uses {", ".join(sorted(kinds))})'
    if _part(pod, "securityContext").get("runAsUser") == 0:
        yield "runAsUser=0 (pod must not set runAsUser=0)"
    for container in containers(pod):
        yield from _restricted_container(pod, container)


def _restricted_container(pod: Spec, container: Spec) -> Iterator[str]:
    name, security = container.get("name"), _part(container, "securityContext")
    if security.get("allowPrivilegeEscalation") is not False:
        yield f'allowPrivilegeEscalation != false (container "{name}" must set it to false)'
    capabilities = _part(security, "capabilities")
    if "ALL" not in _texts(capabilities, "drop"):
        yield f'unrestricted capabilities (container "{name}" must set securityContext.capabilities.drop=["ALL"])'
    more = [one for one in _texts(capabilities, "add") if one != "NET_BIND_SERVICE"]
    if more:
        yield f'unrestricted capabilities (container "{name}" must not include {", ".join(more)} in capabilities.add)'
    if security.get("runAsNonRoot", _part(pod, "securityContext").get("runAsNonRoot")) is not True:
        yield f'runAsNonRoot != true (pod or container "{name}" must set securityContext.runAsNonRoot=true)'
    if security.get("runAsUser") == 0:
        yield f'runAsUser=0 (container "{name}" must not set runAsUser=0)'
    if (_seccomp(container) or _seccomp(pod)) not in _SECCOMP:
        yield f'seccompProfile (pod or container "{name}" must set securityContext.seccompProfile.type)'


def _seccomp(holder: Spec) -> JSON:
    return _part(_part(holder, "securityContext"), "seccompProfile").get("type")


def _part(holder: Spec, key: str) -> Spec:
    value = holder.get(key)
    return value if isinstance(value, Mapping) else {}


def _items(holder: Spec, key: str) -> list[Spec]:
    value = holder.get(key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _texts(holder: Spec, key: str) -> list[str]:
    value = holder.get(key)
    return [str(one) for one in value] if isinstance(value, list) else []
