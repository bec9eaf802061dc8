"""The plugin executables, driven over gRPC as the engine drives them, without a CLI."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2 as pb

from simulator.plugins.packages import version_of
from simulator.rules import tokens as t
from simulator.values import UNKNOWN, from_struct, is_secret, secret, to_struct
from simulator.world import World
from tests.plugins.plugin_process import ACCOUNT, Plugin, init_failure, plugin, urn

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def outputs(response: Any) -> dict[str, Any]:
    """The properties of an answer."""
    return dict(from_struct(response.properties))


def test_the_handshake_offers_secrets_and_names_the_pinned_version(aws: Plugin) -> None:
    answer = aws.stub.Handshake(pb.ProviderHandshakeRequest(engine_address=""))
    assert answer.accept_secrets
    assert aws.stub.GetPluginInfo(empty_pb2.Empty()).version == version_of("aws")
    schema = json.loads(aws.stub.GetSchema(pb.GetSchemaRequest()).schema)
    assert schema == {"name": "aws", "version": version_of("aws")}


def test_configure_says_that_previews_and_secrets_are_understood(aws: Plugin) -> None:
    answer = aws.configure(region="eu-west-1")
    assert (answer.supportsPreview, answer.acceptSecrets, answer.acceptResources) == (True, True, True)


def test_an_aws_provider_without_a_region_is_refused(aws: Plugin) -> None:
    failures = aws.stub.CheckConfig(pb.CheckRequest(news=to_struct({}))).failures
    assert [failure.property for failure in failures] == ["region"]


def test_check_refuses_a_misspelt_nested_property_with_its_path(aws: Plugin) -> None:
    failures = aws.check(t.LAUNCH_TEMPLATE, "nodes", metadataOptions={"httpTokenz": "required"}).failures
    assert [failure.property for failure in failures] == ["metadataOptions.httpTokenz"]


def test_check_makes_a_name_and_keeps_it_on_the_next_run(aws: Plugin) -> None:
    first = aws.checked(t.ROLE, "nodes", assumeRolePolicy=TRUST)
    assert first["name"].startswith("nodes-")
    assert first["__defaults"] == ["name"]
    again = aws.check(t.ROLE, "nodes", olds=first, assumeRolePolicy=TRUST)
    assert from_struct(again.inputs)["name"] == first["name"]


def test_a_replacement_gets_another_name_and_id(aws: Plugin) -> None:
    original = aws.create(t.ROLE, "nodes", assumeRolePolicy=TRUST)
    replacement = aws.create(t.ROLE, "nodes", assumeRolePolicy=TRUST)
    assert original.id != replacement.id


def test_diff_tells_a_replacement_from_an_update(aws: Plugin) -> None:
    old = aws.checked(t.VPC, "net", cidrBlock="10.0.0.0/16")
    created = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")

    moved = aws.diff(t.VPC, "net", created, old, {**old, "cidrBlock": "10.1.0.0/16"})
    assert list(moved.replaces) == ["cidrBlock"]
    assert moved.detailedDiff["cidrBlock"].kind == pb.PropertyDiff.UPDATE_REPLACE

    changed = aws.diff(t.VPC, "net", created, old, {**old, "enableDnsHostnames": True})
    assert list(changed.diffs) == ["enableDnsHostnames"]
    assert not changed.replaces
    assert changed.changes == pb.DiffResponse.DIFF_SOME

    same = aws.diff(t.VPC, "net", created, old, old)
    assert same.changes == pb.DiffResponse.DIFF_NONE


def test_a_fixed_name_is_deleted_before_it_is_replaced_and_a_made_name_is_not(aws: Plugin) -> None:
    fixed = aws.checked(t.ROLE, "fixed", name="nodes", path="/a/", assumeRolePolicy=TRUST)
    created = aws.create(t.ROLE, "fixed", name="nodes", path="/a/", assumeRolePolicy=TRUST)
    assert aws.diff(t.ROLE, "fixed", created, fixed, {**fixed, "path": "/b/"}).deleteBeforeReplace

    made = aws.checked(t.ROLE, "made", path="/a/", assumeRolePolicy=TRUST)
    assert not aws.diff(t.ROLE, "made", created, made, {**made, "path": "/b/"}).deleteBeforeReplace


def test_new_default_tags_update_what_carries_tags(aws: Plugin) -> None:
    old = aws.checked(t.VPC, "net", cidrBlock="10.0.0.0/16")
    created = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    tags = json.dumps({"tags": {"environment": "testing"}})
    aws.configure(region="eu-west-1", allowedAccountIds=f'["{ACCOUNT}"]', defaultTags=tags)
    change = aws.diff(t.VPC, "net", created, old, old)
    assert (list(change.diffs), list(change.replaces)) == (["tagsAll"], [])


def test_a_provider_that_moved_to_another_region_replaces_what_it_holds(aws: Plugin) -> None:
    old = aws.checked(t.VPC, "net", cidrBlock="10.0.0.0/16")
    created = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    aws.configure(region="us-east-1", allowedAccountIds=f'["{ACCOUNT}"]')
    assert list(aws.diff(t.VPC, "net", created, old, old).replaces) == ["region"]


def test_create_in_preview_makes_nothing_and_leaves_computed_outputs_unknown(aws: Plugin) -> None:
    previewed = aws.create(t.SUBNET, "a", preview=True, vpcId=UNKNOWN, cidrBlock="10.0.0.0/24")
    known = outputs(previewed)
    assert previewed.id == ""
    assert (known["cidrBlock"], known["vpcId"], known["arn"]) == ("10.0.0.0/24", UNKNOWN, UNKNOWN)
    assert aws.stub.Read(pb.ReadRequest(id="subnet-1", urn=urn(t.SUBNET, "a"))).id == ""


def test_a_secret_input_stays_secret_in_the_outputs_and_after_a_refresh(aws: Plugin) -> None:
    created = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16", tags={"key": secret("value")})
    assert is_secret(outputs(created)["tags"]["key"])
    assert is_secret(outputs(aws.read(t.VPC, "net", created.id))["tags"]["key"])


def test_a_random_value_is_read_from_the_state_where_alone_it_exists(world: Path) -> None:
    """Every password has the id `none`: a refresh of one must not find another."""
    token = "random:index/randomPassword:RandomPassword"  # noqa: S105 (a resource type)
    with plugin("random", world) as running:
        running.configure()
        made = {name: running.create(token, name, length=length) for name, length in (("a", 20), ("b", 30))}
        found = running.stub.Read(pb.ReadRequest(id="none", urn=urn(token, "a"), properties=made["a"].properties))

    assert {one.id for one in made.values()} == {"none"}
    assert found.properties == made["a"].properties


def test_a_generated_password_is_secret(world: Path) -> None:
    with plugin("random", world) as running:
        running.configure()
        created = running.create("random:index/randomPassword:RandomPassword", "pw", length=20)
    assert is_secret(outputs(created)["result"])


def test_read_finds_what_exists_by_its_id_alone_and_reports_what_does_not(aws: Plugin) -> None:
    created = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    imported = aws.read(t.VPC, "net", created.id)
    assert from_struct(imported.inputs)["cidrBlock"] == "10.0.0.0/16"
    assert aws.read(t.VPC, "net", "vpc-0").id == ""


def test_update_changes_what_a_later_read_sees(aws: Plugin) -> None:
    created = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    aws.update(t.VPC, "net", created, cidrBlock="10.0.0.0/16", enableDnsHostnames=True)
    seen = aws.read(t.VPC, "net", created.id)
    assert outputs(seen)["enableDnsHostnames"] is True
    assert seen.id == created.id


def test_an_update_of_a_launch_template_makes_its_next_version(aws: Plugin) -> None:
    created = aws.create(t.LAUNCH_TEMPLATE, "nodes", instanceType="m7g.large", name="nodes")
    assert outputs(created)["latestVersion"] == 1
    for _ in range(2):
        updated = aws.update(t.LAUNCH_TEMPLATE, "nodes", created, instanceType="m7g.xlarge", name="nodes")
        assert outputs(updated)["latestVersion"] == 2


def test_what_is_gone_cannot_be_updated_but_can_be_deleted_again(aws: Plugin) -> None:
    created = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    aws.delete(t.VPC, "net", created.id)
    aws.delete(t.VPC, "net", created.id)
    with pytest.raises(grpc.RpcError, match="NotFound"):
        aws.update(t.VPC, "net", created, cidrBlock="10.0.0.0/16")


def test_a_refusal_names_resource_region_code_and_rule(aws: Plugin) -> None:
    vpc = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    aws.create(t.SUBNET, "a", vpcId=vpc.id, cidrBlock="10.0.0.0/24")
    with pytest.raises(grpc.RpcError) as refused:
        aws.delete(t.VPC, "net", vpc.id)
    message = refused.value.details()
    assert message == (
        f"deleting Vpc ({vpc.id}) in eu-west-1: api error DependencyViolation: "
        f"The vpc '{vpc.id}' has dependencies and cannot be deleted. (simulator rule subnet-vpc-in-use)"
    )


def test_an_unknown_function_is_refused_with_the_place_to_teach_it(aws: Plugin) -> None:
    with pytest.raises(grpc.RpcError, match=r"aws:ec2/getAmi:getAmi.*simulator/plugins/provider\.py"):
        aws.stub.Invoke(pb.InvokeRequest(tok="aws:ec2/getAmi:getAmi"))


def test_a_deleted_key_awaits_its_deletion_and_can_encrypt_nothing(aws: Plugin) -> None:
    key = aws.create(t.KMS_KEY, "k", deletionWindowInDays=7)
    aws.delete(t.KMS_KEY, "k", key.id)
    assert aws.read(t.KMS_KEY, "k", key.id).id == ""
    with pytest.raises(grpc.RpcError, match="pending deletion"):
        aws.create(t.KMS_ALIAS, "a", name="alias/a", targetKeyId=key.id)


def test_two_processes_on_one_world_see_each_other(world: Path, aws: Plugin) -> None:
    with plugin("aws", world) as other:
        created = aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
        assert other.read(t.VPC, "net", created.id).id == created.id


def test_only_one_of_two_processes_gets_a_name(world: Path, aws: Plugin) -> None:
    def attempt(running: Plugin, name: str) -> str:
        try:
            return running.create(t.ROLE, name, name="shared", assumeRolePolicy=TRUST).id
        except grpc.RpcError as refused:
            return str(refused.details())

    with plugin("aws", world) as other, ThreadPoolExecutor() as pool:
        calls = [pool.submit(attempt, running, f"role-{n}") for n in range(10) for running in (aws, other)]
        answers = [call.result() for call in calls]
    assert answers.count("shared") == 1
    assert sum("EntityAlreadyExists" in answer for answer in answers) == len(answers) - 1


def test_cancel_ends_the_wait_and_reports_what_was_begun(world: Path) -> None:
    with plugin("aws", world, TERANODE_SIM_SPEED="1") as slow, ThreadPoolExecutor() as pool:
        call = pool.submit(slow.create, t.VPC, "net", cidrBlock="10.0.0.0/16")
        # The VPC exists as soon as AWS has accepted the call: only then is there a wait to cancel.
        while not _exists(world) and not call.done():
            pass
        slow.stub.Cancel(empty_pb2.Empty())
        with pytest.raises(grpc.RpcError, match="context canceled") as cancelled:
            call.result()
    detail = init_failure(cancelled.value)
    assert detail.id.startswith("vpc-")
    assert from_struct(detail.properties)["cidrBlock"] == "10.0.0.0/16"


def _exists(world: Path) -> bool:
    with World(world).transaction() as view:
        return bool(view.everything())
