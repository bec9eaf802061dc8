"""A picture of an environment as SVG, drawn from its resource graph."""

from ops.picture.layout import draw

__all__ = ["draw"]
