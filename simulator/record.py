"""What one evaluation of a program registered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.values import JSON

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"


@dataclass(frozen=True, slots=True)
class CustomTimeouts:
    """How long an operation may take, as the program wrote it (``"30m"``); empty: the provider's default."""

    create: str = ""
    update: str = ""
    delete: str = ""


@dataclass(frozen=True, slots=True)
class RecordedResource:
    """One resource as the program registered it and the simulated cloud answered.

    Attributes:
        id: physical id; empty for components, and in a preview for what does not exist yet.
        parent: URN, empty for the stack.
        provider: reference ``<urn>::<id>``, empty for components and providers.
        inputs: as the provider's Check returned them, ``outputs`` with secrets still marked.
        external: read from the cloud instead of created.
        aliases: former URNs.
    """

    urn: str
    type: str
    name: str
    custom: bool
    id: str = ""
    parent: str = ""
    provider: str = ""
    inputs: Mapping[str, JSON] = field(default_factory=dict)
    outputs: Mapping[str, JSON] = field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool = False
    external: bool = False
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    deleted_with: str = ""
    custom_timeouts: CustomTimeouts = CustomTimeouts()

    @property
    def provider_urn(self) -> str:
        """The URN in the provider reference."""
        return self.provider.rpartition("::")[0]

    @property
    def package(self) -> str:
        """The provider's package, ``aws`` for ``aws:ec2/vpc:Vpc``."""
        return self.type.partition(":")[0]
