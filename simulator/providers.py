"""Where the resources of an explicit provider live, read from the provider's own inputs."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.errors import CheckError
from simulator.model import Place
from simulator.record import PROVIDER_PREFIX
from simulator.values import JSON, is_unknown, reveal

AWS_PROVIDER = f"{PROVIDER_PREFIX}aws"

FALLBACK_ACCOUNT = "111122223333"
"""The account of AWS's own documentation: for providers that do not say which account they may touch."""

_ROLE_ACCOUNT = re.compile(r"arn:[a-z-]+:iam::(\d{12}):role/")
_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}


@dataclass(frozen=True, slots=True)
class ProviderPlace:
    """The place of a provider and the tags it adds to everything that can carry tags."""

    place: Place
    default_tags: Mapping[str, JSON] = field(default_factory=dict)


NOWHERE = ProviderPlace(Place(account="", region=""))
"""The place of providers of other clouds: their resources have no AWS account or region."""


def partition_of(region: str) -> str:
    """The AWS partition of a region."""
    return next((name for prefix, name in _PARTITIONS.items() if region.startswith(f"{prefix}-")), "aws")


def provider_place(token: str, inputs: Mapping[str, JSON]) -> ProviderPlace:
    """Read place and default tags from the inputs of ``pulumi:providers:aws``.

    Raises:
        CheckError: an AWS provider without a region, which would take the region of whoever runs the program.
    """
    if token != AWS_PROVIDER:
        return NOWHERE
    region = reveal(inputs.get("region"))
    if not isinstance(region, str) or not region:
        raise CheckError("region: an aws provider must say its region")
    tags = _decoded(inputs, "defaultTags")
    default_tags = tags.get("tags") if isinstance(tags, Mapping) else None
    return ProviderPlace(
        place=Place(account=_account(inputs), region=region, partition=partition_of(region)),
        default_tags=default_tags if isinstance(default_tags, Mapping) else {},
    )


def _account(inputs: Mapping[str, JSON]) -> str:
    allowed = _decoded(inputs, "allowedAccountIds")
    if isinstance(allowed, list) and allowed:
        return str(allowed[0])
    role = _ROLE_ACCOUNT.search(json.dumps(_decoded(inputs, "assumeRoles")))
    return role.group(1) if role else FALLBACK_ACCOUNT


def _decoded(inputs: Mapping[str, JSON], key: str) -> JSON:
    """Provider inputs that are not strings travel as JSON text."""
    value = reveal(inputs.get(key))
    return json.loads(value) if isinstance(value, str) and not is_unknown(value) else value
