"""The shared files of a region, in both profiles."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.files import (
    FilesArgs,
    FilesProfile,
    LustreSize,
    SharedFiles,
    SharedFilesRef,
    SharedVolume,
    SharedVolumeArgs,
    VolumeRef,
)
from components.network import NetworkRef
from components.protection import Protection
from simulator import Simulation
from simulator.compare import Action, compare
from simulator.record import RecordedResource
from simulator.schedule import schedule
from simulator.values import JSON
from tests.support.builders import LOCKED, UNLOCKED, built_region, in_region, placement, region_args
from tests.support.stacks import at

EFS, LUSTRE = FilesProfile.EFS, FilesProfile.LUSTRE
LUSTRE_TOKEN, EFS_TOKEN = "aws:fsx/lustreFileSystem:LustreFileSystem", "aws:efs/fileSystem:FileSystem"
MOUNT_TARGET = "aws:efs/mountTarget:MountTarget"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
LOG_KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
NODES = "sg-0aaaaaaaaaaaaaaaa"
ZONES = ("eu-west-1b", "eu-west-1c")
SMALL = LustreSize(capacity_gib=1_200, throughput_mbps_per_tib=250)


def network(zones: tuple[str, ...] = ZONES) -> NetworkRef:
    return NetworkRef(
        vpc_id=pulumi.Output.from_input("vpc-0aaaaaaaaaaaaaaaa"),
        cidr_block="10.16.0.0/16",
        private_subnet_ids={},
        data_subnet_ids={zone: pulumi.Output.from_input(f"subnet-{zone}") for zone in zones},
        public_subnet_ids={},
        peered_route_table_ids={},
        egress=(),
    )


def args(profile: FilesProfile = LUSTRE, zones: tuple[str, ...] = ZONES, **changes: object) -> FilesArgs:
    plain = FilesArgs(
        placement=placement(),
        network=network(zones),
        client_security_group_id=NODES,
        profile=profile,
        lustre=SMALL if profile is LUSTRE else None,
        per_miner=False,
        backup_retention_days=14,
        backup_time="03:00",
        maintenance_time="4:05:00",
        log_retention_days=365,
        log_key_arn=LOG_KEY,
        protection=LOCKED,
    )
    return replace(plain, **changes)


def built(profile: FilesProfile = LUSTRE, zones: tuple[str, ...] = ZONES, **changes: object) -> Simulation:
    return in_region(lambda opts: SharedFiles("files", args(profile, zones, **changes), opts))


@cache
def plain(profile: FilesProfile) -> Simulation:
    return built(profile)


def reference(profile: FilesProfile, zones: tuple[str, ...] = ZONES, **changes: object) -> SharedFilesRef:
    made: list[SharedFiles] = []
    in_region(lambda opts: made.append(SharedFiles("files", args(profile, zones, **changes), opts)))
    return made[0].ref


def file_system(simulation: Simulation) -> RecordedResource:
    [found] = [*simulation.of_type(LUSTRE_TOKEN), *simulation.of_type(EFS_TOKEN)]
    return found


def ways(simulation: Simulation) -> set[tuple[str, str, int, int]]:
    """Source group, target group and ports of every way that both of its ends let through."""
    groups = {simulation.of_type("aws:ec2/securityGroup:SecurityGroup")[0].id: "files", NODES: "nodes"}

    def ends(token: str, source: str, target: str) -> set[tuple[str, str, int, int]]:
        return {
            (
                groups[str(rule.inputs[source])],
                groups[str(rule.inputs[target])],
                int(str(rule.inputs["fromPort"])),
                int(str(rule.inputs["toPort"])),
            )
            for rule in simulation.of_type(token)
        }

    out = ends(EGRESS, "securityGroupId", "referencedSecurityGroupId")
    assert out == ends(INGRESS, "referencedSecurityGroupId", "securityGroupId")
    return out


def test_lustres_servers_reach_each_other_and_the_nodes_and_nobody_else_does() -> None:
    both = {("files", "files"), ("files", "nodes"), ("nodes", "files")}

    assert ways(plain(LUSTRE)) == {(*pair, *ports) for pair in both for ports in ((988, 988), (1018, 1023))}


def test_efs_is_reached_by_nodes_and_calls_nobody() -> None:
    assert ways(plain(EFS)) == {("nodes", "files", 2049, 2049)}


def test_a_lustre_file_system_waits_for_its_security_group_rules() -> None:
    rules = {rule.urn for token in (INGRESS, EGRESS) for rule in plain(LUSTRE).of_type(token)}

    assert len(rules) == 12
    assert rules <= set(file_system(plain(LUSTRE)).dependencies)


@pytest.mark.parametrize("profile", FilesProfile)
def test_files_are_encrypted_with_a_key_of_their_own(profile: FilesProfile) -> None:
    [key] = plain(profile).of_type("aws:kms/key:Key")

    assert key.inputs["tags"] == {"Name": "testing-files", "data-class": "files"}
    assert file_system(plain(profile)).inputs["kmsKeyId"] == key.outputs["arn"]


def test_lustre_is_persistent_compressed_and_as_large_as_asked() -> None:
    inputs = file_system(plain(LUSTRE)).inputs

    assert (inputs["deploymentType"], inputs["storageType"]) == ("PERSISTENT_2", "SSD")
    assert (inputs["storageCapacity"], inputs["perUnitStorageThroughput"]) == (1_200, 250)
    assert (inputs["fileSystemTypeVersion"], inputs["dataCompressionType"]) == ("2.15", "LZ4")
    assert file_system(plain(LUSTRE)).custom_timeouts.create == "30m"


def test_lustre_logs_to_a_group_that_fsx_may_write_to_with_key_and_expiry() -> None:
    [group] = plain(LUSTRE).of_type("aws:cloudwatch/logGroup:LogGroup")

    assert str(group.inputs["name"]).startswith("/aws/fsx/")
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (LOG_KEY, 365)
    assert at(file_system(plain(LUSTRE)).inputs, "logConfiguration.destination") == group.outputs["arn"]


@pytest.mark.parametrize("profile", FilesProfile)
@pytest.mark.parametrize(("protection", "locked"), [(LOCKED, True), (UNLOCKED, False)])
def test_file_systems_are_locked_where_the_environment_says_so(
    profile: FilesProfile, protection: Protection, *, locked: bool
) -> None:
    found = file_system(built(profile, protection=protection))

    assert (found.protect, found.retain_on_delete) == (locked, locked)
    if profile is LUSTRE:
        assert found.inputs["skipFinalBackup"] is not locked
        assert ("finalBackupTags" in found.inputs) is locked


@pytest.mark.parametrize(("days", "status"), [(14, "ENABLED"), (0, "DISABLED")])
def test_backups_follow_the_tier(days: int, status: str) -> None:
    lustre = file_system(built(LUSTRE, backup_retention_days=days)).inputs
    [policy] = built(EFS, backup_retention_days=days).of_type("aws:efs/backupPolicy:BackupPolicy")

    assert lustre["automaticBackupRetentionDays"] == days
    assert ("dailyAutomaticBackupStartTime" in lustre) is (days > 0)
    assert at(policy.inputs, "backupPolicy.status") == status


def test_efs_has_one_mount_target_in_each_zone() -> None:
    targets = plain(EFS).of_type(MOUNT_TARGET)

    assert {str(target.inputs["subnetId"]) for target in targets} == {f"subnet-{zone}" for zone in ZONES}


def test_efs_refuses_clients_without_tls_mounts_of_the_root_and_root_itself() -> None:
    [policy] = plain(EFS).of_type("aws:efs/fileSystemPolicy:FileSystemPolicy")
    statements = {one["Sid"]: one for one in json.loads(str(policy.inputs["policy"]))["Statement"]}
    allowed = [one for one in statements.values() if one["Effect"] == "Allow"]

    assert [one["Action"] for one in allowed] == [["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]]
    assert allowed[0]["Condition"] == {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
    assert statements["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statements["AccessPointsOnly"]["Condition"] == {"Null": {"elasticfilesystem:AccessPointArn": "true"}}


@pytest.mark.parametrize(("profile", "changed"), [(LUSTRE, set[str]()), (EFS, {"files-efs-mount-target-eu-west-1a"})])
def test_a_zone_that_joins_the_region_moves_no_files(profile: FilesProfile, changed: set[str]) -> None:
    result = compare(built(profile).deployment, built(profile, ("eu-west-1a", *ZONES)).deployment)

    assert {change.name for change in result.changed} == changed
    assert not result.of(Action.REPLACE)


def test_lustre_grows_in_place_and_shrinks_into_a_new_file_system() -> None:
    larger = LustreSize(capacity_gib=4_800, throughput_mbps_per_tib=500)
    grown, shrunk = built(lustre=larger).deployment, built().deployment

    assert not compare(shrunk, grown).of(Action.REPLACE)
    assert {change.name for change in compare(shrunk, grown).of(Action.UPDATE)} == {"files-lustre-file-system"}
    [change] = compare(grown, shrunk).of(Action.REPLACE)
    assert [forced.path for forced in change.forced_by] == ["storageCapacity"]


def test_a_shared_lustre_says_how_and_where_it_is_mounted() -> None:
    seen: list[object] = []
    source = reference(LUSTRE).shared
    assert source is not None
    assert source.zone is not None

    def program(opts: pulumi.ResourceOptions) -> None:
        made = SharedFiles("files", args(), opts).ref.shared
        assert made is not None
        assert made.zone is not None
        pulumi.Output.all(made.zone, made.handle, made.attributes["dnsname"]).apply(seen.append)

    in_region(program)
    zone, handle, host = seen[0]  # type: ignore[misc]

    assert (source.driver, source.mount_options, source.capacity_gib) == ("fsx.csi.aws.com", ("flock",), 1_200)
    assert zone == "eu-west-1b"
    assert str(host).startswith(f"{handle}.fsx.eu-west-1.")


def test_exactly_one_way_to_a_volume_is_given() -> None:
    per_miner, shared, efs = (
        reference(LUSTRE, per_miner=True),
        reference(LUSTRE),
        reference(EFS),
    )

    assert [(one.lustre is None, one.shared is None, one.efs_id is None) for one in (per_miner, shared, efs)] == [
        (False, True, True),
        (True, False, True),
        (True, True, False),
    ]
    assert built(LUSTRE, per_miner=True).of_type(LUSTRE_TOKEN) == []
    assert len(efs.efs_ready) == 2 + 1 + 2


@pytest.mark.parametrize("profile", FilesProfile)
def test_files_are_made_beside_the_control_plane(profile: FilesProfile) -> None:
    choice = replace(region_args().files, profile=profile, lustre=SMALL if profile is LUSTRE else None)
    simulation = built_region(files=choice)
    [control_plane] = simulation.of_type("aws:eks/cluster:Cluster")
    drivers = {str(addon.inputs["addonName"]) for addon in simulation.of_type("aws:eks/addon:Addon")}
    other = replace(region_args().files, profile=EFS, lustre=None)

    assert control_plane.urn not in file_system(simulation).dependencies
    assert ("aws-fsx-csi-driver" in drivers, "aws-efs-csi-driver" in drivers) == (profile is LUSTRE, profile is EFS)
    assert schedule(simulation.deployment).total_s == schedule(built_region(files=other).deployment).total_s


@pytest.mark.parametrize(
    ("capacity", "throughput", "words"), [(3_600, 250, "multiple of 2400"), (0, 250, "0 GiB"), (1_200, 200, "one of")]
)
def test_a_size_that_fsx_does_not_sell_is_refused(capacity: int, throughput: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        LustreSize(capacity_gib=capacity, throughput_mbps_per_tib=throughput)


def test_lustre_needs_a_size_and_both_need_a_subnet() -> None:
    def refused(_: pulumi.ResourceOptions) -> None:
        with pytest.raises(ValueError, match="needs a size"):
            args(lustre=None)
        with pytest.raises(ValueError, match="a data subnet"):
            args(zones=())

    in_region(refused)


VOLUME = "kubernetes:core/v1:PersistentVolume"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
WAYS = [(LUSTRE, True), (LUSTRE, False), (EFS, False)]


def mounted(
    profile: FilesProfile,
    *,
    per_miner: bool = False,
    protection: Protection = LOCKED,
    miners: tuple[str, ...] = ("m1",),
) -> tuple[Simulation, list[VolumeRef]]:
    """The region's files and a volume for each miner, evaluated."""
    made: list[VolumeRef] = []

    def program(opts: pulumi.ResourceOptions) -> None:
        files = SharedFiles("files", args(profile, per_miner=per_miner, protection=protection), opts).ref
        provider = kubernetes.Provider("kubernetes", kubeconfig="{}")
        for miner in miners:
            own = SharedVolumeArgs(
                placement=placement(), miner=miner, files=files, provider=provider, protection=protection
            )
            made.append(SharedVolume(f"{miner}-files", own, opts).ref)

    return in_region(program), made


