"""Rows of a hand-made deployment, in the form of `pulumi stack export`, and ways to damage them."""

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Row: TypeAlias = dict[str, Json]
Damage: TypeAlias = "Callable[[ModelStack], None]"

ACCOUNT = "444455556666"
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/deploy"
SECRET: Row = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "sealed"}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def document(*statements: Row) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def arn(service: str, region: str, resource: str) -> str:
    """An ARN of the model's account."""
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


class ModelStack:
    """Rows of a deployment, found by type and name; empty at first."""

    def __init__(self, tier: str) -> None:
        self.tier = tier
        self.rows: list[Row] = []
        self._urns: dict[str, str] = {}

    def document(self) -> dict[str, object]:
        """The stack as `pulumi stack export` writes it."""
        return {"version": 3, "deployment": {"resources": self.rows}}

    def add(
        self,
        token: str,
        name: str,
        inputs: Mapping[str, Json] | None = None,
        *,
        provider: str = "",
        outputs: Mapping[str, Json] | None = None,
        after: Iterable[str] = (),
        **options: Json,
    ) -> Row:
        """Register a resource; `after` names resources it depends on, `provider` the one it is made by."""
        row: Row = {
            "urn": f"urn:pulumi:model::teranode-infra::{token}::{name}",
            "type": token,
            "custom": not token.startswith("pulumi:pulumi:"),
            "id": f"{name}-id",
            # Copies, so that a damage to one stack reaches no other that was built from the same values.
            "inputs": copy.deepcopy(dict(inputs or {})),
            "outputs": copy.deepcopy({**(inputs or {}), **(outputs or {})}),
            "dependencies": [self.urn(other) for other in after],
            **options,
        }
        if provider:
            row["provider"] = f"{self.urn(provider)}::{provider}-id"
        self.rows.append(row)
        self._urns[name] = str(row["urn"])
        return row

    def urn(self, name: str) -> str:
        """URN of the resource of that name."""
        return self._urns[name]

    def first(self, token: str, name: str = "") -> Row:
        """The first resource of a type whose name contains `name`."""
        return next(row for row in self.rows if row["type"] == token and name in str(row["urn"]).rsplit("::", 1)[-1])


def edit(token: str, path: str, value: Json, *, name: str = "") -> Damage:
    """Set the input at `path` of the first resource of a type."""

    def damage(stack: ModelStack) -> None:
        row = stack.first(token, name)
        *parents, last = ["inputs", *path.split(".")]
        at: Json = row
        for key in parents:
            at = at[int(key)] if isinstance(at, list) else at[key]  # type: ignore[index,call-overload]
        at[int(last) if isinstance(at, list) else last] = value  # type: ignore[index,call-overload]

    return damage


def option(token: str, key: str, value: Json, *, name: str = "") -> Damage:
    """Set an option (protect, ignoreChanges, dependencies …) of the first resource of a type."""

    def damage(stack: ModelStack) -> None:
        stack.first(token, name)[key] = value

    return damage


def drop(token: str, *, name: str = "") -> Damage:
    """Remove the first resource of a type."""

    def damage(stack: ModelStack) -> None:
        stack.rows.remove(stack.first(token, name))

    return damage


def plant(
    token: str, inputs: Mapping[str, Json] | None = None, *, name: str = "planted", provider: str = "aws-eu-west-1"
) -> Damage:
    """Add a resource to the first region."""

    def damage(stack: ModelStack) -> None:
        stack.add(token, name, inputs, provider=provider)

    return damage
