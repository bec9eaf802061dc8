"""No value that the program generates shows anywhere: not in the state, not in an object, not in a message.

The values of the simulated cloud are the canaries. They are known in clear here, and looked for in every form in which
a value travels: as it is, escaped for URLs and JSON, in base64 and in hexadecimal.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pulumi_random as random
import pytest

from simulator import RecordedResource, Simulation, simulate, simulate_program
from simulator.values import SIGNATURE_KEY, is_secret, reveal
from tests.support.stacks import ROOT, STACKS, evaluated, stack_file

PASSWORD, VERSION = "random:index/randomPassword:RandomPassword", "aws:secretsmanager/secretVersion:SecretVersion"

# Where a secret may stand, sealed: what makes a value, and what keeps it.
SEALED_SINKS = {
    (PASSWORD, "outputs.result"),
    (PASSWORD, "outputs.bcryptHash"),
    (VERSION, "inputs.secretString"),
    (VERSION, "outputs.secretString"),
    ("pulumi:providers:kubernetes", "inputs.kubeconfig"),
    ("pulumi:providers:kubernetes", "outputs.kubeconfig"),
}


def generated(simulation: Simulation) -> frozenset[str]:
    """Every value that is nobody's to see: passwords, and what secrets are made of them."""
    values = {str(reveal(one.outputs["result"])) for one in simulation.of_type(PASSWORD)}
    for version in simulation.of_type(VERSION):
        held = json.loads(str(reveal(version.inputs["secretString"])))
        values |= {value for key, value in held.items() if value and key not in ("owner", "login_a", "login_b")}
    return frozenset(value for value in values if not value.startswith("aerospike://") or "@" in value)


