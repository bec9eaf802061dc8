"""The first update of an environment: in two steps where Kubernetes is reached through what the first one makes."""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum

from infra.settings import Environment
from ops.errors import UsageError
from ops.outputs import StackOutputs
from ops.pulumi_cli import InterruptedRunError, PulumiCli
from ops.tunnel.tunnels import Door, doors


class FirstUpError(UsageError):
    """The update cannot begin."""


class Step(StrEnum):
    """What is done, in this order."""

    OUTSIDE = "everything outside of Kubernetes: networks, clusters, databases, files, access hosts"
    TUNNELS = "the tunnels to the private Kubernetes APIs, open until the end"
    ALL = "all the rest: namespaces, operators, stores, miners"
    WHOLE = "the whole environment"


@dataclass(frozen=True)
class Hands:
    """What the command touches: the CLI, outputs of the stack, and tunnels."""

    cli: PulumiCli
    outputs: Callable[[], StackOutputs]
    tunnels: Callable[[Sequence[Door]], AbstractContextManager[None]]
    tell: Callable[[str], None]


def steps(environment: Environment) -> tuple[Step, ...]:
    """Those that this environment takes."""
    private = environment.kubernetes.endpoint_access == "private"
    return (Step.OUTSIDE, Step.TUNNELS, Step.ALL) if private else (Step.WHOLE,)


def carry_out(planned: Sequence[Step], hands: Hands, *, ask: bool) -> tuple[Step, ...]:
    """Take the steps; those that came to their end. Safe to repeat: a step that is done changes nothing.

    Raises:
        TunnelError: a tunnel does not open.
        OutputsError: the first step wrote no outputs.
    """
    if Step.TUNNELS not in planned:
        return (Step.WHOLE,) if _updated(hands, Step.WHOLE, ask=ask) else ()
    if not _updated(hands, Step.OUTSIDE, ask=ask):
        return ()
    hands.tell(f"\n{Step.TUNNELS}")
    with hands.tunnels(doors(hands.outputs())):
        done = _updated(hands, Step.ALL, ask=ask)
    return (Step.OUTSIDE, Step.TUNNELS, Step.ALL) if done else (Step.OUTSIDE, Step.TUNNELS)


def _updated(hands: Hands, step: Step, *, ask: bool) -> bool:
    hands.tell(f"\n{step}")
    try:
        code = hands.cli.update_under_policies(outside_kubernetes=step is Step.OUTSIDE, ask=ask)
    except InterruptedRunError:
        code = os.EX_TEMPFAIL
    if code != 0:
        hands.tell(f"pulumi up did not come to its end (exit code {code}): what is done stays. Repeat this command")
    return code == 0
