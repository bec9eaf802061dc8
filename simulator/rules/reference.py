"""What a fact of the reference tables is: one thing names another by one of its properties."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """One property that names a thing of another type."""

    id: str
    token: str
    path: str
    target: str
    missing: tuple[str, str]
    """Error code and message when the named thing does not exist."""
    in_use: tuple[str, str] | None = None
    """Error code and message when the named thing is deleted first; None where AWS allows it."""


NO_SUBNET = ("InvalidSubnetID.NotFound", "The subnet ID '{id}' does not exist")
SUBNET_IN_USE = ("DependencyViolation", "The subnet '{id}' has dependencies and cannot be deleted.")
NO_GROUP = ("InvalidGroup.NotFound", "The security group '{id}' does not exist")
GROUP_IN_USE = ("DependencyViolation", "resource {id} has a dependent object")
NO_KEY = ("NotFoundException", "Key '{id}' does not exist")
