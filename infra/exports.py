"""Stack outputs: the one place that exports. Names are an interface; a changed meaning gets a new name."""

from collections.abc import Mapping

import pulumi

from components.mesh import Mesh
from components.miner import Miner
from components.region import Region
from infra.settings import Environment


def export(environment: Environment, regions: Mapping[str, Region], miners: Mapping[str, Miner], mesh: Mesh) -> None:
    """Export what people and tools need to reach an environment; nothing in it is a credential."""
    pulumi.export("environment", environment.name)
    pulumi.export("home", environment.home)
    pulumi.export("privateZone", {"id": mesh.zone_id, "name": mesh.zone_name})
    pulumi.export("regions", {name: _region_outputs(name, region) for name, region in regions.items()})
    pulumi.export("miners", {name: {"peerId": miner.peer_id} for name, miner in miners.items()})


def _region_outputs(name: str, region: Region) -> dict[str, pulumi.Input[object]]:
    cluster = region.cluster
    outputs: dict[str, pulumi.Input[object]] = {
        "vpcId": region.network.ref.vpc_id,
        "cidr": region.network.ref.cidr_block,
        "clusterName": cluster.ref.name,
        "clusterArn": cluster.ref.arn,
        "buckets": {str(purpose): bucket.name for purpose, bucket in region.objects.buckets.items()},
    }
    command = pulumi.Output.format(
        "aws eks update-kubeconfig --region {0} --name {1} --alias {0}", name, cluster.ref.name
    )
    if cluster.access is not None:
        outputs["tunnelCommand"] = cluster.access.tunnel_command
        command = pulumi.Output.format("{0} --proxy-url {1}", command, cluster.access.proxy_url)
    outputs["kubeconfigCommand"] = command
    return outputs
