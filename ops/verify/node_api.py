"""What a node says of itself: the HTTP API of its asset service.

Paths and fields: bsv-blockchain/teranode, services/asset/httpimpl (`http.go`, `fsm_handler.go`,
`GetBestBlockHeader.go`, `GetBlockHeaders.go`, `GetPeers.go`).
"""

import http.client
from collections.abc import Iterable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import base58
from kubernetes.stream.ws_client import PortForward
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ops.outputs import MinerOutputs
from ops.verify.cluster import Cluster
from ops.verify.readings import LookError, NodeReading, PeerReading

_DEPLOYMENT = "asset"
_TIMEOUT_S = 20
_ED25519 = "12D3KooW"
"""How every peer ID of an ed25519 key begins."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _State(_Answer):
    state: str


class _Header(_Answer):
    hash: str
    height: int


class _Peer(_Answer):
    id: str
    is_connected: bool
    last_message_time: int = 0


class _Peers(_Answer):
    peers: list[_Peer]


_STATE, _HEADER, _HEADERS, _PEERS = (
    TypeAdapter(_State),
    TypeAdapter(_Header),
    TypeAdapter(list[_Header]),
    TypeAdapter(_Peers),
)
T = TypeVar("T")


def read_node(cluster: Cluster, miner: MinerOutputs, blocks: int) -> NodeReading:
    """Ask a miner's node for its state, its last ``blocks`` blocks, and the peers that it knows.

    Raises:
        LookError: the asset service cannot be reached, or answers something else.
    """
    url = urlsplit(miner.asset_url)
    port = url.port or http.client.HTTP_PORT
    with cluster.forwarded(miner.namespace, _DEPLOYMENT, port) as forward:
        asset = _Asset(forward, port, url.path, miner.namespace)
        state = asset.ask("fsm/state", _STATE).state
        tip = asset.ask("bestblockheader/json", _HEADER)
        recent = asset.ask(f"headers/{tip.hash}/json?n={blocks}", _HEADERS)
        try:
            peers = _known(asset.ask("peers", _PEERS).peers)
        except LookError as error:
            peers = error.trouble
    return NodeReading(
        state=state, height=tip.height, tip=tip.hash, recent=tuple(header.hash for header in recent), peers=peers
    )


class _Asset:
    """One connection to the asset service of a miner."""

    def __init__(self, forward: PortForward, port: int, prefix: str, namespace: str) -> None:
        self._forward, self._port, self._prefix, self._namespace = forward, port, prefix, namespace
        self._connection = http.client.HTTPConnection(_DEPLOYMENT, port)
        # The forward is the only way there: a connection that has ended must not be opened anew by name.
        self._connection.auto_open = 0
        forward.socket(port).settimeout(_TIMEOUT_S)
        self._connection.sock = forward.socket(port)

    def ask(self, path: str, form: TypeAdapter[T]) -> T:
        """The answer to a GET below the prefix of the API, in the form that it must have."""
        what = f"the asset service of {self._namespace}, asked for {self._prefix}/{path.partition('?')[0]}"
        remedy = f"kubectl --namespace {self._namespace} logs deployment/{_DEPLOYMENT}"
        try:
            self._connection.request("GET", f"{self._prefix}/{path}", headers={"Accept": "application/json"})
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            said = self._forward.error(self._port) or str(error) or type(error).__name__
            raise LookError(f"{what}: no answer ({said.strip()})", remedy) from error
        if response.status != http.client.OK:
            raise LookError(f"{what}: answers {response.status} {response.reason}", remedy)
        try:
            return form.validate_json(body)
        except ValidationError as error:
            raise LookError(f"{what}: answers in another form ({error.error_count()} faults)", remedy) from None


def _known(peers: Iterable[_Peer]) -> Mapping[str, PeerReading]:
    return {
        _plain(peer.id): PeerReading(connected=peer.is_connected, last_message_s=peer.last_message_time)
        for peer in peers
    }


def _plain(peer_id: str) -> str:
    """Some versions, which keep peers in the register of the blockchain service, encode the text of an id once more."""
    try:
        inner = base58.b58decode(peer_id).decode("ascii")
    except ValueError:
        return peer_id
    return inner if inner.startswith(_ED25519) else peer_id
