"""What the benchmark compares: the same resources, and stack files that the settings accept."""

from pathlib import Path

import pulumi_aws as aws
import pytest

from bench.bare import registrations
from bench.stacks import usable_regions, write_stack
from infra.settings import parse
from simulator.stack_file import read_stack_file
from tests.support.stacks import evaluated
from tests.unit.simulator.deployments import deployment, resource

PROJECT_DIR = Path(__file__).parents[3]


@pytest.mark.parametrize(("regions", "miners_per_region"), [(1, 1), (30, 1), (10, 10)])
def test_generated_stack_files_are_accepted_by_the_settings(
    tmp_path: Path, regions: int, miners_per_region: int
) -> None:
    stack = read_stack_file(write_stack(tmp_path, regions, miners_per_region), PROJECT_DIR)
    environment = parse(stack.config, stack=stack.stack)

    assert len(environment.regions) == regions
    assert len(environment.miners) == regions * miners_per_region


def test_more_regions_than_the_catalog_knows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the catalog has"):
        write_stack(tmp_path, len(usable_regions()) + 1)


def test_every_resource_of_testing_can_be_registered_bare() -> None:
    simulation = evaluated("testing")

    assert len(registrations(simulation.deployment)) == len(simulation.resources) - 1


def test_bare_resources_have_the_class_name_and_inputs_of_the_recorded_ones() -> None:
    vpc = resource("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16", "__defaults": []})
    (registration,) = registrations(deployment(vpc))
    assert (registration.create, registration.name) == (aws.ec2.Vpc, "vpc")
    assert registration.arguments == {"cidr_block": "10.0.0.0/16"}
