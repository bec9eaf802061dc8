"""What names what in networks, clusters, roles and zones, in the words of EC2, EKS, IAM, KMS and Route 53."""

from simulator.rules import tokens as t
from simulator.rules.reference import GROUP_IN_USE, NO_GROUP, NO_KEY, NO_SUBNET, SUBNET_IN_USE, Reference

_NO_VPC = ("InvalidVpcID.NotFound", "The vpc ID '{id}' does not exist")
_NO_ROUTE_TABLE = ("InvalidRouteTableID.NotFound", "The routeTable ID '{id}' does not exist")
_NO_PEERING = ("InvalidVpcPeeringConnectionID.NotFound", "The vpcPeeringConnection ID '{id}' does not exist")
_NO_ROLE = ("NoSuchEntity", "The role with name {id} cannot be found.")
_NO_ZONE = ("NoSuchHostedZone", "No hosted zone found with ID: {id}")
_NO_TARGET_GROUP = ("TargetGroupNotFound", "One or more target groups not found: {id}")
_NO_CLUSTER = ("ResourceNotFoundException", "No cluster found for name: {id}.")
_NO_PASSED_ROLE = (
    "InvalidParameterException",
    "Role with arn: {id}, could not be assumed because it does not exist or the trusted entity is not correct",
)

_VPC_IN_USE = ("DependencyViolation", "The vpc '{id}' has dependencies and cannot be deleted.")
_ROUTE_TABLE_IN_USE = ("DependencyViolation", "The routeTable '{id}' has dependencies and cannot be deleted.")
_ADDRESS_IN_USE = ("InvalidIPAddress.InUse", "Address {id} is in use.")
_NODES_ATTACHED = ("ResourceInUseException", "Cluster has nodegroups attached")
_DETACH_POLICIES = ("DeleteConflict", "Cannot delete entity, must detach all policies first.")
_DELETE_POLICIES = ("DeleteConflict", "Cannot delete entity, must delete policies first.")
_LEAVE_PROFILES = ("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")
_POLICY_ATTACHED = ("DeleteConflict", "Cannot delete a policy attached to entities.")
_ZONE_NOT_EMPTY = (
    "HostedZoneNotEmpty",
    "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
)

