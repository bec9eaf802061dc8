"""What a cluster's operators tell those who rely on them."""

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class PlatformRef:
    """The operators of a cluster as others see them: for each, what a resource of its kinds depends on.

    Resources depend on the operator that serves them and on no other. What an environment does not use is not
    installed and empty here.

    `external_secrets_role_arn`: the only role that the reader roles of namespaces trust.
    """

    external_secrets_role_arn: pulumi.Output[str]
    external_secrets: tuple[pulumi.Resource, ...]
    certificates: tuple[pulumi.Resource, ...]
    load_balancer_controller: tuple[pulumi.Resource, ...]
    monitoring: tuple[pulumi.Resource, ...]
    kafka_operator: tuple[pulumi.Resource, ...] = ()
    aerospike_operator: tuple[pulumi.Resource, ...] = ()
    local_disks: tuple[pulumi.Resource, ...] = ()
