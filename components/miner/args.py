"""What a miner is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.aerospike import AerospikeChoice
from components.bucket_access import BucketRef
from components.databases import DatabasesRef
from components.eks import ClusterRef
from components.external_secrets import OperatorRef
from components.files import SharedFilesRef
from components.images import ImageSource
from components.miner_addresses import Door
from components.placement import Placement
from components.platform import PlatformRef
from components.protection import Protection
from components.stored_secret import SecretRef
from components.stores import MessagesEndpoint
from components.teranode import Chain


@dataclass(frozen=True, kw_only=True)
class CredentialsChoice:
    """What an environment decides about a miner's credentials; see `MinerSecretsArgs`.

    - `wallet`: secret with the wallet keys that somebody else keeps.
    """

    generation: int
    test_wallet: bool
    wallet: SecretRef | None = None


@dataclass(frozen=True, kw_only=True)
class MinerArgs:
    """Arguments of `Miner`.

    - `name`: of the miner: its namespace and Teranode's `clientName`, which must be the same.
    - `enabled`: whether its services run. Everything else of it stays when they do not.
    - `chain`: decides what its services need.
    - `cluster`: of the miner's region, shared with the region's other miners, as are `platform`, `files`, `databases`,
      `external_secrets`, `kafka`, where topics are told apart by the miner's name, and `archive` and `backups`, the
      buckets of old blocks and of copies of UTXO stores, of which the miner reaches its own prefix only.
    - `regions`: blocks of the VPCs in which there may be miners, by region, its own among them.
    - `api_cidrs`: where the Kubernetes API answers.
    - `public`: what nodes of its chain reach from the internet; `partners`: whether somebody mines with it; `assets`:
      whether there is a proxy by which other Teranodes fetch its blocks.
    - `secrets_key_arn`: KMS key of the region's secrets; `secrets_endpoint_id`: the VPC endpoint by which they are
      read, if there is one.
    - `alarm_topic_arn`: is told when a file system of the miner's own fills up, and when somebody reads its wallet.
    - `aerospike`: of its UTXO store; None where that is a database beside the miner's own.
    """

    name: str
    enabled: bool
    chain: Chain
    placement: Placement
    cluster: ClusterRef
    regions: Mapping[str, str]
    api_cidrs: tuple[str, ...]
    public: tuple[Door, ...]
    partners: bool
    assets: bool
    platform: PlatformRef
    files: SharedFilesRef
    archive: BucketRef
    backups: BucketRef
    alarm_topic_arn: pulumi.Input[str]
    images: ImageSource
    aerospike: AerospikeChoice | None
    kafka: MessagesEndpoint
    databases: DatabasesRef
    external_secrets: OperatorRef
    secrets_key_arn: pulumi.Input[str]
    secrets_endpoint_id: pulumi.Input[str] | None
    credentials: CredentialsChoice
    protection: Protection
