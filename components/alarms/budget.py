"""The `Budget` component."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.placement import Placement

_PERCENT = (80, 100)
_KINDS = ("ACTUAL", "FORECASTED")


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    """Arguments of `Budget`.

    - `placement`: of any region: budgets belong to the account.
    - `monthly_usd`: what a month may cost.
    - `email`: is told; it need not confirm anything.
    - `whole_account`: all of the account is the environment's; else what carries its tag `environment` counts, which
      the owner of the bill must have made a cost allocation tag.
    """

    placement: Placement
    monthly_usd: int
    email: str
    whole_account: bool


class Budget(Component):
    """Tells by e-mail when a month's cost, or its forecast, passes 80 and 100 % of what was meant.

    It stops nothing. Costs are known some hours late, a forecast after five weeks of use. Messages come from AWS
    Budgets itself and not from the alarms' topics, so that neither hangs on the other.
    """

    TOKEN = "teranode:alarms:Budget"

    def __init__(self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        environment = args.placement.environment
        own = aws.budgets.BudgetCostFilterArgs(name="TagKeyValue", values=[f"user:environment${environment}"])
        aws.budgets.Budget(
            f"{name}-budget",
            name=f"{environment}-monthly",
            budget_type="COST",
            limit_amount=str(args.monthly_usd),
            limit_unit="USD",
            time_unit="MONTHLY",
            cost_filters=None if args.whole_account else [own],
            notifications=[
                aws.budgets.BudgetNotificationArgs(
                    comparison_operator="GREATER_THAN",
                    notification_type=kind,
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                    subscriber_email_addresses=[args.email],
                )
                for kind in _KINDS
                for percent in _PERCENT
            ],
            opts=self._child(),
        )
        self.register_outputs({})
