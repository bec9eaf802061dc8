"""What ``ops pull-request`` does."""

import json
import re
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import pulumi

from ops.errors import UsageError
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.files import read_file, write_file
from ops.github.client import Repository
from ops.preview import BaselineError, preview, read_baseline
from ops.prices.book import NO_PRICES, products_text, read_prices, wanted
from ops.pull_request.change import StackChange, stack_change
from ops.pull_request.comment import MARKER, comment
from ops.pull_request.post import RIGHT, PullRequest
from ops.pull_request.redaction import redacted
from ops.quantities.model import Quantity, QuantityError
from ops.render.console import page, progress
from ops.render.text import count
from ops.stacks import StackFile, UnknownStackError, project_stacks
from simulator.compare import compare
from simulator.errors import SimulatorError
from simulator.graph import Graph

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_NOTHING = {"version": 3, "deployment": {"resources": []}}


@faults_reported
def run_comment(
    *,
    baselines: Path,
    markdown: Path,
    only: Collection[str],
    asked: bool,
    full_result: str,
    products: Path | None,
    prices: Path | None,
) -> ExitCode:
    """Write the comment on all stacks, or on those in ``only``; and which products they use to ``products``.

    If all of them were ``asked`` for their state, one without is not new: it could not be read.
    """
    if not baselines.is_dir():
        raise UsageError(f"{baselines}: no such folder; it holds STACK.json for each stack, and may be empty")
    if full_result and not full_result.startswith("https://"):
        raise UsageError(f"--full-result {full_result}: an address that begins with https://")
    book = read_prices(read_file(prices), str(prices)) if prices else NO_PRICES
    stacks = project_stacks()
    changes: list[StackChange] = []
    failures: list[tuple[str, str]] = []
    for stack in _chosen(stacks, only):
        with progress(f"evaluating {stack.name}"):
            try:
                changes.append(_change(stack, [other for other in stacks if other != stack], baselines, asked=asked))
            except (pulumi.RunError, SimulatorError, BaselineError, QuantityError) as error:
                failures.append((stack.name, str(error)))
    write_file(markdown, comment(changes, failures, full_result, book))
    if products:
        used = (Quantity(one.region, one.kind, one.after, one.after) for change in changes for one in change.used)
        write_file(products, products_text(wanted(used)))
    _print(changes, failures)
    if any(change.preview.refusals for change in changes):
        return ExitCode.REFUSED
    return ExitCode.CLEAN if all(change.harmless for change in changes) and not failures else ExitCode.FINDINGS


def _chosen(stacks: Sequence[StackFile], only: Collection[str]) -> Sequence[StackFile]:
    if unknown := sorted(set(only) - {stack.name for stack in stacks}):
        raise UnknownStackError(f"no stack file for {', '.join(unknown)}")
    return [stack for stack in stacks if stack.name in only] if only else stacks


def _print(changes: Sequence[StackChange], failures: Sequence[tuple[str, str]]) -> None:
    with page() as output:
        for change in changes:
            numbers = ", ".join(f"{number} {action}" for action, number in change.comparison.counts.items() if number)
            output.print(f"{change.name}  {numbers}")
        for name, why in failures:
            output.print(f"{name}  cannot be evaluated: {why.strip().splitlines()[0]}")


def _change(stack: StackFile, siblings: Collection[StackFile], baselines: Path, *, asked: bool) -> StackChange:
    file = baselines / f"{stack.name}.json"
    baseline = read_baseline(file) if file.is_file() else None
    result = preview(stack, baseline, siblings)
    if baseline is None:
        unread = _why(baselines / f"{stack.name}.missing") if asked else ""
        return stack_change(result, None, compare(_NOTHING, result.graph), unread=unread)
    return stack_change(result, Graph(baseline), result.comparison or compare(baseline, result.graph))


def _why(file: Path) -> str:
    return (read_file(file).strip() if file.is_file() else "") or "its state could not be read"


@faults_reported
def run_post(file: Path, *, repository: str, number: int, head: str, api: str) -> ExitCode:
    """Write or edit the comment in ``file``."""
    where = Repository.of(repository, right=RIGHT, api=api)
    if not _COMMIT.fullmatch(head):
        raise UsageError(f"--head {head}: a whole commit id, 40 hexadecimal digits")
    body = read_file(file)
    if not body.startswith(MARKER):
        raise UsageError(f"{file}: not a comment that `ops pull-request comment` wrote")
    with progress(f"commenting on {repository}#{number}"):
        posted = PullRequest(where, number).post(body, marker=MARKER, head=head)
    with page() as output:
        output.print(f"{'edited' if posted.edited else 'written'}  {posted.url}")
    return ExitCode.CLEAN


@faults_reported
def run_redact(export: Path, *, to: Path) -> ExitCode:
    """Write what anybody may see of ``export`` to ``to``, and say what was in clear before."""
    result = redacted(read_baseline(export))
    write_file(to, json.dumps(result.deployment, indent=1, sort_keys=True) + "\n")
    for item in result.sealed:
        print(f"sealed {item.path} of {item.urn}: {item.cause}", file=sys.stderr)  # noqa: T201
    with page() as output:
        sealed = (
            f"{count(len(result.sealed), 'value')} in clear, now sealed" if result.sealed else "nothing was in clear"
        )
        output.print(f"{to}  written: {sealed}", soft_wrap=True)
    return ExitCode.CLEAN
