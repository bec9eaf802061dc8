"""Every fact that one thing names another: the words of the API when what is named is missing, or still named.

Both halves of a row come from one table because they are one fact; ``{id}`` is the id of what is missing or cannot be
deleted. The rows are kept by service.
"""

from simulator.rules import network_references, store_references
from simulator.rules.reference import Reference

REFERENCES: tuple[Reference, ...] = (*network_references.REFERENCES, *store_references.REFERENCES)
