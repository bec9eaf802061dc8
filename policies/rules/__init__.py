"""The rules and how to run them.

Imports inside are relative, so that the project (``policies.rules``) and the policy pack (``rules``, whose search path
starts in its own folder) load the same code.
"""

from .catalogue import ALL_RULES
from .evaluation import Finding, Report, Undecided, Waived, evaluate
from .fleet import FLEET_RULES, evaluate_fleet, lost_nodes, lost_protection
from .graph import Graph, GraphError, Resource
from .rule import Rule
from .waivers import WAIVERS, Waiver

__all__ = [
    "ALL_RULES",
    "FLEET_RULES",
    "WAIVERS",
    "Finding",
    "Graph",
    "GraphError",
    "Report",
    "Resource",
    "Rule",
    "Undecided",
    "Waived",
    "Waiver",
    "evaluate",
    "evaluate_fleet",
    "lost_nodes",
    "lost_protection",
]
