"""Physical names of an environment that tools need even when its state has none of them any more."""

from components import naming


def cluster_name(environment: str, region: str) -> str:
    """Name of an environment's EKS cluster in a region; its context in a kubeconfig has the same."""
    return naming.cluster_name(environment, region)
