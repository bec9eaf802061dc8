"""The announcement, in an environment's state, that a part of it is about to leave."""

from dataclasses import dataclass
from enum import StrEnum

import pulumi

from components.base import Component


class Part(StrEnum):
    """What can leave an environment that stays."""

    MINER = "miner"
    REGION = "region"
    ZONE = "zone"


@dataclass(frozen=True, kw_only=True)
class DecommissionArgs:
    """Arguments of `Decommission`: what leaves, the first day (as in ISO 8601) on which it may be removed, and why."""

    part: Part
    subject: str
    day: str
    reason: str


class Decommission(Component):
    """A part of the environment whose locks are lifted, because somebody said when and why it leaves.

    It creates nothing: `ops preview` and the policies read from the state which resources may be without locks, and
    which may be deleted by the update after this one.
    """

    TOKEN = "teranode:decommission:Decommission"

    def __init__(self, name: str, args: DecommissionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(
            name,
            opts,
            facts={
                "part": str(args.part),
                "subject": args.subject,
                "date": args.day,
                "reason": args.reason,
            },
        )
        self.register_outputs({})
