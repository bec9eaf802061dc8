"""A program against exports of itself: recorded ids and made names are taken over, and nothing differs."""

import json
import re
from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from simulator.compare import Action, compare
from simulator.graph import Deployment
from simulator.simulate import Simulation, simulate_program


class Site(pulumi.ComponentResource):
    """A component with resources whose ids, ARNs and made names flow into one another, and a secret."""

    def __init__(self, cidr: str, provider: aws.Provider, generator: random.Provider) -> None:
        super().__init__("test:index:Site", "site", None, pulumi.ResourceOptions(providers=[provider, generator]))
        child = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc("vpc", cidr_block=cidr, opts=child)
        aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block="10.16.0.0/20", opts=child)
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        role = aws.iam.Role("role", assume_role_policy=trust, opts=child)
        policy = pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [{"Resource": vpc.arn}]})
        aws.iam.RolePolicy("policy", role=role.name, policy=policy, opts=child)
        password = random.RandomPassword("password", length=24, opts=child)
        aws.ec2.Tag("tag", resource_id=vpc.id, key="password", value=password.result, opts=child)
        self.register_outputs({})


def site(cidr: str = "10.16.0.0/16") -> Callable[[], None]:
    def program() -> None:
        provider = aws.Provider("aws", region="eu-west-1", allowed_account_ids=["111122223333"])
        Site(cidr, provider, random.Provider("random"))

    return program


def run(cidr: str = "10.16.0.0/16", baseline: Deployment | None = None) -> Simulation:
    return simulate_program(site(cidr), baseline=baseline)


def as_a_real_cloud_would_have_it(deployment: Deployment) -> Deployment:
    """Every id and made name rewritten, and what a bridged provider and the engine add to an export."""
    text = json.dumps(deployment)
    text = re.sub(r"\b(vpc|subnet)-0[0-9a-f]{16}", lambda match: f"{match[1]}-0{'beef' * 4}", text)
    text = re.sub(r"\b(role|policy)-[0-9a-f]{7}\b", r"\1-feedbee", text)
    export = json.loads(text)
    for resource in export["deployment"]["resources"]:
        if resource["custom"]:
            inputs = resource["inputs"]
            inputs["__defaults"] = [key for key in ("name",) if key in inputs]
            if resource["type"].startswith("pulumi:providers:"):
                inputs |= {"version": "7.51.1", "__internal": {}}
            resource["created"] = resource["modified"] = "2026-11-01T00:00:00Z"
    return export


def test_the_unchanged_program_shows_no_difference_against_its_own_file() -> None:
    exported = run().deployment
    assert compare(exported, run(baseline=exported).deployment).changed == ()


def test_the_unchanged_program_shows_no_difference_against_an_export_with_other_ids_and_names() -> None:
    exported = as_a_real_cloud_would_have_it(run().deployment)
    assert "feedbee" in json.dumps(exported)
    assert compare(exported, run(baseline=exported).deployment).changed == ()


def test_a_replaced_vpc_makes_its_id_unknown_to_everything_that_uses_it() -> None:
    exported = as_a_real_cloud_would_have_it(run().deployment)
    comparison = compare(exported, run("10.32.0.0/16", baseline=exported).deployment)
    assert {(change.name, change.action) for change in comparison.changed} == {
        ("vpc", Action.REPLACE),
        ("subnet", Action.REPLACE),
        ("tag", Action.REPLACE),
        ("policy", Action.UPDATE),
    }
    causes = {change.name: [cause.rsplit("::", 1)[-1] for cause in change.caused_by] for change in comparison.changed}
    assert causes == {"vpc": [], "subnet": ["vpc"], "tag": ["vpc"], "policy": ["vpc"]}


def test_a_made_name_is_no_reason_for_a_replacement() -> None:
    exported = run().deployment
    renamed = json.loads(re.sub(r"\brole-[0-9a-f]{7}\b", "role-feedbee", json.dumps(exported)))
    replaced = {change.name for change in compare(exported, renamed).of(Action.REPLACE)}
    assert "role" not in replaced
