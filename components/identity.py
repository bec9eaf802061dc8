"""What an environment is for life."""

from dataclasses import dataclass

import pulumi
import pulumi_random as random

from components.base import Component
from components.protection import Protection


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """Arguments of `Identity`: the facts that no update may change."""

    account: str
    chain: str
    home: str
    tier: str
    protection: Protection


class Identity(Component):
    """A random id that is drawn anew if one of the environment's fixed facts changes.

    Another chain, home, account or tier is another environment. Where data is protected, so is the id, and Pulumi
    itself refuses to replace it: the change is stopped in the preview, whatever tool starts it. Elsewhere an
    environment must be destroyed by one command, so nothing is locked, and `ops preview` alone refuses the change.
    """

    TOKEN = "teranode:identity:Identity"

    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        random.RandomId(
            f"{name}-fixed-facts",
            byte_length=8,
            keepers={"account": args.account, "chain": args.chain, "home": args.home, "tier": args.tier},
            opts=self._child(protect=args.protection.protect),
        )
        self.register_outputs({})
