"""Secrets outside their envelopes (SEC-1, SEC-4, SEC-6). No message here shows a value."""

import base64
import json
import re
from collections.abc import Iterable, Iterator

from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import CONFIG_MAP, EXTERNAL_SECRET, HELM_RELEASE, STACK
from .values import is_secret, leaves

# Of a password, `file:/…` says where a program reads it.
_CREDENTIAL_TEXT = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."
    r"|\"?(?:client-key-data|client_key_data)\"?\s*:\s*\S"
    r"|(?i:\b(?:password|passwd|secret|api_?key|private_?key|access_?key)\b\"?\s*[=:]\s*[\"']?(?!file:/)[^\s\"'{$<]{8,})"
)
# `secret:` in an ARN of Secrets Manager is no assignment: what follows is a name.
_SECRET_ARN = re.compile(r"\barn:[a-z-]+:secretsmanager:[a-z0-9-]*:\d*:secret:[\w/+=.@!*-]+")
_CREDENTIAL_KEY = re.compile(
    r"(?i)(?:password|passwd|secret_?(?:string|key|value|access_?key)|private_?key(?:_?pem)?|api_?key|token"
    r"|client_?key(?:_?data)?)$"
)
_KUBECONFIG_KEY = re.compile(r"(?i)(?:^|[._-])kube_?config$")
_REFERENCE = re.compile(r"^(?:arn:|\{\{resolve:|/aws/|https?://[^:@]*$)|^(?:required|optional|true|false)?$")
_OPEN_SINKS = re.compile(r"^(?:userData|userDataBase64|tags(?:All)?|tagSpecifications|defaultTags|description)(?:\.|$)")
_OPEN_IN_CLUSTERS = ((CONFIG_MAP, "data"), (HELM_RELEASE, "values"))
"""What anybody may read who may list objects: Helm keeps values in a Secret of each revision, unmarked."""
_MIN_BASE64 = 32


def _everything(graph: Graph) -> Iterable[Resource]:
    return (resource for resource in graph.resources if resource.type != STACK)


@rule(
    "SEC-1",
    title="No credential stands in plain text in an input",
    reason="Inputs are in the state, in previews and in logs.",
    source="Pulumi documentation, secrets; controls section 6",
    remedy="Generate the value or read it with require_secret, and pass on a reference to Secrets Manager.",
    on=_everything,
    hidden_from_pack="a policy pack receives secrets unwrapped and cannot tell them from plain text",
)
def no_plain_secret(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    for path, value in leaves(resource.properties):
        names_a_key = resource.type == EXTERNAL_SECRET and path.endswith(".secretKey")
        if isinstance(value, str) and not names_a_key and _looks_secret(path, value):
            yield Problem("the value looks like a credential in plain text", path)


@rule(
    "SEC-4",
    title="No secret ends in user data, tags, descriptions, ConfigMaps or values of charts",
    reason="Encrypted state does not help: these places show the value to everybody who may describe the resource.",
    source="CIS 4.4.1-2, NSA Kubernetes hardening",
    remedy="Let the machine or pod fetch the secret itself.",
    on=_everything,
    hidden_from_pack="a policy pack receives secrets unwrapped and cannot tell them from plain text",
)
def no_secret_in_open_sink(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    for path, value in leaves(resource.properties):
        open_sink = _OPEN_SINKS.match(path) or any(
            resource.type == token and path.startswith(sink) for token, sink in _OPEN_IN_CLUSTERS
        )
        if open_sink and is_secret(value):
            yield Problem("a secret reaches a place that shows it", path)


@rule(
    "SEC-6",
    title="Exports hold no credential",
    reason="Stack outputs are printed by every up and read by other stacks.",
    source="pulumi#5492, #9581",
    remedy="Export the ARN of the secret.",
    on=(STACK,),
    hidden_from_pack="a policy pack receives secrets unwrapped and cannot tell them from plain text",
)
def exports_clean(_graph: Graph, stack: Resource) -> Iterator[Problem]:
    for path, value in leaves(stack.outputs):
        if not isinstance(value, str):
            continue
        if _KUBECONFIG_KEY.search(path):
            yield Problem("a kubeconfig is exported and not marked as secret", path)
        elif _looks_secret(path, value):
            yield Problem("the export looks like a credential in plain text", path)


def _looks_secret(path: str, value: str) -> bool:
    if any(_CREDENTIAL_TEXT.search(_SECRET_ARN.sub("", text)) for text in (value, _decoded(value))):
        return True
    if _CREDENTIAL_KEY.search(path) and not _REFERENCE.search(value):
        return True
    return any(_looks_secret(inner, found) for inner, found in _embedded(value))


def _decoded(value: str) -> str:
    """Text behind base64, as user data and Kubernetes secrets carry it; empty where it is none."""
    if len(value) < _MIN_BASE64:
        return ""
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError:  # no base64, no text, or characters that neither has
        return ""


def _embedded(value: str) -> Iterator[tuple[str, str]]:
    """Strings inside a JSON document that is carried as text."""
    if not value.startswith(("{", "[")):
        return
    try:
        document = json.loads(value)
    except ValueError:
        return
    for path, found in leaves(document):
        if isinstance(found, str):
            yield path, found


RULES: tuple[Rule, ...] = (no_plain_secret, no_secret_in_open_sink, exports_clean)
