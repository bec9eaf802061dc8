"""Stores, locks and secrets that would lose data or give it away."""

from pathlib import Path

import pytest

from tests.support.bad_inputs import BadInput, Edit, assert_told, edited, refused

LICENCE = "featureKey: arn:aws:secretsmanager:eu-west-1:444455556666:secret:aerospike-feature-key-AbCdEf"
WALLET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:wallets/miner-1-AbCdEf"
PUBLISHED = (
    "c8a1b91ae120878d91a04c904e0d565aa44b2575c1bb30a729bd3e36e2a1d5e6"
    "067216fa92b1a1a7e30d0aaabe288e25f1efc0830f309152638b61d84be6b71d"
)
"""Stands in Teranode's settings for docker, see tests/unit/components/test_credentials.py."""
KNOWN = "a known key"
NO_SWITCH = "the tier decides, and no key lowers what mainnet keeps"
NOT_HERE = "no secret is read from here; secrets are generated, or stay in AWS Secrets Manager"
ARN = "the full ARN of a secret in Secrets Manager"
COPY = "copy it from `aws secretsmanager describe-secret"


def on_mainnet(keys: str) -> Edit:
    return (LICENCE, f"{LICENCE}\n    {keys}")


def miner(keys: str) -> Edit:
    return ("    miner-1: { region: eu-west-1 }", f"    miner-1: {{ region: eu-west-1, {keys} }}")


def unknown(what: str, edit: Edit, path: str, fix: str, value: str | None = None) -> BadInput:
    return BadInput(what, edit, path, value, KNOWN, fix, stack="mainnet")


