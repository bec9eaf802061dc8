"""Kubernetes version and endpoint."""

from collections.abc import Iterator
from datetime import timedelta

from infra import catalog, versions
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, listed

MIN_SUPPORT_LEFT = timedelta(days=60)
"""EKS announces the end of standard support this long before; from then on an upgrade is due, not a new start."""


def version_is_pinned(draft: Draft) -> Iterator[Fault]:
    """Only minors whose node image and add-ons are pinned can be built."""
    version = draft.kubernetes and draft.kubernetes.version
    if not version or version in versions.KUBERNETES_RELEASES:
        return
    ends = catalog.kubernetes_standard_support().get(version)
    known = f"EKS supports it until {ends}" if ends else "EKS does not offer it, as far as the catalogue knows"
    yield fault(
        "kubernetes.version",
        version,
        f"a minor that infra/versions.py pins: {listed(versions.KUBERNETES_RELEASES)} ({known})",
        f'write "{versions.KUBERNETES_VERSION}", or pin the minor\'s node image and add-ons first',
    )


def version_is_supported(draft: Draft) -> Iterator[Fault]:
    """Reckoned from the catalogue's date, so that the same commit always gives the same answer."""
    version = (draft.kubernetes and draft.kubernetes.version) or versions.KUBERNETES_VERSION
    ends = catalog.kubernetes_standard_support().get(version)
    if version in versions.KUBERNETES_RELEASES and ends and ends - catalog.as_of() < MIN_SUPPORT_LEFT:
        yield fault(
            "kubernetes.version",
            version,
            f"in standard support for {MIN_SUPPORT_LEFT.days} days more; it ends on {ends} (data of {catalog.as_of()})",
            f'upgrade by one minor; the default is "{versions.KUBERNETES_VERSION}"',
        )


def mainnet_endpoint_is_private(draft: Draft) -> Iterator[Fault]:
    """The API server is the largest target there is (control EKS-1)."""
    if draft.tier == "mainnet" and draft.kubernetes and draft.kubernetes.endpoint_access == "restricted":
        yield fault(
            "kubernetes.endpointAccess", "restricted", "private on the tier mainnet", "write private, or remove the key"
        )


RULES = (version_is_pinned, version_is_supported, mainnet_endpoint_is_private)
