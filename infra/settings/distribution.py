"""Who outside of the account gets what is released, as it is written in the stack file."""

from typing import Annotated

from pydantic import Field

from infra.settings import fields
from infra.settings.section import Doc, Section

MAX_TESTERS = 50


class DistributionKeys(Section):
    """Images and signed binaries of releases, for accounts that get no source.

    Without the section nothing of it exists. With an empty list nobody reads what was released, and it stays.
    """

    testers: Annotated[
        tuple[fields.AccountId, ...],
        Field(max_length=MAX_TESTERS),
        Doc(
            "AWS accounts that may pull the images and read the bucket of binaries; they may write nothing",
            "who may read is a list that somebody reviews",
            default="nobody",
        ),
    ] = ()
