"""What of a release testers outside of the account get: images and signed binaries, to read."""

from components.distribution.component import Distribution, DistributionArgs

__all__ = ["Distribution", "DistributionArgs"]