def volumes(simulation: Simulation) -> list[Mapping[str, JSON]]:
    specs = [volume.inputs["spec"] for volume in simulation.of_type(VOLUME)]
    return [spec for spec in specs if isinstance(spec, dict)]


@pytest.mark.parametrize(("profile", "per_miner"), WAYS)
def test_a_volume_admits_the_operators_claim_alone_and_outlives_it(profile: FilesProfile, *, per_miner: bool) -> None:
    simulation, [ref] = mounted(profile, per_miner=per_miner)
    [spec] = volumes(simulation)

    assert spec["claimRef"] == {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "namespace": "m1",
        "name": "cluster-storage",
    }
    assert (spec["accessModes"], spec["storageClassName"]) == (["ReadWriteMany"], "")
    assert spec["persistentVolumeReclaimPolicy"] == "Retain"
    assert spec["capacity"] == {"storage": f"{ref.capacity_gib}Gi"}


@pytest.mark.parametrize(("profile", "per_miner"), WAYS)
@pytest.mark.parametrize(("protection", "locked"), [(LOCKED, True), (UNLOCKED, False)])
def test_a_volume_is_locked_where_the_environment_says_so(
    profile: FilesProfile, protection: Protection, *, per_miner: bool, locked: bool
) -> None:
    simulation, _ = mounted(profile, per_miner=per_miner, protection=protection)
    held = [*simulation.of_type(VOLUME), *simulation.of_type(ACCESS_POINT), *simulation.of_type(LUSTRE_TOKEN)]

    assert {(one.protect, one.retain_on_delete) for one in held} == {(locked, locked)}


