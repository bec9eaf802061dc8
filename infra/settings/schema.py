"""The stack file as it is written: one model per section, each key with its meaning, unit, default and reason.

`docs/configuration.md` is made from these models. Keys that may be left out are None here; what then holds is resolved
from the environment's tier (`defaults.py`), so that no default stands in two places.
"""

from typing import Annotated

from infra.settings import fields
from infra.settings.backups import BackupsKeys
from infra.settings.clusters import AccessKeys, KubernetesKeys
from infra.settings.databases import PostgresKeys
from infra.settings.decommission import DecommissionKeys
from infra.settings.distribution import DistributionKeys
from infra.settings.files import FilesKeys
from infra.settings.generator import BlockGeneratorKeys
from infra.settings.kafka import KafkaKeys
from infra.settings.lifetime import Expires
from infra.settings.miners import MinerKeys
from infra.settings.modes import MiningKeys, PublicKeys
from infra.settings.notifications import NotificationsKeys
from infra.settings.platform import PlatformKeys
from infra.settings.pools import NodesKeys
from infra.settings.regions import RegionKeys
from infra.settings.section import Doc, Section
from infra.settings.sleep import Asleep
from infra.settings.transaction_load import TransactionLoadKeys
from infra.settings.utxo_stores import UtxoStoreKeys


class StackKeys(Section):
    """The whole of a stack's settings, under the namespace `teranode-infra`."""

    account: Annotated[
        fields.AccountId, Doc("AWS account id, 12 digits in quotes", "providers refuse to act on any other account")
    ]
    owner: Annotated[
        fields.Owner, Doc("e-mail address of the team in charge, put on every resource", "whom to ask, whom to bill")
    ]
    tier: Annotated[
        fields.Tier,
        Doc("guard rails and defaults: `testing` may be destroyed, `mainnet` may not", "one switch instead of many"),
    ]
    chain: Annotated[
        fields.Chain,
        Doc(
            "Bitcoin network; `mainnet` needs the mainnet tier. It decides which services run beside the eleven (the "
            "bridge to SV nodes, the alert system), ports, fees and limits",
            "changing it on old data is refused by Teranode",
        ),
    ]
    release: Annotated[
        fields.Release,
        Doc(
            "Teranode release, with its digest (`v0.14.4@sha256:…`), which the tier mainnet needs",
            "what a `v*` tag moves; a tag can be moved too, a digest cannot",
        ),
    ]
    home: Annotated[
        str,
        Doc(
            "region whose VPC anchors the environment's private DNS zone; one of `regions`, fixed for life",
            "a private zone belongs to one VPC first, the others join it",
        ),
    ]
    access: Annotated[AccessKeys, Doc("who may act on the clusters", "no hidden administrators")]
    regions: Annotated[dict[str, RegionKeys], Doc("regions by AWS name", "a region is one line")]
    miners: Annotated[
        dict[str, MinerKeys],
        Doc(
            "miners by name; the name is the namespace and Teranode's `clientName`; the stack `testing` has three",
            "a miner is one line",
        ),
    ]
    mode: Annotated[
        fields.Mode | None,
        Doc(
            "`listening`: nodes receive, publish nothing and assemble no blocks; refused on regtest, where nobody else "
            "publishes. `mining`: they take part, and whoever has hash power mines with them",
            "a new mainnet node listens first; the change moves no data",
            default="`listening` on the chain mainnet, `mining` elsewhere",
        ),
    ] = None
    mining: Annotated[
        MiningKeys | None,
        Doc("who mines with the miners, see `docs/runbooks/mining.md`", "hash power is not ours", default="nobody"),
    ] = None
    public: Annotated[
        PublicKeys | None,
        Doc("what the internet reaches", "one list of all that is open", default="by chain, see below"),
    ] = None
    kubernetes: Annotated[
        KubernetesKeys | None,
        Doc("the clusters", "one version and one way in for all regions", default="by tier, see below"),
    ] = None
    nodes: Annotated[
        NodesKeys | None,
        Doc("node pools of every region", "most environments need no other", default="by tier, see below"),
    ] = None
    postgres: Annotated[
        PostgresKeys | None,
        Doc("the database server of every region", "one kind for all regions", default="by tier, see below"),
    ] = None
    files: Annotated[
        FilesKeys | None,
        Doc("the files that a miner's pods share", "one kind for all regions", default="by tier, see below"),
    ] = None
    platform: Annotated[
        PlatformKeys | None,
        Doc("sources of charts and images", "mirrors instead of the internet", default="the official ones"),
    ] = None
    notifications: Annotated[
        NotificationsKeys | None,
        Doc("who is told of alarms", "somebody must act", default="by tier, see below"),
    ] = None
    distribution: Annotated[
        DistributionKeys | None,
        Doc("who outside of the account gets releases", "testers get images, and not the source", default="nobody"),
    ] = None
    utxo_store: Annotated[
        UtxoStoreKeys | None,
        Doc(
            "the UTXO store of every miner",
            "one kind for all miners, unless one says otherwise",
            default="by tier",
        ),
    ] = None
    kafka: Annotated[
        KafkaKeys | None,
        Doc("the Kafka of every region", "one kind for all regions", default="by tier, see below"),
    ] = None
    block_generator: Annotated[
        BlockGeneratorKeys | None,
        Doc("blocks on the chain regtest", "a chain that nobody mines stands still", default="on regtest, see below"),
    ] = None
    transaction_load: Annotated[
        TransactionLoadKeys | None,
        Doc("transactions on the chain regtest", "who tests the chain alone needs none", default="none"),
    ] = None
    backups: Annotated[
        BackupsKeys | None,
        Doc("copies of backups in another region", "regions are lost too", default="by tier, see below"),
    ] = None
    decommission: Annotated[
        dict[str, DecommissionKeys] | None,
        Doc(
            "miners, regions and zones that are about to leave, by name; refused on the tier testing, which locks "
            "nothing",
            "on mainnet nothing leaves in one update",
            default="everything stays",
        ),
    ] = None
    log_retention_days: Annotated[
        fields.RetentionDays | None,
        Doc(
            "how long CloudWatch keeps control plane, flow, database and file system logs",
            "forensics; mainnet keeps a year",
            unit="days",
            default="log_retention_days",
        ),
    ] = None
    expires: Annotated[
        Expires | None,
        Doc(
            'moment in UTC after which the environment may be destroyed, in quotes: "2027-01-31T18:00:00Z"; refused on '
            "the tier mainnet and for the stack `testing`",
            "what a developer forgets costs every hour; it is no tag, so that a later end changes no resource",
            default="it stays",
        ),
    ] = None
    asleep: Annotated[
        Asleep | None,
        Doc(
            "whether the environment sleeps: all miners stopped, node pools allowed to be empty; `ops env sleep` and "
            "`ops env wake` write it and do the rest. Refused on the tier mainnet, for the stack `testing` and with "
            "storage pools",
            "nights cost too; what sleeps is written down, so that no update wakes it and no drift is found",
            default="false",
        ),
    ] = None
