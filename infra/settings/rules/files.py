"""Shared files: sizes that FSx sells, and keys that the profile would ignore."""

from collections.abc import Iterator

from components.lustre_sizes import SMALLEST_GIB, STEP_GIB, THROUGHPUTS_MBPS_PER_TIB, is_sold
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, listed
from infra.settings.fields import FilesProfile
from infra.settings.files import MAX_LUSTRE_GIB


def capacity_is_sold(draft: Draft) -> Iterator[Fault]:
    """FSx refuses sizes between its steps, after minutes of other work."""
    capacity = draft.files and draft.files.capacity_gib
    if not capacity or is_sold(capacity) or _profile(draft) == "efs":
        return
    above = min(-(-capacity // STEP_GIB) * STEP_GIB, MAX_LUSTRE_GIB)
    yield fault(
        "files.capacityGib",
        capacity,
        f"{SMALLEST_GIB} GiB, or a multiple of {STEP_GIB}",
        f"write {above}: it can grow later, and never shrink",
    )


def throughput_is_sold(draft: Draft) -> Iterator[Fault]:
    """Persistent SSD of the second generation has four speeds."""
    throughput = draft.files and draft.files.throughput_mbps_per_tib
    if throughput is not None and throughput not in THROUGHPUTS_MBPS_PER_TIB and _profile(draft) != "efs":
        choices = listed([str(choice) for choice in THROUGHPUTS_MBPS_PER_TIB])
        close = min(THROUGHPUTS_MBPS_PER_TIB, key=lambda choice: abs(choice - throughput))
        yield fault("files.throughputMbpsPerTib", throughput, f"one of {choices}", f"did you mean {close}?")


def keys_fit_the_profile(draft: Draft) -> Iterator[Fault]:
    """A key that the profile would ignore is refused: its author expects something of it."""
    if not draft.files or _profile(draft) != "efs":
        return
    written = {"capacityGib": draft.files.capacity_gib, "throughputMbpsPerTib": draft.files.throughput_mbps_per_tib}
    for name, value in written.items():
        if value is not None:
            yield fault(
                f"files.{name}",
                value,
                "absent with the profile efs, whose size and speed follow the use",
                "remove the key, or write profile: lustre",
            )


def _profile(draft: Draft) -> FilesProfile | None:
    """The profile in force; None while it is not known, and nothing can be judged by it."""
    if not draft.defaults or "files.profile" in draft.refused:
        return None
    return draft.files_settings(draft.defaults).profile


RULES = (capacity_is_sold, throughput_is_sold, keys_fit_the_profile)
