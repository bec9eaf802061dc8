"""Attestations, for people and as documents."""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.attest.attestation import Attestation
from simulator.values import JSON


def attestation_document(attestation: Attestation) -> JSON:
    """The content as it is signed; docs/promotion.md names the fields."""
    return json.loads(attestation.canonical())


def print_signed(output: Console, attestation: Attestation, place: str) -> None:
    """Print what one says, and where it is."""
    output.print(Text.assemble((attestation.stack, "bold"), f"  {attestation.release} at commit {attestation.commit}"))
    result = attestation.verification
    number = sum(attestation.resources.values())
    output.print(f"{len(result.checks)} checks held at {result.time:%Y-%m-%d %H:%M} UTC; {number} resources")
    output.print(place, style="green", soft_wrap=True)


def print_attestations(output: Console, stack: str, known: Sequence[Attestation]) -> None:
    """Print a row for each, the newest first."""
    table = Table(box=None, pad_edge=False)
    for heading in ("attested (UTC)", "release", "commit", "checks", "resources"):
        table.add_column(heading, overflow="fold")
    for one in known:
        checks, number = str(len(one.verification.checks)), str(sum(one.resources.values()))
        table.add_row(f"{one.time:%Y-%m-%d %H:%M}", one.version, one.commit, checks, number)
    if known:
        output.print(table)
    else:
        output.print(f"{stack} has no attestation yet: `ops attest sign` makes one after `ops verify`")
