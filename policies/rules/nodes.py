"""Node groups and their launch templates (NOD-1 to NOD-5, NOD-7, NOD-8)."""

import re
from collections.abc import Iterable, Iterator

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import CLUSTER, INSTANCE, LAUNCH_TEMPLATE, NODE_GROUP, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT
from .values import UndecidedError, View

_INSTANCE_FAMILY = re.compile(r"^(?P<letters>[a-z]+)(?P<generation>\d+)(?P<attributes>[a-z-]*)\.")
_NODE_POLICIES = frozenset(
    {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKSWorkerNodeMinimalPolicy",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    }
)
_MAX_MINOR_SKEW = 3
_FLOATING_VERSIONS = (None, "", "$Latest", "$Default")


def has_instance_store(instance_type: str) -> bool:
    """Whether the name of an instance type promises local disks: a storage family or the attribute ``d``.

    Source: AWS, "Amazon EC2 instance type naming conventions".
    """
    match = _INSTANCE_FAMILY.match(instance_type)
    if match is None:
        return False
    return match["letters"] in ("i", "im", "is", "d", "h") or "d" in match["attributes"]


def is_storage_group(group: Resource) -> bool:
    """Whether a node group exists for its local disks: it is tainted, and all its instance types have them."""
    types = group.inputs.strings("instanceTypes")
    return group.inputs.has("taints") and bool(types) and all(map(has_instance_store, types))


def storage_groups(graph: Graph) -> Iterable[Resource]:
    """Node groups that are storage groups, or may be: the check of an unreadable one then says so."""
    for group in graph.of_type(NODE_GROUP):
        try:
            if is_storage_group(group):
                yield group
        except UndecidedError:
            yield group


def _template_of(graph: Graph, user: Resource) -> Resource | None:
    for path in ("launchTemplate.id", "launchTemplate.name"):
        if user.inputs.has(path):
            return next(iter(graph.follow(user, path, LAUNCH_TEMPLATE)), None)
    return None


@rule(
    "NOD-1",
    title="Nodes demand IMDSv2 with hop limit 1",
    reason="Otherwise every pod can read the node's credentials.",
    source="EC2.8, BPG security/iam",
    remedy="Set http_tokens=required and http_put_response_hop_limit=1 in the launch template; name its version.",
    on=(NODE_GROUP, INSTANCE),
)
def metadata_guarded(graph: Graph, resource: Resource) -> Iterator[Problem]:
    target = resource
    if resource.type == NODE_GROUP or not resource.inputs.has("metadataOptions"):
        template = _template_of(graph, resource)
        if template is None:
            yield Problem("there is no launch template of this stack", "launchTemplate")
            return
        if _floats(resource.inputs):
            yield Problem("the launch template's version floats or is missing", "launchTemplate.version")
        target = template
    options = target.inputs.view("metadataOptions")
    if options.text("httpTokens") != "required":
        yield Problem(f"httpTokens is '{options.text('httpTokens')}'", "metadataOptions.httpTokens", target.urn)
    if options.number("httpPutResponseHopLimit") != 1:
        found = options.number("httpPutResponseHopLimit")
        yield Problem(f"hop limit is {found:g}, expected 1", "metadataOptions.httpPutResponseHopLimit", target.urn)


def _floats(user: View) -> bool:
    # A version that only the update knows is the template's own output, so it names one version.
    return user.view("launchTemplate").raw.get("version") in _FLOATING_VERSIONS


@rule(
    "NOD-2",
    title="Volumes of nodes are encrypted with a customer-managed key",
    reason="Data at rest.",
    source="EC2.3",
    remedy="Set encrypted and kms_key_id on every block device mapping.",
    on=(LAUNCH_TEMPLATE,),
    guards_data=True,
)
def volumes_encrypted(_graph: Graph, template: Resource) -> Iterator[Problem]:
    devices = template.inputs.views("blockDeviceMappings")
    if not devices:
        yield Problem("the template leaves the root volume to the image", "blockDeviceMappings")
    for device in devices:
        if not device.flag("ebs.encrypted"):
            yield Problem("the volume is not encrypted", f"{device.path}.ebs.encrypted")
        if not device.has("ebs.kmsKeyId"):
            yield Problem("the volume has no customer-managed key", f"{device.path}.ebs.kmsKeyId")


@rule(
    "NOD-3",
    title="A node group for stateful sets sits in one zone",
    reason="EBS volumes, local disks and racks are bound to a zone; the autoscaler cannot aim at one within a group.",
    source="BPG reliability/dataplane",
    remedy="Make one node group per zone.",
    on=storage_groups,
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def one_zone(_graph: Graph, group: Resource) -> Iterator[Problem]:
    subnets = group.inputs.get("subnetIds")
    count = len(subnets) if is_storage_group(group) and isinstance(subnets, list | tuple) else 0
    if count != 1:
        yield Problem(f"the group spans {count} subnets, expected one", "subnetIds")


@rule(
    "NOD-4",
    title="A node group that is labelled for local disks has them",
    reason="Creation or the first pod fails late otherwise.",
    source="AWS EC2 instance type naming; whether a zone offers the type is checked with the settings",
    remedy="Choose a type with instance store (families i, im, is, d, or the attribute d).",
    on=(NODE_GROUP,),
)
def disks_as_labelled(_graph: Graph, group: Resource) -> Iterator[Problem]:
    labels = group.inputs.view("labels").raw
    if not any("nvme" in f"{key}={value}".lower() or "storage" in key.lower() for key, value in labels.items()):
        return
    for instance_type in group.inputs.strings("instanceTypes"):
        if not has_instance_store(instance_type):
            yield Problem(f"{instance_type} has no instance store", "instanceTypes")


@rule(
    "NOD-5",
    title="Storage groups are fixed, tainted, labelled, on demand, and rotate one node at a time",
    reason="Losing a node loses its local data.",
    source="AKO node maintenance",
    remedy="Set min = max = desired size, taints, labels, max_unavailable=1, ON_DEMAND; do not ignore desiredSize.",
    on=storage_groups,
    guards_data=True,
)
def storage_group_fixed(_graph: Graph, group: Resource) -> Iterator[Problem]:
    inputs = group.inputs
    sizes = {inputs.number(f"scalingConfig.{key}", -1) for key in ("minSize", "maxSize", "desiredSize")}
    if len(sizes) != 1 or sizes == {-1}:
        yield Problem(f"sizes differ: {sorted(sizes)}", "scalingConfig")
    if any(path.startswith("scalingConfig") for path in group.ignore_changes):
        yield Problem("the size of a fixed pool is ignored", "scalingConfig.desiredSize")
    if not inputs.has("labels"):
        yield Problem("the group has no labels", "labels")
    if inputs.number("updateConfig.maxUnavailable") != 1:
        yield Problem("more than one node may be unavailable", "updateConfig.maxUnavailable")
    if inputs.flag("forceUpdateVersion"):
        yield Problem("an update may evict pods by force", "forceUpdateVersion")
    if inputs.text("capacityType", "ON_DEMAND") != "ON_DEMAND":
        yield Problem(f"capacity is {inputs.text('capacityType')}", "capacityType")


@rule(
    "R11-IMAGE",
    title="Nodes with local disks get another image by another pool only",
    reason="EKS drains such a node, waits, and deletes what is left on it: its disks go with what they hold.",
    source="AKO node maintenance; controls R11",
    remedy="Ignore changes of version, release and template of the group; use docs/runbooks/replace-nvme-pool.md.",
    on=storage_groups,
    guards_data=True,
)
def storage_image_stays(_graph: Graph, group: Resource) -> Iterator[Problem]:
    if not is_storage_group(group):
        return
    for path in sorted({"version", "releaseVersion", "launchTemplate.version"} - set(group.ignore_changes)):
        yield Problem("a change of this input replaces the nodes", path)


@rule(
    "NOD-7",
    title="The node role may join the cluster and pull images, nothing else",
    reason="Every pod on the node could inherit it; the CNI has a role of its own.",
    source="BPG security/iam, CIS 5.1.3",
    remedy="Attach further policies to the role of the pod that needs them.",
    on=(NODE_GROUP,),
)
def node_role_minimal(graph: Graph, group: Resource) -> Iterator[Problem]:
    roles = graph.follow(group, "nodeRoleArn", ROLE)
    if not roles:
        yield Problem("the node role is not of this stack", "nodeRoleArn")
    for role in roles:
        for attachment in graph.referrers(role, "role", ROLE_POLICY_ATTACHMENT):
            policy = attachment.inputs.text("policyArn").rsplit("/", 1)[-1]
            if policy not in _NODE_POLICIES:
                yield Problem(f"the node role carries {policy}", "policyArn", attachment.urn)
        for inline in graph.referrers(role, "role", ROLE_POLICY):
            yield Problem("the node role carries an inline policy", "policy", inline.urn)


@rule(
    "NOD-8",
    title="Nodes run a pinned AL2023 or Bottlerocket release of a supported version",
    reason="Reproducible nodes, and a kubelet that the control plane accepts.",
    source="BPG upgrades; Kubernetes version skew policy",
    remedy="Set ami_type, release_version and version from infra/versions.py.",
    on=(NODE_GROUP,),
)
def image_pinned(graph: Graph, group: Resource) -> Iterator[Problem]:
    inputs = group.inputs
    image = inputs.text("amiType")
    if not image.startswith(("AL2023_", "BOTTLEROCKET_")):
        yield Problem(f"image type is '{image}'", "amiType")
    if not inputs.text("releaseVersion"):
        yield Problem("the image release is not pinned", "releaseVersion")
    for cluster in graph.follow(group, "clusterName", CLUSTER):
        control, node = cluster.inputs.text("version"), inputs.text("version")
        skew = minor(control) - minor(node) if control and node else None
        if skew is None or not 0 <= skew <= _MAX_MINOR_SKEW:
            yield Problem(f"nodes are at '{node}', the control plane at '{control}'", "version")


def minor(version: str) -> int:
    """The minor number of a Kubernetes version such as ``1.36``, -1 where it has none."""
    parts = version.split(".")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else -1


RULES: tuple[Rule, ...] = (
    metadata_guarded,
    volumes_encrypted,
    one_zone,
    disks_as_labelled,
    storage_group_fixed,
    storage_image_stays,
    node_role_minimal,
    image_pinned,
)
