"""What EC2 and EKS enforce for machines: launch templates and node groups that can join their cluster."""

import base64
import binascii

from simulator.rules import tokens as t
from simulator.rules.eks import cluster_named, role_trusts
from simulator.rules.iam import strings
from simulator.rules.references import names_of
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.world import Thing

USER_DATA_BYTES = 16_384
_WRITE = (Operation.CREATE, Operation.UPDATE)
_WORKER_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy")
_ANYWHERE = "0.0.0.0/0"
_SERVICES_TO_JOIN = ("ecr.api", "ecr.dkr", "sts", "ec2")
"""Endpoints without which a node of a network that has no way out cannot join. Source: EKS user guide, "Private
clusters"."""

book = RuleBook()


@book.rule("launch-template-name", "InvalidLaunchTemplateName.AlreadyExistsException", t.LAUNCH_TEMPLATE)
def _launch_template_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    return "Launch template name already in use." if name and attempt.find(t.LAUNCH_TEMPLATE, name=name) else None


@book.rule("user-data-size", "InvalidUserData.Malformed", t.LAUNCH_TEMPLATE, *_WRITE)
def _user_data_size(attempt: Attempt) -> str | None:
    try:
        size = len(base64.b64decode(attempt.text("userData"), validate=True))
    except binascii.Error:
        return "Invalid BASE64 encoding of user data."
    return f"User data is limited to {USER_DATA_BYTES} bytes; found {size}" if size > USER_DATA_BYTES else None


@book.rule("node-group-name", "ResourceInUseException", t.NODE_GROUP)
def _node_group_name(attempt: Attempt) -> str | None:
    cluster, name = attempt.text("clusterName"), attempt.text("nodeGroupName")
    if name and attempt.find(t.NODE_GROUP, clusterName=cluster, nodeGroupName=name):
        return f"NodeGroup already exists with name {name} and cluster name {cluster}"
    return None


@book.rule("node-group-quota", "ResourceLimitExceededException", t.NODE_GROUP)
def _node_group_quota(attempt: Attempt) -> str | None:
    limit = attempt.allowed("node-group-quota", 30)
    if len(attempt.find(t.NODE_GROUP, clusterName=attempt.text("clusterName"))) >= limit:
        return f"Managed node groups per cluster limit of {limit} exceeded"
    return None


@book.rule("node-group-scaling", "InvalidParameterException", t.NODE_GROUP, *_WRITE)
def _node_group_scaling(attempt: Attempt) -> str | None:
    least, wanted, most = (attempt.text(f"scalingConfig.{name}") for name in ("minSize", "desiredSize", "maxSize"))
    if not (least and wanted and most):
        return None
    if float(least) > float(wanted):
        return f"Minimum capacity {least} can't be greater than desired size {wanted}"
    return f"desired capacity {wanted} can't be greater than max size {most}" if float(wanted) > float(most) else None


@book.rule("node-group-version", "InvalidParameterException", t.NODE_GROUP, *_WRITE)
def _node_group_version(attempt: Attempt) -> str | None:
    cluster = cluster_named(attempt, attempt.text("clusterName"))
    version = attempt.text("version")
    cluster_version = next(iter(texts_at(cluster.inputs, "version")), "") if cluster else ""
    if version and cluster_version and _numbers(version) > _numbers(cluster_version):
        return f"Nodegroup version {version} cannot be newer than the cluster's version {cluster_version}"
    return None


@book.rule("launch-template-version", "InvalidLaunchTemplateId.VersionNotFound", t.NODE_GROUP, *_WRITE)
def _launch_template_version(attempt: Attempt) -> str | None:
    template = attempt.lookup(t.LAUNCH_TEMPLATE, attempt.text("launchTemplate.id"))
    version = attempt.text("launchTemplate.version")
    latest = next(iter(texts_at(template.outputs, "latestVersion")), "1") if template else ""
    if template and version.isdigit() and int(version) > int(latest):
        return f"Could not find the specified version {version} for the launch template with ID {template.id}."
    return None


@book.rule("node-group-instance-type", "InvalidRequestException", t.NODE_GROUP)
def _node_group_instance_type(attempt: Attempt) -> str | None:
    template = attempt.lookup(t.LAUNCH_TEMPLATE, attempt.text("launchTemplate.id"))
    if template and texts_at(template.inputs, "instanceType") and attempt.texts("instanceTypes"):
        return "You cannot specify an instance type in both the node group and the launch template."
    return None


@book.rule("node-role-trust", "InvalidParameterException", t.NODE_GROUP)
def _node_role_trust(attempt: Attempt) -> str | None:
    if role_trusts(attempt, attempt.text("nodeRoleArn"), "ec2.amazonaws.com"):
        return None
    return (
        "Following required service principals [ec2.amazonaws.com] were not found "
        "in the trust relationships of nodeRole"
    )


@book.rule("node-role-policies", "NodeCreationFailure", t.NODE_GROUP)
def _node_role_policies(attempt: Attempt) -> str | None:
    role = next((one for one in attempt.find(t.ROLE) if attempt.text("nodeRoleArn") in names_of(one)), None)
    if role is None:
        return None
    attached = strings(role.inputs.get("managedPolicyArns"))
    for one in attempt.find(t.ROLE_POLICY_ATTACHMENT):
        if one.inputs.get("role") in names_of(role):
            attached += texts_at(one.inputs, "policyArn")
    if any(arn.endswith(_WORKER_POLICIES) for arn in attached):
        return None
    return f"Instances failed to join the kubernetes cluster: role {role.id} has no {_WORKER_POLICIES[0]} attached yet"


@book.rule("nodes-way-out", "NodeCreationFailure", t.NODE_GROUP)
def _nodes_way_out(attempt: Attempt) -> str | None:
    for subnet_id in attempt.texts("subnetIds"):
        subnet = attempt.lookup(t.SUBNET, subnet_id)
        if subnet and not _has_route_out(attempt, subnet) and not _has_endpoints(attempt, subnet):
            return (
                f"Instances failed to join the kubernetes cluster: subnet {subnet_id} has neither a route to "
                f"{_ANYWHERE} nor endpoints for {', '.join(_SERVICES_TO_JOIN)} yet"
            )
    return None


@book.rule("nodes-need-network-plugin", "NodeCreationFailure", t.NODE_GROUP)
def _nodes_need_network_plugin(attempt: Attempt) -> str | None:
    name = attempt.text("clusterName")
    cluster = cluster_named(attempt, name)
    if cluster is None or cluster.inputs.get("bootstrapSelfManagedAddons") is not False:
        return None
    if attempt.find(t.ADDON, clusterName=name, addonName="vpc-cni"):
        return None
    return "Unhealthy nodes in the kubernetes cluster: container runtime network not ready, no vpc-cni add-on yet"


def _has_route_out(attempt: Attempt, subnet: Thing) -> bool:
    for association in attempt.find(t.ROUTE_TABLE_ASSOCIATION, subnetId=subnet.id):
        table = association.inputs.get("routeTableId")
        if attempt.find(t.ROUTE, routeTableId=table, destinationCidrBlock=_ANYWHERE):
            return True
    return False


def _has_endpoints(attempt: Attempt, subnet: Thing) -> bool:
    endpoints = attempt.find(t.VPC_ENDPOINT, vpcId=subnet.inputs.get("vpcId"))
    services = [service for one in endpoints for service in texts_at(one.inputs, "serviceName")]
    return all(any(service.endswith(f".{needed}") for service in services) for needed in _SERVICES_TO_JOIN)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]
