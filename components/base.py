"""What every component of the project shares: its token, and the options its children get."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pulumi


class Component(pulumi.ComponentResource):
    """Base of all components.

    A subclass sets `TOKEN` to a literal of the form `teranode:<module>:<Class>`. The token is part of the URN of the
    component and of all its descendants: changing it, or renaming a class together with its token, replaces
    everything below unless an alias names the old one.

    The caller's options reach `super().__init__` only; children get theirs from `_child`, so that aliases, protection
    and parents of the component are never copied onto its children. Providers are inherited from the component.
    """

    TOKEN: ClassVar[str]

    def __init__(
        self,
        name: str,
        opts: pulumi.ResourceOptions | None = None,
        facts: Mapping[str, pulumi.Input[object]] | None = None,
    ) -> None:
        """Register the component; `facts` are inputs of its own, for whoever reads the state."""
        super().__init__(self.TOKEN, name, dict(facts) if facts else None, opts)

    def _child(
        self,
        *,
        provider: pulumi.ProviderResource | None = None,
        depends_on: Sequence[pulumi.Resource] | None = None,
        protect: bool | None = None,
        retain_on_delete: bool | None = None,
        ignore_changes: list[str] | None = None,
        delete_before_replace: bool | None = None,
        replace_on_changes: list[str] | None = None,
        custom_timeouts: pulumi.CustomTimeouts | None = None,
    ) -> pulumi.ResourceOptions:
        """Options of a direct child: this component is its parent, everything else is stated by the caller.

        `ignore_changes` and `replace_on_changes` take the provider's own camelCase paths; `custom_timeouts` belong on
        types whose creation can exceed the provider's default.
        """
        return pulumi.ResourceOptions(
            parent=self,
            provider=provider,
            depends_on=depends_on,
            protect=protect,
            retain_on_delete=retain_on_delete,
            ignore_changes=ignore_changes,
            delete_before_replace=delete_before_replace,
            replace_on_changes=replace_on_changes,
            custom_timeouts=custom_timeouts,
        )
