"""A recorded state that anybody may see: nothing planted in it survives, and it still compares as before."""

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from ops.pull_request.redaction import redacted
from simulator.compare import Action, compare
from simulator.values import SECRET_SIGNATURE, SIGNATURE_KEY
from tests.support.stacks import STACKS, evaluated

CANARY = "canary-3f9c1e"
"""Recognised wherever it comes out again, also in base64."""

TYPES = [
    "aws:rds/cluster:Cluster",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:helm.sh/v3:Release",
    "some:new/type:Type",
]


def state(token: str, inputs: Mapping[str, object], **more: object) -> dict[str, Any]:
    urn = f"urn:pulumi:testing::teranode-infra::{token}::planted"
    resource = {"urn": urn, "custom": True, "id": "x", "type": token, "inputs": inputs, "outputs": inputs, **more}
    return {"version": 3, "deployment": {"manifest": {"time": "", "magic": "", "version": ""}, "resources": [resource]}}


def shown(deployment: dict[str, Any]) -> str:
    return json.dumps(redacted(deployment).deployment)


def envelope(kind: str) -> dict[str, str]:
    return {SIGNATURE_KEY: SECRET_SIGNATURE, kind: json.dumps(CANARY)}


SECRET_VALUES: Mapping[str, object] = {
    "an envelope with what the engine encrypted": envelope("ciphertext"),
    "an envelope of --show-secrets": envelope("plaintext"),
    "a private key": f"-----BEGIN EC PRIVATE KEY-----\n{CANARY}\n-----END EC PRIVATE KEY-----",
    "a private key in JSON": json.dumps({"pem": f"-----BEGIN PRIVATE KEY-----\n{CANARY}"}),
    "an access key": f"AKIAIOSFODNN7EXAMPLE {CANARY}",
    "a URL with a password": f"postgres://teranode:{CANARY}@db.example:5432/miner-1",
    "a web token": f"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{CANARY}",
    "a GitHub token": f"ghp_0123456789abcdefghij0123456789 {CANARY}",
    "a wallet key": f"{CANARY} 5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
}
SECRET_NAMES = [
    "password",
    "masterPassword",
    "DB_PASSWORD",
    "rpc_pass",
    "apiKey",
    "api_key",
    "privateKey",
    "secretString",
    "sessionToken",
]


