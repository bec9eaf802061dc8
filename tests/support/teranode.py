"""Three miners as the testing environment has them, with values that are public, for tests of Teranode's settings.

python -m tests.support.teranode    rewrites tests/unit/components/teranode/golden/*, then: git diff
"""

import json
from pathlib import Path

from components import credentials
from components.teranode import (
    Chain,
    ClusterChoices,
    ClusterSpec,
    KafkaChoice,
    MinerPeer,
    NodeChoices,
    Scale,
    StorageChoice,
    cluster_spec,
    config_map,
)

GOLDEN = Path(__file__).resolve().parents[1] / "unit" / "components" / "teranode" / "golden"
IMAGE = "ghcr.io/bsv-blockchain/teranode:v0.14.4"
DIGEST = "@sha256:" + "ab" * 32
NAMES = ("miner-1", "miner-2", "miner-3")


def miner(name: str) -> MinerPeer:
    """A miner with a name in the private zone and an identity that its name makes."""
    return MinerPeer(
        name=name,
        host=f"{name}.testing.internal",
        peer_id=credentials.p2p_peer_id(name.encode().ljust(credentials.SEED_BYTES, b"\0")),
    )


def miners(*names: str) -> tuple[MinerPeer, ...]:
    """Miners by name."""
    return tuple(miner(name) for name in names)


def node(name: str = "miner-1", chain: Chain = Chain.REGTEST, **changes: object) -> NodeChoices:
    """The choices of one of three miners; anything can be changed."""
    kafka = KafkaChoice(hosts="kafka.kafka.svc:9092", replication_factor=1, partitions_high=8, tls=False)
    choices = {
        "name": name,
        "chain": chain,
        "scale": Scale.FULL if chain is Chain.MAINNET else Scale.SMALL,
        "miners": miners(*NAMES),
        "kafka": kafka,
        "aerospike": True,
    }
    return NodeChoices(**(choices | changes))  # pyright: ignore[reportArgumentType]


def cluster(chain: Chain = Chain.REGTEST, **changes: object) -> ClusterChoices:
    """The choices of a `Cluster`; anything can be changed."""
    choices = {
        "chain": chain,
        "scale": Scale.FULL if chain is Chain.MAINNET else Scale.SMALL,
        "image": IMAGE + (DIGEST if chain is Chain.MAINNET else ""),
        "storage": StorageChoice(size_gib=1200, volume="miner-1-files"),
        "pruner_needs_data": True,
    }
    return ClusterChoices(**(choices | changes))  # pyright: ignore[reportArgumentType]


def settings_text(choices: NodeChoices) -> str:
    """A ConfigMap as lines of `key=value`."""
    return "".join(f"{key}={value}\n" for key, value in config_map(choices).items())


def spec_text(spec: ClusterSpec) -> str:
    """A spec as readable JSON."""
    return json.dumps(spec, indent=2, sort_keys=True) + "\n"


def golden() -> dict[str, str]:
    """Every golden file by its name."""
    lone = miners("node")
    public = "https://node.example.org/api/v1"
    return {
        **{f"{name}.env": settings_text(node(name)) for name in NAMES},
        "mainnet.env": settings_text(node("node", Chain.MAINNET, miners=lone, asset_address=public)),
        "testing.json": spec_text(cluster_spec(cluster())),
        "mainnet.json": spec_text(cluster_spec(cluster(Chain.MAINNET))),
    }


def main() -> None:
    """Rewrite the golden files."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, text in golden().items():
        (GOLDEN / name).write_text(text)


if __name__ == "__main__":
    main()
