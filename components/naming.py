"""Physical names that a contract fixes; all others are left to Pulumi, which can then create before it deletes."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class _NameRule:
    pattern: str
    max_length: int
    words: str


# Lengths and characters: the API reference of each service (CreateCluster of EKS, CreateAlias of KMS, CreateCluster of
# MSK, CreateDBInstance of RDS: 63 characters, of which a member's role and its snapshot take part).
_RULES = {
    "EKS cluster": _NameRule(r"[0-9A-Za-z][A-Za-z0-9_-]*", 100, "letters, digits, - and _, starting alphanumeric"),
    "database": _NameRule(
        r"[a-z](-?[a-z0-9])*", 50, "lower-case letters, digits and single hyphens, starting with a letter"
    ),
    "Kafka cluster": _NameRule(r"[0-9A-Za-z][0-9A-Za-z-]*", 64, "letters, digits and hyphens, starting alphanumeric"),
    "KMS alias": _NameRule(r"alias/(?!aws/)[a-zA-Z0-9/_-]+", 256, "alias/ and letters, digits, /, _ and -"),
    "Route 53 zone": _NameRule(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]+", 255, "a lower-case domain name"),
}


def physical(kind: str, name: str) -> str:
    """Check `name` against the service's rule for `kind` and return it.

    Raises `ValueError` when it does not fit: a truncated name could collide with another one.
    """
    rule = _RULES[kind]
    if len(name) > rule.max_length:
        raise ValueError(f"{kind} name {name!r} has {len(name)} characters, at most {rule.max_length} are allowed")
    if not re.fullmatch(rule.pattern, name):
        raise ValueError(f"{kind} name {name!r} is not valid: it takes {rule.words}")
    return name


def cluster_name(environment: str, region: str) -> str:
    """Name of an environment's EKS cluster; fixed because kubeconfigs, log groups and node tags contain it."""
    return physical("EKS cluster", f"{environment}-{region}")


def key_alias(environment: str, data_class: str) -> str:
    """Alias of an environment's KMS key for one class of data; unique per account and region."""
    return physical("KMS alias", f"alias/{environment}-{data_class}")


def database(environment: str) -> str:
    """Identifier of an environment's database; unique per account and region. Log groups and snapshots contain it."""
    return physical("database", f"{environment}-postgres")


def kafka(environment: str) -> str:
    """Name of an environment's MSK cluster; unique per account and region. Log groups and rights contain it."""
    return physical("Kafka cluster", f"{environment}-kafka")


def private_zone(environment: str) -> str:
    """Name of an environment's private DNS zone; `internal` is reserved by ICANN for private use."""
    return physical("Route 53 zone", f"{environment}.teranode.internal")