PLANTED: Mapping[str, object] = {
    **dict.fromkeys(
        ["token", "authToken", "clientSecret", "secret", "secretKey", "apiToken", "bearerToken", "rpcPass", "pass"],
        CANARY,
    ),
    **dict.fromkeys(["mnemonic", "seed", "privKey", "signingKey", "encryptionKey", "routingKey", "licence"], CANARY),
    **dict.fromkeys(["pass", "featureKey", "adminPasswordHash", "webhookUrl", "DB_TOKEN", "DB_SECRET"], CANARY),
    "hook": f"https://hooks.slack.com/services/T000/B000/{CANARY}",
    "data": {
        "app.conf": f"rpc_user=a\nrpc_pass={CANARY}\n",
        "ini": f"password = {CANARY}",
        "dsn": f"host=db user=u password={CANARY}",
        "json": json.dumps({"password": CANARY}),
        "settings": f"p2p_private_key={CANARY}",
    },
    "basic": f"Authorization: Basic {CANARY}",
    "header": f"Authorization: Bearer {CANARY}",
    "args": [f"--password={CANARY}", "--password", CANARY, "--rpc-token", CANARY],
    "masterPassword": {"nested": [CANARY]},
    "passwords": [CANARY],
    "wallet": f"xprv{'9' * 60} {CANARY}",
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_secret_that_somebody_wrote_in_clear_is_sealed(name: str) -> None:
    assert CANARY not in shown(state("kubernetes:core/v1:ConfigMap", {name: PLANTED[name]}))


def test_what_a_reviewer_needs_is_not_sealed() -> None:
    needed: dict[str, object] = {
        "secretName": "teranode-tls",
        "volumes": [{"name": "x", "secret": {"secretName": "teranode-tls"}}],
        "env": [{"name": "RPC_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "logins", "key": "password"}}}],
        "walletSecret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:testing/wallets/miner-1-AbCdEf",
        "kmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012",
        "command": ["sh", "-c", "login --password=$PASSWORD"],
        "automountServiceAccountToken": False,
    }

    assert redacted(state("kubernetes:apps/v1:Deployment", needed)).sealed == ()


def nested(value: object) -> st.SearchStrategy[object]:
    """`value` somewhere inside mappings and lists."""

    def wrap(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
        keys = st.sampled_from(["spec", "env", "template", "data"])
        return st.lists(inner, min_size=1, max_size=2) | st.dictionaries(keys, inner, min_size=1, max_size=2)

    return st.recursive(st.just(value), wrap, max_leaves=3)


@settings(max_examples=150)
@given(st.data(), st.sampled_from(TYPES), st.sampled_from(sorted(SECRET_VALUES)))
def test_a_secret_by_its_form_is_sealed_wherever_it_stands(data: st.DataObject, token: str, kind: str) -> None:
    value = data.draw(nested(SECRET_VALUES[kind]))

    assert CANARY not in shown(state(token, {"anything": value}))


@settings(max_examples=100)
@given(st.data(), st.sampled_from(TYPES), st.sampled_from(SECRET_NAMES), st.sampled_from(["property", "variable"]))
def test_a_secret_by_its_name_is_sealed_wherever_it_stands(
    data: st.DataObject, token: str, name: str, place: str
) -> None:
    planted = {"name": name, "value": CANARY} if place == "variable" else {name: CANARY}
    value = data.draw(nested(planted))

    assert CANARY not in shown(state(token, {"anything": value}))


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:secretsmanager/secretVersion:SecretVersion", "secretString"),
        ("aws:ssm/parameter:Parameter", "value"),
        ("kubernetes:core/v1:Secret", "stringData"),
        ("kubernetes:core/v1:Secret", "data"),
        ("random:index/randomPassword:RandomPassword", "result"),
        ("random:index/randomPassword:RandomPassword", "id"),
        ("random:index/randomBytes:RandomBytes", "hex"),
        ("pulumi:providers:aws", "secretKey"),
        ("pulumi:providers:aws", "assumeRole"),
        ("pulumi:providers:new", "anything"),
    ],
)
def test_what_a_type_is_made_to_hide_is_sealed_though_its_state_has_it_in_clear(token: str, name: str) -> None:
    value: object = {"key": base64.b64encode(CANARY.encode()).decode(), "other": CANARY} if "ata" in name else CANARY
    result = redacted(state(token, {name: value}))

    assert CANARY not in json.dumps(result.deployment)
    assert base64.b64encode(CANARY.encode()).decode() not in json.dumps(result.deployment)
    assert {item.path for item in result.sealed} >= {f"inputs.{name}", f"outputs.{name}"}
    assert CANARY not in str(result.sealed)


def test_what_a_program_names_as_secret_outputs_is_sealed() -> None:
    deployment = state("some:new/type:Type", {"handle": CANARY}, additionalSecretOutputs=["handle"])

    assert CANARY not in shown(deployment)


def test_the_identifier_of_a_random_value_is_sealed() -> None:
    deployment = state("random:index/randomBytes:RandomBytes", {"length": 32})
    deployment["deployment"]["resources"][0]["id"] = CANARY

    assert CANARY not in shown(deployment)


@pytest.mark.parametrize(
    "user",
    [f'{{"token": "{CANARY}"}}', f"\n    client-key-data: {CANARY}\n", f"\n    password: {CANARY}\n"],
)
def test_a_kubeconfig_with_a_credential_is_sealed(user: str) -> None:
    assert CANARY not in shown(state("pulumi:providers:kubernetes", {"kubeconfig": f"users:\n- user: {user}"}))


def test_a_kubeconfig_that_asks_for_credentials_is_kept() -> None:
    kubeconfig = '{"users": [{"user": {"exec": {"command": "aws", "args": ["eks", "get-token"]}}}]}'

    assert "get-token" in shown(state("pulumi:providers:kubernetes", {"kubeconfig": kubeconfig}))


def test_outputs_of_the_stack_its_secrets_provider_and_what_is_unfinished_are_left_out() -> None:
    deployment = state("pulumi:pulumi:Stack", {})
    inner = deployment["deployment"]
    inner["resources"][0] |= {"outputs": {"token": CANARY}, "custom": False, "initErrors": [CANARY]}
    inner["secrets_providers"] = {"type": "passphrase", "state": {"salt": CANARY}}
    inner["pending_operations"] = [{"resource": inner["resources"][0], "type": CANARY}]
    inner["metadata"] = {"anything": CANARY}

    assert CANARY not in shown(deployment)


@pytest.mark.parametrize("stack", STACKS)
def test_the_real_stacks_compare_with_their_redacted_state_as_with_their_own(stack: str) -> None:
    deployment = evaluated(stack).deployment
    result = redacted(deployment)

    assert compare(result.deployment, deployment).counts[Action.SAME] == len(deployment["deployment"]["resources"])  # type: ignore[index,call-overload]
    assert result.sealed == (), "a value of the program is sealed by its name or form: is it a secret in clear?"
    assert set(_ciphertexts(result.deployment)) <= {"v1:c2ltdWxhdGVk:c2ltdWxhdGVk"}


def _ciphertexts(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        if "ciphertext" in value:
            yield value["ciphertext"]
        for item in value.values():
            yield from _ciphertexts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _ciphertexts(item)


def test_the_command_writes_the_file_and_names_what_was_in_clear(tmp_path: Path) -> None:
    export, to = tmp_path / "export.json", tmp_path / "redacted.json"
    export.write_text(json.dumps(state("aws:rds/cluster:Cluster", {"masterPassword": CANARY})))
    result = CliRunner().invoke(app, ["pull-request", "redact", str(export), "--to", str(to)], catch_exceptions=False)

    assert result.exit_code == ExitCode.CLEAN
    assert "inputs.masterPassword" in result.stderr
    assert result.stdout == f"{to}  written: 2 values in clear, now sealed\n"
    assert CANARY not in result.stdout + result.stderr + to.read_text()

    again = CliRunner().invoke(app, ["pull-request", "redact", str(to), "--to", str(to)], catch_exceptions=False)
    assert again.stdout == f"{to}  written: nothing was in clear\n"
