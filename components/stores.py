"""How one component tells another where a store is, whatever product answers there."""

from dataclasses import dataclass

import pulumi

from components.network_policies import Peer


@dataclass(frozen=True, kw_only=True)
class StoreEndpoint:
    """A store as those who use it see it: the parts of its URL, a reference to its credentials, and its readiness.

    - `scheme`: of the URL that Teranode takes, for example `postgres`.
    - `secret_arn`: secret in Secrets Manager that holds the credentials which the store itself made, if it made any;
      only whoever creates users may read it. The value never passes through this program. `secret_key_arn`: the KMS
      key that encrypts it.
    - `ready`: what must exist before a connection can succeed. Users depend on all of it, and on no other store's.
    """

    scheme: str
    host: pulumi.Output[str]
    port: pulumi.Output[int]
    ready: tuple[pulumi.Resource, ...]
    secret_arn: pulumi.Output[str] | None = None
    secret_key_arn: pulumi.Output[str] | None = None


@dataclass(frozen=True, kw_only=True)
class MessagesEndpoint:
    """Kafka as those who use it see it: where to begin, and what its brokers ask of whoever makes topics.

    - `hosts`: `host:port,…` of brokers that tell a client about the others, as Teranode's `KAFKA_HOSTS` takes them.
    - `port`: of every broker.
    - `tls`: whether the brokers speak TLS, with certificates that every image trusts.
    - `replication`, `partitions_high`: copies of a partition, and partitions of a busy topic, for which there is room.
    - `peer`: the brokers as network policies name them.
    - `ready`: what must exist before a connection can succeed.
    """

    hosts: pulumi.Output[str]
    port: int
    tls: bool
    replication: int
    partitions_high: int
    peer: Peer
    ready: tuple[pulumi.Resource, ...]
