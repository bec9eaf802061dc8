"""Notifications: ``aws:sns`` topics, their policies and subscriptions."""

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _topic(request: Request, arn: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": arn, "owner": request.place.account}


def _subscription(request: Request, arn: str) -> dict[str, JSON]:
    # A person has to follow a link before anything is delivered; other protocols of the own account need nobody.
    by_person = request.text("protocol") in ("email", "email-json")
    return {
        **regional(request),
        "arn": arn,
        "confirmationWasAuthenticated": not by_person,
        "ownerId": request.place.account,
        "pendingConfirmation": by_person,
    }


MODELS = (
    ResourceModel(
        "aws:sns/topic:Topic",
        identify=lambda request: request.arn("sns", request.text("name")),
        compute=_topic,
        autoname=Autoname("name", max_length=256),
        defaults={"fifoTopic": False, "contentBasedDeduplication": False},
        # messages are kept by FIFO topics only
        empty=frozenset({"beginningArchiveTime"}),
    ),
    ResourceModel(
        "aws:sns/topicPolicy:TopicPolicy",
        identify=lambda request: request.text("arn"),
        compute=lambda request, _: {**regional(request), "owner": request.place.account},
    ),
    ResourceModel(
        "aws:sns/topicSubscription:TopicSubscription",
        identify=lambda request: f"{request.text('topic')}:{request.uuid('subscription')}",
        compute=_subscription,
        defaults={"confirmationTimeoutInMinutes": 1, "endpointAutoConfirms": False, "rawMessageDelivery": False},
    ),
)
