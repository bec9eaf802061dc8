"""What the settings of an environment choose for each of its miners, as the components take it."""

from components.aerospike import LICENCE_KEY, AerospikeChoice, Edition, Records
from components.miner import CredentialsChoice, MinerArgs
from components.miner_secrets import WALLET_KEYS
from components.objects import Purpose
from components.region import Region
from components.stored_secret import SecretRef
from components.teranode import Chain
from infra import addresses, protection, providers
from infra.region_choices import images_of
from infra.settings import Environment, MinerSettings, UtxoStoreSettings


def miner_args(environment: Environment, miner: MinerSettings, region: Region) -> MinerArgs:
    """A miner's settings as its component takes them."""
    return MinerArgs(
        name=miner.name,
        enabled=miner.enabled,
        chain=Chain(environment.chain),
        placement=providers.placement(environment, environment.regions[miner.region]),
        cluster=region.cluster.ref,
        files=region.files.ref,
        regions=addresses.vpc_blocks(environment),
        public=addresses.public_doors_of(environment),
        partners=addresses.partners_of(environment, miner) is not None,
        assets=addresses.asset_host_of(environment, miner) is not None,
        api_cidrs=(environment.regions[miner.region].cidr, environment.kubernetes.service_cidr),
        platform=region.platform.ref,
        archive=region.objects.buckets[Purpose.ARCHIVE],
        backups=region.objects.buckets[Purpose.BACKUPS],
        alarm_topic_arn=region.alarms.topic_arn,
        images=images_of(environment),
        aerospike=_aerospike(environment, miner.utxo_store),
        kafka=region.kafka.endpoint,
        databases=region.databases.ref,
        external_secrets=region.external_secrets,
        secrets_key_arn=region.secrets_key_arn,
        secrets_endpoint_id=region.network.ref.secrets_endpoint_id,
        credentials=CredentialsChoice(
            generation=miner.credentials,
            test_wallet=environment.chain == "regtest",
            wallet=_wallet(miner),
        ),
        protection=protection.of_miner(environment, miner),
    )


def _wallet(miner: MinerSettings) -> SecretRef | None:
    if miner.wallet_secret is None or miner.mode != "mining":
        return None
    # Its owner adds versions without this program: the current one counts.
    return SecretRef(arn=miner.wallet_secret, keys=(WALLET_KEYS,), key_arn=miner.wallet_key, version=None)


def _aerospike(environment: Environment, store: UtxoStoreSettings) -> AerospikeChoice | None:
    if store.profile == "postgres":
        return None
    tier = environment.defaults.utxo_store
    return AerospikeChoice(
        edition=Edition(store.profile),
        records=Records(
            count=store.records,
            payload_bytes=store.record_bytes,
            yearly_growth_percent=store.yearly_growth_percent,
            horizon_years=store.horizon_years,
            copies=store.replication_factor,
        ),
        servers_by_zone=store.servers_by_zone,
        pool=store.pool,
        machine=store.machine,
        cpu=tier.cpu,
        cpu_limit=tier.cpu_limit,
        durable=store.backups,
        licence=_licence(store),
    )


def _licence(store: UtxoStoreSettings) -> SecretRef | None:
    if store.feature_key is None:
        return None
    return SecretRef(arn=store.feature_key, keys=(LICENCE_KEY,), key_arn=None, version=None, text=True)
