"""What the resources of a program ask of an account, counted by quota. Pure functions of the evaluated graph."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from infra import catalog
from ops.preflight import quotas
from ops.preflight.quotas import Quota
from ops.quantities.count import quantities
from simulator.graph import Deployment, Graph, Node, states
from simulator.values import JSON, at


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """So much of one quota, in a region; ``scope`` names the zone, network or group that the quota is for."""

    region: str
    quota: Quota
    scope: str
    amount: float


class Evaluated:
    """A deployment, whole and by region."""

    def __init__(self, deployment: Deployment) -> None:
        """Read ``deployment``."""
        self.graph = Graph(deployment)
        rows: defaultdict[str, list[Mapping[str, JSON]]] = defaultdict(list)
        for row in states(deployment):
            rows[self.graph.regions.get(str(row["urn"]), "")].append(row)
        self.by_region: Mapping[str, Graph] = MappingProxyType(
            {region: Graph({"resources": rows[region]}) for region in sorted(rows) if region}
        )

    def of_type(self, token: str) -> Iterator[tuple[str, Node]]:
        """The resources of a type, each with its region."""
        for urn, node in self.graph.nodes.items():
            if node.type == token and urn in self.graph.regions:
                yield self.graph.regions[urn], node

    def named(self, node: Node, key: str) -> list[Node]:
        """The resources that an input of another is made of."""
        urns = node.property_dependencies.get(key, ())
        return [self.graph.nodes[urn] for urn in urns if urn in self.graph.nodes]


def needs(evaluated: Evaluated) -> list[Need]:
    """Everything that counts against a quota, at its upper bound where it scales, sorted."""
    amounts: defaultdict[tuple[str, Quota, str], float] = defaultdict(float)
    for counted in (_each, _nat_gateways, _nodes, _peerings, _in_networks, _rules, _storage):
        for region, quota, scope, amount in counted(evaluated):
            amounts[region, quota, scope] += amount
    return sorted(Need(*key, amount) for key, amount in amounts.items() if amount)


Amounts = Iterator[tuple[str, Quota, str, float]]


def _each(evaluated: Evaluated) -> Amounts:
    for token, counted in _BY_TYPE.items():
        for region, _ in evaluated.of_type(token):
            for quota in counted:
                yield region, quota, "", 1


def _nat_gateways(evaluated: Evaluated) -> Amounts:
    for region, gateway in evaluated.of_type("aws:ec2/natGateway:NatGateway"):
        for subnet in evaluated.named(gateway, "subnetId"):
            yield region, quotas.NAT_GATEWAYS, str(subnet.inputs.get("availabilityZone")), 1


def _nodes(evaluated: Evaluated) -> Amounts:
    for region, group in evaluated.of_type("aws:eks/nodeGroup:NodeGroup"):
        yield region, quotas.NODE_GROUPS, str(group.inputs.get("clusterName")), 1
        spot = group.inputs.get("capacityType") == "SPOT"
        most = number(at(group.inputs, "scalingConfig.maxSize"))
        for name in instance_types(group)[:1]:
            yield region, quotas.of_instances(name, spot=spot), "", most * _vcpu(name)
    for region, instance in evaluated.of_type("aws:ec2/instance:Instance"):
        for name in _instance_type(evaluated, instance):
            yield region, quotas.of_instances(name, spot=False), "", _vcpu(name)


def _peerings(evaluated: Evaluated) -> Amounts:
    """Each counts in both of its networks."""
    for _, peering in evaluated.of_type("aws:ec2/vpcPeeringConnection:VpcPeeringConnection"):
        for network in (*evaluated.named(peering, "vpcId"), *evaluated.named(peering, "peerVpcId")):
            yield evaluated.graph.regions[network.urn], quotas.PEERINGS, network.name, 1


def _in_networks(evaluated: Evaluated) -> Amounts:
    for region, endpoint in evaluated.of_type("aws:ec2/vpcEndpoint:VpcEndpoint"):
        if endpoint.inputs.get("vpcEndpointType") != "Interface":
            yield region, quotas.GATEWAY_ENDPOINTS, "", 1
            continue
        for network in evaluated.named(endpoint, "vpcId"):
            yield region, quotas.INTERFACE_ENDPOINTS, network.name, 1
    for region, route in evaluated.of_type("aws:ec2/route:Route"):
        for table in evaluated.named(route, "routeTableId"):
            yield region, quotas.ROUTES, table.name, 1


def _rules(evaluated: Evaluated) -> Amounts:
    for direction in ("Ingress", "Egress"):
        token = f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule"
        for region, rule in evaluated.of_type(token):
            for group in evaluated.named(rule, "securityGroupId"):
                yield region, quotas.RULES, f"{direction.lower()} of {group.name}", 1


def _storage(evaluated: Evaluated) -> Amounts:
    for region, graph in evaluated.by_region.items():
        room = [one for one in quantities(graph) if one.area == "volumes" and one.unit == "GiB"]
        gib = sum(one.most for one in room)
        yield region, quotas.GP3_TIB, "", gib / 1024
    for region, files in evaluated.of_type("aws:fsx/lustreFileSystem:LustreFileSystem"):
        yield region, quotas.LUSTRE_GIB, "", number(files.inputs.get("storageCapacity"))
    for region, database in evaluated.of_type("aws:rds/instance:Instance"):
        most = number(database.inputs.get("maxAllocatedStorage")) or number(database.inputs.get("allocatedStorage"))
        yield region, quotas.DATABASE_GB, "", most


def instance_types(group: Node) -> list[str]:
    """What a node group may start; all have the vCPUs of the first."""
    found = group.inputs.get("instanceTypes")
    return [str(name) for name in found] if isinstance(found, list) else []


def _instance_type(evaluated: Evaluated, instance: Node) -> list[str]:
    templates = evaluated.named(instance, "launchTemplate")
    stated = instance.inputs.get("instanceType") or next(
        (template.inputs["instanceType"] for template in templates if "instanceType" in template.inputs), None
    )
    return [str(stated)] if stated else []


def offered(evaluated: Evaluated) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """By region and instance type, the zones that must offer it."""
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for region, group in evaluated.of_type("aws:eks/nodeGroup:NodeGroup"):
        for subnet in evaluated.named(group, "subnetIds"):
            for name in instance_types(group):
                found[region][name].add(str(subnet.inputs.get("availabilityZone")))
    for region, instance in evaluated.of_type("aws:ec2/instance:Instance"):
        for subnet in evaluated.named(instance, "subnetId"):
            for name in _instance_type(evaluated, instance):
                found[region][name].add(str(subnet.inputs.get("availabilityZone")))
    return {region: {name: frozenset(zones) for name, zones in types.items()} for region, types in found.items()}


def _vcpu(name: str) -> float:
    known = catalog.instance_types().get(name)
    return float(known.vcpu) if known else float("nan")


def number(value: JSON) -> float:
    """A number of the graph; 0 where there is none."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


_Counted = Callable[[Evaluated], Amounts]
_BY_TYPE: Mapping[str, tuple[Quota, ...]] = MappingProxyType(
    {
        "aws:ec2/vpc:Vpc": (quotas.NETWORKS,),
        "aws:ec2/internetGateway:InternetGateway": (quotas.INTERNET_GATEWAYS,),
        "aws:ec2/eip:Eip": (quotas.ADDRESSES,),
        "aws:lb/loadBalancer:LoadBalancer": (quotas.LOAD_BALANCERS,),
        "aws:eks/cluster:Cluster": (quotas.CLUSTERS,),
        "aws:efs/fileSystem:FileSystem": (quotas.EFS,),
        "aws:rds/cluster:Cluster": (quotas.DATABASE_CLUSTERS,),
        "aws:rds/clusterInstance:ClusterInstance": (quotas.DATABASES,),
        "aws:rds/instance:Instance": (quotas.DATABASES,),
    }
)
