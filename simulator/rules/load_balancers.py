"""What Elastic Load Balancing enforces, and what its controller in a cluster does for the pods of a target group."""

from collections.abc import Mapping

from simulator.rules import tokens as t
from simulator.rules.iam import statements_of, strings
from simulator.rules.network import vpc_of_subnet
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.values import JSON, at

book = RuleBook()
_WRITE = (Operation.CREATE, Operation.UPDATE)
_NAMED = (t.LOAD_BALANCER, t.TARGET_GROUP)
_MAX_NAME = 32
_LOG_SERVICES = {
    "network": "delivery.logs.amazonaws.com",
    "application": "logdelivery.elasticloadbalancing.amazonaws.com",
}
# What a listener may hand on (ELB, listeners of network load balancers).
_SAME_PROTOCOL = frozenset({"TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"})
_FIXED_IN_A_BINDING = ("targetGroupARN", "targetType", "ipAddressType", "vpcID")


@book.rule("balancer-name-length", "ValidationError", _NAMED)
def _name_length(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if len(name) > _MAX_NAME:
        return f"'{name}' cannot be longer than '{_MAX_NAME}' characters"
    return None


@book.rule("load-balancer-name", "DuplicateLoadBalancerName", t.LOAD_BALANCER)
def _load_balancer_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if name and attempt.find(t.LOAD_BALANCER, name=name):
        return f"A load balancer with the same name '{name}' exists, but with different settings"
    return None


@book.rule("target-group-name", "DuplicateTargetGroupName", t.TARGET_GROUP)
def _target_group_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if name and attempt.find(t.TARGET_GROUP, name=name):
        return f"A target group with the same name '{name}' exists, but with different settings"
    return None


@book.rule("load-balancer-one-vpc", "InvalidConfigurationRequest", t.LOAD_BALANCER, *_WRITE)
def _one_vpc(attempt: Attempt) -> str | None:
    vpcs = {vpc_of_subnet(attempt, [subnet]) for subnet in subnets_of(attempt.inputs)} - {""}
    if len(vpcs) > 1:
        return f"All subnets must be in the same VPC: {', '.join(sorted(vpcs))}"
    groups = [found for name in attempt.texts("securityGroups") if (found := attempt.lookup(t.SECURITY_GROUP, name))]
    if vpcs and any(not vpcs & set(texts_at(group.inputs, "vpcId")) for group in groups):
        return "One or more security groups are invalid"
    return None


@book.rule("load-balancer-zones", "InvalidConfigurationRequest", t.LOAD_BALANCER, *_WRITE)
def _zones(attempt: Attempt) -> str | None:
    found = [attempt.lookup(t.SUBNET, subnet) for subnet in subnets_of(attempt.inputs)]
    zones = [zone for subnet in found if subnet for zone in texts_at(subnet.inputs, "availabilityZone")]
    if len(zones) != len(set(zones)):
        return "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
    return None


@book.rule("load-balancer-internet-gateway", "InvalidSubnet", t.LOAD_BALANCER)
def _internet_gateway(attempt: Attempt) -> str | None:
    vpc = vpc_of_subnet(attempt, subnets_of(attempt.inputs))
    if attempt.inputs.get("internal") is not True and vpc and not attempt.find(t.INTERNET_GATEWAY, vpcId=vpc):
        return f"VPC {vpc} has no internet gateway"
    return None


@book.rule("load-balancer-addresses", "ResourceInUse", t.LOAD_BALANCER, *_WRITE)
def _addresses(attempt: Attempt) -> str | None:
    wanted = set(attempt.texts("subnetMappings.allocationId"))
    others = attempt.find(t.LOAD_BALANCER)
    taken = {address for one in others for address in texts_at(one.inputs, "subnetMappings.allocationId")}
    taken |= {address for one in attempt.find(t.NAT_GATEWAY) for address in texts_at(one.inputs, "allocationId")}
    if wanted & taken:
        return f"The allocation IDs are not available for use: {', '.join(sorted(wanted & taken))}"
    return None


@book.rule("load-balancer-logs", "InvalidConfigurationRequest", t.LOAD_BALANCER, *_WRITE)
def _logs(attempt: Attempt) -> str | None:
    bucket = attempt.text("accessLogs.bucket")
    if not bucket or at(attempt.inputs, "accessLogs.enabled") is not True:
        return None
    service = _LOG_SERVICES.get(attempt.text("loadBalancerType") or "application", "")
    policies = [text for one in attempt.find(t.BUCKET_POLICY, bucket=bucket) for text in texts_at(one.inputs, "policy")]
    if any(_delivers(statement, service) for policy in policies for statement in statements_of(policy)):
        return None
    return f"Access Denied for bucket: {bucket}. Please check S3bucket permission"


@book.rule("load-balancer-deletion-protection", "OperationNotPermitted", t.LOAD_BALANCER, Operation.DELETE)
def _deletion_protection(attempt: Attempt) -> str | None:
    if attempt.inputs.get("enableDeletionProtection") is True:
        return f"Load balancer '{attempt.id}' cannot be deleted because deletion protection is enabled"
    return None


@book.rule("listener-port", "DuplicateListener", t.LISTENER, *_WRITE)
def _listener_port(attempt: Attempt) -> str | None:
    balancer = attempt.text("loadBalancerArn")
    if attempt.find(t.LISTENER, loadBalancerArn=balancer, port=attempt.inputs.get("port")):
        return f"A listener already exists on this port for this load balancer '{balancer}'"
    return None


@book.rule("listener-certificate", "ValidationError", t.LISTENER, *_WRITE)
def _certificate(attempt: Attempt) -> str | None:
    if attempt.text("protocol") in ("TLS", "HTTPS") and not attempt.text("certificateArn"):
        return "A certificate must be specified for TLS listeners"
    if attempt.text("protocol") in _SAME_PROTOCOL and attempt.text("certificateArn"):
        return f"A certificate cannot be specified for {attempt.text('protocol')} listeners"
    return None


@book.rule("endpoint-service-network-balancer", "InvalidParameter", t.ENDPOINT_SERVICE, *_WRITE)
def _endpoint_service(attempt: Attempt) -> str | None:
    for name in attempt.texts("networkLoadBalancerArns"):
        balancer = attempt.lookup(t.LOAD_BALANCER, name)
        if balancer and "network" not in texts_at(balancer.inputs, "loadBalancerType"):
            return f"The load balancer '{name}' is not a Network Load Balancer"
        others = attempt.find(t.ENDPOINT_SERVICE)
        if any(name in texts_at(other.inputs, "networkLoadBalancerArns") for other in others):
            return f"The load balancer '{name}' is already associated with another endpoint service"
    return None


@book.rule("listener-target-group-once", "TargetGroupAssociationLimit", t.LISTENER, *_WRITE)
def _one_balancer(attempt: Attempt) -> str | None:
    balancer = attempt.text("loadBalancerArn")
    elsewhere = [one for one in attempt.find(t.LISTENER) if one.inputs.get("loadBalancerArn") != balancer]
    taken = {group for one in elsewhere for group in texts_at(one.inputs, "defaultActions.targetGroupArn")}
    for group in attempt.texts("defaultActions.targetGroupArn"):
        if group in taken:
            return f"The following target groups cannot be associated with more than one load balancer: {group}"
    return None


@book.rule("listener-target-group-fits", "InvalidConfigurationRequest", t.LISTENER, *_WRITE)
def _group_fits(attempt: Attempt) -> str | None:
    balancer = attempt.lookup(t.LOAD_BALANCER, attempt.text("loadBalancerArn"))
    protocol = attempt.text("protocol")
    for name in attempt.texts("defaultActions.targetGroupArn"):
        group = attempt.lookup(t.TARGET_GROUP, name)
        if group is None or balancer is None:
            continue
        spoken = next(iter(texts_at(group.inputs, "protocol")), "")
        if protocol in _SAME_PROTOCOL and spoken != protocol:
            return f"Listener protocol '{protocol}' is not supported with a target group with the protocol '{spoken}'"
        if vpc_of_subnet(attempt, subnets_of(balancer.inputs)) not in texts_at(group.inputs, "vpcId"):
            return f"The target group '{name}' is not in the VPC of the load balancer '{balancer.id}'"
    return None


@book.rule("binding-service", "ServiceNotFound", t.TARGET_GROUP_BINDING, *_WRITE)
def _binding_service(attempt: Attempt) -> str | None:
    name, namespace = attempt.text("spec.serviceRef.name"), attempt.text("metadata.namespace")
    for service in attempt.find(t.SERVICE):
        metadata = {path: texts_at(service.inputs, f"metadata.{path}") for path in ("name", "namespace")}
        if metadata == {"name": [name], "namespace": [namespace]}:
            return None
    return f'services "{name}" not found: no pod of namespace {namespace} is ever bound'


@book.rule("binding-once", "Forbidden", t.TARGET_GROUP_BINDING)
def _binding_once(attempt: Attempt) -> str | None:
    group = attempt.text("spec.targetGroupARN")
    for other in attempt.find(t.TARGET_GROUP_BINDING):
        if group in texts_at(other.inputs, "spec.targetGroupARN"):
            return f"TargetGroup {group} is already bound to TargetGroupBinding {other.id}"
    return None


@book.rule("binding-immutable", "Forbidden", t.TARGET_GROUP_BINDING, Operation.UPDATE)
def _binding_immutable(attempt: Attempt) -> str | None:
    paths = (f"spec.{name}" for name in _FIXED_IN_A_BINDING)
    changed = [path for path in paths if attempt.before(path) and attempt.before(path) != attempt.text(path)]
    if changed:
        return f"TargetGroupBinding update may not change these immutable fields: {', '.join(changed)}"
    return None


def subnets_of(inputs: Mapping[str, JSON]) -> list[str]:
    """The subnets of a load balancer, in whichever of the two forms they are named."""
    return [*texts_at(inputs, "subnets"), *texts_at(inputs, "subnetMappings.subnetId")]


def _delivers(statement: dict[str, JSON], service: str) -> bool:
    if statement.get("Effect") != "Allow" or "s3:PutObject" not in strings(statement.get("Action")):
        return False
    principal = statement.get("Principal")
    return isinstance(principal, dict) and service in strings(principal.get("Service"))
