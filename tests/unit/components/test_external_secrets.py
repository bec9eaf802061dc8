"""What a namespace gets from Secrets Manager: a few secrets, each in one version, through a role of its own."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.external_secrets import (
    OperatorRef,
    SecretReader,
    SecretReaderArgs,
    StoreRef,
    SyncedSecret,
    SyncedSecretArgs,
)
from components.namespace import NamespaceRef
from components.stored_secret import SecretRef
from simulator import RecordedResource, Simulation
from tests.support.builders import in_region, placement
from tests.support.stacks import at

STORE = "kubernetes:external-secrets.io/v1:SecretStore"
SYNCED = "kubernetes:external-secrets.io/v1:ExternalSecret"
OPERATOR = "arn:aws:iam::111122223333:role/testing/external-secrets"
ONE = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:testing/miner-1/teranode-AbCdEf"
OTHER = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:wallets/miner-1-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/12345678-90ab-cdef-1234-567890abcdef"


def secret(arn: str = ONE, *keys: str, key_arn: str | None = KEY, version: str | None = None) -> SecretRef:
    return SecretRef(
        arn=arn,
        keys=keys or ("rpc_user", "rpc_pass"),
        key_arn=key_arn,
        version=None if version is None else pulumi.Output.from_input(version),
    )


def built(
    *secrets: SecretRef,
    secret_name: str | None = None,
    version: str | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Simulation:
    def make(opts: pulumi.ResourceOptions) -> None:
        provider = kubernetes.Provider("cluster", kubeconfig="{}")
        namespace = NamespaceRef(name="miner-1", provider=provider, ready=())
        read = secrets or (secret(version=version),)
        reader_args = SecretReaderArgs(
            placement=placement(),
            namespace=namespace,
            store="miner-1",
            secrets=read,
            purpose="Reads the secrets of miner-1",
            operator=OperatorRef(role_arn=OPERATOR, ready=()),
        )
        reader = SecretReader("reader", reader_args, opts)
        synced_args = SyncedSecretArgs(
            store=reader.ref, secrets=read, secret_name=secret_name, renamed=dict(renamed or {})
        )
        synced = SyncedSecret("synced", synced_args, opts)
        pulumi.export("name", synced.name)

    return in_region(make)


def policy(simulation: Simulation) -> dict[str, dict[str, object]]:
    [found] = simulation.of_type("aws:iam/rolePolicy:RolePolicy")
    return {one["Sid"]: one for one in json.loads(str(found.inputs["policy"]))["Statement"]}


def synced(simulation: Simulation) -> RecordedResource:
    [found] = simulation.of_type(SYNCED)
    return found


def test_a_reader_trusts_the_operator_of_its_cluster_and_nobody_else() -> None:
    [role] = built().of_type("aws:iam/role:Role")
    [statement] = json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"]

    assert role.inputs["path"] == "/testing/reader/"
    assert statement["Principal"] == {"AWS": OPERATOR}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]


def test_a_reader_reads_exactly_its_secrets() -> None:
    statement = policy(built(secret(), secret(OTHER, "miner_wallet_private_keys")))["ReadNamedSecrets"]

    assert statement["Action"] == "secretsmanager:GetSecretValue"
    assert statement["Resource"] == [ONE, OTHER]


def test_a_reader_decrypts_through_secrets_manager_only() -> None:
    statement = policy(built())["DecryptThroughSecretsManager"]

    assert statement["Resource"] == [KEY]
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}


def test_a_key_that_everybody_may_use_needs_no_right() -> None:
    assert set(policy(built(secret(key_arn=None)))) == {"ReadNamedSecrets"}


def test_the_store_names_region_and_role() -> None:
    simulation = built()
    [store], [role] = simulation.of_type(STORE), simulation.of_type("aws:iam/role:Role")

    assert at(store.inputs, "metadata.namespace") == "miner-1"
    assert at(store.inputs, "spec.provider.aws") == {
        "service": "SecretsManager",
        "region": "eu-west-1",
        "role": role.outputs["arn"],
    }


def test_every_key_of_a_secret_is_synced_under_its_own_name_in_one_version() -> None:
    data = at(synced(built(version="aaaa")).inputs, "spec.data")

    assert data == [
        {"secretKey": key, "remoteRef": {"key": ONE, "property": key, "version": "uuid/aaaa"}}
        for key in ("rpc_pass", "rpc_user")
    ]


def test_a_secret_that_others_write_is_followed() -> None:
    assert at(synced(built(secret(OTHER, "wallet"))).inputs, "spec.data") == [
        {"secretKey": "wallet", "remoteRef": {"key": OTHER, "property": "wallet"}}
    ]


def test_the_program_waits_for_store_and_secret() -> None:
    simulation = built()

    for resource in (*simulation.of_type(STORE), synced(simulation)):
        annotations = at(resource.inputs, "metadata.annotations")
        assert isinstance(annotations, dict)
        assert annotations["pulumi.com/waitFor"] == "condition=Ready"


def test_a_secret_with_a_fixed_name_changes_in_place_and_any_other_is_replaced() -> None:
    fixed, free = built(secret_name="teranode-operator-secrets"), built()  # noqa: S106 (a name)

    assert fixed.exports["name"] == "teranode-operator-secrets"
    assert synced(fixed).replace_on_changes == ()
    assert str(free.exports["name"]).startswith("synced-external-secret-")
    assert synced(free).replace_on_changes == ("spec",)


def test_two_secrets_with_the_same_key_are_refused() -> None:
    store = StoreRef(name="x", namespace=NamespaceRef(name="x", provider=None, ready=()), ready=())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="rpc_user"):
        SyncedSecretArgs(store=store, secrets=(secret(), secret(OTHER, "rpc_user")))
    with pytest.raises(ValueError, match="without keys"):
        SyncedSecretArgs(store=store, secrets=())


def test_a_store_that_could_read_nothing_is_refused() -> None:
    args = SecretReaderArgs(
        placement=placement(),
        namespace=NamespaceRef(name="x", provider=None, ready=()),  # type: ignore[arg-type]
        store="x",
        secrets=(secret(),),
        purpose="x",
        operator=OperatorRef(role_arn=OPERATOR, ready=()),
    )
    with pytest.raises(ValueError, match="could read nothing"):
        replace(args, secrets=())


def test_a_secret_that_is_one_text_is_synced_whole() -> None:
    licence = SecretRef(arn=OTHER, keys=("features.conf",), key_arn=None, version=None, text=True)

    assert at(synced(built(licence)).inputs, "spec.data") == [
        {"secretKey": "features.conf", "remoteRef": {"key": OTHER}}
    ]
    with pytest.raises(ValueError, match="one name, not 2"):
        replace(licence, keys=("one", "two"))


def test_a_key_may_be_called_otherwise_in_the_namespace_but_not_like_another() -> None:
    renamed = {"admin": "password", "teranode": "password"}

    assert at(synced(built(secret(ONE, "admin"), renamed=renamed)).inputs, "spec.data") == [
        {"secretKey": "password", "remoteRef": {"key": ONE, "property": "admin"}}
    ]
    with pytest.raises(ValueError, match="same key: password"):
        built(secret(ONE, "admin", "teranode"), renamed=renamed)
