"""Who is told of alarms, as it is written in the stack file."""

from typing import Annotated

from infra.settings import fields
from infra.settings.section import Doc, Section


class NotificationsKeys(Section):
    """Who is told when an alarm of a region goes off: databases and shared files.

    Every region has a topic, and whoever reads it by other means subscribes to it beside this address.
    """

    email: Annotated[
        fields.Owner | None,
        Doc(
            "address that gets a message for each alarm; it must confirm a subscription for every region",
            "a full disk of mainnet is somebody's duty; an environment that may be lost at any time is not worth a "
            "confirmation from each region, and shows its alarms in CloudWatch",
            default="alarm_recipient",
        ),
    ] = None
