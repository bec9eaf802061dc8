"""Values from Secrets Manager as Secrets of a namespace, through External Secrets. None of them passes through here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components import iam
from components.base import Component
from components.namespace import NamespaceRef
from components.placement import Placement
from components.stored_secret import SecretRef

_API_VERSION = "external-secrets.io/v1"
_WAIT_UNTIL_READY = {"pulumi.com/waitFor": "condition=Ready"}


@dataclass(frozen=True, kw_only=True)
class OperatorRef:
    """External Secrets as its users see it: the role of its pods, and what a resource of its kinds depends on."""

    role_arn: pulumi.Input[str]
    ready: tuple[pulumi.Resource, ...]


@dataclass(frozen=True, kw_only=True)
class StoreRef:
    """A `SecretStore` of a namespace, by which some secrets can be read and no others."""

    name: str
    namespace: NamespaceRef
    ready: tuple[pulumi.Resource, ...]


@dataclass(frozen=True, kw_only=True)
class SecretReaderArgs:
    """Arguments of `SecretReader`.

    - `namespace`, `store`: where the `SecretStore` stands and what it is called.
    - `secrets`: what can be read through it, and nothing else.
    - `purpose`: who reads what, for the role's description.
    """

    placement: Placement
    namespace: NamespaceRef
    store: str
    secrets: tuple[SecretRef, ...]
    purpose: str
    operator: OperatorRef

    def __post_init__(self) -> None:
        if not self.secrets:
            raise ValueError(f"secret store {self.store} of {self.namespace.name} could read nothing")


class SecretReader(Component):
    """The right to read a few secrets from one namespace.

    Creates a role below the environment's reader path, which External Secrets may take and nobody else, and the
    `SecretStore` that names it. The operator's own role can read nothing: what a namespace gets is what its store's
    role may read. More or fewer secrets change the role's policy in place.
    """

    TOKEN = "teranode:external_secrets:SecretReader"

    ref: StoreRef
    role_name: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: SecretReaderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        role = aws.iam.Role(
            f"{name}-role",
            path=args.placement.reader_path,
            permissions_boundary=args.placement.permissions_boundary,
            description=args.purpose,
            assume_role_policy=_operator_trust(args.operator.role_arn),
            opts=self._child(),
        )
        rights = aws.iam.RolePolicy(
            f"{name}-policy",
            role=role.name,
            policy=read_policy(args.placement, args.secrets),
            opts=self._child(),
        )
        store = kubernetes.apiextensions.CustomResource(
            f"{name}-store",
            api_version=_API_VERSION,
            kind="SecretStore",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=args.store, namespace=args.namespace.name, annotations=_WAIT_UNTIL_READY
            ),
            spec={
                "provider": {
                    "aws": {"service": "SecretsManager", "region": args.placement.region, "role": role.arn},
                }
            },
            opts=self._child(
                provider=args.namespace.provider,
                depends_on=[rights, *args.namespace.ready, *args.operator.ready],
                delete_before_replace=True,
            ),
        )
        self.ref = StoreRef(name=args.store, namespace=args.namespace, ready=(store,))
        self.role_name, self.role_arn = role.name, role.arn
        self.register_outputs({"roleArn": role.arn})


@dataclass(frozen=True, kw_only=True)
class SyncedSecretArgs:
    """Arguments of `SyncedSecret`.

    - `secrets`: whose keys become keys of the Secret under the same names; no two may share one.
    - `secret_name`: physical name of the Secret where a contract fixes it: a new version then changes its content in
      place. Where it is None every version is a Secret of its own, and who names it waits for exactly that one.
    - `refresh_interval`: how often to look again, in Go's notation, where a secret has no fixed version.
    - `renamed`: keys that are called otherwise in the Secret, by their names in Secrets Manager.
    """

    store: StoreRef
    secrets: tuple[SecretRef, ...]
    secret_name: str | None = None
    refresh_interval: str = "1h0m0s"
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keys = [self.renamed.get(key, key) for secret in self.secrets for key in secret.keys]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"two secrets bring the same key: {', '.join(twice)}")
        if not keys:
            raise ValueError("a Secret without keys serves nobody")


class SyncedSecret(Component):
    """A Secret of a namespace whose values are kept in Secrets Manager.

    Creates an `ExternalSecret` and waits until its Secret is there. A version of this program's own secrets is named by
    its id, so that a new value is synced when the program says so and not some time later. The Secret goes with its
    `ExternalSecret`; should the source vanish, the Secret stays.
    """

    TOKEN = "teranode:external_secrets:SyncedSecret"

    name: pulumi.Output[str]
    ready: pulumi.Resource

    def __init__(self, name: str, args: SyncedSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        fixed = args.secret_name is not None
        synced = kubernetes.apiextensions.CustomResource(
            f"{name}-external-secret",
            api_version=_API_VERSION,
            kind="ExternalSecret",
            # The Secret is called like the ExternalSecret that makes it.
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=args.secret_name, namespace=args.store.namespace.name, annotations=_WAIT_UNTIL_READY
            ),
            spec={
                "secretStoreRef": {"kind": "SecretStore", "name": args.store.name},
                "refreshInterval": args.refresh_interval,
                "target": {"creationPolicy": "Owner", "deletionPolicy": "Retain"},
                "data": [entry for secret in args.secrets for entry in _entries(secret, args.renamed)],
            },
            opts=self._child(
                provider=args.store.namespace.provider,
                depends_on=args.store.ready,
                delete_before_replace=fixed,
                replace_on_changes=None if fixed else ["spec"],
            ),
        )
        self.name = synced.id.apply(lambda path: path.rpartition("/")[2])
        self.ready = synced
        self.register_outputs({"name": self.name})


def _entries(secret: SecretRef, renamed: Mapping[str, str]) -> list[dict[str, object]]:
    source: dict[str, object] = {"key": secret.arn}
    if secret.version is not None:
        source["version"] = pulumi.Output.concat("uuid/", secret.version)
    return [
        {"secretKey": renamed.get(key, key), "remoteRef": source if secret.text else {**source, "property": key}}
        for key in sorted(secret.keys)
    ]


def read_policy(placement: Placement, secrets: tuple[SecretRef, ...]) -> pulumi.Output[str]:
    """Policy of a role that reads these secrets, in all their versions, and decrypts them through Secrets Manager.

    The operator asks for values only (`external-secrets`: providers/v1/aws/secretsmanager, `constructSecretValue`), so
    the role cannot list or describe anything.
    """
    read: iam.Statement = {
        "Sid": "ReadNamedSecrets",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": [secret.arn for secret in secrets],
    }
    keys: list[pulumi.Input[str]] = []
    for secret in secrets:
        if secret.key_arn is not None and not any(secret.key_arn is key for key in keys):
            keys.append(secret.key_arn)
    if not keys:
        return iam.document_output(read)
    decrypt: iam.Statement = {
        "Sid": "DecryptThroughSecretsManager",
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": keys,
        "Condition": {"StringEquals": {"kms:ViaService": f"secretsmanager.{placement.region}.amazonaws.com"}},
    }
    return iam.document_output(read, decrypt)


def _operator_trust(role_arn: pulumi.Input[str]) -> pulumi.Output[str]:
    """Trust in one role. Its sessions carry the tags of Pod Identity on, which takes a right of its own."""
    return iam.document_output(
        {
            "Effect": "Allow",
            "Principal": {"AWS": role_arn},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }
    )
