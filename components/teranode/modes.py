"""What a node is for. No resources."""

from enum import StrEnum


class Mode(StrEnum):
    """Changing it replaces nothing: it is a matter of settings and sizes."""

    LISTENING = "listening"  # receives, publishes nothing, assembles no blocks
    MINING = "mining"  # takes part, and offers candidates to whoever has hash power
