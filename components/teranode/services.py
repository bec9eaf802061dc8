"""Teranode's microservices: which there are, which a chain needs, and on which ports they answer.

One table for the `Cluster` resource, network policies, load balancers and monitors. Names, ports and strategies were
read from the operator at v0.2.6 (`internal/controller/constants.go`, `*_deployment.go`, `*_service.go`), listeners that
no Service shows from Teranode's settings.conf (PORTS).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from components.teranode.chains import PRESETS, Chain

PART_OF_LABEL = "teranode.bsvblockchain.org/part-of"
"""On every pod that the operator makes, with the value `true`; the alert system's pods alone lack it."""

APP_LABEL = "app"
"""On every pod, with the name of its Deployment; Services select by it and do not carry it."""


class Service(StrEnum):
    """The services of the `Cluster` resource, by the key that the resource has for each. All must be written out."""

    ALERT_SYSTEM = "alertSystem"
    ASSET = "asset"
    BLOCK_ASSEMBLY = "blockAssembly"
    BLOCK_PERSISTER = "blockPersister"
    BLOCK_VALIDATOR = "blockValidator"
    BLOCKCHAIN = "blockchain"
    BOOTSTRAP = "bootstrap"
    COINBASE = "coinbase"
    LEGACY = "legacy"
    PEER = "peer"
    PROPAGATION = "propagation"
    PRUNER = "pruner"
    RPC = "rpc"
    SUBTREE_VALIDATOR = "subtreeValidator"
    UTXO_PERSISTER = "utxoPersister"
    VALIDATOR = "validator"


class Reach(StrEnum):
    """Who may come to a port; everybody else is kept out by network policies and by having no way there."""

    NODE = "node"  # the kubelet, for probes
    OWN_PODS = "own-pods"  # the other services of the same miner
    MONITORING = "monitoring"
    MINERS = "miners"  # and the other miners of the environment
    CHAIN = "chain"  # and, on public chains, every node of the chain
    NOBODY = "nobody"  # open in the image, of no use here: debugger and unused listeners


@dataclass(frozen=True, kw_only=True)
class Port:
    """A TCP port on which the pods of a service listen. `service_port` is that of its Service, None if it has none."""

    purpose: str
    number: int
    reach: Reach
    service_port: int | None = None


HEALTH = Port(purpose="health", number=8000, reach=Reach.NODE, service_port=8000)
METRICS = Port(purpose="metrics", number=9091, reach=Reach.MONITORING, service_port=9091)
"""Prometheus, pprof, statistics and their reset; the operator gives the port no name."""


@dataclass(frozen=True, kw_only=True)
class ServiceFacts:
    """What the operator makes of one service.

    - `deployment`: its Deployment, which is also the value of its pods' `app` label.
    - `service`: its Service in Kubernetes, None if it has none; `headless` ones resolve to their pods.
    - `recreate`: its pods stop before their successors start, by the operator's own default.
    """

    deployment: str
    service: str | None
    ports: tuple[Port, ...]
    headless: bool = False
    recreate: bool = False

    def port(self, purpose: str) -> Port:
        """The port for a purpose; raises `ValueError` if there is none."""
        found = next((port for port in self.ports if port.purpose == purpose), None)
        if found is None:
            raise ValueError(f"{self.deployment} has no port for {purpose}")
        return found


def _own(purpose: str, number: int, service_port: int | None = None) -> Port:
    """A port between the services of one miner, under the same number in the Service unless another is given."""
    return Port(purpose=purpose, number=number, reach=Reach.OWN_PODS, service_port=service_port or number)


def _hidden(purpose: str, number: int, reach: Reach = Reach.OWN_PODS) -> Port:
    return Port(purpose=purpose, number=number, reach=reach)


