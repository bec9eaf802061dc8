"""What the enterprise edition reads from Secrets of its namespace: its licence, and a password for each user."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi

from components.aerospike.args import NAME
from components.aerospike.cluster_spec import PASSWORD_KEY
from components.base import Component
from components.external_secrets import OperatorRef, SecretReader, SecretReaderArgs, SyncedSecret, SyncedSecretArgs
from components.namespace import NamespaceRef
from components.placement import Placement
from components.stored_secret import SecretRef


@dataclass(frozen=True, kw_only=True)
class StoreSecretsArgs:
    """Arguments of `StoreSecrets`.

    - `licence`: one text, read as `LICENCE_KEY`.
    - `passwords`: keys are users.
    - `operator`: External Secrets.
    """

    placement: Placement
    namespace: NamespaceRef
    licence: SecretRef
    passwords: SecretRef
    operator: OperatorRef


class StoreSecrets(Component):
    """The Secrets of one store, and the role that reads their values and nothing else.

    A new password is a new Secret: the operator sees that the store names another one and changes the user, and while
    it does, the old one is still there for it to log in with.
    """

    TOKEN = "teranode:aerospike:StoreSecrets"

    licence: pulumi.Output[str]
    passwords: Mapping[str, pulumi.Output[str]]
    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: StoreSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        store = SecretReader(
            f"{name}-reader",
            SecretReaderArgs(
                placement=args.placement,
                namespace=args.namespace,
                store=NAME,
                secrets=(args.passwords, args.licence),
                purpose=f"Reads what {args.namespace.name}'s Aerospike needs to start",
                operator=args.operator,
            ),
            opts=self._child(),
        ).ref
        licence = SyncedSecret(
            f"{name}-licence",
            SyncedSecretArgs(store=store, secrets=(args.licence,)),
            opts=self._child(),
        )
        passwords = {
            user: SyncedSecret(
                f"{name}-{user}",
                SyncedSecretArgs(
                    store=store, secrets=(replace(args.passwords, keys=(user,)),), renamed={user: PASSWORD_KEY}
                ),
                opts=self._child(),
            )
            for user in args.passwords.keys
        }
        self.licence = licence.name
        self.passwords = {user: synced.name for user, synced in passwords.items()}
        self.ready = (licence.ready, *(synced.ready for synced in passwords.values()))
        self.register_outputs({})
