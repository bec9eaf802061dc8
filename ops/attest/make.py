"""From a verified environment to an attestation, or to why there is none."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from ops.attest.attestation import (
    FORMAT,
    Attestation,
    AttestationError,
    VerificationResult,
    images,
    read_verification,
    refuse_unproved,
    resources,
)
from ops.attest.content import content, refuse_other_content, requirements
from ops.git import WorkTree
from ops.outputs import recorded_outputs
from ops.pulumi_cli import Change, PulumiCli
from ops.release.stack_file import current_release
from ops.stacks import StackFile
from ops.verify.judge import Rule
from simulator.graph import load_deployment


def attestation(stack: StackFile, directory: Path, cli: PulumiCli, verification: Path) -> Attestation:
    """What is proved of ``stack`` by the file ``verification``, its state and its history. Writes nothing.

    Raises:
        AttestationError: something is not proved.
        OutputsError, PulumiCliError, GitError: it could not be read.
    """
    commit = _clean_head(directory)
    deployment = load_deployment(cli.export(), f"stack {stack.name}")
    outputs = recorded_outputs(stack.name, deployment, f"stack {stack.name}")
    text = _read(verification)
    checked = read_verification(text, str(verification))
    refuse_unproved(checked, outputs, stack.name, frozenset(rule.value for rule in Rule))
    if current_release(stack.path) != outputs.release:
        raise AttestationError(
            f"{stack.path.name} names {current_release(stack.path)}, and {stack.name} has {outputs.release}: "
            "release what the commit says, then verify"
        )
    updated = _end_of(cli.last_change(), commit, stack.name)
    if checked.time < updated:
        raise AttestationError(
            f"{verification} is older than the last update of {stack.name}, which ended at {updated:%Y-%m-%d %H:%M:%S} "
            "UTC: run `ops verify` again"
        )
    made = Attestation(
        format=FORMAT,
        stack=stack.name,
        environment=outputs.environment,
        commit=commit,
        release=outputs.release,
        images=images(outputs),
        requirements=requirements(directory),
        resources=dict(resources(deployment)),
        updated=updated,
        verification=VerificationResult(
            time=checked.time, checks=checked.checks, sha256=hashlib.sha256(text.encode()).hexdigest()
        ),
        time=datetime.now(UTC),
    )
    refuse_other_content(made, content(stack, directory), f"the state of {stack.name}")
    return made


def _clean_head(directory: Path) -> str:
    tree = WorkTree(directory)
    if changed := tree.changed():
        raise AttestationError(
            f"the work tree differs from its commit in {', '.join(changed)}: an attestation is of a commit. Commit it "
            "and release from there; put files like the verification elsewhere"
        )
    return tree.head()


def _end_of(last: Change | None, commit: str, stack: str) -> datetime:
    """When the last update ended, if that was an update from ``commit``."""
    if last is None or last.kind != "update" or last.result != "succeeded" or last.end_time is None:
        done = "nothing" if last is None else f"a {last.kind} that {last.result}"
        raise AttestationError(
            f"the last that happened to {stack} is {done}: run `ops release` to its end, then verify"
        )
    if last.commit != commit:
        source = last.environment.get("git.head", "no commit")
        changed = "" if last.commit else ", from a work tree with changes"
        raise AttestationError(
            f"{stack} was last updated from {source}{changed}, and {commit} is checked out: check out what was "
            "applied, or apply this commit"
        )
    return last.end_time


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AttestationError(f"{path}: cannot be read ({error})") from error
