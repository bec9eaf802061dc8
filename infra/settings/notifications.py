"""Who is told of alarms, and who judges metrics, as it is written in the stack file."""

from typing import Annotated

from pydantic import Field

from infra.settings import fields
from infra.settings.section import Doc, Section


class NotificationsKeys(Section):
    """Who is told when an alarm of a region goes off, and who judges what miners and clusters say of themselves.

    Every region has a topic for databases and shared files; that of the home region also tells of miners and clusters.
    Whoever reads it by other means subscribes to it beside this address.
    """

    monthly_budget_usd: Annotated[
        int | None,
        Field(ge=1, le=1_000_000),
        Doc(
            "what a month may cost: at 80 and 100 % of it, spent or forecast, `email` or the owner is told; it stops "
            "nothing. On the tier mainnet the whole account counts, elsewhere what carries the environment's tag",
            "what nobody looks at costs most",
            unit="USD",
            default="no budget",
        ),
    ] = None

    email: Annotated[
        fields.Owner | None,
        Doc(
            "address that gets a message for each alarm; it must confirm a subscription for every region",
            "a full disk of mainnet is somebody's duty; an environment that may be lost at any time is not worth a "
            "confirmation from each region, and shows its alarms in CloudWatch",
            default="alarm_recipient",
        ),
    ] = None
    rules: Annotated[
        fields.AlertRules | None,
        Doc(
            "`managed`: every region sends its recorded series to one workspace of Amazon Managed Prometheus in the "
            "home region, where alert rules are judged; `none`: nothing is sent and nobody is told of miners",
            "a few hundred series cost cents a day; only a place outside the regions can miss one",
            default="`managed`, `none` where the home region has no such service",
        ),
    ] = None
    pages: Annotated[
        fields.Pages | None,
        Doc(
            "where this repository is read in a browser: what alerts and alarms say begins with it where they name the "
            "runbook, for example `https://github.com/example/teranode-infra/blob/main/`",
            "whoever is woken follows a link; a path is found by those alone who know the repository",
            default="the path within the repository",
        ),
    ] = None
