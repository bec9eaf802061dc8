"""Kubernetes' notation of CPU and memory, as numbers. No resources."""

from dataclasses import dataclass

from components.workloads import Share

_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the scheduler sets aside for one pod."""

    millicores: int
    memory_bytes: int

    def __add__(self, other: "Request") -> "Request":
        return Request(
            millicores=self.millicores + other.millicores, memory_bytes=self.memory_bytes + other.memory_bytes
        )


NOTHING = Request(millicores=0, memory_bytes=0)


def request(cpu: str, memory: str) -> Request:
    """Read one container's request, for example `request("250m", "1Gi")`; raises `ValueError` for anything else."""
    millicores = int(cpu[:-1]) if cpu.endswith("m") else int(cpu) * 1000
    unit = _BINARY.get(memory[-2:])
    if unit is None:
        raise ValueError(f"{memory} is no memory in Ki, Mi, Gi or Ti")
    return Request(millicores=millicores, memory_bytes=int(memory[:-2]) * unit)


def of_share(share: Share) -> Request:
    """The request of a container's share of a node."""
    return request(share.cpu, share.memory)
