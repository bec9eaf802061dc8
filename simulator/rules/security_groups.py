"""What EC2 enforces for security groups and their rules."""

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook

book = RuleBook()
_RULE_TYPES = (t.INGRESS_RULE, t.EGRESS_RULE)
_PEERS = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")


@book.rule("group-name", "InvalidGroup.Duplicate", t.SECURITY_GROUP)
def _group_name(attempt: Attempt) -> str | None:
    name, vpc = attempt.text("name"), attempt.text("vpcId")
    if name and attempt.find(t.SECURITY_GROUP, name=name, vpcId=vpc):
        return f"The security group '{name}' already exists for VPC '{vpc}'"
    return None


@book.rule("group-name-prefix", "InvalidParameterValue", t.SECURITY_GROUP)
def _group_name_prefix(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if name.startswith("sg-"):
        return f"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*."
    return None


@book.rule("group-rule-duplicate", "InvalidPermission.Duplicate", _RULE_TYPES, Operation.CREATE, Operation.UPDATE)
def _group_rule_duplicate(attempt: Attempt) -> str | None:
    same = {name: attempt.inputs.get(name) for name in ("securityGroupId", "ipProtocol", "fromPort", "toPort", *_PEERS)}
    if not attempt.find(attempt.token, **same):
        return None
    peer = next((attempt.text(name) for name in _PEERS if attempt.text(name)), "")
    ports = f"from port: {attempt.text('fromPort')}, to port: {attempt.text('toPort')}"
    return f'the specified rule "peer: {peer}, {attempt.text("ipProtocol").upper()}, {ports}, ALLOW" already exists'


@book.rule("group-rule-quota", "RulesPerSecurityGroupLimitExceeded", _RULE_TYPES)
def _group_rule_quota(attempt: Attempt) -> str | None:
    group = attempt.text("securityGroupId")
    if len(attempt.find(attempt.token, securityGroupId=group)) >= attempt.allowed("group-rule-quota", 60):
        return "The maximum number of rules per security group has been reached."
    return None


@book.rule("group-rule-one-peer", "InvalidParameterCombination", _RULE_TYPES, Operation.CREATE, Operation.UPDATE)
def _group_rule_one_peer(attempt: Attempt) -> str | None:
    peers = [name for name in _PEERS if attempt.text(name)]
    if len(peers) != 1:
        return f"Exactly one of {', '.join(_PEERS)} must be given; found {', '.join(peers) or 'none'}."
    return None


@book.rule("group-rule-ports", "InvalidParameterValue", _RULE_TYPES, Operation.CREATE, Operation.UPDATE)
def _group_rule_ports(attempt: Attempt) -> str | None:
    protocol, first, last = (attempt.inputs.get(name) for name in ("ipProtocol", "fromPort", "toPort"))
    if protocol not in {"tcp", "udp"}:
        return None
    if not isinstance(first, (int, float)) or not isinstance(last, (int, float)):
        return "The request must contain the parameters fromPort and toPort"
    if first > last:
        return f"Invalid TCP/UDP port range ({first}:{last})"
    return None
