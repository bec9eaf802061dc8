"""How a program runs: what is recorded of it, what passes through, and that runs do not touch each other."""

import asyncio
import gc
import json
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from simulator import SimulationError, simulate, simulate_program
from simulator.values import UNKNOWN, is_secret, secret
from tests.unit.simulator.core.programs import Group, grouped, provider, run, vpc, with_options, wrongly_typed_vpc

PREFIX = "urn:pulumi:testing::teranode-infra::"


def network(opts: pulumi.ResourceOptions) -> None:
    first = vpc(opts)
    subnet = aws.ec2.Subnet(
        "subnet",
        vpc_id=first.id,
        cidr_block="10.0.0.0/24",
        opts=with_options(opts, pulumi.ResourceOptions(depends_on=[first])),
    )
    password = random.RandomPassword(
        "password", length=12, opts=pulumi.ResourceOptions(parent=opts.parent, provider=random.Provider("random"))
    )
    pulumi.export("subnet", subnet.id)
    pulumi.export("password", password.result)


def test_the_full_request_is_recorded() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        first = vpc(opts)
        options = pulumi.ResourceOptions(
            protect=True,
            retain_on_delete=True,
            ignore_changes=["tags"],
            replace_on_changes=["cidrBlock"],
            additional_secret_outputs=["arn"],
            aliases=[pulumi.Alias(name="old")],
            delete_before_replace=True,
            deleted_with=first,
            custom_timeouts=pulumi.CustomTimeouts(create="30m", delete="1h"),
        )
        aws.ec2.Subnet(
            "subnet",
            vpc_id=first.id,
            cidr_block=pulumi.Output.secret("10.0.0.0/24"),
            opts=with_options(opts, options),
        )

    built = run(build)
    subnet, parent = built.named("subnet"), built.named("group")
    vpc_urn = f"{PREFIX}test:index:Group$aws:ec2/vpc:Vpc::vpc"
    assert subnet.urn == f"{PREFIX}test:index:Group$aws:ec2/subnet:Subnet::subnet"
    assert subnet.parent == parent.urn
    assert subnet.provider_urn == f"{PREFIX}pulumi:providers:aws::eu-west-1"
    assert subnet.protect
    assert subnet.retain_on_delete
    assert subnet.delete_before_replace
    assert subnet.dependencies == (vpc_urn,)
    assert subnet.property_dependencies["vpcId"] == (vpc_urn,)
    assert subnet.deleted_with == vpc_urn
    assert subnet.ignore_changes == ("tags",)
    assert subnet.replace_on_changes == ("cidrBlock",)
    assert subnet.additional_secret_outputs == ("arn",)
    assert subnet.aliases == (f"{PREFIX}test:index:Group$aws:ec2/subnet:Subnet::old",)
    assert (subnet.custom_timeouts.create, subnet.custom_timeouts.delete) == ("30m", "1h")
    assert is_secret(subnet.inputs["cidrBlock"])
    assert is_secret(subnet.outputs["cidrBlock"])
    assert is_secret(subnet.outputs["arn"])


def test_exports_and_component_outputs_are_recorded_with_secrets_marked() -> None:
    built = run(network)
    assert built.exports["subnet"] == built.named("subnet").id
    assert is_secret(built.exports["password"])


def test_two_runs_give_identical_files() -> None:
    first, second = (json.dumps(run(network).deployment) for _ in range(2))
    assert first == second


def test_no_secret_stands_in_a_deployment() -> None:
    built = run(network)
    password = built.exports["password"]
    assert isinstance(password, dict)
    assert str(password["value"]) not in json.dumps(built.deployment)


def test_a_deployment_lists_the_stack_first_and_everything_after_what_it_needs() -> None:
    built = run(network)
    seen: set[str] = set()
    assert built.resources[0].type == "pulumi:pulumi:Stack"
    for resource in built.resources:
        needed = {resource.parent, resource.provider_urn, *resource.dependencies} - {""}
        assert needed <= seen
        seen.add(resource.urn)


def test_a_preview_registers_the_same_and_knows_no_new_ids() -> None:
    up, preview = run(network), run(network, preview=True)
    assert [resource.urn for resource in preview.resources] == [resource.urn for resource in up.resources]
    assert {resource.id for resource in preview.resources} == {""}
    assert preview.named("subnet").inputs["vpcId"] == UNKNOWN
    assert preview.exports["password"] == secret(UNKNOWN)


