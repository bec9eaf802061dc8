"""What ``ops backup``, ``backup-list``, ``backup-remove`` and ``restore`` do."""

import getpass
import json
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.settings import Environment
from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.backup.beyond import keep_beyond
from ops.backup.bucket import BucketRecords
from ops.backup.file_system import Lustre
from ops.backup.kubernetes_site import KubernetesSite
from ops.backup.model import BackupError, HeldError, Manifest, RefusedError
from ops.backup.plan import Target, targets
from ops.backup.remove import remove, too_old
from ops.backup.restore import refuse_another, refuse_changed, refuse_running, restore
from ops.backup.site import Hands
from ops.backup.take import back_up, new_id
from ops.commands import confirmed, contexts_of
from ops.errors import UsageError
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.outputs import read_outputs, with_contexts
from ops.pulumi_cli import working_directory
from ops.render.backup import (
    backups_document,
    print_backup_plan,
    print_manifests,
    print_removals,
    print_restore_plan,
    print_restored,
)
from ops.render.console import page
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, find_stack
from ops.verify.readings import LookError
from simulator.values import JSON


@dataclass(frozen=True, slots=True)
class Choice:
    """What the commands have in common: stack, miners (empty means all), and how to reach AWS and clusters."""

    stack: str
    miners: tuple[str, ...]
    profile: str | None
    state: Path | None
    contexts: tuple[str, ...]


@faults_reported
def run_backup(choice: Choice, *, dry_run: bool, yes: bool, as_json: bool) -> ExitCode:
    """Back up the miners, one after the other; with ``dry_run`` only show which."""
    environment, found = _targets(choice)
    if not as_json:
        with page() as output:
            print_backup_plan(output, found)
    if dry_run:
        if as_json:
            _print(json.dumps(backups_document(environment.name, (), {}), indent=2))
        return ExitCode.CLEAN
    if not yes and not confirmed(f"Stop and copy {len(found)} of {len(environment.miners)} miners, in turn?"):
        raise BackupError("not confirmed: nothing was done")
    aws = _aws(choice, environment)
    taken: list[Manifest] = []
    failed: dict[str, str] = {}
    with _terminated_as_interrupted():
        for one in found:
            recorded = False
            try:
                with _looked():
                    hands = _hands(one, aws)
                    taken.append(back_up(one.subject, one.place(new_id(time.time())), hands))
                    recorded = True
                    taken[-1] = keep_beyond(taken[-1], hands)
            except KeyboardInterrupt:
                failed[one.subject.miner] = _not_beyond(one) if recorded else "interrupted: nothing is recorded of it"
                break
            except UsageError as error:
                failed[one.subject.miner] = f"{error}. {_not_beyond(one)}" if recorded else str(error)
    _tell_of(failed)
    if as_json:
        _print(json.dumps(backups_document(environment.name, taken, failed), indent=2))
    else:
        with page() as output:
            print_manifests(output, taken)
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN


@faults_reported
def run_backup_list(choice: Choice, *, as_json: bool) -> ExitCode:
    """Show what is recorded."""
    environment, found = _targets(choice)
    aws = _aws(choice, environment)
    manifests = [manifest for one in found for manifest in _records(one, aws).all(one.subject.miner)]
    if as_json:
        _print(json.dumps(backups_document(environment.name, manifests, {}), indent=2))
    else:
        with page() as output:
            print_manifests(output, manifests)
    return ExitCode.CLEAN


@faults_reported
def run_backup_remove(choice: Choice, *, keep: int, yes: bool, as_json: bool) -> ExitCode:
    """Remove all backups of each miner but the ``keep`` newest, and unfinished ones; ``yes`` does more than show."""
    environment, found = _targets(choice)
    aws = _aws(choice, environment)
    old = {one.subject.miner: too_old(_records(one, aws).all(one.subject.miner), keep) for one in found}
    abandoned = {one.subject.miner: _records(one, aws).abandoned(one.subject.miner) for one in found}
    if not as_json:
        with page() as output:
            print_removals(output, old, abandoned, keep)
    failed: dict[str, str] = {}
    with _terminated_as_interrupted():
        for one in found if yes else ():
            try:
                with _looked():
                    miner = one.subject.miner
                    abandoned[miner] = remove(miner, old[miner], one.place, _hands(one, aws))
            except KeyboardInterrupt:
                failed[one.subject.miner] = "interrupted: repeat the command"
                break
            except UsageError as error:
                failed[one.subject.miner] = str(error)
    if not yes:
        _tell("nothing was done: --yes does it")
    _tell_of(failed)
    if as_json:
        gone = [manifest for miner, manifests in old.items() if miner not in failed for manifest in manifests]
        unfinished: dict[str, JSON] = {miner: [*ids] for miner, ids in abandoned.items() if miner not in failed}
        document = backups_document(environment.name, gone, failed)
        _print(json.dumps({**document, "unfinished": unfinished, "dryRun": not yes}, indent=2))
    return ExitCode.FINDINGS if failed else ExitCode.CLEAN