def test_lustre_is_mounted_with_locks_that_hold_across_nodes() -> None:
    simulation, [ref] = mounted(LUSTRE, per_miner=True)
    [spec] = volumes(simulation)
    [own] = simulation.of_type(LUSTRE_TOKEN)

    assert spec["mountOptions"] == ["flock"]
    assert spec["csi"] == {
        "driver": "fsx.csi.aws.com",
        "volumeHandle": own.id,
        "volumeAttributes": {"dnsname": own.outputs["dnsName"], "mountname": own.outputs["mountName"]},
    }
    assert ref.directory == ""


def test_on_efs_a_miner_sees_its_directory_only_and_is_nobodys_root() -> None:
    simulation, refs = mounted(EFS, miners=("m1", "m2"))
    points = simulation.of_type(ACCESS_POINT)
    [efs] = simulation.of_type(EFS_TOKEN)

    assert [at(point.inputs, "rootDirectory.path") for point in points] == ["/m1", "/m2"]
    assert {str(at(point.inputs, "posixUser.uid")) for point in points} == {"1000"}
    assert {str(at(point.inputs, "rootDirectory.creationInfo.permissions")) for point in points} == {"0700"}
    assert [at(spec, "csi.volumeHandle") for spec in volumes(simulation)] == [
        f"{efs.id}::{point.id}" for point in points
    ]
    assert [at(spec, "csi.volumeAttributes.encryptInTransit") for spec in volumes(simulation)] == ["true", "true"]
    assert [at(spec, "mountOptions.1") for spec in volumes(simulation)] == ["lookupcache=positive"] * 2
    assert [ref.directory for ref in refs] == ["", ""]


