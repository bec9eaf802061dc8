"""Running against a recorded state: what exists keeps its ids and outputs, what is replaced becomes unknown."""

import json
import re
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from simulator import simulate_program
from simulator.graph import DeploymentFormatError
from simulator.values import JSON, UNKNOWN, is_unknown, reveal, secret
from tests.unit.simulator.core.programs import Build, Group, provider, run, vpc, with_options

TAGS = {"Name": "new", "team": "devops"}


def stack(cidr_block: str = "10.0.0.0/16", *, enable_dns_hostnames: bool | None = None) -> Build:
    """A VPC, a subnet in it, a role and a cluster."""

    def build(opts: pulumi.ResourceOptions) -> None:
        first = vpc(opts, cidr_block=cidr_block, enable_dns_hostnames=enable_dns_hostnames)
        subnet = aws.ec2.Subnet("subnet", vpc_id=first.id, cidr_block="10.0.0.0/24", opts=opts)
        role = aws.iam.Role("role", assume_role_policy="{}", opts=opts)
        cluster = aws.eks.Cluster("cluster", role_arn=role.arn, vpc_config={"subnet_ids": [subnet.id]}, opts=opts)
        pulumi.export("group", cluster.vpc_config.cluster_security_group_id)

    return build


def exported() -> dict[str, JSON]:
    """The stack as an engine would export it after real providers made it: other ids, names and defaults."""
    text = json.dumps(run(stack()).deployment)
    text = re.sub(r"\b(vpc|subnet|sg|rtb|acl|dopt)-0[0-9a-f]{16}", lambda match: f"{match[0][:-6]}abcdef", text)
    text = re.sub(r"\b(role|cluster)-[0-9a-f]{7}\b", r"\1-ffffff0", text)
    state = json.loads(text)
    for resource in state["deployment"]["resources"]:
        if resource["type"] == "aws:iam/role:Role":
            resource["inputs"] |= {"path": "/", "maxSessionDuration": 3600}
            resource["inputs"]["__defaults"] = ["maxSessionDuration", "name", "path"]
    return state


def states(deployment: Mapping[str, JSON]) -> dict[str, dict[str, JSON]]:
    resources = json.loads(json.dumps(deployment))["deployment"]["resources"]
    return {resource["urn"].rpartition("::")[2]: resource for resource in resources}


@pytest.mark.parametrize("preview", [False, True])
def test_the_unchanged_program_reproduces_its_own_file(preview: bool) -> None:  # noqa: FBT001
    own = run(stack()).deployment
    assert run(stack(), baseline=own, preview=preview).deployment == own


def test_the_unchanged_program_takes_ids_names_and_outputs_from_an_export() -> None:
    baseline = exported()
    built = states(run(stack(), baseline=baseline).deployment)
    for name, recorded in states(baseline).items():
        assert built[name].get("id") == recorded.get("id")
        assert built[name].get("outputs") == recorded.get("outputs")
    role_inputs = built["role"]["inputs"]
    assert isinstance(role_inputs, dict)
    assert role_inputs["name"] == "role-ffffff0"


def test_the_inner_part_of_an_export_serves_as_well_as_the_whole() -> None:
    whole = exported()
    inner = whole["deployment"]
    assert isinstance(inner, dict)
    assert run(stack(), baseline=inner).deployment == run(stack(), baseline=whole).deployment


@pytest.mark.parametrize("last", [False, True])
def test_what_a_replacement_left_to_be_deleted_is_not_what_exists(last: bool) -> None:  # noqa: FBT001
    baseline = json.loads(json.dumps(exported()))
    rows = baseline["deployment"]["resources"]
    [vpc_row] = [row for row in rows if row["type"] == "aws:ec2/vpc:Vpc"]
    rows.insert(len(rows) if last else 0, {**vpc_row, "id": "vpc-0dead", "delete": True})
    assert run(stack(), baseline=baseline).named("vpc").id == vpc_row["id"]


def test_a_file_that_is_no_deployment_is_refused() -> None:
    with pytest.raises(DeploymentFormatError, match="pulumi stack export"):
        run(stack(), baseline={"deployment": {"resources": "none"}})


def test_an_update_in_place_keeps_the_id_and_echoes_the_change() -> None:
    before = run(stack())
    after = run(stack(enable_dns_hostnames=True), baseline=before.deployment).named("vpc")
    assert after.id == before.named("vpc").id
    assert after.outputs["enableDnsHostnames"] is True
    assert after.outputs["arn"] == before.named("vpc").outputs["arn"]


@pytest.mark.parametrize("preview", [False, True])
def test_what_depends_on_a_replaced_resource_sees_unknown_values(preview: bool) -> None:  # noqa: FBT001
    before = run(stack())
    after = run(stack(cidr_block="10.9.0.0/16"), baseline=before.deployment, preview=preview)
    assert after.named("vpc").id == ""
    assert after.named("vpc").outputs["arn"] == UNKNOWN
    assert after.named("subnet").inputs["vpcId"] == UNKNOWN
    assert after.named("subnet").id == "", "its VPC is replaced, so it is replaced too"
    assert after.named("role").id == before.named("role").id


