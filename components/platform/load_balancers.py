"""AWS Load Balancer Controller: keeps pods in the target groups that this project makes, and makes nothing itself."""

import pulumi

from components import iam
from components.images import ImageSource
from components.placement import Placement
from components.platform.values import (
    CONTAINER_SECURITY,
    NODE_SELECTOR,
    PRIORITY_CLASS,
    replicas,
    resources,
    zone_spread,
)
from components.workloads import NON_ROOT_USER, Share

NAMESPACE = "load-balancer-controller"
SERVICE_ACCOUNT = "load-balancer-controller"
WEBHOOK_PORT = 9443
DEFINITIONS: dict[str, object] = {"clusterName": "definitions"}  # the chart renders for a named cluster only

_SHARE = Share(cpu="50m", memory="256Mi", cpu_limit="500m")
_CHART = "aws-load-balancer-controller"

# Whatever would make load balancers, security groups or certificates out of objects in the cluster.
_MAKERS = (
    "ALBGatewayAPI",
    "EnableServiceController",
    "GatewayListenerSet",
    "GlobalAcceleratorController",
    "NLBGatewayAPI",
)


def values(
    images: ImageSource,
    *,
    cluster_name: str,
    region: str,
    vpc_id: pulumi.Input[str],
    high_availability: bool,
) -> dict[str, object]:
    """Values of the chart: target group bindings are served, services, ingresses and gateways are not.

    Region and VPC are given because pods cannot read them from the instance metadata. The certificate of its webhooks
    is made by the chart and kept, so that an upgrade does not cut the API server off.
    """
    image = images.image("aws-load-balancer-controller")
    return {
        "fullnameOverride": NAMESPACE,
        "clusterName": cluster_name,
        "region": region,
        "vpcId": vpc_id,
        "image": {"repository": image.name, "tag": image.version},
        "replicaCount": replicas(high_availability=high_availability),
        "resources": resources(_SHARE),
        "nodeSelector": dict(NODE_SELECTOR),
        "priorityClassName": PRIORITY_CLASS,
        "podDisruptionBudget": {"minAvailable": 1} if high_availability else {},
        "topologySpreadConstraints": zone_spread({"app.kubernetes.io/name": _CHART}),
        "podSecurityContext": {
            "fsGroup": NON_ROOT_USER,
            "runAsNonRoot": True,
            "runAsUser": NON_ROOT_USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "securityContext": dict(CONTAINER_SECURITY),
        "serviceAccount": {"name": SERVICE_ACCOUNT},
        "controllerConfig": {"featureGates": dict.fromkeys(_MAKERS, False)},
        "createIngressClassResource": False,
        "ingressClassParams": {"create": False},
        "enableServiceMutatorWebhook": False,
        "webhookConfig": {"disableIngressValidation": True},
        "webhookBindPort": WEBHOOK_PORT,
        "keepTLSSecret": True,
        # Who may reach a target is decided by the security groups that this project makes.
        "enableBackendSecurityGroup": False,
        "enableManageBackendSecurityGroupRules": False,
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
    }


def policy(placement: Placement) -> str:
    """Looking up what a binding names, and putting pods into target groups of this environment and region.

    AWS lets descriptions be limited by nothing but the action; Describe calls of the ELB API know the region only.
    """
    region = {"StringEquals": {"aws:RequestedRegion": placement.region}}
    return iam.document(
        {
            "Sid": "LookUpTargetsAndWhereTheyAre",
            "Effect": "Allow",
            "Action": [
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
                "elasticloadbalancing:DescribeTags",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            "Resource": "*",
            "Condition": region,
        },
        {
            "Sid": "BindPodsToTargetGroupsOfTheEnvironment",
            "Effect": "Allow",
            "Action": ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            "Resource": placement.arn("elasticloadbalancing", "targetgroup/*"),
            "Condition": {"StringEquals": {"aws:ResourceTag/environment": placement.environment}},
        },
    )
