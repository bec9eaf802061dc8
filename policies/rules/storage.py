"""Volumes and storage classes (FS-3)."""

from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import CLUSTER, EBS_ENCRYPTION, STORAGE_CLASS

_EBS_DRIVER = "ebs.csi.aws.com"
_DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"


@rule(
    "FS-3",
    title="Storage classes encrypt, wait for the pod's zone, grow, and on mainnet keep the volume",
    reason="A volume belongs in the pod's zone, and data outlives the claim.",
    source="EC2.7, BPG storage",
    remedy="Use the storage classes of the EksCluster component.",
    on=(STORAGE_CLASS,),
    guards_data=True,
)
def storage_class_safe(graph: Graph, item: Resource) -> Iterator[Problem]:
    inputs = item.inputs
    if inputs.text("volumeBindingMode") != "WaitForFirstConsumer":
        yield Problem("volumes are made before the pod's zone is known", "volumeBindingMode")
    if graph.strict and inputs.text("reclaimPolicy") != "Retain":
        yield Problem("the volume is deleted with its claim", "reclaimPolicy")
    if inputs.text("provisioner") != _EBS_DRIVER:
        return
    if not inputs.flag("parameters.encrypted"):
        yield Problem("volumes are not encrypted", "parameters.encrypted")
    if not inputs.has("parameters.kmsKeyId"):
        yield Problem("volumes have no customer-managed key", "parameters.kmsKeyId")
    if not inputs.flag("allowVolumeExpansion"):
        yield Problem("volumes cannot grow", "allowVolumeExpansion")


@rule(
    "FS-3-REGION",
    title="EBS encrypts by default in each region with a cluster, which has one default storage class",
    reason="What asks for no encryption still gets it.",
    source="EC2.7",
    remedy="Add aws.ebs.EncryptionByDefault to the region; mark one class as default.",
    on=(CLUSTER,),
    guards_data=True,
)
def region_encrypts(graph: Graph, cluster: Resource) -> Iterator[Problem]:
    region = graph.region_of(cluster)
    switches = [item for item in graph.of_type(EBS_ENCRYPTION) if graph.region_of(item) == region]
    if not any(switch.inputs.flag("enabled", default=True) for switch in switches):
        yield Problem(f"EBS encryption by default is not set in {region}")
    defaults = [
        item for item in graph.of_type(STORAGE_CLASS) if cluster.urn in graph.closure(item) and _is_default(item)
    ]
    if len(defaults) != 1:
        yield Problem(f"{len(defaults)} storage classes are the default, expected one")


def _is_default(item: Resource) -> bool:
    return item.inputs.view("metadata.annotations").raw.get(_DEFAULT_CLASS) == "true"


RULES: tuple[Rule, ...] = (storage_class_safe, region_encrypts)