def test_miners_that_share_lustre_are_parted_by_directory_and_their_volumes_by_handle() -> None:
    simulation, refs = mounted(LUSTRE, miners=("m1", "m2"))
    handles = {str(at(spec, "csi.volumeHandle")) for spec in volumes(simulation)}

    assert len(simulation.of_type(LUSTRE_TOKEN)) == 1
    assert len(handles) == 2
    assert [ref.directory for ref in refs] == ["m1", "m2"]


@pytest.mark.parametrize(("profile", "per_miner"), WAYS)
def test_another_miner_changes_nothing_of_the_first(profile: FilesProfile, *, per_miner: bool) -> None:
    one, _ = mounted(profile, per_miner=per_miner)
    two, _ = mounted(profile, per_miner=per_miner, miners=("m1", "m2"))
    result = compare(one.deployment, two.deployment)

    assert {change.action for change in result.changed} == {Action.CREATE}
    assert all("m2" in change.name for change in result.changed)


def test_files_without_a_way_to_a_volume_are_refused() -> None:
    def program(opts: pulumi.ResourceOptions) -> None:
        own = SharedVolumeArgs(
            placement=placement(),
            miner="m1",
            files=SharedFilesRef(),
            provider=kubernetes.Provider("kubernetes", kubeconfig="{}"),
            protection=LOCKED,
        )
        with pytest.raises(ValueError, match="no way to a volume"):
            SharedVolume("m1-files", own, opts)

    in_region(program)