def test_apply_does_not_run_on_what_a_preview_cannot_know() -> None:
    seen: list[str] = []

    def build(opts: pulumi.ResourceOptions) -> None:
        vpc(opts).arn.apply(seen.append)

    run(build, preview=True)
    assert seen == []
    run(build)
    assert len(seen) == 1


def test_the_error_of_a_program_passes_unchanged() -> None:
    def program() -> None:
        provider()
        raise pulumi.RunError("three faults in Pulumi.testing.yaml")

    with pytest.raises(pulumi.RunError, match=r"^three faults in Pulumi\.testing\.yaml$"):
        simulate_program(program)


def test_an_error_inside_apply_passes_too() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        vpc(opts).id.apply(lambda _: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        run(build)


def test_an_error_that_follows_a_refusal_is_told_with_it() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        wrongly_typed_vpc(opts).id.apply(lambda _: 1 // 0)

    with pytest.raises(SimulationError) as caught:
        run(build)
    assert any("cidrBlock" in problem for problem in caught.value.problems)
    assert any("ZeroDivisionError" in problem for problem in caught.value.problems)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_failed_run_does_not_touch_the_next() -> None:
    expected = run(network).deployment
    with pytest.raises(SimulationError):
        simulate_program(lambda: Group("group", vpc))
    assert run(network).deployment == expected


def test_a_run_leaves_the_settings_of_the_process_as_they_were() -> None:
    stack = pulumi.get_stack()
    run(network, stack="other")
    assert pulumi.get_stack() == stack
    assert gc.isenabled()


def test_configuration_reaches_the_program_with_its_secrets() -> None:
    def program() -> None:
        config = pulumi.Config("teranode-infra")
        pulumi.export("home", config.require("home"))
        pulumi.export("regions", config.require_object("regions"))
        pulumi.export("token", config.require_secret("token"))
        pulumi.export("stack", f"{pulumi.get_project()}/{pulumi.get_stack()}")

    built = simulate_program(
        program,
        stack="mainnet",
        config={
            "teranode-infra:home": "eu-west-1",
            "teranode-infra:regions": '{"eu-west-1": {}}',
            "teranode-infra:token": "t",
        },
        secret_keys=["teranode-infra:token"],
    )
    assert built.exports["home"] == "eu-west-1"
    assert built.exports["regions"] == {"eu-west-1": {}}
    assert built.exports["token"] == secret("t")
    assert built.exports["stack"] == "teranode-infra/mainnet"


def test_what_the_program_logs_is_kept_in_order() -> None:
    def program() -> None:
        pulumi.log.warn("first")
        pulumi.log.debug("hidden")
        pulumi.log.info("second")

    assert simulate_program(program).log == ("warning: first", "info: second")


def test_a_resource_is_found_by_its_logical_name_only_if_there_is_one() -> None:
    built = run(network)
    assert built.by_urn[built.named("vpc").urn] == built.named("vpc")
    with pytest.raises(LookupError, match="exactly one resource must be named 'nosuch', found: none"):
        built.named("nosuch")


def test_a_stack_file_runs_the_program_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: sample\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  sample:size: 3\n  sample:key: {secure: v1:abc}\n")
    (tmp_path / "sample_helper.py").write_text("SIZE = 'size'\n")
    (tmp_path / "__main__.py").write_text(
        "import pulumi\nfrom sample_helper import SIZE\n"
        "pulumi.export('size', pulumi.Config().require_int(SIZE))\n"
        "pulumi.export('key', pulumi.Config().require_secret('key'))\n"
    )
    built = simulate(tmp_path / "Pulumi.dev.yaml", project_dir=tmp_path)
    assert built.exports["size"] == 3
    assert is_secret(built.exports["key"])
    assert built.resources[0].urn == "urn:pulumi:dev::sample::pulumi:pulumi:Stack::sample-dev"


def test_no_event_loop_is_left_behind() -> None:
    run(network)
    with pytest.raises(RuntimeError, match="no current event loop"):
        asyncio.get_event_loop_policy().get_event_loop()


def test_a_large_program_registers_everything_once() -> None:
    def build(opts: pulumi.ResourceOptions) -> None:
        first = vpc(opts)
        for index in range(100):
            aws.ec2.Subnet(f"subnet-{index}", vpc_id=first.id, cidr_block=f"10.0.{index}.0/24", opts=opts)

    built = simulate_program(grouped(build))
    ids = {resource.id for resource in built.of_type("aws:ec2/subnet:Subnet")}
    assert len(ids) == 100
