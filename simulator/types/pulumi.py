"""Providers as resources. The engine gives a provider a UUID as its id and echoes its configuration."""

from simulator.types.base import Request, ResourceModel


def _uuid(request: Request) -> str:
    digest = request.digest(32, "provider")
    return "-".join((digest[:8], digest[8:12], f"4{digest[13:16]}", f"8{digest[17:20]}", digest[20:]))


MODELS = tuple(
    ResourceModel(f"pulumi:providers:{package}", identify=_uuid, compute=lambda _request, _id: {})
    for package in ("aws", "kubernetes", "random")
)
