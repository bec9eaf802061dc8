"""Where tiers differ, what only looks like a breach, and which rules an unknown value cannot touch."""

from tests.contract.policies import damages_addresses, damages_aerospike, damages_pods
from tests.contract.policies.names import (
    AURORA,
    BALANCER,
    BUCKET,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    CLUSTER,
    DATABASE,
    EFS,
    EFS_BACKUPS,
    ENDPOINT,
    EVENT_RULE,
    INGRESS,
    KEY,
    KUBERNETES,
    LOGS,
    LUSTRE,
    NAMESPACE,
    POLICY,
    RELEASE,
    ROLE,
    STACK,
    STORAGE_CLASS,
    STORED_SECRET,
    TOPIC_SUBSCRIPTION,
)
from tests.contract.policies.recipes import P2P, grant, web_identity, without_zones
from tests.contract.policies.stack import SECRET, Damage, drop, edit, option, plant

TESTING_DAMAGES: dict[str, tuple[Damage, ...]] = {
    **damages_aerospike.TESTING_DAMAGES,
    **damages_pods.TESTING_DAMAGES,
    "EKS-1": (
        edit(CLUSTER, "vpcConfig", {"endpointPrivateAccess": True, "endpointPublicAccess": True}),
        edit(
            CLUSTER,
            "vpcConfig",
            {"endpointPrivateAccess": True, "endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]},
        ),
    ),
    "NET-2": (without_zones(2),),
    "NET-8": (plant(INGRESS, {**P2P, "cidrIpv4": "0.0.0.0/0"}),),
    "FS-1": (edit(EFS, "encrypted", None),),
    "KMS-3": (edit(KEY, "deletionWindowInDays", 5),),
    "OBS-1": (edit(LOGS, "retentionInDays", 7),),
    "RDS-3": (edit(AURORA, "backupRetentionPeriod", 0),),
    "RDS-6": (edit(AURORA, "enabledCloudwatchLogsExports", []),),
    "S3-3": (edit(BUCKET_LIFECYCLE, "rules", []),),
}
"""Damages of the testing tier, where it asks for less than mainnet."""

TOLERATED_ON_TESTING: dict[str, Damage] = {
    **damages_aerospike.TOLERATED_ON_TESTING,
    **damages_pods.TOLERATED_ON_TESTING,
    "EKS-1": edit(
        CLUSTER,
        "vpcConfig",
        {"endpointPrivateAccess": True, "endpointPublicAccess": True, "publicAccessCidrs": ["198.51.100.0/24"]},
    ),
    "NET-2": without_zones(1),
    "NET-11": drop(ENDPOINT, name="sts"),
    "FS-1": edit(EFS_BACKUPS, "backupPolicy.status", "DISABLED"),
    "FS-2": edit(LUSTRE, "deploymentType", "SCRATCH_2"),
    "FS-3": edit(STORAGE_CLASS, "reclaimPolicy", "Delete"),
    "KMS-3": edit(KEY, "deletionWindowInDays", 7),
    "OBS-1": edit(LOGS, "retentionInDays", 30),
    "S3-3": edit(
        BUCKET_ENCRYPTION, "rules", [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}], name="backups"
    ),
    "S3-4": edit(BUCKET, "forceDestroy", value=True),
    "NET-13": edit(BALANCER, "accessLogs", None),
    "R13": edit(KUBERNETES, "deleteUnreachable", "true"),
    "SEC-2": edit(STORED_SECRET, "recoveryWindowInDays", 0),
    "RDS-2": edit(AURORA, "deletionProtection", value=False),
    "RDS-3": edit(AURORA, "backupRetentionPeriod", 1),
    "RDS-4": edit(DATABASE, "multiAz", value=False),
    "RDS-6": edit(DATABASE, "monitoringInterval", 0),
    "OBS-3": drop(TOPIC_SUBSCRIPTION),
    "OBS-3-EVENTS": drop(EVENT_RULE, name="account-keys"),
    "RDS-7": edit(AURORA, "applyImmediately", value=True),
    "IMG-1": edit(RELEASE, "values.operatorImage.tag", "4.5.0"),
    "IMG-3": edit(RELEASE, "repositoryOpts", None),
    "K8S-5": edit(RELEASE, "values.replicas", 1),
}
"""What mainnet refuses and testing accepts."""

TOLERATED_ON_MAINNET: dict[str, Damage] = {
    **damages_aerospike.TOLERATED_ON_MAINNET,
    **damages_pods.TOLERATED_ON_MAINNET,
    "NET-8": plant(INGRESS, {**P2P, "cidrIpv4": "0.0.0.0/0", "cidrIpv6": "::/0"}),
    "NET-13": edit(BALANCER, "tags", {"exposure": "public"}),
    "IAM-1": edit(
        POLICY,
        "policy",
        grant("ec2:DeleteVolume", Condition={"StringEquals": {"aws:ResourceTag/environment": "model"}}),
    ),
    "IAM-2": edit(ROLE, "assumeRolePolicy", web_identity(sub="system:serviceaccount:a:b", aud="sts.amazonaws.com")),
    "NET-14": damages_addresses.PUBLIC,
    "NET-15": damages_addresses.OPERATORS,
    "R9": lambda stack: stack.first(AURORA).update(
        inputs={"availabilityZones": ["eu-west-1a"]}, ignoreChanges=["availabilityZones"]
    ),
    "RDS-8": edit(AURORA, "availabilityZones", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
    "R6": lambda stack: stack.first(NAMESPACE).update(
        protect=False, inputs={"metadata": {"name": "operator", "labels": {"teranode-infra/role": "platform"}}}
    ),
    "SEC-1": edit(AURORA, "masterPassword", SECRET),
    "SEC-6": option(STACK, "outputs", {"kubeconfig": SECRET, "passwordArn": "arn:aws:secretsmanager:x"}),
}
"""What looks like a breach and is none."""

# Decided by options, types and dependencies alone: an unknown value changes nothing, since the engine says which
# resource it comes from.
READS_NO_VALUE = {
    *(
        "GRD-2",
        "GRD-4",
        "GRD-5-RETAIN",
        "IAM-4",
        "KEY-3-SEED",
        "KEY-6-RETAIN",
        "R3",
        "R6",
        "R22",
        "R23",
        "R27",
        "SEC-1-ID",
        "SEC-3",
    ),
}

# Ask only whether a value is set, or look for what must not be there: an unknown value cannot break them.
SETTLED_BY_PRESENCE = {"R2", "R9", "SEC-1", "SEC-4", "SEC-5", "SEC-6", "KEY-6", "KEY-7"}

# Read the inputs of providers, which the test of unknown providers blinds.
READS_PROVIDERS = {"GRD-1", "GRD-8", "R13"}
