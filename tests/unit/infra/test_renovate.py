"""Renovate finds every pin, and looks each one up where it is published."""

import json
import re
from collections.abc import Iterator, Mapping

import pytest

from components.images import Image
from infra import versions
from tests.support.stack_settings import PROJECT

CONFIG = json.loads((PROJECT / "renovate.json").read_text(encoding="utf-8"))
SOURCE = (PROJECT / "infra" / "versions.py").read_text(encoding="utf-8")
TEMPLATE = re.compile(r"\{\{\{(\w+)\}\}\}")


def python_regex(pattern: str) -> re.Pattern[str]:
    """A JavaScript expression without look-behind, which Renovate's engine lacks too, as Python writes it."""
    return re.compile(pattern.replace("(?<", "(?P<"))


def file_matches(patterns: list[str], path: str) -> bool:
    return any(python_regex(pattern.strip("/")).search(path) for pattern in patterns)


def filled(template: str, match: re.Match[str]) -> str:
    return TEMPLATE.sub(lambda name: match[name[1]], template)


def dependencies(path: str) -> Iterator[Mapping[str, str]]:
    """What the custom managers extract of a file: the groups of each match, completed by the manager's templates."""
    source = (PROJECT / path).read_text(encoding="utf-8")
    for manager in CONFIG["customManagers"]:
        if not file_matches(manager["managerFilePatterns"], path):
            continue
        templates = {key.removesuffix("Template"): text for key, text in manager.items() if key.endswith("Template")}
        for pattern in manager["matchStrings"]:
            for match in python_regex(pattern).finditer(source):
                yield match.groupdict() | {key: filled(text, match) for key, text in templates.items()}


FOUND = list(dependencies("infra/versions.py"))


def by_source(name: str) -> list[Mapping[str, str]]:
    return [found for found in FOUND if found.get("datasource") == name]


def test_the_managers_find_exactly_the_pins() -> None:
    releases = versions.KUBERNETES_RELEASES.values()
    own = {"coredns", "kube-proxy"}
    common = versions.KUBERNETES_RELEASES[versions.KUBERNETES_VERSION].addons.items()
    pins = [
        versions.KUBERNETES_VERSION,
        versions.POSTGRES_VERSION,
        versions.MSK_VERSION,
        versions.STRIMZI_KAFKA_VERSION,
        *(release.node_release.partition("-")[2] for release in releases),
        *(build for name, build in common if name not in own),
        *(release.addons[name] for release in releases for name in own),
        *(pin.version for pin in versions.CHARTS.values()),
        *(Image.parse(reference).tag for reference in versions.IMAGES.values()),
    ]

    assert sorted(found["currentValue"] for found in FOUND) == sorted(pins)


def test_every_marker_is_read_by_exactly_one_manager() -> None:
    assert len(FOUND) == SOURCE.count("# renovate:") == SOURCE.count("datasource=")


def test_the_checker_of_workflows_that_the_makefile_runs_is_found() -> None:
    [found] = dependencies("Makefile")

    assert (found["datasource"], found["depName"]) == ("go", "github.com/rhysd/actionlint")
    assert found["currentValue"].startswith("v1.")


def test_an_addon_is_looked_up_by_its_name_and_kubernetes_minor() -> None:
    queries = [json.loads(found["packageName"]) for found in by_source("aws-eks-addon")]
    asked = {(query["kubernetesVersion"], query["addonName"]) for query in queries}

    assert len(asked) == len(queries)
    assert {name for _, name in asked} == set(versions.KUBERNETES_RELEASES[versions.KUBERNETES_VERSION].addons)
    assert {minor for minor, name in asked if name == "coredns"} == set(versions.KUBERNETES_RELEASES)
    assert {minor for minor, name in asked if name == "vpc-cni"} == {versions.KUBERNETES_VERSION}


def test_a_marker_names_the_addon_whose_build_follows_it() -> None:
    named = re.findall(r'depName=(\S+) kubernetes=\S+\n\s*"([a-z0-9-]+)": "', SOURCE)

    assert named
    assert all(marker == addon for marker, addon in named)


def test_a_chart_is_looked_up_where_its_pin_says() -> None:
    asked = {found["depName"]: (found["registryUrl"], found["currentValue"]) for found in by_source("helm")}
    in_registries = [found for found in by_source("docker") if "currentDigest" not in found]
    for found in in_registries:
        folder, _, name = found["depName"].rpartition("/")
        asked[name] = (f"oci://{folder}", found["currentValue"])

    assert asked == {name: (pin.repository, pin.version) for name, pin in versions.CHARTS.items()}


def test_an_image_is_looked_up_by_its_whole_name_and_keeps_its_digest() -> None:
    images = [found for found in by_source("docker") if "currentDigest" in found]
    asked = {(found["depName"], found["currentDigest"]) for found in images}
    pins = [Image.parse(reference) for reference in versions.IMAGES.values()]

    assert asked == {(pin.name, pin.digest) for pin in pins}


@pytest.mark.parametrize(
    ("dependency", "published", "version"),
    [("awslabs/amazon-eks-ami", "v20260930", "20260930"), ("amazon-eks", "1.36-eks-7", "1.36")],
)
def test_what_is_published_is_read_in_the_form_of_the_pin(dependency: str, published: str, version: str) -> None:
    [found, *_] = [found for found in FOUND if found["depName"] == dependency]
    [rule] = [
        rule
        for rule in CONFIG["packageRules"]
        if "extractVersion" in rule
        and (
            found["depName"] in rule.get("matchPackageNames", ())
            or found["datasource"] in rule.get("matchDatasources", ())
        )
    ]
    match = python_regex(rule["extractVersion"]).search(published)

    assert match
    assert match["version"] == version
    assert re.fullmatch(r"\d{8}" if version.isdigit() else r"\d\.\d+", found["currentValue"])


def test_the_lock_file_names_the_command_that_renovate_runs_again() -> None:
    """Renovate reads sources and options from the header, and takes `--option=value` and these options only."""
    assert file_matches(CONFIG["pip-compile"]["managerFilePatterns"], "requirements.txt")
    lock = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    header = re.match(r"(?:#.*\n)+# {4}(\S+)( .*)\n", lock)

    assert header
    tool, arguments = header[1], header[2].split()
    assert (tool, arguments[:2], arguments[-1]) == ("uv", ["pip", "compile"], "requirements.in")
    assert {option.partition("=")[0] for option in arguments[2:-1]} == {
        "--universal",
        "--python-version",
        "--generate-hashes",
        "--output-file",
    }
    assert "://" not in lock
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert f"uv pip compile --quiet {' '.join(arguments[2:])}\n" in makefile


def test_each_provider_has_pull_requests_of_its_own() -> None:
    groups = {
        name: rule["groupName"]
        for rule in CONFIG["packageRules"]
        for name in rule.get("matchPackageNames", ())
        if "groupName" in rule
    }

    assert groups["pulumi"] == groups["pulumi-policy"] == "Pulumi SDK"
    assert [groups[f"pulumi-{provider}"] for provider in ("aws", "kubernetes", "random")] == [None, None, None]
