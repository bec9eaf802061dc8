"""Small deployments in the form of ``pulumi stack export``, to test what reads that form."""

from collections.abc import Mapping, Sequence

from simulator.values import JSON

STACK = "urn:pulumi:test::project::pulumi:pulumi:Stack::project-test"


def urn(token: str, name: str) -> str:
    """The URN of a resource directly below the stack."""
    return f"urn:pulumi:test::project::pulumi:pulumi:Stack${token}::{name}"


def resource(
    token: str,
    name: str,
    inputs: Mapping[str, JSON] | None = None,
    *,
    uses: Mapping[str, Sequence[str]] | None = None,
    outputs: Mapping[str, JSON] | None = None,
    provider: str = "",
    custom: bool = True,
    parent: str = STACK,
    **extra: JSON,
) -> dict[str, JSON]:
    """One resource; ``uses`` names the URNs that each input comes from."""
    property_dependencies = {key: list(urns) for key, urns in (uses or {}).items()}
    entry: dict[str, JSON] = {
        "urn": urn(token, name),
        "type": token,
        "custom": custom,
        "parent": parent,
        "inputs": dict(inputs or {}),
        "outputs": {**(inputs or {}), **(outputs or {})},
        "dependencies": sorted({used for urns in property_dependencies.values() for used in urns}),
        "propertyDependencies": property_dependencies,
        **extra,
    }
    if custom:
        entry["id"] = str((outputs or {}).get("id", f"{name}-id"))
    if provider:
        entry["provider"] = f"{provider}::provider-id"
    return entry


def deployment(*resources: Mapping[str, JSON]) -> dict[str, JSON]:
    """A deployment of the stack and ``resources``."""
    stack: dict[str, JSON] = {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False}
    return {"version": 3, "deployment": {"manifest": {}, "resources": [stack, *resources]}}