REFERENCES = (
    Reference("subnet-vpc", t.SUBNET, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("internet-gateway-vpc", t.INTERNET_GATEWAY, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("route-table-vpc", t.ROUTE_TABLE, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("security-group-vpc", t.SECURITY_GROUP, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("endpoint-vpc", t.VPC_ENDPOINT, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("peering-vpc", t.PEERING, "vpcId", t.VPC, _NO_VPC),
    Reference("flow-log-vpc", t.FLOW_LOG, "vpcId", t.VPC, _NO_VPC),
    Reference("zone-association-vpc", t.ZONE_ASSOCIATION, "vpcId", t.VPC, ("InvalidVPCId", "The VPC {id} is invalid.")),
    Reference("nat-gateway-subnet", t.NAT_GATEWAY, "subnetId", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference("endpoint-subnet", t.VPC_ENDPOINT, "subnetIds", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference("instance-subnet", t.INSTANCE, "subnetId", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference("cluster-subnet", t.CLUSTER, "vpcConfig.subnetIds", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference("node-group-subnet", t.NODE_GROUP, "subnetIds", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference("association-subnet", t.ROUTE_TABLE_ASSOCIATION, "subnetId", t.SUBNET, NO_SUBNET),
    Reference(
        *("association-route-table", t.ROUTE_TABLE_ASSOCIATION, "routeTableId", t.ROUTE_TABLE),
        *(_NO_ROUTE_TABLE, _ROUTE_TABLE_IN_USE),
    ),
    Reference("endpoint-route-table", t.VPC_ENDPOINT, "routeTableIds", t.ROUTE_TABLE, _NO_ROUTE_TABLE),
    Reference("route-route-table", t.ROUTE, "routeTableId", t.ROUTE_TABLE, _NO_ROUTE_TABLE),
    Reference(
        *("route-nat-gateway", t.ROUTE, "natGatewayId", t.NAT_GATEWAY),
        ("InvalidNatGatewayID.NotFound", "The natGateway ID '{id}' does not exist"),
    ),
    Reference(
        *("route-internet-gateway", t.ROUTE, "gatewayId", t.INTERNET_GATEWAY),
        ("InvalidInternetGatewayID.NotFound", "The internetGateway ID '{id}' does not exist"),
    ),
    Reference("route-peering", t.ROUTE, "vpcPeeringConnectionId", t.PEERING, _NO_PEERING),
    Reference("accepter-peering", t.PEERING_ACCEPTER, "vpcPeeringConnectionId", t.PEERING, _NO_PEERING),
    Reference(
        *("nat-gateway-address", t.NAT_GATEWAY, "allocationId", t.EIP),
        ("InvalidAllocationID.NotFound", "The allocation ID '{id}' does not exist"),
        _ADDRESS_IN_USE,
    ),
    Reference("ingress-group", t.INGRESS_RULE, "securityGroupId", t.SECURITY_GROUP, NO_GROUP),
    Reference("egress-group", t.EGRESS_RULE, "securityGroupId", t.SECURITY_GROUP, NO_GROUP),
    Reference(
        *("ingress-source", t.INGRESS_RULE, "referencedSecurityGroupId", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE)
    ),
    Reference(*("egress-target", t.EGRESS_RULE, "referencedSecurityGroupId", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE)),
    Reference("endpoint-group", t.VPC_ENDPOINT, "securityGroupIds", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE),
    Reference("instance-group", t.INSTANCE, "vpcSecurityGroupIds", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE),
    Reference("cluster-group", t.CLUSTER, "vpcConfig.securityGroupIds", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE),
    Reference(
        *("load-balancer-subnet", t.LOAD_BALANCER, "subnets", t.SUBNET),
        ("SubnetNotFound", "The subnet ID '{id}' is not valid"),
        SUBNET_IN_USE,
    ),
    Reference(
        *("load-balancer-mapped-subnet", t.LOAD_BALANCER, "subnetMappings.subnetId", t.SUBNET),
        ("SubnetNotFound", "The subnet ID '{id}' is not valid"),
        SUBNET_IN_USE,
    ),
    Reference(
        *("load-balancer-address", t.LOAD_BALANCER, "subnetMappings.allocationId", t.EIP),
        ("AllocationIdNotFound", "The allocation ID '{id}' does not exist"),
        _ADDRESS_IN_USE,
    ),
    Reference(
        *("load-balancer-group", t.LOAD_BALANCER, "securityGroups", t.SECURITY_GROUP),
        ("InvalidSecurityGroup", "The security group '{id}' does not exist"),
        GROUP_IN_USE,
    ),
    Reference(
        *("load-balancer-bucket", t.LOAD_BALANCER, "accessLogs.bucket", t.BUCKET),
        ("InvalidConfigurationRequest", "The S3 bucket '{id}' does not exist"),
    ),
    Reference(
        *("endpoint-service-balancer", t.ENDPOINT_SERVICE, "networkLoadBalancerArns", t.LOAD_BALANCER),
        ("InvalidParameter", "The load balancer '{id}' does not exist"),
        ("ResourceInUse", "Load balancer '{id}' cannot be deleted because it is associated with another service"),
    ),
    Reference(
        *("endpoint-principal-service", t.ENDPOINT_PRINCIPAL, "vpcEndpointServiceId", t.ENDPOINT_SERVICE),
        ("InvalidVpcEndpointServiceId.NotFound", "The VpcEndpointService Id '{id}' does not exist"),
    ),
    Reference(
        *("target-group-vpc", t.TARGET_GROUP, "vpcId", t.VPC),
        ("ValidationError", "The VPC ID '{id}' is not found"),
    ),
    Reference(
        *("listener-load-balancer", t.LISTENER, "loadBalancerArn", t.LOAD_BALANCER),
        ("LoadBalancerNotFound", "Load balancers '[{id}]' not found"),
    ),
    Reference(
        *("listener-target-group", t.LISTENER, "defaultActions.targetGroupArn", t.TARGET_GROUP, _NO_TARGET_GROUP),
        ("ResourceInUse", "Target group '{id}' is currently in use by a listener or a rule"),
    ),
    Reference("binding-target-group", t.TARGET_GROUP_BINDING, "spec.targetGroupARN", t.TARGET_GROUP, _NO_TARGET_GROUP),
    Reference("cluster-role", t.CLUSTER, "roleArn", t.ROLE, _NO_PASSED_ROLE),
    Reference("node-group-role", t.NODE_GROUP, "nodeRoleArn", t.ROLE, _NO_PASSED_ROLE),
    Reference("pod-identity-role", t.POD_IDENTITY_ASSOCIATION, "roleArn", t.ROLE, _NO_PASSED_ROLE),
    Reference("cluster-key", t.CLUSTER, "encryptionConfig.provider.keyArn", t.KMS_KEY, NO_KEY),
    Reference("log-group-key", t.LOG_GROUP, "kmsKeyId", t.KMS_KEY, NO_KEY),
    Reference("alias-key", t.KMS_ALIAS, "targetKeyId", t.KMS_KEY, NO_KEY),
    Reference("node-group-cluster", t.NODE_GROUP, "clusterName", t.CLUSTER, _NO_CLUSTER, _NODES_ATTACHED),
    Reference("addon-cluster", t.ADDON, "clusterName", t.CLUSTER, _NO_CLUSTER),
    Reference("access-entry-cluster", t.ACCESS_ENTRY, "clusterName", t.CLUSTER, _NO_CLUSTER),
    Reference("pod-identity-cluster", t.POD_IDENTITY_ASSOCIATION, "clusterName", t.CLUSTER, _NO_CLUSTER),
    Reference(
        *("node-group-launch-template", t.NODE_GROUP, "launchTemplate.id", t.LAUNCH_TEMPLATE),
        ("InvalidLaunchTemplateId.NotFoundException", "The specified launch template, {id}, does not exist."),
    ),
    Reference("attachment-role", t.ROLE_POLICY_ATTACHMENT, "role", t.ROLE, _NO_ROLE, _DETACH_POLICIES),
    Reference("inline-policy-role", t.ROLE_POLICY, "role", t.ROLE, _NO_ROLE, _DELETE_POLICIES),
    Reference("instance-profile-role", t.INSTANCE_PROFILE, "role", t.ROLE, _NO_ROLE, _LEAVE_PROFILES),
    Reference(
        *("attachment-policy", t.ROLE_POLICY_ATTACHMENT, "policyArn", t.POLICY),
        ("NoSuchEntity", "Policy {id} does not exist or is not attachable."),
        _POLICY_ATTACHED,
    ),
    Reference("record-zone", t.RECORD, "zoneId", t.ZONE, _NO_ZONE, _ZONE_NOT_EMPTY),
    Reference("zone-association-zone", t.ZONE_ASSOCIATION, "zoneId", t.ZONE, _NO_ZONE),
)
