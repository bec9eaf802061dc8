"""Physical names that a contract fixes; all others are left to Pulumi, which can then create before it deletes."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class _NameRule:
    pattern: str
    max_length: int
    words: str


# Lengths and characters: the API reference of each service (CreateCluster of EKS and of MSK, CreateAlias of KMS,
# CreateSecret of Secrets Manager, CreateBackupVault of AWS Backup, CreateDBInstance of RDS: 63 characters, of
# which a member's role and its snapshot take part).
_RULES = {
    "EKS cluster": _NameRule(r"[0-9A-Za-z][A-Za-z0-9_-]*", 100, "letters, digits, - and _, starting alphanumeric"),
    "database": _NameRule(
        r"[a-z](-?[a-z0-9])*", 50, "lower-case letters, digits and single hyphens, starting with a letter"
    ),
    "Kafka cluster": _NameRule(r"[0-9A-Za-z][0-9A-Za-z-]*", 64, "letters, digits and hyphens, starting alphanumeric"),
    # `__` parts a miner's name from what belongs to it, so that no miner's name can be another's role; Postgres keeps
    # `pg_` to itself, RDS `rds`. Of the 63 characters the longest suffix takes six.
    "Postgres identifier": _NameRule(
        r"(?!pg_|rds)[a-z](_?[a-z0-9])*", 57, "lower-case letters, digits and single underscores, not pg_… nor rds…"
    ),
    "secret": _NameRule(r"[A-Za-z0-9_+=.@-]+(/[A-Za-z0-9_+=.@-]+)*", 512, "letters, digits and /_+=.@-"),
    "backup vault": _NameRule(r"[a-zA-Z0-9_-]+", 50, "letters, digits, - and _"),
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


_DATABASES_OF_THE_SERVER = ("postgres", "template0", "template1", "teranode_admin", "none", "public")


def vault(environment: str, purpose: str) -> str:
    """Name of an environment's backup vault for one purpose, and of what fills it; unique per account and region."""
    return physical("backup vault", f"{environment}-{purpose}")


def miner_database(miner: str) -> str:
    """Name of a miner's database and of the role that owns it: the miner's, with `_` for `-`.

    Raises `ValueError` for a name that Postgres, RDS or the administrator has taken, and for one that could collide
    with what belongs to another miner.
    """
    name = physical("Postgres identifier", miner.replace("-", "_"))
    if name in _DATABASES_OF_THE_SERVER:
        raise ValueError(f"Postgres identifier {name!r} is not valid: the server has one of this name")
    return name


def miner_secret(environment: str, miner: str, purpose: str) -> str:
    """Name of a miner's secret for one purpose; unique per account and region, and people look for it."""
    return physical("secret", f"{environment}/{miner}/{purpose}")


def private_zone(environment: str) -> str:
    """Name of an environment's private DNS zone; `internal` is reserved by ICANN for private use."""
    return physical("Route 53 zone", f"{environment}.teranode.internal")


def miner_host(environment: str, miner: str) -> str:
    """Name in the private zone under which the other miners reach one, wherever it runs."""
    return f"{miner}.{private_zone(environment)}"
