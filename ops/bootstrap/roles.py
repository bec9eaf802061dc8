"""The roles of an environment, their policies, and GitHub as who speaks for its jobs."""

import json
from collections.abc import Callable, Iterator

from botocore.client import BaseClient

from ops.aws.session import Aws
from ops.bootstrap import documents
from ops.bootstrap.difference import difference
from ops.bootstrap.state import Key
from ops.bootstrap.steps import Step, differs, unless
from ops.bootstrap.target import Target
from simulator.values import JSON

SESSION_SECONDS = 4 * 3600
"""An update that replaces databases or file systems takes longer than the one hour of a new role. Who takes a role must
ask for it: else AWS, and what takes it for a workflow, give one hour."""
_MAX_POLICY_VERSIONS = 5  # IAM quota
_ABSENT = ("NoSuchEntity",)


def role_steps(aws: Aws, target: Target, key: Key, signing: Key) -> Iterator[Step]:
    """Policies, then the roles that have them."""
    iam: BaseClient = aws.client("iam", target.home)
    parts = documents.deployer_parts(target)
    if target.trust.repository:
        yield _github(iam, target)
    for part in ("boundary", *parts):
        yield _policy(iam, target, part, f"deployer/{part}")
    yield _role(iam, target, "deploy", documents.deploy_trust(target) if target.trust.stated else None)
    yield _attached(iam, target, "deploy", parts)
    yield _rights(iam, target, "deploy", "state", key, documents.deploy_state)
    yield _rights(iam, target, "deploy", "attestations", signing, documents.deploy_attestations)
    if target.trust.repository:
        yield _role(iam, target, "preview", documents.preview_trust(target))
        yield _rights(iam, target, "preview", "state", key, documents.preview_state)
    # EKS lets no role into a cluster that does not exist.
    if target.trust.repository or target.environment.access.drift_role is not None:
        yield _policy(iam, target, "drift", "roles/drift")
        yield _role(iam, target, "drift", documents.drift_trust(target) if target.trust.stated else None)
        yield _attached(iam, target, "drift", ("drift",))
        yield _rights(iam, target, "drift", "state", key, documents.read_state)
    if target.trust.repository and target.environment.testers:
        yield _role(iam, target, "distribute", documents.deploy_trust(target))
        yield _rights(iam, target, "distribute", "state", key, documents.read_state)
        yield _written(iam, target, "distribute", "releases", lambda: documents.distribute_releases(target))
    if target.environment.access.admin_role == target.role_arn("admin"):
        yield _admin(iam, target)


def _tags(target: Target) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in target.tags.items()]


def _github(iam: BaseClient, target: Target) -> Step:
    arn = f"arn:aws:iam::{target.account}:oidc-provider/{documents.ISSUER}"

    def found() -> str | None:
        answer = unless(_ABSENT, lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
        if not isinstance(answer, dict):
            return "missing"
        return (
            None if documents.AUDIENCE in answer["ClientIDList"] else f"does not know the audience {documents.AUDIENCE}"
        )

    def make() -> None:
        if found() == "missing":
            iam.create_open_id_connect_provider(Url=f"https://{documents.ISSUER}", ClientIDList=[documents.AUDIENCE])
        else:
            iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID=documents.AUDIENCE)

    return Step("GitHub as identity provider", found, make)


def _policy(iam: BaseClient, target: Target, part: str, page: str) -> Step:
    arn, wanted = target.policy_arn(part), documents.documented(page, target)

    def found() -> str | None:
        answer = unless(_ABSENT, lambda: iam.get_policy(PolicyArn=arn))
        if not isinstance(answer, dict):
            return "missing"
        version = answer["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        return differs(document, wanted)

    def make() -> None:
        text = json.dumps(wanted, separators=(",", ":"))
        if found() == "missing":
            iam.create_policy(PolicyName=arn.rsplit("/", 1)[-1], PolicyDocument=text, Tags=_tags(target))
            return
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
        if len(versions) >= _MAX_POLICY_VERSIONS:
            oldest = min((one for one in versions if not one["IsDefaultVersion"]), key=lambda one: one["CreateDate"])
            iam.delete_policy_version(PolicyArn=arn, VersionId=oldest["VersionId"])
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)

    return Step(f"policy {arn.rsplit('/', 1)[-1]} (docs/{page}.json)", found, make)


