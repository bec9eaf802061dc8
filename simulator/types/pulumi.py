"""Providers as resources. The engine gives a provider a UUID as its id and echoes its configuration."""

from simulator.record import PROVIDER_PREFIX
from simulator.types.base import ResourceModel

MODELS = tuple(
    ResourceModel(
        f"{PROVIDER_PREFIX}{package}",
        identify=lambda request: request.uuid("provider"),
        compute=lambda _request, _id: {},
    )
    for package in ("aws", "kubernetes", "random")
)
