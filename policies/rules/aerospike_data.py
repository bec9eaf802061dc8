"""What becomes of Aerospike's records: volumes, image and licence, backups (AER-7 to AER-9)."""

import re
from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import AEROSPIKE, AEROSPIKE_BACKUP, AEROSPIKE_BACKUP_SERVICE, HELM_RELEASE, STORAGE_CLASS
from .utxo_stores import in_same_cluster, neighbours, stores
from .values import View

_PROVISIONER_CHART = "local-static-provisioner"
_LICENSED_IMAGE = re.compile(r"(?:^|/)aerospike-server-(?:enterprise|federal)[:@]")
_STORAGE = "spec.storage"
_KEPT_CLAIMS = "spec.persistentVolumeClaimRetentionPolicy"


@rule(
    "AER-7",
    title="On mainnet volumes outlive the store; disks that die with their node are named as such",
    reason="Deleting the store must not delete its records; a server must not wait for a disk that is gone.",
    source="AKO storage.go",
    remedy="Leave storage to the components of components/aerospike.",
    on=stores,
    guards_data=True,
)
def volumes_kept(graph: Graph, store: Resource) -> Iterator[Problem]:
    if store.type == AEROSPIKE:
        yield from _operated_volumes(graph, store)
        return
    for path in (f"{_KEPT_CLAIMS}.whenDeleted", f"{_KEPT_CLAIMS}.whenScaled"):
        if graph.strict and store.inputs.text(path, "Retain") != "Retain":
            yield Problem("volumes are deleted with the servers", path)
    claims = store.inputs.views("spec.volumeClaimTemplates")
    yield from _unknown_classes(graph, store, [(claim.path, claim.text("spec.storageClassName")) for claim in claims])


def _operated_volumes(graph: Graph, store: Resource) -> Iterator[Problem]:
    storage = store.inputs.view(_STORAGE)
    volumes = [volume for volume in storage.views("volumes") if volume.has("source.persistentVolume")]
    if graph.strict:
        policies = (storage.view("blockVolumePolicy"), storage.view("filesystemVolumePolicy"), *volumes)
        for policy in policies:
            if policy.flag("cascadeDelete"):
                yield Problem("volumes are deleted with the store", policy.path)
    named = storage.strings("localStorageClasses")
    if graph.strict:
        for event in ("deleteLocalStorageOnRestart", "deleteLocalStorageOnPodRecovery"):
            if storage.flag(event):
                yield Problem("a restart gives up the records of a server", f"{_STORAGE}.{event}")
    classes = [(volume.path, volume.text("source.persistentVolume.storageClass")) for volume in volumes]
    for path, name in classes:
        if name in _local_classes(graph, store) and name not in named:
            yield Problem(f"{name} is local, and not named as such", path)
    yield from _unknown_classes(graph, store, classes)


def _unknown_classes(graph: Graph, store: Resource, classes: list[tuple[str, str]]) -> Iterator[Problem]:
    known = {item.inputs.text("metadata.name") for item in in_same_cluster(graph, store, STORAGE_CLASS)}
    for path, name in classes:
        if name not in known | _local_classes(graph, store):
            yield Problem(f"no storage class of the cluster is named '{name}'", path)


def _local_classes(graph: Graph, store: Resource) -> set[str]:
    return {
        item.text("name")
        for release in in_same_cluster(graph, store, HELM_RELEASE)
        if release.inputs.text("chart").endswith(_PROVISIONER_CHART)
        for item in release.inputs.views("values.classes")
    }


@rule(
    "AER-8",
    title="Racks run the enterprise or federal edition, whose licence comes from a Secret",
    reason="The operator refuses the community edition, no cluster forms without licence. Its digest is IMG-1.",
    source="AKO webhook",
    remedy="Use the enterprise profile, and name the secret with the licence in utxoStore.featureKey.",
    on=(AEROSPIKE,),
)
def licensed(_graph: Graph, store: Resource) -> Iterator[Problem]:
    image = store.inputs.text("spec.image")
    if not _LICENSED_IMAGE.search(image):
        yield Problem(f"the image is {image}", "spec.image")
    path = "spec.aerospikeConfig.service.feature-key-file"
    file = store.inputs.text(path)
    folders = [
        f"{volume.text('aerospike.path')}/"
        for volume in store.inputs.views(f"{_STORAGE}.volumes")
        if volume.has("source.secret") and volume.has("aerospike.path")
    ]
    if not file.startswith(tuple(folders)):
        yield Problem(f"the licence '{file}' comes from no Secret", path)


@rule(
    "AER-9",
    title="Every namespace of Aerospike is copied to S3 by a schedule",
    reason="Local disks are no archive: what all copies lose, only a backup has. Its own copy is S3-4-COPY.",
    source="AKO v1beta1, AerospikeBackup",
    remedy="Use the enterprise profile of tier mainnet, which brings the schedule.",
    on=(AEROSPIKE,),
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def backed_up(graph: Graph, store: Resource) -> Iterator[Problem]:
    host = ".".join((store.inputs.text("metadata.name"), store.inputs.text("metadata.namespace"), ""))
    saved = {
        namespace
        for backup in neighbours(graph, store, AEROSPIKE_BACKUP)
        for namespace in _scheduled(graph, backup, host)
    }
    for namespace in store.inputs.views("spec.aerospikeConfig.namespaces"):
        if namespace.text("name") not in saved:
            yield Problem(f"nothing copies {namespace.text('name')} to S3 by a schedule", namespace.path)


def _scheduled(graph: Graph, backup: Resource, host: str) -> Iterator[str]:
    config = backup.inputs.view("spec.config")
    sources = {name for name, cluster in _named(config, "aerospike-cluster") if _reaches(cluster, host)}
    for _, routine in _named(config, "backup-routines"):
        if (
            routine.text("source-cluster") in sources
            and routine.has("interval-cron")
            and _to_s3(graph, backup, routine)
        ):
            yield from routine.strings("namespaces")


def _named(config: View, path: str) -> Iterator[tuple[str, View]]:
    section = config.view(path)
    for name in section.raw:
        yield name, section.view(name)


def _reaches(cluster: View, host: str) -> bool:
    return any(node.text("host-name").startswith(host) for node in cluster.views("seed-nodes"))


def _to_s3(graph: Graph, backup: Resource, routine: View) -> bool:
    service = backup.inputs.text("spec.backupService.name")
    return any(
        found.inputs.has(f"spec.config.storage.{routine.text('storage')}.s3-storage.bucket")
        for found in in_same_cluster(graph, backup, AEROSPIKE_BACKUP_SERVICE)
        if found.inputs.text("metadata.name") == service
    )


RULES: tuple[Rule, ...] = (volumes_kept, licensed, backed_up)
