"""The stack on which rules are tried, and the ways to damage it."""
