"""Whose credentials these are, asked before anything is done with them."""

from infra.settings import Environment
from ops.aws.session import Aws
from ops.errors import UsageError


class AnotherAccountError(UsageError):
    """The credentials are not of the account that the stack file names."""


def refuse_another_account(aws: Aws, environment: Environment) -> None:
    """Ask AWS who this is.

    Raises:
        AnotherAccountError: somebody of another account.
    """
    caller = aws.client("sts", environment.home).get_caller_identity()
    if caller["Account"] != environment.account:
        raise AnotherAccountError(
            f"Pulumi.{environment.name}.yaml is of account {environment.account}, and these credentials are of "
            f"{caller['Account']} ({caller['Arn']}): nothing was done. Use credentials of {environment.account}, or "
            "--profile"
        )
