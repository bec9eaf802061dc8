"""What is made for which environment, under which names, and who may take its roles."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from infra.settings import Environment
from ops.aws.names import attestation_alias, state_bucket
from ops.errors import UsageError

_REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[\w.-]+|[A-Za-z0-9-]+@\d+/[\w.-]+@\d+", re.ASCII)


class BootstrapError(UsageError):
    """The environment cannot be prepared like this; nothing has been made by this step."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Who may take the roles; without a repository and principals, roles that exist keep theirs.

    Attributes:
        repository: on GitHub as its tokens name it: OWNER/NAME, or OWNER@ID/NAME@ID, the form of those made since July
            2026.
        refs: from which jobs of it may deploy, ``refs/heads/main`` or with a pattern ``refs/tags/v*``.
        principals: patterns over ARNs of roles of the account whose holders may deploy.
    """

    repository: str | None
    github_environment: str
    refs: Sequence[str]
    principals: Sequence[str]

    def __post_init__(self) -> None:
        if self.repository is not None and not _REPOSITORY.fullmatch(self.repository):
            raise BootstrapError(
                f"--repository {self.repository}: OWNER/NAME, or with the numbers of both OWNER@ID/NAME@ID, which is "
                "how GitHub names repositories made since July 2026 to AWS (gh api repos/OWNER/NAME has both)"
            )
        if "*" in self.github_environment or not self.github_environment:
            raise BootstrapError("--github-environment: the name of one environment, without a pattern")
        for ref in self.refs:
            if not ref.startswith("refs/tags/v") and set("*?") & set(ref):
                raise BootstrapError(f"{ref}: a branch is named whole, and of tags only those that begin with v: v*")
        for principal in self.principals:
            if not re.fullmatch(r"arn:aws:iam::\d{12}:role/.*[\w+=,.@-].*", principal):
                raise BootstrapError(
                    f"--principal {principal}: the ARN of a role of the account, or a pattern over such"
                )

    @property
    def stated(self) -> bool:
        """Whether anybody is named."""
        return bool(self.repository or self.principals)


@dataclass(frozen=True, slots=True)
class Target:
    """One environment in its account."""

    environment: Environment
    trust: Trust

    def __post_init__(self) -> None:
        access, expected = self.environment.access, {}
        expected["deployRole"] = (access.deploy_role, self.role_arn("deploy"))
        expected["permissionsBoundary"] = (access.permissions_boundary, self.policy_arn("boundary"))
        if access.preview_role is not None:
            expected["previewRole"] = (access.preview_role, self.role_arn("preview"))
        if access.drift_role is not None:
            expected["driftRole"] = (access.drift_role, self.role_arn("drift"))
        for key, (written, made) in expected.items():
            if written != made:
                raise BootstrapError(
                    f"Pulumi.{self.name}.yaml: teranode-infra:access.{key} = {written or 'absent'}: bootstrap makes "
                    f"{made}. Write that, or make yours by hand (docs/first-up.md)"
                )

    @property
    def name(self) -> str:
        """Of the environment."""
        return self.environment.name

    @property
    def account(self) -> str:
        """Of the environment."""
        return self.environment.account

    @property
    def home(self) -> str:
        """The region of its state."""
        return self.environment.home

    @property
    def bucket(self) -> str:
        """Of the state."""
        return state_bucket(self.account, self.name)

    @property
    def log_bucket(self) -> str:
        """Of the accesses to the state."""
        return f"teranode-state-logs-{self.account}-{self.name}"

    @property
    def alias(self) -> str:
        """Of the key of state and secrets."""
        return f"alias/pulumi-{self.name}"

    @property
    def attestation_alias(self) -> str:
        """Of the key that signs attestations."""
        return attestation_alias(self.name)

    def role_arn(self, kind: str) -> str:
        """``deploy``, ``preview``, ``drift`` or ``admin``."""
        return f"arn:aws:iam::{self.account}:role/{self.role_name(kind)}"

    def role_name(self, kind: str) -> str:
        """The same without account."""
        return f"teranode-{kind}-{self.name}"

    def policy_arn(self, part: str) -> str:
        """Of a document in docs/deployer."""
        return f"arn:aws:iam::{self.account}:policy/teranode-{part}-{self.name}"

    @property
    def tags(self) -> dict[str, str]:
        """Of everything that can have some."""
        return {"project": "teranode-infra", "environment": self.name, "managed-by": "ops-bootstrap"}

    @property
    def login(self) -> str:
        """How Pulumi finds the state."""
        return f"pulumi login 's3://{self.bucket}?region={self.home}&awssdk=v2'"

    @property
    def stack_init(self) -> str:
        """How the stack comes to be, with the key of its secrets."""
        return f"pulumi stack init {self.name} --secrets-provider 'awskms://{self.alias}?region={self.home}'"
