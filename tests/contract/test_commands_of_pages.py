"""What pages have people type into pulumi, kubectl, helm and aws exists: commands, operations and options.

`aws` is held against the service models of botocore. The tables of the other three hold what the pages use, as their
help has it (pulumi 3.272, kubectl 1.32, helm 3.19). What is new on a page is looked up there before it is added here.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

import botocore.session
import pytest
from botocore import xform_name
from botocore.model import OperationModel, Shape, StructureShape

from tests.support.shell_commands import options, shell_commands
from tests.support.stacks import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
STACK = {"--stack"}
PULUMI: Mapping[str, set[str]] = {
    "cancel": STACK,
    "config set": STACK,
    "destroy": {*STACK, "--skip-preview"},
    "import": {*STACK, "--file", "--generate-code", "--parent", "--provider"},
    "login": set(),
    "preview": {*STACK, "--diff", "--expect-no-changes", "--import-file", "--json", "--policy-pack"},
    "refresh": {*STACK, "--clear-pending-creates", "--preview-only", "--skip-pending-creates", "--target"},
    "stack": {*STACK, "--show-urns"},
    "stack export": {*STACK, "--file"},
    "stack import": {*STACK, "--file"},
    "stack init": {"--secrets-provider"},
    "stack output": {*STACK, "--json"},
    "stack rm": STACK,
    "stack select": set(),
    "state protect": STACK,
    "state repair": STACK,
    "state unprotect": STACK,
    "up": {*STACK, "--continue-on-error", "--exclude", "--policy-pack", "--refresh", "--target"},
}
KUBECTL_EVERYWHERE = {"--context", "--namespace", "-n"}
SELECTION = {"--all-namespaces", "--field-selector", "--label-columns", "--output", "--selector", "-o"}
KUBECTL: Mapping[str, set[str]] = {
    "apply": {"-f"},
    "config use-context": set(),
    "delete": {"--selector"},
    "describe": set(),
    "exec": {"--container", "--stdin", "--tty"},
    "get": SELECTION,
    "logs": {"--all-containers", "--follow"},
    "patch": {"--patch", "--type", "-p"},
    "port-forward": set(),
    "rollout restart": set(),
    "wait": {"--for", "--timeout"},
}
HELM_EVERYWHERE = {"--kube-context", "--namespace", "-n"}
HELM: Mapping[str, set[str]] = {
    "history": set(),
    "list": {"--all-namespaces", "--pending"},
    "rollback": {"--wait"},
    "show chart": {"--version"},
    "uninstall": {"--wait"},
}
AWS_EVERYWHERE = {"--region", "--profile", "--query", "--output", "--no-cli-pager"}
CUSTOM_TO_THE_AWS_CLI = {"configure set", "ecr get-login-password", "eks get-token", "eks update-kubeconfig", "s3 cp"}


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without(words: list[str], everywhere: set[str]) -> list[str]:
    """The words from the command on: what stands before it are options that hold for every command, with values."""
    while words and words[0].split("=")[0] in everywhere:
        words = words[1:] if "=" in words[0] else words[2:]
    return words


def faults(words: list[str], table: Mapping[str, set[str]], everywhere: set[str]) -> list[str]:
    """What of a command a table does not know."""
    rest = without(words[1:], everywhere)
    if not rest:
        return []
    known = next((table[name] for name in (" ".join(rest[:2]), rest[0]) if name in table), None)
    if known is None:
        return [f"no command: {' '.join(words)}"]
    return [f"no option {option}: {' '.join(words)}" for option in sorted(options(rest) - known - everywhere)]


@cache
def operations(service: str) -> Mapping[str, OperationModel]:
    """The operations of a service by their names on the command line."""
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name, "-"): model.operation_model(name) for name in cast("list[str]", model.operation_names)}


def parameters(operation: OperationModel) -> set[str]:
    shape = cast("StructureShape | None", operation.input_shape)
    members = cast("Mapping[str, Shape]", shape.members) if shape else {}
    names = {xform_name(name, "-") for name in members}
    return {f"--{name}" for name in names} | {f"--no-{name}" for name in names}


def aws_faults(words: list[str]) -> list[str]:
    """What of a call botocore does not know."""
    rest = without(words[1:], AWS_EVERYWHERE)
    line = " ".join(words)
    if not rest:
        return []
    service = {"s3api": "s3"}.get(rest[0], rest[0])
    if " ".join(rest[:2]) in CUSTOM_TO_THE_AWS_CLI:
        return []
    if service not in services():
        return [f"no service: {line}"]
    if len(rest) == 1:
        return []
    operation = operations(service).get(rest[1])
    if operation is None:
        return [f"no operation: {line}"]
    return [f"no option {option}: {line}" for option in sorted(options(rest) - parameters(operation) - AWS_EVERYWHERE)]


@cache
def services() -> frozenset[str]:
    return frozenset(botocore.session.get_session().get_available_services())


@pytest.mark.parametrize("page", PAGES, ids=label)
def test_every_command_and_option_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text()
    found = [fault for words in shell_commands(text, "aws") for fault in aws_faults(words)]
    for program, table, everywhere in (
        ("pulumi", PULUMI, set[str]()),
        ("kubectl", KUBECTL, KUBECTL_EVERYWHERE),
        ("helm", HELM, HELM_EVERYWHERE),
    ):
        found += [fault for words in shell_commands(text, program) for fault in faults(words, table, everywhere)]

    assert found == []


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("pulumi state unlock --stack testing", "no command"),
        ("pulumi up --yolo", "no option --yolo"),
        ("kubectl --namespace miner-1 dropp pod", "no command"),
        ("X=$(kubectl get nodes --colour red)", "no option --colour"),
        ("helm rollback x 1 --force", "no option --force"),
    ],
)
def test_what_does_not_exist_is_found(command: str, fault: str) -> None:
    page = f"See:\n\n```sh\n# it's a comment\n{command} | head -1\n```\n"
    tables = {"pulumi": (PULUMI, set[str]()), "kubectl": (KUBECTL, KUBECTL_EVERYWHERE), "helm": (HELM, HELM_EVERYWHERE)}

    [words] = shell_commands(page, *tables)

    [found] = faults(words, *tables[words[0]])
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("aws ekz describe-cluster", "no service"),
        ("aws eks describe-clusters --name x", "no operation"),
        ("aws eks describe-cluster --cluster x", "no option --cluster"),
    ],
)
def test_a_call_that_aws_does_not_know_is_found(command: str, fault: str) -> None:
    [words] = shell_commands(f"Type `{command}`.", "aws")

    [found] = aws_faults(words)
    assert found.startswith(fault)


def test_a_quote_that_does_not_close_is_refused() -> None:
    with pytest.raises(ValueError, match="quotation"):
        shell_commands("```sh\npulumi stack export 'oops\n```\n", "pulumi")
