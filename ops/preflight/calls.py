"""The calls to AWS that a resource type needs, as IAM names them."""

from collections.abc import Mapping
from types import MappingProxyType

CALLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "aws:amp/alertManagerDefinition:AlertManagerDefinition": (
            "aps:CreateAlertManagerDefinition",
            "aps:DeleteAlertManagerDefinition",
        ),
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace": (
            "aps:CreateRuleGroupsNamespace",
            "aps:DeleteRuleGroupsNamespace",
        ),
        # Its log group is a call of its own, and is delivered to.
        "aws:amp/workspace:Workspace": (
            "aps:CreateLoggingConfiguration",
            "aps:CreateWorkspace",
            "aps:DeleteWorkspace",
            "logs:CreateLogDelivery",
        ),
        "aws:backup/plan:Plan": ("backup:CreateBackupPlan", "backup:DeleteBackupPlan"),
        "aws:backup/selection:Selection": (
            "backup:CreateBackupSelection",
            "backup:DeleteBackupSelection",
            "iam:PassRole",
        ),
        # A vault's own calls, and the one by which AWS Backup sets up its storage.
        "aws:backup/vault:Vault": (
            "backup:CreateBackupVault",
            "backup:DeleteBackupVault",
            "backup-storage:MountCapsule",
            "kms:CreateGrant",
        ),
        # Only disposal lifts a lock: on mainnet nobody's update does.
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration": ("backup:PutBackupVaultLockConfiguration",),
        "aws:budgets/budget:Budget": ("budgets:ModifyBudget",),
        "aws:cloudwatch/eventRule:EventRule": ("events:PutRule", "events:DeleteRule"),
        "aws:cloudwatch/eventTarget:EventTarget": ("events:PutTargets", "events:RemoveTargets"),
        "aws:cloudwatch/logGroup:LogGroup": ("logs:CreateLogGroup", "logs:DeleteLogGroup"),
        "aws:cloudwatch/metricAlarm:MetricAlarm": ("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"),
        "aws:ecr/lifecyclePolicy:LifecyclePolicy": ("ecr:PutLifecyclePolicy", "ecr:DeleteLifecyclePolicy"),
        "aws:ecr/repository:Repository": ("ecr:CreateRepository", "ecr:DeleteRepository"),
        "aws:ecr/repositoryPolicy:RepositoryPolicy": ("ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy"),
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": (
            "ec2:RevokeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupEgress",
        ),
        "aws:ec2/eip:Eip": ("ec2:AllocateAddress", "ec2:ReleaseAddress"),
        "aws:ec2/flowLog:FlowLog": ("ec2:CreateFlowLogs", "ec2:DeleteFlowLogs"),
        "aws:ec2/instance:Instance": ("ec2:RunInstances", "ec2:TerminateInstances"),
        "aws:ec2/internetGateway:InternetGateway": ("ec2:CreateInternetGateway", "ec2:DeleteInternetGateway"),
        "aws:ec2/launchTemplate:LaunchTemplate": ("ec2:CreateLaunchTemplate", "ec2:DeleteLaunchTemplate"),
        "aws:ec2/natGateway:NatGateway": ("ec2:CreateNatGateway", "ec2:DeleteNatGateway"),
        "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": ("ec2:ModifyVpcPeeringConnectionOptions",),
        "aws:ec2/route:Route": ("ec2:CreateRoute", "ec2:DeleteRoute"),
        "aws:ec2/routeTable:RouteTable": ("ec2:CreateRouteTable", "ec2:DeleteRouteTable"),
        "aws:ec2/routeTableAssociation:RouteTableAssociation": (
            "ec2:AssociateRouteTable",
            "ec2:DisassociateRouteTable",
        ),
        "aws:ec2/securityGroup:SecurityGroup": ("ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup"),
        "aws:ec2/subnet:Subnet": ("ec2:CreateSubnet", "ec2:DeleteSubnet"),
        "aws:ec2/subnetCidrReservation:SubnetCidrReservation": (
            "ec2:CreateSubnetCidrReservation",
            "ec2:DeleteSubnetCidrReservation",
        ),
        "aws:ec2/vpc:Vpc": ("ec2:CreateVpc", "ec2:DeleteVpc"),
        "aws:ec2/vpcEndpoint:VpcEndpoint": ("ec2:CreateVpcEndpoint", "ec2:DeleteVpcEndpoints"),
        "aws:ec2/vpcEndpointService:VpcEndpointService": (
            "ec2:CreateVpcEndpointServiceConfiguration",
            "ec2:DeleteVpcEndpointServiceConfigurations",
        ),
        "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": (
            "ec2:ModifyVpcEndpointServicePermissions",
        ),
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection": (
            "ec2:CreateVpcPeeringConnection",
            "ec2:DeleteVpcPeeringConnection",
        ),
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": ("ec2:AcceptVpcPeeringConnection",),
        "aws:efs/accessPoint:AccessPoint": (
            "elasticfilesystem:CreateAccessPoint",
            "elasticfilesystem:DeleteAccessPoint",
        ),
        "aws:efs/backupPolicy:BackupPolicy": ("elasticfilesystem:PutBackupPolicy",),
        "aws:efs/fileSystem:FileSystem": ("elasticfilesystem:CreateFileSystem", "elasticfilesystem:DeleteFileSystem"),
        "aws:efs/fileSystemPolicy:FileSystemPolicy": (
            "elasticfilesystem:PutFileSystemPolicy",
            "elasticfilesystem:DeleteFileSystemPolicy",
        ),
        "aws:efs/mountTarget:MountTarget": (
            "elasticfilesystem:CreateMountTarget",
            "elasticfilesystem:DeleteMountTarget",
        ),
        "aws:eks/accessEntry:AccessEntry": ("eks:CreateAccessEntry", "eks:DeleteAccessEntry"),
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
            "eks:AssociateAccessPolicy",
            "eks:DisassociateAccessPolicy",
        ),
        "aws:eks/addon:Addon": ("eks:CreateAddon", "eks:DeleteAddon"),
        "aws:eks/cluster:Cluster": ("eks:CreateCluster", "eks:DeleteCluster"),
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
            "eks:CreatePodIdentityAssociation",
            "eks:DeletePodIdentityAssociation",
        ),
        "aws:eks/nodeGroup:NodeGroup": ("eks:CreateNodegroup", "eks:DeleteNodegroup"),
        "aws:fsx/lustreFileSystem:LustreFileSystem": ("fsx:CreateFileSystem", "fsx:DeleteFileSystem"),
        "aws:iam/instanceProfile:InstanceProfile": ("iam:CreateInstanceProfile", "iam:DeleteInstanceProfile"),
        "aws:iam/role:Role": ("iam:CreateRole", "iam:DeleteRole"),
        "aws:iam/rolePolicy:RolePolicy": ("iam:PutRolePolicy", "iam:DeleteRolePolicy"),
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("iam:AttachRolePolicy", "iam:DetachRolePolicy"),
        "aws:kms/alias:Alias": ("kms:CreateAlias", "kms:DeleteAlias"),
        "aws:kms/key:Key": ("kms:CreateKey", "kms:ScheduleKeyDeletion"),
        "aws:lb/listener:Listener": ("elasticloadbalancing:CreateListener", "elasticloadbalancing:DeleteListener"),
        "aws:lb/loadBalancer:LoadBalancer": (
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:DeleteLoadBalancer",
        ),
        "aws:lb/targetGroup:TargetGroup": (
            "elasticloadbalancing:CreateTargetGroup",
            "elasticloadbalancing:DeleteTargetGroup",
        ),
        "aws:msk/cluster:Cluster": ("kafka:CreateCluster", "kafka:DeleteCluster"),
        "aws:msk/configuration:Configuration": ("kafka:CreateConfiguration", "kafka:DeleteConfiguration"),
        "aws:rds/cluster:Cluster": ("rds:CreateDBCluster", "rds:DeleteDBCluster"),
        "aws:rds/clusterInstance:ClusterInstance": ("rds:CreateDBInstance", "rds:DeleteDBInstance"),
        "aws:rds/clusterParameterGroup:ClusterParameterGroup": (
            "rds:CreateDBClusterParameterGroup",
            "rds:DeleteDBClusterParameterGroup",
        ),
        "aws:rds/eventSubscription:EventSubscription": (
            "rds:CreateEventSubscription",
            "rds:DeleteEventSubscription",
        ),
        "aws:rds/instance:Instance": ("rds:CreateDBInstance", "rds:DeleteDBInstance"),
        "aws:rds/parameterGroup:ParameterGroup": ("rds:CreateDBParameterGroup", "rds:DeleteDBParameterGroup"),
        "aws:rds/subnetGroup:SubnetGroup": ("rds:CreateDBSubnetGroup", "rds:DeleteDBSubnetGroup"),
        "aws:route53/record:Record": ("route53:ChangeResourceRecordSets",),
        "aws:route53/zone:Zone": ("route53:CreateHostedZone", "route53:DeleteHostedZone"),
        "aws:route53/zoneAssociation:ZoneAssociation": (
            "route53:AssociateVPCWithHostedZone",
            "route53:DisassociateVPCFromHostedZone",
        ),
        "aws:s3/bucket:Bucket": ("s3:CreateBucket", "s3:DeleteBucket"),
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
        "aws:s3/bucketLogging:BucketLogging": ("s3:PutBucketLogging",),
        "aws:s3/bucketNotification:BucketNotification": ("s3:PutBucketNotification",),
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": ("s3:PutBucketObjectLockConfiguration",),
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ("s3:PutBucketOwnershipControls",),
        "aws:s3/bucketPolicy:BucketPolicy": ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ("s3:PutReplicationConfiguration", "iam:PassRole"),
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
            "s3:PutEncryptionConfiguration",
        ),
        "aws:s3/bucketVersioning:BucketVersioning": ("s3:PutBucketVersioning",),
        "aws:sns/topic:Topic": ("sns:CreateTopic", "sns:DeleteTopic"),
        "aws:sns/topicPolicy:TopicPolicy": ("sns:SetTopicAttributes",),
        "aws:sns/topicSubscription:TopicSubscription": ("sns:Subscribe", "sns:Unsubscribe"),
        "aws:secretsmanager/secret:Secret": ("secretsmanager:CreateSecret", "secretsmanager:DeleteSecret"),
        # Deleting a version takes its stages away.
        "aws:secretsmanager/secretVersion:SecretVersion": (
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
        ),
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupEgress",
        ),
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupIngress",
        ),
    }
)
"""By type, the call that creates it and the one that deletes it (AWS API references of the services)."""
