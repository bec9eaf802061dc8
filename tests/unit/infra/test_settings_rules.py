"""What must hold across keys, regions, miners and stacks."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from components.pod_density import MAX_PODS, PREFIXES_PER_NODE
from infra import catalog
from infra.settings import SettingsError, Sibling, parse
from tests.support.stack_settings import MINIMAL, REMOVED, accepted, as_config, changed, faults_of, stack_file


def _paths(document: dict[str, Any], stack: str = "dev", siblings: tuple[Sibling, ...] = ()) -> list[str]:
    return [fault.path.removeprefix("teranode-infra:") for fault in faults_of(document, stack, siblings)]


def _mainnet(path: str, value: object) -> str:
    return "\n".join(map(str, faults_of(changed(stack_file("mainnet"), path, value), "mainnet")))


def test_a_ten_line_stack_file_with_one_region_and_one_miner_is_enough() -> None:
    environment = accepted(MINIMAL, "dev")
    assert len(MINIMAL) <= 10
    assert environment.regions["eu-west-1"].zones == ("eu-west-1a", "eu-west-1b")
    assert environment.kubernetes.endpoint_access == "restricted"


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
def test_the_stack_files_of_the_project_are_accepted(stack: str) -> None:
    other = "mainnet" if stack == "testing" else "testing"
    document, beside = stack_file(stack), stack_file(other)
    networks = {name: region["cidr"] for name, region in beside["regions"].items()}
    sibling = Sibling(other, beside["account"], beside["tier"], networks)
    assert accepted(document, stack, (sibling,)).name == stack


def test_all_faults_are_reported_at_once_and_sorted() -> None:
    document = changed(MINIMAL, "account", "1")
    document = changed(document, "regions/eu-west-1/cidr", "10.0.0.1/16")
    document = changed(document, "regions/eu-west-1/zones", ["eu-west-1a"])
    document = changed(document, "miners/miner-1/region", "nowhere")
    document = changed(document, "nodes/general/instanceTypes", ["m7g.lrage"])
    paths = _paths(document)
    assert paths == sorted(paths)
    assert set(paths) == {
        "account",
        "regions.eu-west-1.cidr",
        "regions.eu-west-1.zones",
        "miners.miner-1.region",
        "nodes.general.instanceTypes",
    }


def test_the_message_names_the_file_and_never_holds_a_traceback() -> None:
    with pytest.raises(SettingsError) as caught:
        accepted(changed(MINIMAL, "tier", "prod"), "dev")
    message = str(caught.value)
    assert message.startswith("Pulumi.dev.yaml: 1 fault, nothing was registered.")
    assert 'Pulumi.dev.yaml: teranode-infra:tier = "prod"' in message
    assert "Traceback" not in message


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dbPassword", "hunter2-secret"),
        ("regions/eu-west-1/walletKey", "hunter2-secret"),
        ("miners/miner-1", {"region": "eu-west-1", "privateKey": "hunter2-secret"}),
        ("miners/api-token", "hunter2-secret"),
        ("unheardOf", "hunter2-secret"),
        ("owner", "AKIAIOSFODNN7EXAMPLE"),
        ("owner", "c879bfab19bb1d1cbe26ff5ac1bb80ef6a6f2c1b8f6cbd6f9d0a3b6a0f2d1c3e"),
        ("release", "https://ci:hunter2-secret@registry.example.org/teranode"),
        ("access/apiCidrs", [{"password": "hunter2-secret"}]),
    ],
)
def test_what_is_or_looks_like_a_secret_is_never_echoed(path: str, value: object) -> None:
    text = "\n".join(map(str, faults_of(changed(MINIMAL, path, value))))
    assert text
    for secret in ("hunter2", "AKIAIOSFODNN7EXAMPLE", "c879bfab19bb1d1cbe"):
        assert secret not in text


def test_an_encrypted_value_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        parse(as_config(MINIMAL), stack="dev", secret_keys=frozenset({"teranode-infra:account"}))
    assert [fault.path for fault in caught.value.faults] == ["teranode-infra:account"]
    assert MINIMAL["account"] not in str(caught.value)


@pytest.mark.parametrize("value", [None, "true", "[]", '["aws"]', "*"])
def test_default_providers_must_be_disabled(value: str | None) -> None:
    config = as_config(MINIMAL)
    del config["pulumi:disable-default-providers"]
    if value is not None:
        config["pulumi:disable-default-providers"] = value
    with pytest.raises(SettingsError, match='write pulumi:disable-default-providers: \\["\\*"\\]'):
        parse(config, stack="dev")


def test_settings_of_default_providers_and_of_misspelt_namespaces_are_refused() -> None:
    config = as_config(MINIMAL) | {"aws:region": "eu-west-1", "teranode-infar:home": "eu-west-1"}
    with pytest.raises(SettingsError) as caught:
        parse(config, stack="dev")
    assert [fault.path for fault in caught.value.faults] == ["aws:region", "teranode-infar:home"]
    assert "did you mean teranode-infra?" in str(caught.value)


def test_a_stack_without_settings_is_probably_misspelt() -> None:
    with pytest.raises(SettingsError, match="did you mean mainnet\\?"):
        parse({}, stack="mainet", siblings=(Sibling("mainnet"), Sibling("testing")))


@pytest.mark.parametrize("stack", ["Testing", "my_stack", "-dev", "s" * 25])
def test_a_stack_name_must_fit_into_the_names_made_from_it(stack: str) -> None:
    assert "stack name" in _paths(dict(MINIMAL), stack)


def test_networks_of_two_regions_must_not_overlap() -> None:
    document = changed(MINIMAL, "regions/us-east-1", {"cidr": "10.40.0.0/16"})
    text = "\n".join(map(str, faults_of(document)))
    assert "regions.us-east-1.cidr" in text
    assert "regions.eu-west-1.cidr 10.40.0.0/16" in text
    assert "10.0.0.0/16" in text, "a free block is offered"


def test_networks_must_not_overlap_with_those_of_another_stack() -> None:
    sibling = Sibling("mainnet", "444455556666", "mainnet", {"eu-west-2": "10.40.0.0/14"})
    (fault,) = faults_of(MINIMAL, siblings=(sibling,))
    assert "Pulumi.mainnet.yaml teranode-infra:regions.eu-west-2.cidr 10.40.0.0/14" in fault.rule


def test_a_stack_file_that_cannot_be_read_is_a_fault_of_its_own() -> None:
    assert _paths(dict(MINIMAL), siblings=(Sibling("mainnet", problem="mapping values are not allowed here"),)) == [
        "Pulumi.mainnet.yaml"
    ]


def test_mainnet_has_an_account_of_its_own() -> None:
    sibling = Sibling("testing", "444455556666", "testing")
    assert _paths(stack_file("mainnet"), "mainnet", (sibling,)) == ["account"]
    assert _paths(dict(MINIMAL), siblings=(Sibling("other", "111122223333", "testing"),)) == []


@pytest.mark.parametrize(
    ("stack", "path", "value", "key"),
    [
        ("mainnet", "tier", "testing", "tier"),
        ("mainnet", "chain", "testnet", "chain"),
        ("testing", "tier", "mainnet", "tier"),
        ("testing", "chain", "mainnet", "tier"),
    ],
)
def test_a_well_known_stack_is_what_its_name_says(stack: str, path: str, value: str, key: str) -> None:
    assert key in _paths(changed(stack_file(stack), path, value), stack)


def test_the_mainnet_chain_needs_the_mainnet_tier_under_any_stack_name() -> None:
    assert _paths(changed(MINIMAL, "chain", "mainnet")) == ["tier"]


def test_the_testing_stack_has_three_miners_or_more_in_at_least_two_regions() -> None:
    testing = stack_file("testing")
    assert _paths(changed(testing, "miners/miner-3", REMOVED), "testing") == ["miners"]
    assert _paths(changed(testing, "miners/miner-4", {"region": "eu-west-1"}), "testing") == []
    in_one_region = changed(testing, "miners", {f"miner-{n}": {"region": "eu-west-1"} for n in range(3)})
    assert _paths(in_one_region, "testing") == ["miners"]
    assert _paths(in_one_region, "dev") == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("regions/eu-west-1/nat", "single", "perZone on the tier mainnet"),
        ("regions/eu-west-1/interfaceEndpoints", "none", "standard on the tier mainnet"),
        ("regions/eu-west-1/zones", ["eu-west-1a", "eu-west-1b"], "at least 3 zones"),
        ("kubernetes/endpointAccess", "restricted", "private on the tier mainnet"),
        ("logRetentionDays", "180", "write 365"),
        ("nodes/general/capacity", "spot", "onDemand on the tier mainnet"),
        ("nodes/storage/aerospike", {"instanceType": "i7i.large", "nodesPerZone": 1}, "at least 2 on the tier mainnet"),
        ("access/apiCidrs", ["198.51.100.0/24"], "no blocks while the Kubernetes endpoint is private"),
        ("regions/us-west-1", {"cidr": "10.50.0.0/16"}, "at least 3 zones"),
    ],
)
def test_no_key_lowers_the_guard_rails_of_mainnet(path: str, value: object, words: str) -> None:
    assert words in _mainnet(path, value)


def test_a_private_testing_environment_gets_session_manager_endpoints() -> None:
    document = changed(MINIMAL, "kubernetes/endpointAccess", "private")
    document = changed(document, "access/apiCidrs", REMOVED)
    document = changed(document, "regions/eu-west-1/interfaceEndpoints", "standard")
    assert {"ssm", "ssmmessages", "ec2messages"} <= set(accepted(document).regions["eu-west-1"].interface_endpoints)


def test_an_instance_type_must_be_offered_in_every_zone_and_alternatives_are_named() -> None:
    document = changed(MINIMAL, "regions/ca-west-1", {"cidr": "10.41.0.0/16", "assumeOffered": ["ca-west-1"]})
    text = "\n".join(map(str, faults_of(document)))
    assert "regions.ca-west-1.nodes.general.instanceTypes (the tier's default)" in text
    assert "m6g.2xlarge" in text


def test_a_statement_overrides_the_catalogue_and_is_shown_as_such() -> None:
    names = ["eu-west-1", "m7g.large", "m7g.2xlarge"]
    region = {"cidr": "10.41.0.0/16", "assumeOffered": ["ca-west-1", *names[1:]]}
    environment = accepted(changed(MINIMAL, "regions/ca-west-1", region))
    assert any("m7g.large is stated to be available" in notice for notice in environment.notices)


def test_the_zone_that_eks_refuses_needs_a_statement() -> None:
    region: dict[str, Any] = {"cidr": "10.41.0.0/16", "zones": ["us-east-1a", "us-east-1e"]}
    assert "EKS refuses it" in str(faults_of(changed(MINIMAL, "regions/us-east-1", region))[0])
    region["assumeOffered"] = ["us-east-1e", "m7g.large", "m7g.2xlarge"]
    assert accepted(changed(MINIMAL, "regions/us-east-1", region)).regions["us-east-1"].zones[1] == "us-east-1e"


def test_a_region_with_an_unusual_zone_mapping_is_noticed() -> None:
    environment = accepted(changed(MINIMAL, "regions/us-east-1", {"cidr": "10.41.0.0/16"}))
    (notice,) = [notice for notice in environment.notices if "use1-az3" in notice]
    assert "unknown" in notice
    assert "aws ec2 describe-availability-zones --region us-east-1 " in notice
    assert "regions.us-east-1.zones" in notice


@pytest.mark.parametrize("name", [name for name, region in catalog.regions().items() if region.partition != "aws"])
def test_a_region_of_another_partition_is_refused_and_cannot_be_stated(name: str) -> None:
    region = {"cidr": "10.41.0.0/16", "zones": [f"{name}a", f"{name}b"], "assumeOffered": [name]}
    (fault,) = faults_of(changed(MINIMAL, f"regions/{name}", region))
    assert fault.path == f"teranode-infra:regions.{name}"
    assert catalog.regions()[name].partition in fault.rule
    assert "choose a region of aws" in fault.remedy


def test_a_misspelt_region_is_never_led_to_another_partition() -> None:
    (fault,) = faults_of(changed(MINIMAL, "regions/us-gov-eest-1", {"cidr": "10.41.0.0/16"}))
    assert "us-gov" not in fault.remedy


def test_the_room_for_pods_follows_from_the_components_own_numbers() -> None:
    """A /21 for pods holds 128 prefixes of 16 addresses; a full node takes seven for its 110 pods and one warm."""
    assert (MAX_PODS, PREFIXES_PER_NODE) == (110, 8)
    at_most = changed(MINIMAL, "nodes/general", {"maxNodesPerZone": 12})
    assert accepted(at_most)
    (fault,) = faults_of(changed(MINIMAL, "nodes/general", {"maxNodesPerZone": 13}))
    assert "holds 16 nodes" in fault.rule


def test_a_region_overrides_the_environment_key_by_key() -> None:
    document = changed(MINIMAL, "nodes/general", {"minNodesPerZone": 3, "maxNodesPerZone": 8})
    document = changed(document, "regions/eu-west-1/nodes/general", {"maxNodesPerZone": 5})
    pool = accepted(document).regions["eu-west-1"].nodes.general
    assert (pool.min_nodes_per_zone, pool.max_nodes_per_zone, pool.disk_gib) == (3, 5, 100)


def test_instance_types_decide_the_architecture_and_a_stated_one_must_agree() -> None:
    general = {"instanceTypes": ["m7i.2xlarge"]}
    document = changed(MINIMAL, "nodes/general", general)
    assert accepted(document).regions["eu-west-1"].nodes.general.architecture == "amd64"
    assert _paths(changed(MINIMAL, "nodes/general", general | {"architecture": "arm64"})) == [
        "nodes.general.architecture"
    ]
    amd64 = accepted(changed(MINIMAL, "nodes/general", {"architecture": "amd64"})).regions["eu-west-1"].nodes.general
    assert catalog.instance_types()[amd64.instance_types[0]].architecture == "amd64"


@pytest.mark.parametrize(("today", "fault_count"), [("2027-06-03", 0), ("2027-06-04", 1), ("2027-09-01", 1)])
def test_a_kubernetes_minor_near_its_end_is_refused_by_the_date_of_the_data(
    monkeypatch: pytest.MonkeyPatch, today: str, fault_count: int
) -> None:
    monkeypatch.setattr(catalog, "as_of", lambda: date.fromisoformat(today))
    faults = faults_of(changed(MINIMAL, "kubernetes/version", "1.36"))
    assert len(faults) == fault_count
    assert all("2027-08-02" in fault.rule for fault in faults)


def test_the_order_of_regions_miners_and_zones_means_nothing() -> None:
    testing = stack_file("testing")
    turned = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value for key, value in testing.items()
    }
    assert accepted(turned, "testing") == accepted(testing, "testing")
    assert list(accepted(turned, "testing").regions) == ["ap-southeast-1", "eu-west-1", "us-east-1"]


def test_an_environment_cannot_be_changed_after_it_is_checked() -> None:
    environment = accepted(MINIMAL)
    with pytest.raises(ValueError, match="frozen"):
        environment.tier = "mainnet"


def test_a_stack_name_fits_into_the_identifier_of_its_database() -> None:
    assert "two hyphens" in str(faults_of(dict(MINIMAL), "my--stack")[0])


@pytest.mark.parametrize(("days", "refused"), [(13, True), (14, False), (35, False)])
def test_mainnet_keeps_backups_for_two_weeks(*, days: int, refused: bool) -> None:
    assert ("14 to 35 days" in _mainnet("postgres/backupRetentionDays", days)) == refused


@pytest.mark.parametrize(
    ("stack", "profile", "instance_class"), [("testing", "rds", "db.t4g.medium"), ("mainnet", "aurora", "db.r7g.large")]
)
def test_a_tier_chooses_the_database(stack: str, profile: str, instance_class: str) -> None:
    postgres = accepted(stack_file(stack), stack).postgres

    assert (postgres.profile, postgres.instance_class, postgres.engine_version) == (profile, instance_class, "17.9")
    assert postgres.instance_class in catalog.postgres_instance_classes(profile)


def test_another_profile_brings_a_class_that_it_runs_on() -> None:
    for stack, profile in (("testing", "aurora"), ("mainnet", "rds")):
        postgres = accepted(changed(stack_file(stack), "postgres", {"profile": profile}), stack).postgres
        assert postgres.instance_class in catalog.postgres_instance_classes(profile)


def test_it_is_said_that_the_offer_of_a_database_class_is_not_known() -> None:
    (notice,) = [notice for notice in accepted(MINIMAL).notices if "db.t4g.medium" in notice]
    assert "aws rds describe-orderable-db-instance-options --engine postgres --engine-version 17.9" in notice


@pytest.mark.parametrize(
    ("stack", "profile", "size"), [("testing", "efs", (1_200, 125)), ("mainnet", "lustre", (1_200, 250))]
)
def test_a_tier_chooses_the_shared_files(stack: str, profile: str, size: tuple[int, int]) -> None:
    files = accepted(stack_file(stack), stack).files

    assert (files.profile, (files.capacity_gib, files.throughput_mbps_per_tib)) == (profile, size)


@pytest.mark.parametrize(("version", "warned"), [("1.36", True), ("1.35", False)])
def test_it_is_said_that_nobody_ran_lustre_on_the_newest_kernel(*, version: str, warned: bool) -> None:
    settings = changed(changed(stack_file("testing"), "files", {"profile": "lustre"}), "kubernetes/version", version)
    notices = accepted(settings).notices

    assert any("6.18 kernel" in notice and "mount test" in notice for notice in notices) == warned
    assert any("offer FSx for Lustre" in notice for notice in notices)


def test_it_is_said_when_the_file_systems_of_a_region_exceed_awss_quota() -> None:
    roomy = changed(stack_file("mainnet"), "nodes/general/minNodesPerZone", 2)
    large = changed(roomy, "files", {"capacityGib": 100_800})
    second = changed(large, "miners/second", {"region": "eu-west-1", "utxoStore": {"profile": "postgres"}})

    assert not any("100800 GiB that" in notice for notice in accepted(large, "mainnet").notices)
    assert any("2 file systems of 100800 GiB" in notice for notice in accepted(second, "mainnet").notices)


def test_efs_needs_no_notice() -> None:
    assert not any("Lustre" in notice for notice in accepted(stack_file("testing")).notices)


def test_an_environment_may_have_an_end_and_has_none_by_default() -> None:
    assert accepted(MINIMAL).expires is None
    assert accepted({**MINIMAL, "expires": "2027-01-31T18:00:00Z"}).expires == datetime(2027, 1, 31, 18, tzinfo=UTC)


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
def test_what_is_always_on_has_no_end(stack: str) -> None:
    [fault] = faults_of({**stack_file(stack), "expires": "2027-01-31T18:00:00Z"}, stack)
    assert (fault.path, fault.remedy) == ("teranode-infra:expires", "remove the key")


def test_an_environment_that_sleeps_has_no_services_and_may_have_no_nodes() -> None:
    awake, asleep = accepted({**MINIMAL, "asleep": "false"}), accepted({**MINIMAL, "asleep": "true"})

    assert (awake.asleep, asleep.asleep, accepted(MINIMAL).asleep) == (False, True, False)
    for environment, nodes, runs in ((awake, 1, True), (asleep, 0, False)):
        pools = [pool for one in environment.regions.values() for pool in (one.nodes.system, one.nodes.general)]
        assert {pool.min_nodes_per_zone for pool in pools} == {nodes}
        assert {miner.enabled for miner in environment.miners.values()} == {runs}


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
def test_what_is_always_on_does_not_sleep(stack: str) -> None:
    faults = faults_of({**stack_file(stack), "asleep": "true"}, stack)
    assert {fault.path for fault in faults} == {"teranode-infra:asleep"}
    assert any(f"{stack} is always on" in fault.rule for fault in faults)


def test_records_on_disks_of_nodes_do_not_survive_a_sleep() -> None:
    [fault] = faults_of({**MINIMAL, "asleep": "true", "utxoStore": {"device": "nvme"}})
    assert fault.path == "teranode-infra:asleep"
    assert "aerospike in eu-west-1" in fault.rule
    assert "device: gp3" in fault.remedy


def test_a_stack_is_not_called_like_the_beginning_of_anothers_names() -> None:
    account = MINIMAL["account"]
    [fault] = faults_of(MINIMAL, "testing-2", (Sibling("testing", account),))

    assert (fault.path, fault.value) == ("stack name", "testing-2")
    assert "whoever deploys testing could delete what is called so" in fault.rule
    assert "pulumi stack init <name>" in fault.remedy
    assert faults_of(MINIMAL, "testing-2", (Sibling("testing", "444455556666"),)) == ()
    assert faults_of(MINIMAL, "testing2", (Sibling("testing", account),)) == ()
    assert faults_of(MINIMAL, "dev", (Sibling("dev-2", account),)) == (), "the one that was there first goes on"