BAD = [
    BadInput(
        "two copies on one server",
        "utxoStore: { nodes: 1, replicationFactor: 2 }",
        "utxoStore.replicationFactor",
        "2",
        "at most one copy on each server; servers of miner-1, miner-2, miner-3: 1",
        "lower replicationFactor, or add servers",
    ),
    BadInput(
        "three copies on two servers",
        "utxoStore: { nodes: 2, replicationFactor: 3 }",
        "utxoStore.replicationFactor",
        "3",
        "at most one copy on each server; servers of miner-1, miner-2, miner-3: 2",
        "lower replicationFactor, or add servers",
    ),
    BadInput(
        "one copy on mainnet",
        on_mainnet("replicationFactor: 1"),
        "utxoStore.replicationFactor",
        "1",
        "at least 2 copies on the tier mainnet",
        "write 2, or remove the key",
        stack="mainnet",
    ),
    BadInput(
        "no copy on mainnet",
        on_mainnet("replicationFactor: 0"),
        "utxoStore.replicationFactor",
        "0",
        "on the tier mainnet at least 2",
        "write at least 1, on the tier mainnet at least 2",
        stack="mainnet",
    ),
    unknown("racks chosen by hand", on_mainnet("rackIds: [1, 1]"), "utxoStore.rackIds", "each zone of the pool is one"),
    unknown(
        "strong consistency",
        on_mainnet("strongConsistency: true"),
        "utxoStore.strongConsistency",
        "as Teranode",
        "true",
    ),
    unknown("records in memory", on_mainnet("inMemory: true"), "utxoStore.inMemory", "as Teranode wants them", "true"),
    unknown("another image", on_mainnet("image: aerospike:ce-7.0"), "utxoStore.image", "pinned in infra/versions.py"),
    unknown(
        "disks wiped at a restart",
        on_mainnet("deleteLocalStorageOnRestart: true"),
        "utxoStore.deleteLocalStorageOnRestart",
        "the profile enterprise sets both together",
        "true",
    ),
    BadInput(
        "the community edition on mainnet",
        (LICENCE, "profile: community"),
        "utxoStore.profile",
        '"community"',
        "on the tier mainnet only with acceptReseedOnZoneLoss: true",
        "write profile: enterprise",
        stack="mainnet",
    ),
    BadInput(
        "no licence",
        (f"  teranode-infra:utxoStore:\n    {LICENCE}\n", ""),
        "utxoStore.featureKey",
        "null",
        "runs no cluster without a feature key",
        "(featureKey: arn:…)",
        stack="mainnet",
    ),
    BadInput(
        "a licence by its name",
        (LICENCE, "featureKey: aerospike-feature-key"),
        "utxoStore.featureKey",
        "[hidden]",
        ARN,
        COPY,
        stack="mainnet",
    ),
    BadInput(
        "the licence of testing",
        (LICENCE, LICENCE.replace("444455556666", "111122223333")),
        "utxoStore.featureKey",
        f'"{LICENCE.partition(" ")[2].replace("444455556666", "111122223333")}"',
        "a secret of the environment's account 444455556666; it lies in 111122223333",
        "make the secret in the environment's own account",
        stack="mainnet",
    ),
    BadInput(
        "a class of the past",
        "postgres: { instanceClass: db.t2.micro }",
        "postgres.instanceClass",
        '"db.t2.micro"',
        "a class on which the profile rds runs: sizes of db.m5",
        "did you mean db.t3",
    ),
    BadInput(
        "a class that never was",
        "postgres: { instanceClass: db.zz9.mega }",
        "postgres.instanceClass",
        '"db.zz9.mega"',
        "sizes of db.m5",
        "for example db.t4g.medium",
    ),
    *(
        BadInput(
            f"backups for {days} days on {stack}",
            f"postgres: {{ backupRetentionDays: {days} }}",
            "postgres.backupRetentionDays",
            str(days),
            rule,
            fix,
            stack=stack,
        )
        for stack, days, rule, fix in [
            ("testing", 0, "1 to 35 days, on the tier mainnet at least 14", "write at least 1"),
            ("testing", 36, "1 to 35 days", "write at most 35"),
            ("mainnet", 0, "1 to 35 days, on the tier mainnet at least 14", "on the tier mainnet at least 14"),
            ("mainnet", 13, "14 to 35 days on the tier mainnet", "write 14 or more"),
            ("mainnet", 36, "1 to 35 days", "write at most 35"),
        ]
    ),
    BadInput(
        "copies for four weeks",
        "backups: { retentionDays: 29 }",
        "backups.retentionDays",
        "29",
        "30 to 365 days on the tier mainnet",
        "write 30 or more",
        stack="mainnet",
    ),
    unknown("a name for the administrator", "postgres: { masterUsername: admin }", "postgres.masterUsername", "logins"),
    unknown("a name for a bucket", "distribution: { bucketName: a..b }", "distribution.bucketName", "makes the names"),
    BadInput(
        "a speed for EFS",
        "files: { profile: efs, throughputMbpsPerTib: -1 }",
        "files.throughputMbpsPerTib",
        "-1",
        "absent with the profile efs",
        "write profile: lustre",
    ),
    BadInput(
        "a speed that nobody sells",
        "files: { throughputMbpsPerTib: -1 }",
        "files.throughputMbpsPerTib",
        "-1",
        "one of 125, 250, 500, 1000",
        "did you mean 125?",
        stack="mainnet",
    ),
    unknown("no deletion protection", "deletionProtection: false", "deletionProtection", NO_SWITCH, "false"),
    unknown(
        "no final snapshot", "postgres: { skipFinalSnapshot: true }", "postgres.skipFinalSnapshot", NO_SWITCH, "true"
    ),
    unknown(
        "buckets that go with their objects",
        "backups: { forceDestroy: true }",
        "backups.forceDestroy",
        NO_SWITCH,
        "true",
    ),
    unknown("keys deleted within a week", "kmsDeletionWindow: 7", "kmsDeletionWindow", NO_SWITCH),
    unknown("a password in clear", "dbPassword: hunter2", "dbPassword", NOT_HERE),
    unknown("an encrypted password", "dbPassword: { secure: AAABAGhY }", "dbPassword", NOT_HERE),
    unknown("the password of an example", miner("rpcPassword: bitcoin"), "miners.miner-1.rpcPassword", NOT_HERE),
    BadInput(
        "a wallet's key in clear",
        miner("walletSecret: KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn"),
        "miners.miner-1.walletSecret",
        "[hidden]",
        ARN,
        COPY,
        stack="mainnet",
    ),
    BadInput(
        "the wallet of an example", miner("walletSecret: testkey"), "miners.miner-1.walletSecret", "[hidden]", ARN, COPY
    ),
    BadInput(
        "the wallet of testing",
        miner(f"walletSecret: '{WALLET}'"),
        "miners.miner-1.walletSecret",
        "[hidden]",
        "an ARN of this environment's account, 444455556666",
        "name one of this account",
        stack="mainnet",
    ),
    BadInput(
        "mining without a wallet",
        ("mode: listening", "mode: mining"),
        "miners.miner-1.walletSecret",
        "null",
        "the ARN of the miner's wallet secret",
        "make the secret (docs/runbooks/mining.md) and name it",
        stack="mainnet",
        faults=2,  # and nobody mines with it
    ),
    BadInput(
        "a key that Teranode publishes",
        ("owner: devops@example.org", f"owner: {PUBLISHED}"),
        "owner",
        None,
        "no private key, least of all one that Teranode publishes",
        "remove it; keys are generated",
        stack="mainnet",
        faults=2,  # and it is no address
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_would_lose_data_or_give_it_away_is_refused(tmp_path: Path, bad: BadInput) -> None:
    assert_told(tmp_path, bad)


@pytest.mark.parametrize(
    ("edit", "secret"),
    [
        ("dbPassword: hunter2", "hunter2"),
        ("dbPassword: { secure: AAABAGhY }", "AAABAGhY"),
        (miner("rpcPassword: bitcoin"), "bitcoin"),
        (miner("walletSecret: KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn"), "KwDiBf89"),
        (("owner: devops@example.org", f"owner: {PUBLISHED}"), PUBLISHED[:8]),
        (("home: eu-west-1", f"home: {PUBLISHED[:64]}"), PUBLISHED[:8]),
    ],
    ids=range(6),
)
def test_a_secret_is_not_echoed(tmp_path: Path, edit: Edit, secret: str) -> None:
    assert secret not in refused(tmp_path, "mainnet", edited("mainnet", edit))
