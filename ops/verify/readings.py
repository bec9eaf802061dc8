"""What verification reads of one miner. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something could not be looked at, and what to do about it."""

    what: str
    remedy: str


class LookError(Exception):
    """Something could not be looked at."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.trouble = Trouble(what, remedy)


@dataclass(frozen=True, slots=True)
class DeploymentReading:
    """A Deployment as its controller last reported it; ``images`` by container."""

    name: str
    wanted: int
    available: int
    settled: bool
    """Its controller has seen the newest specification, and no pod of an older one is left."""
    images: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClusterReading:
    """What runs for a miner in Kubernetes: its Deployments by name, and the images that its `Cluster` asks for."""

    deployments: Mapping[str, DeploymentReading]
    image: str
    rpc_image: str
    """The operator keeps the RPC service on an image of its own: a release that forgets it leaves it behind."""


@dataclass(frozen=True, slots=True)
class PeerReading:
    """Another node as this one knows it."""

    connected: bool
    last_message_s: int
    """Unix time at which it was last heard of; 0 if never."""


@dataclass(frozen=True, slots=True)
class NodeReading:
    """What a node said of itself, all at about the same moment."""

    state: str
    """Of its state machine: IDLE, RUNNING, CATCHINGBLOCKS or LEGACYSYNCING."""
    height: int
    tip: str
    recent: tuple[str, ...]
    """Hashes of its last blocks, the tip first."""
    peers: Mapping[str, PeerReading] | Trouble
    """All that it knows, by peer ID."""


@dataclass(frozen=True, slots=True)
class MinerReading:
    """Everything read of one miner: its node twice, an interval apart."""

    cluster: ClusterReading | Trouble
    first: NodeReading | Trouble
    second: NodeReading | Trouble
    answering: tuple[str, ...]
    """Of its private endpoints, as ``host:port``, those that answered from this machine."""
