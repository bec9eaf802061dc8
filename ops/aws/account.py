"""Whose credentials these are."""

import sys

from ops.aws.session import Aws
from ops.errors import UsageError


class AnotherAccountError(UsageError):
    """The credentials are not of the account that the stack file names."""


def refuse_other_accounts(aws: Aws, stack: str, account: str, region: str) -> None:
    """Ask AWS who this is, before anything else is asked or done.

    Raises:
        AnotherAccountError: somebody of another account.
    """
    if not sys.stderr.isatty():  # a terminal shows progress; what cannot be reached is silent for half a minute
        print(f"asking AWS in {region} whose credentials these are", file=sys.stderr)  # noqa: T201
    caller = aws.client("sts", region).get_caller_identity()
    if caller["Account"] != account:
        raise AnotherAccountError(
            f"Pulumi.{stack}.yaml is of account {account}, and these credentials are of {caller['Account']} "
            f"({caller['Arn']}): nothing was done. Use credentials of {account}, or --profile"
        )
