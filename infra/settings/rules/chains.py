"""What a chain has and has not, and how its release is pinned."""

from collections.abc import Iterator

from components.teranode import PRESETS, Chain
from infra import versions
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault


def nodes_fit_the_chain(draft: Draft) -> Iterator[Fault]:
    """A bridge is only where there is another side."""
    if draft.chain is None:
        return
    preset = PRESETS[Chain(draft.chain)]
    for name, miner in draft.miners.items():
        if miner.sv_nodes and not preset.bridges_sv_nodes:
            bridged = ", ".join(chain for chain, one in PRESETS.items() if one.bridges_sv_nodes)
            yield fault(
                f"miners.{name}.svNodes",
                list(miner.sv_nodes),
                f"absent on the chain {draft.chain}, of which no SV node knows; bridged are {bridged}",
                "remove the key",
            )


def snapshots_are_of_public_chains(draft: Draft) -> Iterator[Fault]:
    """Nobody publishes a chain that an environment makes itself, and its blocks come in seconds."""
    for name, miner in draft.miners.items():
        if miner.snapshot and draft.chain and PRESETS[Chain(draft.chain)].isolated:
            yield fault(
                f"miners.{name}.snapshot",
                None,
                f"absent on the chain {draft.chain}, which is made by the environment itself and has no snapshot",
                "remove the section",
            )


def mainnet_is_pinned_by_digest(draft: Draft) -> Iterator[Fault]:
    """Control IMG-1: a tag can be moved, and what was tested is then not what runs."""
    if draft.tier == "mainnet" and draft.release and "@sha256:" not in draft.release:
        yield fault(
            "release",
            draft.release,
            "a release with its digest on the tier mainnet: v<major>.<minor>.<patch>@sha256:<64 hex digits>",
            f"append what this prints: docker buildx imagetools inspect {versions.TERANODE_IMAGE}:{draft.release} "
            "--format '@{{.Manifest.Digest}}'",
        )


def blocks_are_generated_where_they_take_no_work(draft: Draft) -> Iterator[Fault]:
    """Elsewhere RPC itself refuses `generate` (go-chaincfg, params.go)."""
    if draft.block_generator and draft.chain and not PRESETS[Chain(draft.chain)].isolated:
        yield fault(
            "blockGenerator",
            None,
            f"absent on the chain {draft.chain}, where a block takes proof of work and RPC refuses `generate`",
            "remove the section, or write chain: regtest",
        )


def the_founder_runs(draft: Draft) -> Iterator[Fault]:
    """Where one miner mines all blocks, a chain without it stands still."""
    blocks = draft.block_generator_settings()
    if blocks is None or blocks.rotation != "founder" or not draft.miners:
        return
    founder = min(draft.miners)
    if draft.miners[founder].enabled is False and any(one.enabled is not False for one in draft.miners.values()):
        yield fault(
            f"miners.{founder}.enabled",
            value=False,
            rule=f"true with the rotation founder: {founder}, whose name comes first, mines all blocks",
            remedy="write blockGenerator: { rotation: turns }, or enabled: false to let the chain rest",
        )


RULES = (
    nodes_fit_the_chain,
    snapshots_are_of_public_chains,
    blocks_are_generated_where_they_take_no_work,
    mainnet_is_pinned_by_digest,
    the_founder_runs,
)
