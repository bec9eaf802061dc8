"""What the simulated cloud refuses, and that it says so about the right resource."""

import json
from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from simulator import SimulationError, simulate_program
from tests.unit.simulator.core.programs import (
    ACCOUNT,
    Build,
    Group,
    grouped,
    provider,
    run,
    vpc,
    with_options,
    wrongly_typed_vpc,
)


def problems_of(program: Callable[[], object], *, preview: bool = False) -> tuple[str, ...]:
    with pytest.raises(SimulationError) as caught:
        simulate_program(program, preview=preview)
    return caught.value.problems


def problem_of(build: Build) -> str:
    (problem,) = problems_of(grouped(build))
    return problem


def test_a_duplicate_urn_is_refused() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        vpc(opts)
        vpc(opts)

    assert "Group$aws:ec2/vpc:Vpc::vpc: registered twice" in problem_of(build)


def test_the_same_name_under_different_parents_is_no_duplicate() -> None:
    def program() -> None:
        options = pulumi.ResourceOptions(providers=[provider()])
        Group("outer", lambda opts: Group("inner", vpc, opts), options)
        Group("other", vpc, options)

    urns = [resource.urn for resource in simulate_program(program).of_type("aws:ec2/vpc:Vpc")]
    assert urns == [
        "urn:pulumi:testing::teranode-infra::test:index:Group$aws:ec2/vpc:Vpc::vpc",
        "urn:pulumi:testing::teranode-infra::test:index:Group$test:index:Group$aws:ec2/vpc:Vpc::vpc",
    ]


def test_a_default_provider_is_refused() -> None:
    (problem,) = problems_of(lambda: Group("group", vpc))
    assert "uses a default provider" in problem


def test_a_resource_without_a_component_is_refused() -> None:
    (problem,) = problems_of(lambda: vpc(pulumi.ResourceOptions(provider=provider())))
    assert "has no component as its parent" in problem


def test_a_provider_without_a_region_is_refused() -> None:
    (problem,) = problems_of(lambda: aws.Provider("nowhere", allowed_account_ids=[ACCOUNT]))
    assert "must say its region" in problem


def test_an_unknown_type_is_refused_with_the_place_to_teach_it_and_the_rest_still_judged() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        queue = aws.sqs.Queue("queue", opts=opts)
        aws.ec2.Tag("tag", resource_id=queue.arn, key="k", value="v", opts=opts)
        wrongly_typed_vpc(opts)

    untaught, wrong = sorted(problems_of(grouped(build)), key=lambda problem: "cidrBlock" in problem)
    assert "aws:sqs/queue:Queue: teach it in simulator/types/sqs.py" in untaught
    assert "cidrBlock: must be a string" in wrong


def test_misspelt_properties_are_refused_at_any_depth() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        aws.ec2.LaunchTemplate("template", metadata_options={"http_tokenz": "required"}, opts=opts)  # pyright: ignore[reportArgumentType]

    assert "metadataOptions.http_tokenz: no such property; did you mean httpTokens?" in problem_of(build)


def test_an_ignored_path_that_does_not_exist_is_refused() -> None:
    assert "ignore_changes: cidr leads nowhere" in problem_of(
        lambda opts: vpc(with_options(opts, pulumi.ResourceOptions(ignore_changes=["cidr"])))
    )


def test_an_output_used_as_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # The SDK would raise at once with the setting that the other tests run under.
    monkeypatch.delenv("PULUMI_ERROR_OUTPUT_STRING", raising=False)

    def build(opts: pulumi.ResourceOptions) -> None:
        first = vpc(opts)
        aws.ec2.Tag("tag", resource_id=first.id, key="k", value=f"name-{first.id}", opts=opts)

    assert "value: holds the text of an Output" in problem_of(build)


def test_an_arn_with_none_in_it_is_refused() -> None:
    policy = json.dumps({"Statement": [{"Resource": "arn:aws:s3:::None/*"}]})
    assert "policy: an ARN holds None" in problem_of(lambda opts: aws.iam.Policy("policy", policy=policy, opts=opts))


def test_functions_are_refused() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        assert opts.parent
        aws.get_availability_zones(opts=pulumi.InvokeOptions(parent=opts.parent))

    problems = problems_of(grouped(build))
    assert any("the simulator answers no functions" in problem for problem in problems)


