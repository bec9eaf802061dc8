"""The URLs by which a miner reaches its stores, passwords included."""

from dataclasses import dataclass

import pulumi

from components import credentials, naming
from components.base import Component
from components.miner_secrets.logins import Login
from components.placement import Placement
from components.protection import Protection
from components.stored_secret import SecretRef, StoredSecret, StoredSecretArgs
from components.stores import StoreEndpoint

UTXO_SUFFIX = "__utxo"
"""Of the second database of a miner whose UTXOs are in Postgres: it can be restored or dropped without the first."""

ALERT_SUFFIX = "__alert"
"""Of the database of a miner's alert service, whose tables are its own to make and change."""


@dataclass(frozen=True, kw_only=True)
class StoreUrlsArgs:
    """Arguments of `StoreUrls`.

    - `database`, `database_login`: the miner's Postgres and the login that is current in it.
    - `utxo_store`: an Aerospike; None where UTXOs are in the miner's Postgres too, in a database of their own.
    - `utxo_login`: only where the Aerospike authenticates.
    - `alerts`: the alert service runs; without `alert_store` it would keep what it was told in a file of its pod.
    - `key_arn`: of the region's secrets.
    """

    placement: Placement
    miner: str
    database: StoreEndpoint
    database_login: Login
    utxo_store: StoreEndpoint | None
    utxo_login: Login | None
    alerts: bool
    key_arn: pulumi.Input[str]
    protection: Protection


class StoreUrls(Component):
    """The secret that holds Teranode's `blockchain_store` and `utxostore`, and where alerts are heard `alert_store`."""

    TOKEN = "teranode:miner_secrets:StoreUrls"

    ref: SecretRef

    def __init__(self, name: str, args: StoreUrlsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        database = naming.miner_database(args.miner)
        values = {"blockchain_store": _postgres_url(args, database), "utxostore": _utxo_url(args, database)}
        if args.alerts:
            values["alert_store"] = _postgres_url(args, f"{database}{ALERT_SUFFIX}")
        self.ref = StoredSecret(
            f"{name}-stores",
            StoredSecretArgs(
                placement=args.placement,
                secret_name=naming.miner_secret(args.placement.environment, args.miner, "stores"),
                description=f"How {args.miner} reaches its stores",
                values=values,
                key_arn=args.key_arn,
                protection=args.protection,
            ),
            opts=self._child(),
        ).ref
        self.register_outputs({})


def _postgres_url(args: StoreUrlsArgs, database: str) -> pulumi.Output[str]:
    user = args.database_login.user
    return pulumi.Output.all(args.database_login.password, args.database.host, args.database.port).apply(
        lambda made: credentials.postgres_url(user, made[0], made[1], int(made[2]), database)
    )


def _utxo_url(args: StoreUrlsArgs, database: str) -> pulumi.Output[str]:
    if args.utxo_store is None:
        return _postgres_url(args, f"{database}{UTXO_SUFFIX}")
    user = None if args.utxo_login is None else args.utxo_login.user
    password = None if args.utxo_login is None else args.utxo_login.password
    return pulumi.Output.all(args.utxo_store.host, args.utxo_store.port, password).apply(
        lambda made: credentials.aerospike_url([made[0]], args.miner, port=int(made[1]), user=user, password=made[2])
    )
