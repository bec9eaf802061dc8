"""One page on an environment that needs nothing else: no network, no script, no other file."""

from ops.report.page import render

__all__ = ["render"]
