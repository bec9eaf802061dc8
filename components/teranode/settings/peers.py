"""What the miners of an environment tell Teranode of each other. Nobody types any of it. No resources."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pulumi

from components.teranode.chains import PRESETS, Chain
from components.teranode.services import SERVICES, Service
from components.teranode.settings import render
from components.teranode.settings.keys import joined
from components.teranode.settings.network import ListenMode, PeerSettings

_P2P_PORT = SERVICES[Service.PEER].port("p2p").number
_ASSET_PORT = SERVICES[Service.ASSET].port("http").number
_ASSET_API = "/api/v1"
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class MinerPeer:
    """One miner as the others see it: its name, the host under which they reach it, and who it is."""

    name: str
    host: pulumi.Input[str]
    peer_id: pulumi.Input[str]

    @property
    def address(self) -> pulumi.Input[str]:
        """Where it answers."""
        return joined([self.host], lambda known: render.multiaddr(known[0], _P2P_PORT))

    @property
    def identity(self) -> pulumi.Input[str]:
        """Where it answers, and who must answer there."""
        return joined([self.host, self.peer_id], lambda known: render.multiaddr(known[0], _P2P_PORT, known[1]))

    @property
    def asset_address(self) -> pulumi.Input[str]:
        """The API from which others fetch its blocks, within the environment."""
        return joined([self.host], lambda known: f"http://{render.host_name(known[0])}:{_ASSET_PORT}{_ASSET_API}")

    @property
    def dead_end(self) -> pulumi.Input[str]:
        """An address at which nobody is found: its own id, which libp2p refuses to dial before a socket opens."""
        return joined([self.peer_id], lambda known: render.multiaddr(_LOOPBACK, _P2P_PORT, known[0]))


def peer_settings(miners: Sequence[MinerPeer], own: str, chain: Chain, listen_mode: ListenMode) -> PeerSettings:
    """The peer settings of the miner named `own`.

    On an isolated chain the other miners are all there is. They stand in both lists: versions up to v0.14 know but one
    of the two. A miner that is alone gets a dead end instead of an empty list, which would mean the public bootstrap
    peers of IPFS (bsv-blockchain/go-p2p-message-bus: client.go). On a public chain its own entry comes first.

    Raises `ValueError` for names or hosts that occur twice, and where `own` is not among the miners.
    """
    miner, others = _told_apart(miners, own)
    identities = [other.identity for other in others]
    everybody = _list(identities) if identities else None
    return PeerSettings(
        listen_mode=listen_mode,
        advertise_addresses=miner.address,
        static_peers=everybody,
        bootstrap_peers=_bootstrap(miner, identities, chain),
        dht_mode="off",
        # Over the mesh every address is private, and without this libp2p refuses it in both directions.
        allow_private_ips=PRESETS[chain].isolated or bool(others),
    )


def _bootstrap(miner: MinerPeer, identities: Sequence[pulumi.Input[str]], chain: Chain) -> pulumi.Input[str] | None:
    if PRESETS[chain].isolated:
        return _list(identities) if identities else miner.dead_end
    entry = f"/dnsaddr/{chain}.bootstrap.teranode.bsvb.tech"
    return _list([entry, *identities]) if identities else None


def _told_apart(miners: Sequence[MinerPeer], own: str) -> tuple[MinerPeer, list[MinerPeer]]:
    _refuse_twice([miner.name for miner in miners], lambda name: f"two miners are named {name}")
    hosts = [miner.host for miner in miners if isinstance(miner.host, str)]
    _refuse_twice(hosts, lambda host: f"two miners answer at {host}")
    by_name = {miner.name: miner for miner in miners}
    if own not in by_name:
        raise ValueError(f"{own} is none of the miners {', '.join(sorted(by_name))}")
    return by_name[own], [by_name[name] for name in sorted(by_name) if name != own]


def _refuse_twice(values: Sequence[str], problem: Callable[[str], str]) -> None:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError("; ".join(problem(value) for value in twice))


def _list(identities: Sequence[pulumi.Input[str]]) -> pulumi.Input[str]:
    return joined(identities, render.pipe_list)
