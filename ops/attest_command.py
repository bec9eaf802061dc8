"""What ``ops attest`` does."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.settings import Environment
from ops.attest.attestation import Attestation
from ops.attest.envelope import key_id, pem
from ops.attest.make import attestation
from ops.attest.store import Store
from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.files import write_file
from ops.promote.grounds import Grounds, proved
from ops.pulumi_cli import PulumiCli, working_directory
from ops.render.attest import attestation_document, print_attestations, print_signed
from ops.render.console import page, progress
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, StackFile, find_stack


@faults_reported
def run_sign(stack: str, verification: Path, *, profile: str | None, as_json: bool) -> ExitCode:
    """Make, sign and keep an attestation of ``stack``."""
    directory, found, environment = _stack(stack)
    with progress(f"reading the state of {found.name}"):
        made = attestation(found, directory, PulumiCli.find(found.name, directory, profile=profile), verification)
    with _store(profile, environment) as store, progress("signing it"):
        place = store.put(made)
    if as_json:
        print(json.dumps({"format": 1, "place": place, "attestation": attestation_document(made)}, indent=2))  # noqa: T201
    else:
        with page() as output:
            print_signed(output, made, place)
    return ExitCode.CLEAN


@faults_reported
def run_list(stack: str, *, profile: str | None, as_json: bool) -> ExitCode:
    """Show the attestations of ``stack``."""
    _, found, environment = _stack(stack)
    with _store(profile, environment) as store, progress(f"reading the attestations of {found.name}"):
        known: list[Attestation] = [one for one, _ in store.newest(_tell)]
    if as_json:
        print(json.dumps({"format": 1, "attestations": [attestation_document(one) for one in known]}, indent=2))  # noqa: T201
    else:
        with page() as output:
            print_attestations(output, found.name, known)
    return ExitCode.CLEAN


@faults_reported
def run_fetch(stack: str, *, to: Path, commit: str | None, profile: str | None, as_json: bool) -> ExitCode:
    """Write an attestation of ``stack`` to the file ``to``."""
    _, _, environment = _stack(stack)
    with _store(profile, environment) as store, progress("reading it"):
        known, text = store.get(commit, _tell)
    write_file(to, text)
    if as_json:
        print(json.dumps({"format": 1, "file": str(to), "attestation": attestation_document(known)}, indent=2))  # noqa: T201
    else:
        with page() as output:
            print_signed(output, known, str(to))
    return ExitCode.CLEAN


@faults_reported
def run_check(file: Path, grounds: Grounds, *, as_json: bool) -> ExitCode:
    """Prove the attestation in ``file``."""
    known = proved(file, grounds, working_directory(PROJECT_DIR))
    if as_json:
        print(json.dumps({"format": 1, "file": str(file), "attestation": attestation_document(known)}, indent=2))  # noqa: T201
    else:
        with page() as output:
            print_signed(
                output, known, f"signed by the key of {grounds.source} in {grounds.trusted}, which has the commit"
            )
    return ExitCode.CLEAN


@faults_reported
def run_key(stack: str, *, profile: str | None, as_json: bool) -> ExitCode:
    """Show the key of the attestations of ``stack``."""
    _, found, environment = _stack(stack)
    with _store(profile, environment) as store, progress("reading the key"):
        public_key = store.public_key()
    if as_json:
        document = {"format": 1, "stack": found.name, "publicKey": pem(public_key), "keyid": key_id(public_key)}
        print(json.dumps(document, indent=2))  # noqa: T201
    else:
        print(pem(public_key), end="")  # noqa: T201
    return ExitCode.CLEAN


def _tell(what: str) -> None:
    print(what, file=sys.stderr)  # noqa: T201


def _stack(stack: str) -> tuple[Path, StackFile, Environment]:
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    return directory, found, settings_of(found, directory)


@contextmanager
def _store(profile: str | None, environment: Environment) -> Iterator[Store]:
    """The attestations of an environment, with credentials of its account only."""
    aws = Aws.of(profile)
    with faults_worded():
        refuse_other_accounts(aws, environment.name, environment.account, environment.home)
        yield Store(aws, environment)
