"""How that which `ops bootstrap` makes for an environment is called, for whoever looks for it."""

ATTESTATIONS = "attestations/"
"""Where in the bucket of the state they are."""


def state_bucket(account: str, environment: str) -> str:
    """The bucket of its state, and of its attestations."""
    return f"teranode-state-{account}-{environment}"


def attestation_alias(environment: str) -> str:
    """The alias of the key that signs its attestations."""
    return f"alias/teranode-attest-{environment}"
