"""Everything in its order, in the right account only."""

from collections.abc import Iterable

from ops.aws.session import Aws
from ops.bootstrap.account import account_steps
from ops.bootstrap.roles import role_steps
from ops.bootstrap.state import Key, state_steps
from ops.bootstrap.steps import Finding, Step
from ops.bootstrap.target import BootstrapError, Target


def all_steps(aws: Aws, target: Target) -> list[Step]:
    """What an environment needs: the account's settings, then its state, then its roles."""
    key, signing = Key.of_state(aws, target), Key.of_attestations(aws, target)
    return [
        *account_steps(aws, target),
        *state_steps(aws, target, key),
        *signing.steps(),
        *role_steps(aws, target, key, signing),
    ]


def not_looked_at(target: Target) -> tuple[str, ...]:
    """What no step looks at because it is not said who may take the roles, and the option that says it."""
    trust, roles = target.trust, ["preview", "drift"]
    if target.environment.testers:
        roles.append("distribute")
    left = []
    if not trust.stated:
        left.append(f"who may take {target.role_name('deploy')} (--repository, --principal)")
    if not trust.repository:
        names = ", ".join(target.role_name(role) for role in roles)
        left.append(f"GitHub as identity provider, and the roles of its jobs: {names} (--repository)")
    return tuple(left)


def refuse_a_role_for_nobody(target: Target, findings: Iterable[Finding]) -> None:
    """Refuse to begin where it is not said who may take a role that is yet to be made.

    Raises:
        BootstrapError: neither a repository nor a principal is named.
    """
    missing = {finding.step.name for finding in findings if finding.drift is not None}
    name = target.role_name("deploy")
    if not target.trust.stated and f"role {name}" in missing:
        raise BootstrapError(
            f"{name}: who may take it? Say --repository OWNER/NAME for jobs of GitHub, --principal ARN for "
            "people, or both"
        )