def _role(iam: BaseClient, target: Target, kind: str, trust: JSON) -> Step:
    """A role; without ``trust`` one that exists keeps its own."""
    name = target.role_name(kind)

    def found() -> str | None:
        answer = unless(_ABSENT, lambda: iam.get_role(RoleName=name))
        if not isinstance(answer, dict):
            return "missing"
        role = answer["Role"]
        if trust is not None and role["AssumeRolePolicyDocument"] != trust:
            return f"others may take it: {difference(role['AssumeRolePolicyDocument'], trust)}"
        seconds = role["MaxSessionDuration"]
        return None if seconds == SESSION_SECONDS else f"sessions of {seconds} s, wanted {SESSION_SECONDS} s"

    def make() -> None:
        drift = found()
        if drift == "missing":
            iam.create_role(
                RoleName=name,
                AssumeRolePolicyDocument=json.dumps(trust),
                MaxSessionDuration=SESSION_SECONDS,
                Tags=_tags(target),
            )
            return
        if trust is not None:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))
        iam.update_role(RoleName=name, MaxSessionDuration=SESSION_SECONDS)

    return Step(f"role {name}", found, make)


def _attached(iam: BaseClient, target: Target, kind: str, parts: tuple[str, ...]) -> Step:
    name, wanted = target.role_name(kind), {target.policy_arn(part) for part in parts}

    def missing() -> set[str]:
        answers = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
        return wanted - {entry["PolicyArn"] for answer in answers for entry in answer["AttachedPolicies"]}

    def found() -> str | None:
        absent = unless(_ABSENT, missing)
        if absent is None:
            return "come with the role"
        if not isinstance(absent, set) or not absent:
            return None
        return f"without {', '.join(sorted(arn.rpartition('/')[2] for arn in absent))}"

    def make() -> None:
        for arn in sorted(missing()):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)

    return Step(f"policies of {name}", found, make)


def _rights(
    iam: BaseClient, target: Target, kind: str, what: str, key: Key, document: Callable[[Target, str], JSON]
) -> Step:
    """A policy of the role's own that names a key."""

    def wanted() -> JSON:
        arn = key.find()
        return document(target, arn) if arn is not None else None

    return _written(iam, target, kind, what, wanted)


def _written(iam: BaseClient, target: Target, kind: str, what: str, wanted: Callable[[], JSON]) -> Step:
    """A policy of the role's own; ``wanted`` is None as long as what it names is not there."""
    name = target.role_name(kind)

    def found() -> str | None:
        document = wanted()
        answer = unless(_ABSENT, lambda: iam.get_role_policy(RoleName=name, PolicyName=what))
        if document is None or not isinstance(answer, dict):
            return "missing"
        return differs(answer["PolicyDocument"], document)

    def make() -> None:
        iam.put_role_policy(RoleName=name, PolicyName=what, PolicyDocument=json.dumps(wanted()))

    return Step(f"rights of {name} on the {what}", found, make)


def _admin(iam: BaseClient, target: Target) -> Step:
    """The break-glass role. One that exists is whoever made it's: nothing of it is changed."""
    name = target.role_name("admin")

    def make() -> None:
        text = json.dumps(documents.admin_trust(target))
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=text, Tags=_tags(target))

    def found() -> str | None:
        return None if unless(_ABSENT, lambda: iam.get_role(RoleName=name)) else "missing"

    return Step(f"role {name}, with a second factor", found, make)
