"""All rules, in the order of the controls."""

from . import (
    clusters,
    databases,
    disclosure,
    endpoints,
    exposure,
    files,
    guards,
    iam,
    kafka,
    kms,
    locks,
    logs,
    network,
    nodes,
    objects,
    reliability,
    storage,
)
from .rule import Rule

ALL_RULES: tuple[Rule, ...] = (
    *guards.RULES,
    *locks.RULES,
    *network.RULES,
    *exposure.RULES,
    *endpoints.RULES,
    *clusters.RULES,
    *nodes.RULES,
    *iam.RULES,
    *kms.RULES,
    *disclosure.RULES,
    *databases.RULES,
    *kafka.RULES,
    *storage.RULES,
    *files.RULES,
    *objects.RULES,
    *logs.RULES,
    *reliability.RULES,
)
