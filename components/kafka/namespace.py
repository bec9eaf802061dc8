"""The namespace of brokers in the cluster. Made before their operator, which is given rights in it."""

import pulumi
import pulumi_kubernetes as kubernetes

from components.kafka import openings
from components.kafka.args import NAMESPACE, KafkaProfile
from components.namespace import NamespaceArgs, PodSecurity
from components.network_policies import NamespaceRole
from components.protection import Protection

_QUOTA = {"pods": "80", "persistentvolumeclaims": "80"}
"""The largest number of brokers that a stack file may ask for, their controllers, and room for a change."""


def namespace_args(
    profile: KafkaProfile,
    provider: kubernetes.Provider,
    protection: Protection,
    workloads_ready: tuple[pulumi.Resource, ...],
    api_cidrs: tuple[str, ...],
) -> NamespaceArgs:
    """What a namespace for the brokers of a profile is asked for; raises `ValueError` for `MSK`, which needs none."""
    if profile is KafkaProfile.MSK:
        raise ValueError("MSK runs outside the cluster: it has no namespace")
    single = profile is KafkaProfile.SINGLE
    return NamespaceArgs(
        namespace=NAMESPACE,
        provider=provider,
        role=NamespaceRole.PLATFORM,
        pod_security=PodSecurity.RESTRICTED,
        quota=_QUOTA,
        protection=protection,
        openings=openings.of_a_single_broker() if single else openings.of_an_operated_cluster(api_cidrs),
        holds_data=True,
        after=workloads_ready,
    )
