"""Rule → a call that breaks it, and one that passes: IAM, keys, secrets, and log groups."""

from simulator.rules import tokens as t
from simulator.world import Status
from tests.plugins.things import bucket_policy, cluster, policy, trust
from tests.plugins.world_builder import ACCOUNT, VIRGINIA, Ask, create, thing

KEY = thing(t.KMS_KEY, "key-1", {"policy": policy(Action="kms:*", Principal="x")}, {"arn": "arn:key-1"})
DOOMED_KEY = thing(t.KMS_KEY, "key-2", {}, {"arn": "arn:key-2"}, status=Status.PENDING_DELETION)
SECRET = thing(t.SECRET, "arn:secret", {"name": "miner-1/db"}, {"arn": "arn:secret", "name": "miner-1/db"})
DOOMED_SECRET = thing(t.SECRET, "arn:secret", {"name": "miner-1/db"}, status=Status.PENDING_DELETION)

CASES: dict[str, tuple[Ask, Ask]] = {
    "iam-name": (
        create(t.ROLE, thing(t.ROLE, "Deploy", {"name": "Deploy"}, place=VIRGINIA), name="deploy"),
        create(t.ROLE, thing(t.ROLE, "Deploy", {"name": "Deploy"}), name="deploy-2"),
    ),
    "trust-policy": (
        create(t.ROLE, assumeRolePolicy=policy(Principal={"AWS": "*"}, Action="s3:GetObject")),
        create(t.ROLE, assumeRolePolicy=trust("ec2.amazonaws.com")),
    ),
    "identity-policy": (
        create(t.POLICY, policy=policy(Action="s3:GetObject")),
        create(t.POLICY, policy=policy(Action="s3:GetObject", Resource="*")),
    ),
    "policy-size": (
        create(t.POLICY, policy=policy(Action=["ec2:Describe"] * 500, Resource="*")),
        create(t.ROLE_POLICY, policy=policy(Action=["ec2:Describe"] * 500, Resource="*")),
    ),
    "attached-policies-quota": (
        create(
            t.ROLE_POLICY_ATTACHMENT,
            *(thing(t.ROLE_POLICY_ATTACHMENT, f"a-{i}", {"role": "r"}) for i in range(10)),
            role="r",
        ),
        create(
            t.ROLE_POLICY_ATTACHMENT,
            *(thing(t.ROLE_POLICY_ATTACHMENT, f"a-{i}", {"role": "r"}) for i in range(9)),
            role="r",
        ),
    ),
    "alias-name": (
        create(t.KMS_ALIAS, thing(t.KMS_ALIAS, "a", {"name": "alias/x"}), name="alias/x"),
        create(t.KMS_ALIAS, thing(t.KMS_ALIAS, "a", {"name": "alias/x"}, place=VIRGINIA), name="alias/x"),
    ),
    "alias-prefix": (create(t.KMS_ALIAS, name="alias/aws/eks"), create(t.KMS_ALIAS, name="alias/eks")),
    "key-pending-deletion": (
        create(t.LOG_GROUP, DOOMED_KEY, kmsKeyId="arn:key-2"),
        create(t.LOG_GROUP, KEY, kmsKeyId="arn:key-1"),
    ),
    "key-window": (create(t.KMS_KEY, deletionWindowInDays=5), create(t.KMS_KEY, deletionWindowInDays=7)),
    "key-lockout": (
        create(t.KMS_KEY, policy=policy(Action="kms:Decrypt", Principal="x", Resource="*")),
        create(t.KMS_KEY, policy=policy(Action="kms:*", Principal="x", Resource="*")),
    ),
    "log-group-name": (
        create(t.LOG_GROUP, thing(t.LOG_GROUP, "/a", {"name": "/a"}), name="/a"),
        create(t.LOG_GROUP, thing(t.LOG_GROUP, "/a", {"name": "/a"}, place=VIRGINIA), name="/a"),
    ),
    "log-group-made-by-cluster": (
        create(t.LOG_GROUP, cluster(enabledClusterLogTypes=["api"]), name="/aws/eks/blue/cluster"),
        create(t.LOG_GROUP, cluster(), name="/aws/eks/blue/cluster"),
    ),
    "log-retention": (create(t.LOG_GROUP, retentionInDays=31), create(t.LOG_GROUP, retentionInDays=30)),
    "log-group-key-policy": (
        create(t.LOG_GROUP, KEY, name="/a", kmsKeyId="arn:key-1"),
        create(
            t.LOG_GROUP,
            KEY,
            thing(t.KMS_KEY_POLICY, "key-1", {"keyId": "key-1", "policy": trust("logs.eu-west-1.amazonaws.com")}),
            name="/a",
            kmsKeyId="arn:key-1",
        ),
    ),
    "secret-name": (create(t.SECRET, SECRET, name="miner-1/db"), create(t.SECRET, SECRET, name="miner-2/db")),
    "secret-name-scheduled": (
        create(t.SECRET, DOOMED_SECRET, name="miner-1/db"),
        create(t.SECRET, DOOMED_SECRET, name="miner-1/db-2"),
    ),
    "secret-name-pattern": (create(t.SECRET, name="miner 1"), create(t.SECRET, name="miner-1/db")),
    "secret-recovery-window": (create(t.SECRET, recoveryWindowInDays=3), create(t.SECRET, recoveryWindowInDays=0)),
    "secret-scheduled": (
        create(t.SECRET_VERSION, DOOMED_SECRET, secretId="arn:secret"),
        create(t.SECRET_VERSION, SECRET, secretId="arn:secret"),
    ),
    "secret-value-size": (
        create(t.SECRET_VERSION, secretString="x" * 65_537),
        create(t.SECRET_VERSION, secretString="x" * 65_536),
    ),
    "secret-policy-document": (
        create(t.SECRET_POLICY, policy=policy(Action="secretsmanager:GetSecretValue", Resource="*")),
        create(t.SECRET_POLICY, policy=bucket_policy("x", ACCOUNT)),
    ),
}
