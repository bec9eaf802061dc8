"""The `MinerSecrets` component."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_random as random

from components import credentials, naming
from components.base import Component
from components.miner_secrets.logins import DatabaseLogins, Login
from components.placement import Placement
from components.protection import Protection
from components.stored_secret import SecretRef, StoredSecret, StoredSecretArgs

_RPC_USER_CHARACTERS = 16
_RPC_PASSWORD_CHARACTERS = 40
_API_KEY_CHARACTERS = 48

WALLET_KEYS = "miner_wallet_private_keys"
"""Teranode's setting for the keys that receive mined coins: WIFs parted by `|`."""


@dataclass(frozen=True, kw_only=True)
class MinerSecretsArgs:
    """Arguments of `MinerSecrets`.

    - `generation`: 1 or more; each step replaces what can be replaced without becoming another peer.
    - `test_wallet`: make a wallet key, for coins that are worth nothing. Elsewhere wallet keys are only referred to.
    - `wallet`: a secret with `miner_wallet_private_keys` that somebody else keeps; never together with `test_wallet`.
    - `partners`: somebody mines with it, and gets a login of RPC that cannot do more.
    - `aerospike_users`: users of an Aerospike that authenticates.
    - `key_arn`: of the region's secrets.
    """

    placement: Placement
    miner: str
    generation: int
    test_wallet: bool
    wallet: SecretRef | None
    partners: bool
    aerospike_users: tuple[str, ...]
    key_arn: pulumi.Input[str]
    protection: Protection

    def __post_init__(self) -> None:
        if self.generation < 1:
            raise ValueError(f"credentials of {self.miner}: generations count from 1, this is {self.generation}")
        if self.test_wallet and self.wallet is not None:
            raise ValueError(f"wallet of {self.miner}: it is either generated or referred to")


class MinerSecrets(Component):
    """Everything that one miner must keep to itself, one secret for each purpose.

    - `p2p`: the identities of the node and of its alert service. They survive every rotation: another key is another
      peer. Where the environment protects its data they are protected and retained.
    - `teranode`: RPC user and password, key of the admin API. Each overrides a default that Teranode publishes; so do
      the empty wallet keys where no others are given, with which nothing can be mined and nobody else's key is paid.
    - `wallet`: generated, or the one that somebody else keeps.
    - `database`: role names and SCRAM verifiers, for the job that makes the roles.
    - `aerospike`: a password for each user, where there are any.

    `operator_secrets` are those that Teranode itself reads, whose keys are names of its settings.
    """

    TOKEN = "teranode:miner_secrets:MinerSecrets"

    peer_id: pulumi.Output[str]
    operator_secrets: tuple[SecretRef, ...]
    database: SecretRef
    database_login: Login
    aerospike: SecretRef | None
    aerospike_logins: Mapping[str, Login]

    def __init__(self, name: str, args: MinerSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        node = self._seed("p2p")
        self.peer_id = public_peer_id(node)
        p2p = {"p2p_private_key": _private_key(node), "alert_p2p_private_key": _private_key(self._seed("alert"))}
        wallet = self._wallet()
        logins = DatabaseLogins(f"{name}-database", args.miner, args.generation, opts=self._child())
        self.operator_secrets = (
            self._stored("p2p", f"Peer identities of {args.miner}", p2p),
            self._stored("teranode", f"Credentials of {args.miner}'s interfaces", self._interfaces(wallet is None)),
            *(() if wallet is None else (wallet,)),
        )
        self.database = self._stored("database", f"Roles of {args.miner} in Postgres", logins.values)
        self.database_login = logins.current
        self.aerospike_logins = {
            user: Login(user=user, password=self._password(f"aerospike-{user}", _RPC_PASSWORD_CHARACTERS))
            for user in args.aerospike_users
        }
        passwords = {user: login.password for user, login in self.aerospike_logins.items()}
        self.aerospike = (
            self._stored("aerospike", f"Users of {args.miner}'s Aerospike", passwords) if passwords else None
        )
        self.register_outputs({"peerId": self.peer_id})

    def _seed(self, purpose: str) -> pulumi.Output[str]:
        protection = self._args.protection
        return random.RandomPassword(
            f"{self._logical_name}-{purpose}-seed",
            length=credentials.SEED_CHARACTERS,
            special=False,
            opts=self._child(protect=protection.protect, retain_on_delete=protection.protect),
        ).result

    def _password(self, purpose: str, characters: int) -> pulumi.Output[str]:
        return random.RandomPassword(
            f"{self._logical_name}-{purpose}",
            length=characters,
            special=False,
            keepers={"generation": str(self._args.generation)},
            opts=self._child(),
        ).result

    def _interfaces(self, no_wallet: bool) -> dict[str, pulumi.Input[str]]:  # noqa: FBT001
        values: dict[str, pulumi.Input[str]] = {
            "rpc_user": self._password("rpc-user", _RPC_USER_CHARACTERS),
            "rpc_pass": self._password("rpc-password", _RPC_PASSWORD_CHARACTERS),
            "grpc_admin_api_key": self._password("admin-api-key", _API_KEY_CHARACTERS),
            "coinbase_wallet_private_key": "",
        }
        if self._args.partners:
            values["rpc_limit_user"] = self._password("rpc-partner-user", _RPC_USER_CHARACTERS)
            values["rpc_limit_pass"] = self._password("rpc-partner-password", _RPC_PASSWORD_CHARACTERS)
        return values | ({WALLET_KEYS: ""} if no_wallet else {})

    def _wallet(self) -> SecretRef | None:
        if not self._args.test_wallet:
            return self._args.wallet
        key = self._seed("wallet").apply(lambda password: credentials.regtest_wallet_key(credentials.seed_of(password)))
        return self._stored("wallet", f"Test wallet of {self._args.miner}", {WALLET_KEYS: key})

    def _stored(self, purpose: str, description: str, values: Mapping[str, pulumi.Input[str]]) -> SecretRef:
        args = self._args
        return StoredSecret(
            f"{self._logical_name}-{purpose}",
            StoredSecretArgs(
                placement=args.placement,
                secret_name=naming.miner_secret(args.placement.environment, args.miner, purpose),
                description=description,
                values=values,
                key_arn=args.key_arn,
                protection=args.protection,
            ),
            opts=self._child(),
        ).ref


def public_peer_id(seed: pulumi.Output[str]) -> pulumi.Output[str]:
    """The peer id of a seed, which is public: the only value that leaves its envelope, and the only place where."""
    return pulumi.Output.unsecret(seed.apply(lambda password: credentials.p2p_peer_id(credentials.seed_of(password))))


def _private_key(seed: pulumi.Output[str]) -> pulumi.Output[str]:
    return seed.apply(lambda password: credentials.p2p_private_key(credentials.seed_of(password)))
