"""What must hold in a running environment, judged from what was read. Pure functions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ops.outputs import StackOutputs
from ops.render.text import count
from ops.verify.readings import MinerReading, NodeReading, PeerReading, Trouble

RUNNING = "RUNNING"
"""The state in which a node takes part in its chain."""

_OWN_CHAIN = "regtest"
"""The chain on which nobody else is, and whose blocks come as fast as this project's own generator makes them."""

_HASH_CHARACTERS = 12
_CLUSTERS = "clusters.teranode.bsvblockchain.org"
_STOPPED = "stopped"

_RUN = "{exec} -- teranode-cli setfsmstate --fsmstate RUNNING"
_REMEDIES_OF_STATES = {
    "IDLE": f"never started, or it stopped itself over an inconsistency: read the log of block-assembly, then: {_RUN}",
    "CATCHINGBLOCKS": f"it fetches blocks. After an error it stays there by itself: if its height stands, {_RUN}",
    "LEGACYSYNCING": "it fetches the chain from SV nodes: wait until it has",
}


class Verdict(StrEnum):
    """What a check came to."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"  # it could not be looked at, or one look was too short


class Rule(StrEnum):
    """What is checked of every miner, in the order of the table."""

    SERVICES = "services"
    IMAGE = "image"
    STATE = "state"
    PEERS = "peers"
    HEIGHT = "height"
    TIP = "tip"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule for one miner: what was found, and what to do unless it holds."""

    miner: str
    rule: Rule
    verdict: Verdict
    found: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far apart tips may be, in blocks, and how long there was between two looks at a node."""

    max_tip_distance: int
    interval_s: float


def judge(outputs: StackOutputs, readings: Mapping[str, MinerReading], bounds: Bounds) -> list[Check]:
    """All checks of all miners, in the order of the outputs and of `Rule`."""
    return [check for name in outputs.miners for check in _Miner(name, outputs, readings, bounds).checks()]


class _Miner:
    """The checks of one miner."""

    def __init__(self, name: str, outputs: StackOutputs, readings: Mapping[str, MinerReading], bounds: Bounds) -> None:
        self._name, self._outputs, self._readings, self._bounds = name, outputs, readings, bounds
        self._own, self._reading = outputs.miners[name], readings[name]
        context = outputs.regions[self._own.region].kubernetes_context
        self._kubectl = f"kubectl --context {context} --namespace {self._own.namespace}"

    def checks(self) -> Iterator[Check]:
        if not self._own.enabled:
            yield from self._stopped()
            return
        yield self._services()
        yield self._image()
        yield self._state()
        yield self._peers()
        yield self._height()
        yield self._tip()
        yield self._private()

    def _stopped(self) -> Iterator[Check]:
        """Of a miner that its stack file stops, no service must run."""
        cluster = self._reading.cluster
        if isinstance(cluster, Trouble):
            yield self._unknown(Rule.SERVICES, cluster)
        elif running := [one for one in self._own.deployments if one in cluster.deployments]:
            yield self._fails(
                Rule.SERVICES,
                f"stopped by the stack file, but it has {count(len(running), 'Deployment')}: {', '.join(running)}",
                f"the operator takes them away: what does it say? {self._kubectl} get {_CLUSTERS} --output yaml",
            )
        else:
            yield self._holds(Rule.SERVICES, _STOPPED)
        for rule in (Rule.IMAGE, Rule.STATE, Rule.PEERS, Rule.HEIGHT, Rule.TIP):
            yield self._holds(rule, _STOPPED)
        yield self._private()

    def _holds(self, rule: Rule, found: str) -> Check:
        return Check(self._name, rule, Verdict.HOLDS, found)

    def _fails(self, rule: Rule, found: str, remedy: str) -> Check:
        return Check(self._name, rule, Verdict.FAILS, found, remedy)

    def _unknown(self, rule: Rule, trouble: Trouble) -> Check:
        return Check(self._name, rule, Verdict.UNKNOWN, trouble.what, trouble.remedy)

    def _services(self) -> Check:
        cluster, wanted = self._reading.cluster, self._own.deployments
        if isinstance(cluster, Trouble):
            return self._unknown(Rule.SERVICES, cluster)
        missing = [one for one in wanted if one not in cluster.deployments]
        if missing:
            return self._fails(
                Rule.SERVICES,
                f"{len(wanted) - len(missing)} of {len(wanted)} exist; no Deployment {', '.join(missing)}",
                "the operator makes them from the Cluster: does it run, what does it say? "
                f"{self._kubectl} get {_CLUSTERS} --output yaml",
            )
        found = [cluster.deployments[one] for one in wanted]
        late = [one for one in found if not one.settled or one.available < one.wanted]
        number = f"{len(found) - len(late)} of {len(found)} available"
        if late:
            return self._fails(
                Rule.SERVICES,
                f"{number}; not {', '.join(f'{one.name} ({one.available} of {one.wanted} pods)' for one in late)}",
                f"{self._kubectl} describe pods --selector app={late[0].name}",
            )
        return self._holds(Rule.SERVICES, number)

    def _image(self) -> Check:
        cluster, image = self._reading.cluster, self._own.image
        if isinstance(cluster, Trouble):
            return self._unknown(Rule.IMAGE, cluster)
        asked = {"spec.image": cluster.image, "spec.rpc.spec.deploymentOverrides.image": cluster.rpc_image}
        wrong = [f"the Cluster has {found or 'none'} in {place}" for place, found in asked.items() if found != image]
        for name in self._own.deployments:
            images = cluster.deployments[name].images if name in cluster.deployments else {}
            running = images.get(name, ", ".join(images.values()))
            wrong += [f"{name} runs {running}"] if images and running != image else []
        if wrong:
            return self._fails(
                Rule.IMAGE,
                f"not {image}: {'; '.join(wrong)}",
                "did a release stop half-way? `ops release` with its version goes on. If the Cluster is right and a "
                "Deployment is not, ask the operator; if the Cluster was changed by hand: pulumi refresh, pulumi up",
            )
        return self._holds(Rule.IMAGE, image.rpartition("/")[2])

    def _state(self) -> Check:
        node = self._reading.second
        if isinstance(node, Trouble):
            return self._unknown(Rule.STATE, node)
        if node.state == RUNNING:
            return self._holds(Rule.STATE, node.state)
        remedy = _REMEDIES_OF_STATES.get(node.state, "a state that ops does not know: read the release notes")
        return self._fails(Rule.STATE, node.state, remedy.format(exec=f"{self._kubectl} exec deployment/blockchain"))

    def _peers(self) -> Check:
        node = self._reading.second
        if isinstance(node, Trouble):
            return self._unknown(Rule.PEERS, node)
        if isinstance(node.peers, Trouble):
            return self._unknown(Rule.PEERS, node.peers)
        others = {one.peer_id: name for name, one in self._outputs.miners.items() if name != self._name and one.enabled}
        if self._outputs.chain != _OWN_CHAIN and not any(
            _in_touch(one, self._reading.first, node) for one in node.peers
        ):
            return self._fails(
                Rule.PEERS,
                f"none of the {len(node.peers)} peers that it knows on {self._outputs.chain} is connected",
                f"does it reach the bootstrap peers of the chain? {self._kubectl} logs deployment/peer",
            )
        silent = [name for peer_id, name in others.items() if not _in_touch(peer_id, self._reading.first, node)]
        number = f"{len(others) - len(silent)} of {len(others)} connected" if others else "no other miners"
        if silent:
            return self._fails(
                Rule.PEERS,
                f"{number}; not {', '.join(silent)}",
                f"is {', '.join(self._outputs.miners[name].peer_address for name in silent)} reached? Routes of the "
                f"mesh, security group of the load balancer, and: {self._kubectl} logs deployment/peer",
            )
        return self._holds(Rule.PEERS, number)

    def _height(self) -> Check:
        first, second = self._reading.first, self._reading.second
        if isinstance(second, Trouble):
            return self._unknown(Rule.HEIGHT, second)
        if isinstance(first, Trouble):
            return self._unknown(Rule.HEIGHT, first)
        if second.height > first.height:
            return self._holds(Rule.HEIGHT, f"{first.height} to {second.height}")
        if second.height < first.height:
            return self._fails(
                Rule.HEIGHT,
                f"fell from {first.height} to {second.height}",
                f"{self._kubectl} logs deployment/blockchain",
            )
        still = f"{second.height}, and none more in {self._bounds.interval_s:g} s"
        chain = self._outputs.chain
        if chain != _OWN_CHAIN:
            remedy = f"blocks of {chain} come minutes apart: look longer, with --interval-seconds 3600"
            return self._unknown(Rule.HEIGHT, Trouble(still, remedy))
        return self._fails(
            Rule.HEIGHT,
            still,
            "is --interval-seconds longer than the generator's interval? Then: "
            f"{self._kubectl} logs deployment/block-generator, and deployment/block-assembly",
        )

    def _tip(self) -> Check:
        own, bound = self._reading.second, self._bounds.max_tip_distance
        if isinstance(own, Trouble):
            return self._unknown(Rule.TIP, own)
        others = {
            name: one.second
            for name, one in self._readings.items()
            if name != self._name and isinstance(one.second, NodeReading)
        }
        # Of several at one height, one on this miner's own chain: who is alone with his is found, not everybody.
        best = max(others, key=lambda name: (others[name].height, _same_chain(own, others[name])), default=None)
        tip = f"{own.height} {own.tip[:_HASH_CHARACTERS]}…"
        if best is None:
            return self._holds(Rule.TIP, tip)
        behind = others[best].height - own.height
        if behind > bound:
            return self._fails(
                Rule.TIP,
                f"{own.height}, {count(behind, 'block')} behind {best}",
                "is it catching up? Look again. If it falls back: "
                f"{self._kubectl} logs deployment/block-validator, and deployment/peer",
            )
        if abs(behind) <= bound and not _same_chain(own, others[best]):
            return self._fails(
                Rule.TIP,
                f"{tip}, on another branch than {best}: nothing in common within {count(bound, 'block')}",
                "two chains: are the peers connected, and do all miners run the same release and chain?",
            )
        return self._holds(Rule.TIP, tip)

    def _private(self) -> Check:
        if self._reading.answering:
            return self._fails(
                Rule.PRIVATE,
                f"{', '.join(self._reading.answering)} answers this machine",
                "is this machine inside the network, by VPN or as an instance? Then look from outside. Else what was "
                "opened by hand shows in pulumi refresh",
            )
        return self._holds(Rule.PRIVATE, "nothing answers here")


def _same_chain(one: NodeReading, other: NodeReading) -> bool:
    return not set(one.recent).isdisjoint(other.recent)


def _in_touch(peer_id: str, first: NodeReading | Trouble, second: NodeReading) -> bool:
    """Connected, or heard of between the two looks: there are versions that never say connected."""
    now, before = _peer(second, peer_id), _peer(first, peer_id)
    if now is None or now.connected:
        return now is not None
    return before is not None and now.last_message_s > before.last_message_s


def _peer(node: NodeReading | Trouble, peer_id: str) -> PeerReading | None:
    if isinstance(node, Trouble) or isinstance(node.peers, Trouble):
        return None
    return node.peers.get(peer_id)
