"""docs/first-up.md: its documents are well-formed, its commands fit the project, its check of the pins works."""

import json
import re
import stat
import string
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from infra import catalog, versions
from infra.settings.arns import PolicyArn, RoleArn
from ops.bootstrap.documents import deploy_attestations, deploy_state, deploy_trust, tls_only
from ops.bootstrap.roles import SESSION_SECONDS
from ops.bootstrap.target import Target, Trust
from ops.pulumi_cli import INSIDE_KUBERNETES
from tests.support.stack_settings import PROJECT, accepted, stack_file
from tests.support.stacks import STACKS, evaluated

TEXT = (PROJECT / "docs" / "first-up.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
VARIABLES = {
    "ACCOUNT": "111122223333",
    "HOME_REGION": "eu-west-1",
    "ENVIRONMENT": "testing",
    "BUCKET": "teranode-state-111122223333-testing",
    "KEY": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "SIGNING": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
}
AWS = """#!/bin/sh
for argument; do case $before in --addon-name) addon=$argument ;; esac; before=$argument; done
grep "^$addon " "{offers}" | cut -d ' ' -f 2-
"""


def documents() -> dict[str, str]:
    """The JSON that each here-document writes, with the shell's variables filled in."""
    found = re.findall(r"cat > (\S+) <<JSON\n(.*?)\nJSON\n", TEXT, re.DOTALL)
    return {name: string.Template(text).substitute(VARIABLES) for name, text in found}


def test_the_policies_are_json_and_leave_no_name_open() -> None:
    parsed = {name: json.loads(text) for name, text in documents().items()}

    assert set(parsed) == {"trust.json", "state.json", "attestations.json"}
    assert not any("$" in text for text in documents().values())
    assert {statement["Sid"] for statement in parsed["state.json"]["Statement"]} == {
        "FindState",
        "KeepState",
        "EncryptStateAndItsSecrets",
    }
    assert {statement["Sid"] for statement in parsed["attestations.json"]["Statement"]} == {
        "KeepAttestations",
        "SignAttestations",
    }
    for name in ("state.json", "attestations.json"):
        assert all("*" not in action for statement in parsed[name]["Statement"] for action in statement["Action"])


def test_what_is_made_by_hand_is_what_bootstrap_makes() -> None:
    """Else its `--check` finds different what somebody made by this page."""
    people = re.findall(r'--principal "(\S+)"', TEXT)
    principals = [string.Template(one).substitute(VARIABLES) for one in people]
    target = Target(accepted(stack_file("testing"), "testing"), Trust(None, "testing", (), principals))
    parsed = {name: json.loads(text) for name, text in documents().items()}
    [bucket_policy] = re.findall(r'put-bucket-policy .* --policy "(.*)"\n', TEXT)

    assert parsed["trust.json"] == deploy_trust(target)
    assert parsed["state.json"] == deploy_state(target, VARIABLES["KEY"])
    assert parsed["attestations.json"] == deploy_attestations(target, VARIABLES["SIGNING"])
    assert json.loads(string.Template(bucket_policy.replace('\\"', '"')).substitute(VARIABLES)) == tls_only(
        target.bucket
    )
    assert f"--max-session-duration {SESSION_SECONDS}" in TEXT
    assert "--query KeyMetadata.KeyId" not in TEXT, "AWS shows an encryption by the key's ARN"


def test_commands_name_the_environment_by_its_variable_only() -> None:
    commands = [line for block in BLOCKS for line in block.splitlines() if not line.startswith("export ")]

    assert not [line for line in commands if re.search(r"\b(testing|mainnet)\b", line)]


def test_the_deploy_role_is_one_per_environment_everywhere() -> None:
    names = set(re.findall(r"teranode-deploy[\w$-]*", TEXT))
    [example] = re.findall(r"deployRole: (\S+)", TEXT)

    assert names == {"teranode-deploy-$ENVIRONMENT", "teranode-deploy-testing"}
    assert TypeAdapter(RoleArn).validate_python(example) == example


def test_the_example_of_the_stack_file_is_that_of_the_project() -> None:
    """Roles and boundary by the names that section 3 makes, which are those of Pulumi.testing.yaml."""
    [example] = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    access = yaml.safe_load(example)["teranode-infra:access"]
    written = stack_file("testing")["access"]

    assert access == {key: value for key, value in written.items() if key != "apiCidrs"}
    assert TypeAdapter(PolicyArn).validate_python(access["permissionsBoundary"])
    assert access["permissionsBoundary"].endswith(":policy/teranode-boundary-testing")
    assert "boundary" in re.findall(r"for PART in (.*); do", TEXT)[0].split()
    assert "NAME=teranode-$PART-$ENVIRONMENT" in TEXT


def test_the_stack_file_of_the_example_is_short() -> None:
    assert len((PROJECT / "Pulumi.testing.yaml").read_text(encoding="utf-8").splitlines()) <= 25


@pytest.mark.parametrize("part", re.findall(r"for PART in (.*); do", TEXT)[0].split())
def test_every_policy_of_the_deployer_is_there(part: str) -> None:
    text = (PROJECT / "docs" / "deployer" / f"{part}.json").read_text(encoding="utf-8")

    assert json.loads(text)["Statement"]


def test_the_policy_pack_judges_every_update() -> None:
    updates = [line for block in BLOCKS for line in block.splitlines() if "pulumi up" in line]

    assert len(updates) == 2
    assert all("--policy-pack policies" in line for line in updates)


@pytest.mark.parametrize("stack", STACKS)
def test_the_first_step_leaves_out_all_that_needs_the_kubernetes_api_and_nothing_else(stack: str) -> None:
    """The provider is no call to the API; and what is left out must not be waited for by anything that is not."""
    pattern = re.compile(".*".join(re.escape(part) for part in INSIDE_KUBERNETES.split("**")))  # as the CLI reads it
    resources = evaluated(stack).resources
    left_out = {resource.urn for resource in resources if pattern.fullmatch(resource.urn)}

    assert re.findall(r"--exclude '(.*)'", TEXT) == [INSIDE_KUBERNETES]
    assert left_out == {resource.urn for resource in resources if resource.type.startswith("kubernetes:")}
    assert not [one.urn for one in resources if one.urn not in left_out and left_out & set(one.dependencies)]


def test_every_refused_zone_is_named() -> None:
    refused = {name: catalog.eks_refused_zone_ids(name) for name in catalog.regions()}

    assert all(f"`{name}`" in TEXT and f"`{zone}`" in TEXT for name, zones in refused.items() for zone in zones)


def test_the_unconfirmed_pins_are_those_of_the_source() -> None:
    source = (PROJECT / "infra" / "versions.py").read_text(encoding="utf-8")
    unconfirmed = re.findall(r"# Unconfirmed.*\n.*depName=(\S+)", source)
    [paragraph] = re.findall(r"\*\*Versions\.\*\*(.*?)\n\n", TEXT, re.DOTALL)

    assert len(unconfirmed) == 3
    assert sorted(re.findall(r"`([a-z-]+)`", paragraph)) == sorted(unconfirmed)


def check_pins(folder: Path, offers: dict[str, str], program: str = AWS) -> list[str]:
    """Run the check of the page with an `aws` that offers these builds, or is another program."""
    (folder / "offers").write_text("".join(f"{name} {builds}\n" for name, builds in offers.items()), encoding="utf-8")
    aws = folder / "aws"
    aws.write_text(program.format(offers=folder / "offers"), encoding="utf-8")
    aws.chmod(aws.stat().st_mode | stat.S_IXUSR)
    [block] = [block for block in BLOCKS if "describe-addon-versions" in block]
    script = f'PATH="{folder}:$PATH" HOME_REGION=eu-west-1\n{block.replace(".venv/bin/python", sys.executable)}'
    result = subprocess.run(["bash", "-euc", script], cwd=PROJECT, capture_output=True, text=True, check=True)
    return result.stdout.splitlines()


def test_the_check_of_the_pins_names_each_pin_that_aws_does_not_offer(tmp_path: Path) -> None:
    pins = dict(versions.KUBERNETES_RELEASES[versions.KUBERNETES_VERSION].addons)
    good = check_pins(tmp_path, {name: f"v0.0.1-eksbuild.1\t{build}" for name, build in pins.items()})
    bad = check_pins(tmp_path, pins | {"coredns": f"{pins['coredns']}0", "vpc-cni": ""})

    assert sorted(good) == sorted(f"{name} {build}: offered" for name, build in pins.items())
    assert sorted(line.split()[0] for line in bad if "NOT OFFERED" in line) == ["coredns", "vpc-cni"]


def test_a_pin_that_aws_could_not_be_asked_about_is_not_told_as_one_that_it_does_not_offer(tmp_path: Path) -> None:
    pins = dict(versions.KUBERNETES_RELEASES[versions.KUBERNETES_VERSION].addons)
    lines = check_pins(tmp_path, pins, "#!/bin/sh\nexit 255\n")

    assert sorted(lines) == sorted(f"{name} {build}: COULD NOT BE ASKED" for name, build in pins.items())
