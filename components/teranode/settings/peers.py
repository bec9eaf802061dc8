"""What the miners of an environment tell Teranode of each other. Nobody types any of it. No resources."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pulumi

from components.teranode.chains import PRESETS, Chain
from components.teranode.modes import Mode
from components.teranode.services import SERVICES, Service
from components.teranode.settings import render
from components.teranode.settings.keys import joined
from components.teranode.settings.network import ListenMode, PeerSettings

_P2P_PORT = SERVICES[Service.PEER].port("p2p").number
_ASSET_PORT = SERVICES[Service.ASSET].port("http").number
_ASSET_API = "/api/v1"
_LOOPBACK = "127.0.0.1"
_LISTEN_MODES = {Mode.LISTENING: ListenMode.LISTEN_ONLY, Mode.MINING: ListenMode.FULL}


@dataclass(frozen=True, kw_only=True)
class MinerPeer:
    """One miner as the others see it: its name, the host under which they reach it, and who it is.

    With `public_addresses`, IPv4 addresses that lead to its peer port, it is a peer there and nowhere else: libp2p then
    refuses private addresses. Its blocks are fetched under `host` all the same.
    """

    name: str
    host: pulumi.Input[str]
    peer_id: pulumi.Input[str]
    public_addresses: Sequence[pulumi.Input[str]] = ()

    @property
    def addresses(self) -> list[pulumi.Input[str]]:
        """Where it answers its peers."""
        found = self.public_addresses or (self.host,)
        return [joined([host], lambda known: render.multiaddr(known[0], _P2P_PORT)) for host in found]

    @property
    def identities(self) -> list[pulumi.Input[str]]:
        """Where it answers, and who must answer there."""
        found = self.public_addresses or (self.host,)
        return [
            joined([host, self.peer_id], lambda known: render.multiaddr(known[0], _P2P_PORT, known[1]))
            for host in found
        ]

    @property
    def asset_address(self) -> pulumi.Input[str]:
        """The API from which others fetch its blocks, within the environment."""
        return joined([self.host], lambda known: f"http://{render.host_name(known[0])}:{_ASSET_PORT}{_ASSET_API}")

    @property
    def dead_end(self) -> pulumi.Input[str]:
        """An address at which nobody is found: its own id, which libp2p refuses to dial before a socket opens."""
        return joined([self.peer_id], lambda known: render.multiaddr(_LOOPBACK, _P2P_PORT, known[0]))


def peer_settings(miners: Sequence[MinerPeer], own: str, chain: Chain, mode: Mode) -> PeerSettings:
    """The peer settings of the miner named `own`.

    On an isolated chain the other miners are all there is. They stand in both lists: versions up to v0.14 know but one
    of the two. A miner that is alone gets a dead end instead of an empty list, which would mean the public bootstrap
    peers of IPFS (bsv-blockchain/go-p2p-message-bus: client.go). On a public chain its own entry comes first. Either
    all miners have public addresses or none has: who refuses private ones cannot reach who has nothing else.

    Raises `ValueError` for names or hosts that occur twice, and where `own` is not among the miners.
    """
    miner, others = _told_apart(miners, own)
    if len({bool(one.public_addresses) for one in miners}) > 1:
        raise ValueError("some miners have public addresses and some have none: they would not reach each other")
    identities = [identity for other in others for identity in other.identities]
    everybody = _list(identities) if identities else None
    return PeerSettings(
        listen_mode=_LISTEN_MODES[mode],
        advertise_addresses=_list(miner.addresses),
        static_peers=everybody,
        bootstrap_peers=_bootstrap(miner, identities, chain),
        dht_mode="off",
        # Over the mesh every address is private, and without this libp2p refuses it in both directions.
        allow_private_ips=not miner.public_addresses and (PRESETS[chain].isolated or bool(others)),
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
