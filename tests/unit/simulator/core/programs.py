"""Small Pulumi programs and shorthand for running them."""

from collections.abc import Callable, Mapping

import pulumi
import pulumi_aws as aws

from simulator import Simulation, simulate_program
from simulator.values import JSON

ACCOUNT = "111122223333"
REGION = "eu-west-1"

Build = Callable[[pulumi.ResourceOptions], object]


class Group(pulumi.ComponentResource):
    """A component whose children a test makes."""

    def __init__(self, name: str, build: Build, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Group", name, {}, opts)
        build(pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


def provider(region: str = REGION) -> aws.Provider:
    """An explicit provider of one region."""
    tags = aws.ProviderDefaultTagsArgs(tags={"owner": "devops@example.org"})
    return aws.Provider(region, region=region, allowed_account_ids=[ACCOUNT], default_tags=tags)


def grouped(build: Build) -> Callable[[], None]:
    """A program of one component in one region."""

    def program() -> None:
        Group("group", build, pulumi.ResourceOptions(providers=[provider()]))

    return program


def run(
    build: Build, *, stack: str = "testing", preview: bool = False, baseline: Mapping[str, JSON] | None = None
) -> Simulation:
    """Evaluate a program of one component in one region."""
    return simulate_program(grouped(build), stack=stack, preview=preview, baseline=baseline)


def vpc(
    opts: pulumi.ResourceOptions,
    *,
    cidr_block: pulumi.Input[str] = "10.0.0.0/16",
    tags: Mapping[str, pulumi.Input[str]] | None = None,
    enable_dns_hostnames: bool | None = None,
) -> aws.ec2.Vpc:
    """A VPC named ``vpc``."""
    return aws.ec2.Vpc("vpc", cidr_block=cidr_block, tags=tags, enable_dns_hostnames=enable_dns_hostnames, opts=opts)


def wrongly_typed_vpc(opts: pulumi.ResourceOptions) -> aws.ec2.Vpc:
    """A VPC named ``vpc`` whose CIDR block is a number."""
    return vpc(opts, cidr_block=3)  # pyright: ignore[reportArgumentType] (the mistake under test)


def with_options(opts: pulumi.ResourceOptions, more: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """``opts`` and some more."""
    return pulumi.ResourceOptions.merge(opts, more)