def test_a_kubernetes_object_is_judged_by_the_schema_of_the_pinned_version() -> None:
    def program() -> None:
        cluster = kubernetes.Provider("k8s", kubeconfig="{}")

        def build(opts: pulumi.ResourceOptions) -> None:
            kubernetes.storage.v1.StorageClass(
                "gp3",
                provisioner="ebs.csi.aws.com",
                parameters={"iops": 3000},  # pyright: ignore[reportArgumentType]
                opts=opts,
            )

        Group("group", build, pulumi.ResourceOptions(providers=[cluster]))

    assert any("parameters.iops" in problem for problem in problems_of(program))


def two_regions(build: Callable[[pulumi.ResourceOptions, pulumi.ResourceOptions], object]) -> Callable[[], None]:
    def program() -> None:
        here, there = (pulumi.ResourceOptions(provider=provider(name)) for name in ("eu-west-1", "us-east-1"))
        parent = Group("group", lambda _: None)
        build(*(pulumi.ResourceOptions(parent=parent, provider=opts.provider) for opts in (here, there)))

    return program


def test_an_id_of_another_region_is_refused() -> None:
    def build(here: pulumi.ResourceOptions, there: pulumi.ResourceOptions) -> None:
        aws.ec2.Subnet("subnet", vpc_id=vpc(here).id, cidr_block="10.0.0.0/24", opts=there)

    (problem,) = problems_of(two_regions(build))
    assert "belongs to eu-west-1, but the provider of this resource creates in us-east-1" in problem


def test_an_id_that_came_with_a_resource_of_another_region_is_refused() -> None:
    def build(here: pulumi.ResourceOptions, there: pulumi.ResourceOptions) -> None:
        aws.ec2.Tag("tag", resource_id=vpc(here).default_security_group_id, key="k", value="v", opts=there)

    (problem,) = problems_of(two_regions(build))
    assert "resourceId: sg-" in problem


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"availability_zone": "us-east-1a"}, "availabilityZone"),
        ({"outpost_arn": f"arn:aws:outposts:us-east-1:{ACCOUNT}:outpost/op-1"}, "outpostArn"),
        ({"region": "us-east-1"}, "region"),
    ],
)
def test_a_zone_arn_or_region_of_another_region_is_refused(arguments: dict[str, str], path: str) -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        aws.ec2.Subnet("subnet", vpc_id="vpc-1", opts=opts, **arguments)  # pyright: ignore[reportArgumentType]

    assert f": {path}: us-east-1" in problem_of(build) or f": {path}: arn" in problem_of(build)


def test_what_joins_regions_may_name_both() -> None:
    def build(here: pulumi.ResourceOptions, there: pulumi.ResourceOptions) -> None:
        near = vpc(here)
        far = aws.ec2.Vpc("far", cidr_block="10.1.0.0/16", opts=there)
        peering = aws.ec2.VpcPeeringConnection(
            "peering", vpc_id=near.id, peer_vpc_id=far.id, peer_region="us-east-1", opts=here
        )
        accepter = aws.ec2.VpcPeeringConnectionAccepter(
            "accepter", vpc_peering_connection_id=peering.id, auto_accept=True, opts=there
        )
        table = aws.ec2.RouteTable("table", vpc_id=far.id, opts=there)
        aws.ec2.Route(
            "route",
            route_table_id=table.id,
            destination_cidr_block="10.0.0.0/16",
            vpc_peering_connection_id=accepter.id,
            opts=there,
        )
        zone = aws.route53.Zone("zone", name="test.internal", vpcs=[{"vpc_id": near.id}], opts=here)
        aws.route53.ZoneAssociation("join", zone_id=zone.id, vpc_id=far.id, vpc_region="us-east-1", opts=here)

    built = simulate_program(two_regions(build))
    assert built.named("accepter").outputs["peerRegion"] == "eu-west-1"


def test_every_problem_of_a_run_is_told_at_once_and_sorted() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        wrongly_typed_vpc(with_options(opts, pulumi.ResourceOptions(ignore_changes=["nosuch"])))
        aws.iam.Role("role", assume_role_policy="arn:aws:iam::None:root", opts=opts)

    problems = problems_of(grouped(build))
    assert len(problems) == 3
    assert list(problems) == sorted(problems)


def test_existing_resources_can_be_read_by_id() -> None:
    built = run(lambda opts: aws.ec2.Vpc.get("existing", "vpc-0123", opts=opts))
    existing = built.named("existing")
    assert existing.external
    assert existing.outputs["arn"] == f"arn:aws:ec2:eu-west-1:{ACCOUNT}:vpc/vpc-0123"


def test_importing_is_refused() -> None:
    assert "imports vpc-1" in problem_of(lambda opts: vpc(with_options(opts, pulumi.ResourceOptions(import_="vpc-1"))))
