"""Budgets of an account: ``aws:budgets``. They belong to no region."""

from simulator.types.aws import all_tags
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _budget(request: Request, _: str) -> dict[str, JSON]:
    account = request.text("accountId", request.place.account)
    return {
        **all_tags(request),
        "accountId": account,
        "arn": request.arn("budgets", f"budget/{request.text('name')}", region=False),
    }


MODELS = (
    ResourceModel(
        "aws:budgets/budget:Budget",
        identify=lambda request: f"{request.text('accountId', request.place.account)}:{request.text('name')}",
        compute=_budget,
        autoname=Autoname("name", max_length=100),
        defaults={
            "billingViewArn": "",
            "namePrefix": "",
            "timePeriodEnd": "2087-06-15_00:00",
            "timePeriodStart": "2026-11-01_00:00",
        },
    ),
)
