"""What the simulated AWS and Kubernetes enforce: every rule, in the order in which it is checked."""

from simulator.rules import (
    backups,
    buckets,
    eks,
    file_systems,
    iam,
    keys,
    kubernetes,
    load_balancers,
    msk,
    network,
    nodes,
    notifications,
    operators,
    peering,
    pods,
    prometheus,
    rds,
    references,
    releases,
    secrets,
    security_groups,
    teranode,
    volumes,
)
from simulator.rules.kubernetes import EVERY_KIND
from simulator.rules.rule import Attempt, RefusedError, Rule

RULES: tuple[Rule, ...] = (
    *kubernetes.book,
    *releases.book,
    *operators.book,
    *pods.book,
    *volumes.book,
    *teranode.book,
    *references.book,
    *network.book,
    *security_groups.book,
    *peering.book,
    *iam.book,
    *keys.book,
    *buckets.book,
    *backups.book,
    *eks.book,
    *nodes.book,
    *rds.book,
    *notifications.book,
    *prometheus.book,
    *file_systems.book,
    *secrets.book,
    *msk.book,
    *load_balancers.book,
)


def enforce(attempt: Attempt) -> None:
    """Let ``attempt`` pass, or raise what the API would answer.

    Raises:
        RefusedError: the first rule that the attempt breaks, with the API's code and message.
    """
    for rule in RULES:
        if attempt.operation not in rule.operations or not _covers(rule, attempt.token):
            continue
        problem = rule.breaks(attempt)
        if problem is not None:
            raise RefusedError(rule.id, rule.code, problem)


def _covers(rule: Rule, token: str) -> bool:
    return token in rule.tokens or (EVERY_KIND in rule.tokens and token.startswith("kubernetes:"))