def forms(value: str) -> Iterator[str]:
    """A value in every form in which it may travel; base64 at each of the three places that it may begin at."""
    raw = value.encode()
    yield from (value, quote(value, safe=""), json.dumps(value)[1:-1], raw.hex())
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode()
        yield encoded[4 if shift else 0 : len(encoded) // 4 * 4 - 4]


def texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text outside secret envelopes, keys of objects included, with its path."""
    if is_secret(value):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield path, str(key)
            yield from texts(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}.{index}")
    elif value is not None:
        yield path, str(value)


def envelopes(value: object, path: str) -> Iterator[str]:
    """Paths of the secret envelopes in a value."""
    if is_secret(value):
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from envelopes(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from envelopes(item, f"{path}.{index}")


def everything(simulation: Simulation) -> Iterator[tuple[str, str]]:
    """Every text that can be seen, with where it stands: resources, stack outputs, messages, the exported file."""
    for resource in simulation.resources:
        seen = {"id": resource.id, "name": resource.name, "inputs": resource.inputs, "outputs": resource.outputs}
        yield from ((f"{resource.name} {path}", text) for path, text in texts(seen))
    yield from ((f"stack output {path}", text) for path, text in texts(simulation.exports))
    yield from (("message", line) for line in simulation.log)
    yield from (("export", text) for _, text in texts(simulation.deployment))


def leaks(simulation: Simulation) -> list[str]:
    wanted = {form for value in generated(simulation) for form in forms(value)}
    assert wanted
    return sorted({where for where, text in everything(simulation) if any(form in text for form in wanted)})


def sealed_places(simulation: Simulation) -> set[tuple[str, str]]:
    return {
        (resource.type, path)
        for resource in simulation.resources
        for side in ("inputs", "outputs")
        for path in envelopes(getattr(resource, side), side)
    }


@pytest.mark.parametrize("stack", STACKS)
def test_no_generated_value_shows_in_a_stack(stack: str) -> None:
    assert leaks(evaluated(stack)) == []


@pytest.mark.parametrize("stack", STACKS)
def test_secrets_stand_where_they_are_made_and_kept_and_nowhere_else(stack: str) -> None:
    assert sealed_places(evaluated(stack)) <= SEALED_SINKS


@pytest.mark.parametrize("profile", ["community", "postgres"])
@pytest.mark.parametrize("chain", ["regtest", "teratestnet"])
def test_no_generated_value_shows_whatever_the_stores_and_the_chain(tmp_path: Path, profile: str, chain: str) -> None:
    place = {"regions": {"eu-west-1": {"cidr": "10.48.0.0/16"}}, "miners": {"miner-1": {"region": "eu-west-1"}}}
    path = stack_file(tmp_path, "team", "testing", **place, utxoStore={"profile": profile}, chain=chain)

    assert leaks(simulate(path, project_dir=ROOT)) == []


def test_a_preview_shows_no_more() -> None:
    values = {form for value in generated(evaluated("testing")) for form in forms(value)}
    seen = everything(evaluated("testing", preview=True))

    assert not [where for where, text in seen if any(form in text for form in values)]


class Leak(pulumi.ComponentResource):
    """Makes a password and hands it, in clear, to one way out."""

    def __init__(self, leak: Callable[["Leak"], object]) -> None:
        super().__init__("test:index:Leak", "leak")
        generator = random.Provider("random", opts=pulumi.ResourceOptions(parent=self))
        password = random.RandomPassword(
            "password", length=40, opts=pulumi.ResourceOptions(parent=self, provider=generator)
        )
        self.sealed = password.result
        self.clear = pulumi.Output.unsecret(password.result)
        self.generator = pulumi.ResourceOptions(parent=self, provider=generator)
        region = aws.Provider(
            "aws-eu-west-1",
            region="eu-west-1",
            allowed_account_ids=["111122223333"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.aws = pulumi.ResourceOptions(parent=self, provider=region)
        cluster = kubernetes.Provider("cluster", kubeconfig="{}", opts=pulumi.ResourceOptions(parent=self))
        self.cluster = pulumi.ResourceOptions(parent=self, provider=cluster)
        leak(self)
        self.register_outputs({})

    def config_map(self, annotations: Mapping[str, pulumi.Input[str]], **data: pulumi.Input[str]) -> None:
        metadata = kubernetes.meta.v1.ObjectMetaArgs(name="leak", namespace="default", annotations=annotations)
        kubernetes.core.v1.ConfigMap("map", metadata=metadata, data=data, opts=self.cluster)

    def pod(self, argument: pulumi.Input[str]) -> None:
        container = kubernetes.core.v1.ContainerArgs(name="c", image="i", args=["--password", argument])
        kubernetes.core.v1.Pod(
            "pod",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name="leak", namespace="default"),
            spec=kubernetes.core.v1.PodSpecArgs(containers=[container]),
            opts=self.cluster,
        )

    def release(self, value: pulumi.Input[str]) -> None:
        kubernetes.helm.v3.Release(
            "release",
            chart="x",
            version="1.0.0",
            namespace="default",
            name="x",
            values={"auth": {"password": value}},
            opts=self.cluster,
        )


def leaking(leak: Callable[[Leak], object]) -> Simulation:
    return simulate_program(lambda: Leak(leak))


def _base64(text: str) -> str:
    return base64.b64encode(f"#!/bin/sh\nexport P={text}\n".encode()).decode()


SINKS: Mapping[str, Callable[[Leak], object]] = {
    "tag": lambda leak: aws.kms.Key("key", tags={"note": leak.clear}, opts=leak.aws),
    "description": lambda leak: aws.kms.Key(
        "key", description=pulumi.Output.concat("made with ", leak.clear), opts=leak.aws
    ),
    "user data": lambda leak: aws.ec2.LaunchTemplate("template", user_data=leak.clear.apply(_base64), opts=leak.aws),
    "config map": lambda leak: leak.config_map({}, url=leak.clear.apply(quote)),
    "annotation": lambda leak: leak.config_map({"note": leak.clear}),
    "argument": lambda leak: leak.pod(leak.clear),
    "helm value": lambda leak: leak.release(leak.clear),
    "stack output": lambda leak: pulumi.export("json", pulumi.Output.json_dumps({"password": leak.clear})),
    "hexadecimal": lambda leak: pulumi.export("hex", leak.clear.apply(lambda text: text.encode().hex())),
    "message": lambda leak: leak.clear.apply(lambda text: pulumi.log.info(f"made {text}")),
}
"""Each kind of place that shows what is put there."""


@pytest.mark.parametrize("sink", SINKS)
def test_a_value_that_is_let_out_is_found(sink: str) -> None:
    assert leaks(leaking(SINKS[sink]))


def test_the_id_of_random_bytes_is_its_value() -> None:
    simulation = leaking(lambda leak: random.RandomBytes("bytes", length=32, opts=leak.generator))
    [made] = simulation.of_type("random:index/randomBytes:RandomBytes")

    assert made.id == reveal(made.outputs["base64"])


def test_a_sealed_value_in_a_place_of_its_own_is_found() -> None:
    simulation = leaking(lambda leak: leak.config_map({}, password=leak.sealed))

    assert leaks(simulation) == []
    assert sealed_places(simulation) - SEALED_SINKS


def test_the_exported_state_holds_no_envelope_with_a_value() -> None:
    text = json.dumps(evaluated("testing").deployment)

    assert SIGNATURE_KEY in text
    assert not [value for value in generated(evaluated("testing")) if value in text]


def test_what_is_looked_at_includes_what_is_guarded() -> None:
    kept: list[RecordedResource] = evaluated("testing").of_type(VERSION)

    assert len(kept) == 15
    assert len(generated(evaluated("testing"))) > 30