def test_an_unknown_input_that_updates_in_place_leaves_the_outputs_known() -> None:
    before = run(stack())
    after = run(stack(cidr_block="10.9.0.0/16"), baseline=before.deployment)
    assert after.named("cluster").id == before.named("cluster").id
    assert after.exports["group"] == before.exports["group"]


def test_an_ignored_change_changes_nothing() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        ignored = pulumi.ResourceOptions(ignore_changes=["tags.Name", "cidrBlock"])
        vpc(with_options(opts, ignored), cidr_block="10.9.0.0/16", tags=TAGS)

    before = run(lambda opts: vpc(opts, tags={**TAGS, "Name": "recorded"}))
    after = run(build, baseline=before.deployment).named("vpc")
    assert after.id == before.named("vpc").id
    assert after.inputs["cidrBlock"] == "10.0.0.0/16"
    assert after.inputs["tags"] == {**TAGS, "Name": "recorded"}


def test_a_new_resource_is_created_beside_what_exists() -> None:
    before = run(vpc)
    after = run(stack(), baseline=before.deployment)
    assert after.named("vpc").id == before.named("vpc").id
    assert after.named("subnet").id.startswith("subnet-0")
    assert after.named("subnet").inputs["vpcId"] == before.named("vpc").id


def test_in_a_preview_what_exists_is_known_and_what_is_new_is_not() -> None:
    before = run(vpc)
    after = run(stack(), baseline=before.deployment, preview=True)
    assert after.named("subnet").inputs["vpcId"] == before.named("vpc").id
    assert after.named("subnet").id == ""


def test_what_another_provider_made_is_replaced() -> None:
    def program(region: str) -> None:
        providers = {name: provider(name) for name in ("eu-west-1", "us-east-1")}
        Group("group", stack(), pulumi.ResourceOptions(providers=[providers[region]]))

    before = simulate_program(lambda: program("eu-west-1"))
    after = simulate_program(lambda: program("us-east-1"), baseline=before.deployment)
    assert before.named("vpc").id
    assert after.named("vpc").id == ""
    assert is_unknown(after.named("subnet").inputs["vpcId"])


def test_a_provider_that_was_renamed_replaces_nothing() -> None:
    def program(name: str, aliases: list[pulumi.Alias]) -> None:
        made = aws.Provider(name, region="eu-west-1", opts=pulumi.ResourceOptions(aliases=list(aliases)))
        Group("group", vpc, pulumi.ResourceOptions(providers=[made]))

    before = simulate_program(lambda: program("old", []))
    after = simulate_program(lambda: program("new", [pulumi.Alias(name="old")]), baseline=before.deployment)
    assert after.named("vpc").id == before.named("vpc").id


def test_an_alias_finds_the_resource_under_its_former_name() -> None:
    before = run(vpc)

    def renamed(opts: pulumi.ResourceOptions) -> None:
        options = with_options(opts, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="vpc")]))
        aws.ec2.Vpc("main", cidr_block="10.0.0.0/16", opts=options)

    assert run(renamed, baseline=before.deployment).named("main").id == before.named("vpc").id


def test_children_follow_an_alias_of_their_component() -> None:
    def program(component: str, aliases: list[pulumi.Alias]) -> None:
        options = pulumi.ResourceOptions(providers=[provider()], aliases=list(aliases))
        Group(component, lambda opts: aws.ec2.Vpc(f"{component}-vpc", cidr_block="10.0.0.0/16", opts=opts), options)

    before = simulate_program(lambda: program("old", []))
    after = simulate_program(lambda: program("new", [pulumi.Alias(name="old")]), baseline=before.deployment)
    assert after.named("new-vpc").id == before.named("old-vpc").id


def secret_of(length: int) -> Build:
    """A password whose length a test changes, and its size as a program would compute it."""

    def build(opts: pulumi.ResourceOptions) -> None:
        options = pulumi.ResourceOptions(parent=opts.parent, provider=random.Provider("random"))
        password = random.RandomPassword("password", length=length, opts=options)
        pulumi.export("password", password.result)
        pulumi.export("size", password.result.apply(len))

    return build


@pytest.mark.parametrize("preview", [False, True])
def test_a_program_can_compute_with_a_secret_that_the_record_only_holds_sealed(preview: bool) -> None:  # noqa: FBT001
    before = run(secret_of(12))
    after = run(secret_of(12), baseline=before.deployment, preview=preview)
    assert after.deployment == before.deployment
    assert reveal(after.exports["size"]) == 12


def test_the_secret_of_a_replaced_resource_is_unknown_and_still_secret_in_a_preview() -> None:
    before = run(secret_of(12))
    after = run(secret_of(24), baseline=before.deployment, preview=True)
    assert after.exports["password"] == secret(UNKNOWN)


def test_the_secret_of_a_replaced_resource_is_not_read_as_none() -> None:
    before = run(secret_of(12))
    assert is_unknown(run(secret_of(24), baseline=before.deployment).exports["size"])