@faults_reported
def run_restore(
    choice: Choice, source: str, *, replace_data: bool, accept_release: bool, yes: bool, as_json: bool
) -> ExitCode:
    """Restore the backup ``source``; without ``yes`` only show what that means."""
    environment, [one] = _targets(choice)
    aws = _aws(choice, environment)
    manifest = _records(one, aws).load(one.subject.miner, source)
    refuse_another(manifest, one.subject, accept_release=accept_release)
    with _looked():
        hands = _hands(one, aws)
        refuse_changed(manifest, one.place(manifest.id), hands)
        refuse_running(hands)
    if not as_json:
        with page() as output:
            print_restore_plan(output, one, manifest, replace_data=replace_data)
    if not yes:
        if as_json:
            _print(json.dumps(backups_document(environment.name, [manifest], {}), indent=2))
        _tell("nothing was done: --yes does it")
        return ExitCode.CLEAN
    try:
        with _terminated_as_interrupted(), _looked():
            result = restore(manifest, one.place(manifest.id), hands, replace_data=replace_data)
    except (HeldError, RefusedError):
        raise
    except (BackupError, KeyboardInterrupt) as error:
        why = str(error) or "interrupted"
        _tell(f"{why}. Repeat the command, and do not start the miner before it has ended well")
        return ExitCode.FINDINGS
    if as_json:
        _print(json.dumps(backups_document(environment.name, [manifest], {}), indent=2))
        return ExitCode.CLEAN
    with page() as output:
        print_restored(output, one, result)
    return ExitCode.CLEAN


def _targets(choice: Choice) -> tuple[Environment, list[Target]]:
    directory = working_directory(PROJECT_DIR)
    stack = find_stack(choice.stack, directory)
    environment = settings_of(stack, directory)
    outputs = with_contexts(read_outputs(stack.name, directory, choice.state), contexts_of(choice.contexts))
    return environment, targets(environment, outputs, choice.miners)


def _aws(choice: Choice, environment: Environment) -> Aws:
    aws = Aws.of(choice.profile)
    with faults_worded():
        refuse_other_accounts(aws, environment.name, environment.account, environment.home)
    return aws


def _records(target: Target, aws: Aws) -> BucketRecords:
    return BucketRecords(aws.client("s3", target.region_name), target.bucket)


def _hands(target: Target, aws: Aws) -> Hands:
    miner = target.subject.miner
    return Hands(
        site=KubernetesSite(target.region, target.outputs),
        records=_records(target, aws),
        now=time.time,
        wait=time.sleep,
        tell=lambda what: _tell(f"{miner}: {what}"),
        holder=f"{getpass.getuser()}@{socket.gethostname()}",
        file_system=_file_system(target, aws),
    )


def _file_system(target: Target, aws: Aws) -> Lustre | None:
    own = target.outputs.file_system
    return Lustre(aws.client("fsx", target.region_name), own) if own else None


def _not_beyond(target: Target) -> str:
    return (
        "The backup is recorded, and lies on its file system alone until that is backed up next. At once: "
        f"aws fsx create-backup --region {target.region_name} --file-system-id {target.outputs.file_system}"
    )


@contextmanager
def _looked() -> Iterator[None]:
    """An API server that cannot be asked, as what a person reads."""
    try:
        yield
    except LookError as error:
        raise BackupError(
            f"{error.trouble.what}: {error.trouble.remedy}. Then repeat the command: if the miner was stopped for a "
            "backup, that starts it again"
        ) from error


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """What ends a CI job or a session gets the same order as Ctrl-C: the miner runs again first."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell_of(failed: Mapping[str, str]) -> None:
    for miner, why in failed.items():
        _tell(f"{miner}: {why}")


def _tell(what: str) -> None:
    print(what, file=sys.stderr)  # noqa: T201


def _print(text: str) -> None:
    print(text)  # noqa: T201
