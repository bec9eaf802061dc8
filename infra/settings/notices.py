"""What validation cannot know offline about a choice, said at every run."""

from collections.abc import Iterator, Mapping

from infra.settings.defaults import TierDefaults
from infra.settings.draft import Draft
from infra.settings.environment import MinerSettings
from infra.settings.files import MAX_LUSTRE_GIB

_OLDER_KERNEL = "1.35"
"""The pinned Kubernetes minor whose Amazon Linux 2023 image does not have the 6.18 kernel yet."""


def of_files(draft: Draft, defaults: TierDefaults) -> Iterator[str]:
    """Lustre: the client's kernel, the regions that offer it, and the quota."""
    settings = draft.files_settings(defaults)
    if settings.profile != "lustre":
        return
    version = draft.kubernetes_settings(defaults).version
    if version != _OLDER_KERNEL:
        yield (
            f"files: nobody is known to have run the Lustre client on the 6.18 kernel of Kubernetes {version}'s node "
            "image. Before anything relies on it, it must pass the mount test of docs/first-up.md; "
            f'kubernetes.version "{_OLDER_KERNEL}" is the way back'
        )
    yield (
        f"{', '.join(sorted(draft.regions))}: whether the zones offer FSx for Lustre (PERSISTENT_2, SSD) is not "
        "known offline. Before the first up, look it up in the FSx user guide, 'Deployment type availability'"
    )
    for region in sorted(draft.regions):
        owners = sum(miner.region == region for miner in draft.miners.values()) if defaults.files.per_miner else 1
        if owners * settings.capacity_gib > MAX_LUSTRE_GIB:
            yield (
                f"{region}: {owners} file systems of {settings.capacity_gib} GiB exceed the {MAX_LUSTRE_GIB} GiB that "
                "an account may have there unless AWS raised the quota (Service Quotas, FSx, Persistent_2 storage)"
            )


def of_mining(draft: Draft, miners: Mapping[str, MinerSettings]) -> Iterator[str]:
    """Miners of the chain mainnet that find blocks which no Teranode outside can fetch."""
    shown = draft.public.assets.hosts if draft.public and draft.public.assets else {}
    mining = {name for name, miner in miners.items() if miner.mode == "mining"}
    for miner in sorted(mining - set(shown)) if draft.chain == "mainnet" else ():
        yield (
            f"{miner}: mines on the chain {draft.chain} and shows its assets to nobody outside: other Teranodes cannot "
            "fetch its blocks, SV nodes alone hear of them. docs/runbooks/mining.md: public.assets"
        )
