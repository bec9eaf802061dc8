"""What the providers themselves would do, by `pulumi preview --json`, held against what was evaluated and approved.

The evaluation knows what replaces a resource by what the providers document; they decide. Values are not read: they may
be secret.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.fleet import policy_graph
from ops.promote.approval import PromotionError
from ops.pulumi_cli import PulumiCli, PulumiCliError
from ops.release.stack_file import with_release
from ops.stacks import StackFile
from policies.rules.stateful import stateful
from simulator.compare import Action
from simulator.graph import Deployment
from simulator.values import JSON

_UNCHANGED = frozenset({"same", "read", "refresh"})
_LOSSES = {
    "delete": Action.DELETE,
    "replace": Action.REPLACE,
    "create-replacement": Action.REPLACE,
    "delete-replaced": Action.REPLACE,
}
_SHOWN = 10


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """What happens to one resource; ``loss`` if it is deleted or replaced, ``held`` if it is locked."""

    urn: str
    loss: Action | None
    held: bool

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]


def steps(cli: PulumiCli, stack: StackFile, version: str) -> tuple[Step, ...]:
    """All that an update to ``version`` would do, resources that stay left out. Changes nothing.

    Raises:
        PulumiCliError: the CLI fails, or prints something else.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / stack.path.name
        file.write_text(with_release(stack.path, version), encoding="utf-8")
        document = cli.preview(file)
    try:
        found = json.loads(document)
        return tuple(sorted(set(_read(found["steps"]))))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PulumiCliError(f"pulumi preview: its JSON has no steps ({error}): is the CLI 3.272 or newer?") from error


def unforeseen(found: Iterable[Step], foreseen: Mapping[str, str]) -> tuple[Step, ...]:
    """Those that delete or replace something, where ``foreseen`` (actions by URN) does not say so."""
    return tuple(
        one for one in found if one.loss and foreseen.get(one.urn) not in (one.loss.value, Action.DELETE.value)
    )


def refuse_losses(found: Iterable[Step], recorded: Deployment) -> None:
    """Refuse those that are locked or hold data.

    Raises:
        PromotionError: naming them.
    """
    holding = stateful(policy_graph(recorded))
    refuse_all([one for one in found if one.held or one.urn in holding])


def refuse_all(found: Iterable[Step]) -> None:
    """Refuse all of them.

    Raises:
        PromotionError: naming them.
    """
    if names := [f"{one.loss} {one.name}" for one in found]:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        raise PromotionError(
            f"the providers would {', '.join(names[:_SHOWN])}{more}, which nobody foresaw. Nothing was done: pulumi "
            "preview --diff says why. If it is right, a person at the terminal does it"
        )


def _read(rows: Iterable[Mapping[str, JSON]]) -> Iterator[Step]:
    for row in rows:
        operation = row["op"]
        old = row.get("oldState")
        if operation in _UNCHANGED or (isinstance(old, Mapping) and not old.get("custom")):
            continue
        held = isinstance(old, Mapping) and bool(old.get("protect"))
        yield Step(str(row["urn"]), _LOSSES.get(str(operation)), held)
