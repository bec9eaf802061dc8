"""Roles and policies (IAM-1 to IAM-6, IAM-8)."""

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from . import privileges, tokens
from .documents import Statement, policy_document
from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .values import UndecidedError

_POLICY_PATHS = {
    tokens.ROLE_POLICY: ("policy",),
    tokens.POLICY: ("policy",),
    "aws:iam/groupPolicy:GroupPolicy": ("policy",),
    "aws:iam/userPolicy:UserPolicy": ("policy",),
}
_MANAGED_LIMIT = 6_144
_INLINE_LIMIT = 10_240
_TRUST_LIMIT = 2_048
_ATTACHMENTS_LIMIT = 10
_LONG_LIVED = ("aws:iam/user:User", "aws:iam/accessKey:AccessKey", "aws:iam/userLoginProfile:UserLoginProfile")


def _identity_statements(resource: Resource) -> Iterator[tuple[str, Statement]]:
    """Statements that grant to the role itself, with the path of their document."""
    for path in _POLICY_PATHS.get(resource.type, ()):
        for statement in policy_document(resource.inputs, path):
            yield path, statement
    if resource.type == tokens.ROLE:
        for view in resource.inputs.views("inlinePolicies"):
            for statement in policy_document(view, "policy"):
                yield f"{view.path}.policy", statement