SERVICES: Mapping[Service, ServiceFacts] = MappingProxyType(
    {
        Service.ALERT_SYSTEM: ServiceFacts(
            deployment="alert",
            service="alert",
            ports=(
                Port(purpose="p2p", number=9908, reach=Reach.CHAIN, service_port=9908),
                Port(purpose="web", number=3000, reach=Reach.NOBODY, service_port=3000),
                HEALTH,
                METRICS,
            ),
        ),
        Service.ASSET: ServiceFacts(
            deployment="asset",
            service="asset",
            ports=(
                Port(purpose="http", number=8090, reach=Reach.MINERS, service_port=8090),
                _hidden("centrifuge", 8892),
                HEALTH,
                METRICS,
            ),
        ),
        Service.BLOCK_ASSEMBLY: ServiceFacts(
            deployment="block-assembly",
            service="block-assembly",
            ports=(_own("grpc", 8085), HEALTH, METRICS),
            recreate=True,
        ),
        Service.BLOCK_PERSISTER: ServiceFacts(
            deployment="block-persister",
            service="block-persister",
            ports=(_hidden("http", 8083), HEALTH, METRICS),
        ),
        # Its Service has another name than its Deployment and maps 8088 to a port on which nothing listens; Teranode
        # asks for the pods' addresses and calls them at 8088.
        Service.BLOCK_VALIDATOR: ServiceFacts(
            deployment="block-validator",
            service="block-validation",
            ports=(_own("grpc", 8088), HEALTH, METRICS),
            recreate=True,
        ),
        Service.BLOCKCHAIN: ServiceFacts(
            deployment="blockchain",
            service="blockchain",
            ports=(_own("grpc", 8087), _own("http", 8082), HEALTH, METRICS),
        ),
        Service.BOOTSTRAP: ServiceFacts(
            deployment="bootstrap",
            service="bootstrap",
            ports=(_own("p2p", 9905, 8089), _own("http", 9906, 8099), METRICS),
        ),
        Service.COINBASE: ServiceFacts(
            deployment="coinbase",
            service="coinbase",
            ports=(_own("grpc", 8093), _own("http", 8094), _own("p2p", 9907), HEALTH, METRICS),
            headless=True,
        ),
        # The wire protocol's port is the chain's and in no Service: see `legacy_port`.
        Service.LEGACY: ServiceFacts(
            deployment="legacy",
            service="legacy",
            ports=(_own("http", 8098), _hidden("grpc", 8099), HEALTH, METRICS),
            headless=True,
            recreate=True,
        ),
        Service.PEER: ServiceFacts(
            deployment="peer",
            service="peer",
            ports=(
                Port(purpose="p2p", number=9905, reach=Reach.CHAIN, service_port=9905),
                _own("http", 9906),
                _own("grpc", 9904),
                Port(purpose="debugger", number=4040, reach=Reach.NOBODY, service_port=4040),
                HEALTH,
                METRICS,
            ),
        ),
        Service.PROPAGATION: ServiceFacts(
            deployment="propagation",
            service="propagation",
            ports=(
                _own("grpc", 8084),
                _own("http", 8833),
                Port(purpose="quic", number=8384, reach=Reach.NOBODY, service_port=8384),
                HEALTH,
                _hidden("metrics", METRICS.number, Reach.MONITORING),
            ),
            headless=True,
        ),
        Service.PRUNER: ServiceFacts(
            deployment="pruner",
            service=None,
            ports=(
                _hidden("grpc", 8096),
                _hidden("health", HEALTH.number, Reach.NODE),
                _hidden("metrics", METRICS.number, Reach.MONITORING),
            ),
            recreate=True,
        ),
        Service.RPC: ServiceFacts(deployment="rpc", service="rpc", ports=(_own("http", 9292), HEALTH, METRICS)),
        Service.SUBTREE_VALIDATOR: ServiceFacts(
            deployment="subtree-validator",
            service="subtree-validator",
            ports=(_own("grpc", 8086), HEALTH, METRICS),
            headless=True,
            recreate=True,
        ),
        Service.UTXO_PERSISTER: ServiceFacts(
            deployment="utxo-persister", service="utxo-persister", ports=(HEALTH, METRICS)
        ),
        # Transactions too large for Kafka come over HTTP, at a port that its headless Service does not list.
        Service.VALIDATOR: ServiceFacts(
            deployment="validator",
            service="validator",
            ports=(_own("grpc", 8081), _hidden("http", 8834), HEALTH, METRICS),
            headless=True,
        ),
    }
)
"""All sixteen services."""

CORE = frozenset(
    {
        Service.ASSET,
        Service.BLOCK_ASSEMBLY,
        Service.BLOCK_PERSISTER,
        Service.BLOCK_VALIDATOR,
        Service.BLOCKCHAIN,
        Service.PEER,
        Service.PROPAGATION,
        Service.PRUNER,
        Service.RPC,
        Service.SUBTREE_VALIDATOR,
        Service.VALIDATOR,
    }
)
"""The eleven of every chain. Without the validator nothing is validated: propagation hands over to it by Kafka."""

SINGLETONS = frozenset(Service) - {
    Service.ASSET,
    Service.PROPAGATION,
    Service.RPC,
    Service.SUBTREE_VALIDATOR,
    Service.VALIDATOR,
}
"""Never more than one: a second block assembly loses solved blocks, the others have no election either."""

BOOT_ORDER = (
    Service.BLOCKCHAIN,
    Service.ASSET,
    Service.BLOCK_VALIDATOR,
    Service.BLOCK_ASSEMBLY,
    Service.PROPAGATION,
    Service.PEER,
    Service.SUBTREE_VALIDATOR,
    Service.VALIDATOR,
    Service.BLOCK_PERSISTER,
    Service.PRUNER,
    Service.RPC,
    Service.LEGACY,
    Service.ALERT_SYSTEM,
)
"""In which services are restarted one by one; upstream's order where it gives one."""


FOREIGN_ASSET_PORTS = (80, 443, 8000)
"""At which nodes of public chains serve their blocks beside 8090: bsv-blockchain/teranode-quickstart, README.md."""


def enabled_services(chain: Chain) -> tuple[Service, ...]:
    """What runs on a chain, in boot order: the eleven, the bridge to SV nodes and the alert system where it has them.

    The binary that the image holds has no coinbase and no bootstrap service; nobody needs the UTXO persister's sets.
    """
    preset = PRESETS[chain]
    wanted = (
        CORE
        | ({Service.LEGACY} if preset.bridges_sv_nodes else set())
        | ({Service.ALERT_SYSTEM} if preset.alerts else set())
    )
    return tuple(service for service in BOOT_ORDER if service in wanted)


def legacy_port(chain: Chain) -> Port:
    """The port of the wire protocol on the pods of `legacy`."""
    return Port(purpose="wire-protocol", number=PRESETS[chain].legacy_port, reach=Reach.CHAIN)


def open_ports(service: Service, chain: Chain) -> tuple[Port, ...]:
    """Every port on which the pods of a service listen on a chain."""
    ports = SERVICES[service].ports
    return (*ports, legacy_port(chain)) if service is Service.LEGACY else ports
