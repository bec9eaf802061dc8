"""Operators and services that every cluster runs for its stores and miners."""

from components.platform.args import PlatformRef

__all__ = ["PlatformRef"]
