"""All rules, in the order of the controls."""

from . import (
    alarms,
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
    *alarms.RULES,
    *storage.RULES,
    *files.RULES,
    *objects.RULES,
    *logs.RULES,
    *reliability.RULES,
)