@rule(
    "IAM-1",
    title="Policies name actions and resources; nothing escalates, leaks or administers without a bound",
    reason="Least privilege: what a stolen role can do is what the policy says.",
    source="IAM.1/21; permission classes as in cloudsplaining",
    remedy="Name the ARN, or bind the statement by a condition on the resource's tag or account.",
    on=(*_POLICY_PATHS, tokens.ROLE),
)
def least_privilege(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    for path, statement in _identity_statements(resource):
        for message in privileges.excesses(statement):
            yield Problem(f"statement {statement.label} {message}", path)


@rule(
    "IAM-1-MANAGED",
    title="No administrator or full-access policy of AWS is attached",
    reason="Least privilege.",
    source="IAM.1",
    remedy="Attach a policy that names what is needed.",
    on=(tokens.ROLE_POLICY_ATTACHMENT, tokens.ROLE),
)
def no_admin_policy(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    path = "managedPolicyArns" if resource.type == tokens.ROLE else "policyArn"
    for arn in resource.inputs.strings(path):
        policy = arn.rsplit("/", 1)[-1]
        if policy in privileges.ADMIN_POLICIES or policy.endswith("FullAccess"):
            yield Problem(f"{policy} is attached", path)


@rule(
    "IAM-2",
    title="A pod's role trusts one service account, or EKS Pod Identity and nothing else",
    reason="A wildcard or a missing condition lets any pod, or any repository, take the role.",
    source="BPG security/iam; EKS Pod Identity documentation",
    remedy="Use the pod identity trust of components/iam.py.",
    on=(tokens.ROLE,),
)
def trust_narrow(_graph: Graph, role: Resource) -> Iterator[Problem]:
    for statement in policy_document(role.inputs, "assumeRolePolicy"):
        if not statement.allows:
            continue
        if statement.anyone:
            yield Problem("everybody may take the role", "assumeRolePolicy")
        if "Federated" in statement.principals:
            yield from _web_identity(statement)
        if "pods.eks.amazonaws.com" in statement.principals.get("Service", ()):
            actions = {action.lower() for action in statement.actions}
            if actions != {"sts:assumerole", "sts:tagsession"}:
                yield Problem(
                    f"Pod Identity needs AssumeRole and TagSession, found {sorted(actions)}", "assumeRolePolicy"
                )


def _web_identity(statement: Statement) -> Iterator[Problem]:
    equals = statement.conditions.get("StringEquals", {})
    for suffix in (":sub", ":aud"):
        values = [value for key, found in equals.items() if key.endswith(suffix) for value in found]
        if len(values) != 1 or "*" in values[0]:
            yield Problem(f"web identity needs StringEquals on {suffix} with one exact value", "assumeRolePolicy")


@rule(
    "IAM-3",
    title="One role per application",
    reason="Blast radius: two service accounts on one role share what it may do.",
    source="BPG security/iam",
    remedy="Make a role per service account and cluster.",
    on=(tokens.ROLE,),
)
def role_not_shared(graph: Graph, role: Resource) -> Iterator[Problem]:
    users: dict[tuple[str, ...], str] = {}
    for association in graph.referrers(role, "roleArn", tokens.POD_IDENTITY_ASSOCIATION):
        keys = ("clusterName", "namespace", "serviceAccount")
        users[tuple(association.inputs.text(key) for key in keys)] = association.urn
    for addon in graph.of_type(tokens.ADDON):
        for index, view in enumerate(addon.inputs.views("podIdentityAssociations")):
            if role in graph.follow(addon, f"podIdentityAssociations.{index}.roleArn", tokens.ROLE):
                users[addon.inputs.text("clusterName"), "kube-system", view.text("serviceAccount")] = addon.urn
    if len(users) > 1:
        names = sorted("/".join(user) for user in users)
        yield Problem(f"the role serves {', '.join(names)}")


def _identities(graph: Graph) -> Iterable[Resource]:
    return (resource for resource in graph.resources if resource.type.startswith("aws:iam/"))


@rule(
    "IAM-4",
    title="No IAM user, access key or login profile",
    reason="Long-lived credentials.",
    source="IAM.3/22",
    remedy="Use a role; people come through their identity provider, pods through Pod Identity.",
    on=_identities,
)
def no_users(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    if resource.type in _LONG_LIVED:
        yield Problem("long-lived credentials")


@rule(
    "IAM-5",
    title="Decryption is granted on named keys only",
    reason="A decrypt on every key is a decrypt of every secret.",
    source="KMS.1/2",
    remedy="Name the key's ARN.",
    on=(*_POLICY_PATHS, tokens.ROLE),
)
def decrypt_named_keys(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    for path, statement in _identity_statements(resource):
        if not statement.allows or not any(map(statement.matches, ("kms:Decrypt", "kms:ReEncryptFrom"))):
            continue
        loose = [target for target in statement.resources if not _names_a_key(target)]
        if loose or not statement.resources:
            yield Problem(f"statement {statement.label} decrypts with {', '.join(loose) or 'any key'}", path)


def _names_a_key(target: str) -> bool:
    return fnmatchcase(target, "arn:*:kms:*:key/*") and "*" not in target


_RESOURCE_POLICIES = {
    tokens.ROLE: "assumeRolePolicy",
    tokens.KMS_KEY: "policy",
    tokens.KMS_KEY_POLICY: "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    tokens.TOPIC_POLICY: "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
}


@rule(
    "IAM-6",
    title="A service principal acts for this account only",
    reason="Confused deputy: the service would do the same for somebody else's resource.",
    source="AWS, cross-service confused deputy prevention",
    remedy="Add aws:SourceAccount or aws:SourceArn; CloudWatch Logs takes the log group's encryption context.",
    on=tuple(_RESOURCE_POLICIES),
)
def no_confused_deputy(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    path = _RESOURCE_POLICIES[resource.type]
    for statement in policy_document(resource.inputs, path):
        services = set(statement.principals.get("Service", ())) - privileges.NO_SOURCE_SERVICES
        if statement.allows and services and not statement.condition_keys & privileges.SOURCE_KEYS:
            yield Problem(f"{', '.join(sorted(services))} may act for any account", path)


@rule(
    "IAM-8",
    title="Policies parse and fit their quotas",
    reason="They fail at apply time otherwise.",
    source="IAM quotas: managed 6,144, inline total 10,240, trust 2,048 characters, 10 attachments",
    remedy="Split the policy, or name resources by a common path.",
    on=(tokens.POLICY, tokens.ROLE),
)
def policies_fit(graph: Graph, resource: Resource) -> Iterator[Problem]:
    if resource.type == tokens.POLICY:
        size = _length(resource, "policy")
        if size > _MANAGED_LIMIT:
            yield Problem(f"{size} characters, at most {_MANAGED_LIMIT}", "policy")
        return
    trust = _length(resource, "assumeRolePolicy")
    if not policy_document(resource.inputs, "assumeRolePolicy"):
        yield Problem("the trust policy has no statement", "assumeRolePolicy")
    if trust > _TRUST_LIMIT:
        yield Problem(f"{trust} characters, at most {_TRUST_LIMIT}", "assumeRolePolicy")
    inline = sum(_length(policy, "policy") for policy in graph.referrers(resource, "role", tokens.ROLE_POLICY))
    if inline > _INLINE_LIMIT:
        yield Problem(f"inline policies hold {inline} characters, at most {_INLINE_LIMIT}")
    attached = len(graph.referrers(resource, "role", tokens.ROLE_POLICY_ATTACHMENT))
    if attached > _ATTACHMENTS_LIMIT:
        yield Problem(f"{attached} managed policies, at most {_ATTACHMENTS_LIMIT}")


def _length(resource: Resource, path: str) -> int:
    # IAM does not count white space.
    document = resource.inputs.document(path).raw
    if not document:
        raise UndecidedError(path, "absent")
    return len("".join(json.dumps(document, separators=(",", ":")).split()))


RULES: tuple[Rule, ...] = (
    least_privilege,
    no_admin_policy,
    trust_narrow,
    role_not_shared,
    no_users,
    decrypt_named_keys,
    no_confused_deputy,
    policies_fit,
)
