"""What is known to go wrong with Teranode and its operators, by its number, kept out of both stacks."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from components.platform.definitions import SCRIPT
from components.teranode.services import SERVICES, Service
from policies.rules.secrets import PUBLISHED_KEYS
from simulator import RecordedResource, Simulation
from simulator.values import reveal
from tests.support.stacks import STACKS, at, evaluated

pytestmark = pytest.mark.parametrize("stack", STACKS)

RELEASE, JOB = "kubernetes:helm.sh/v3:Release", "kubernetes:batch/v1:Job"
CONFIG_MAP, POLICY = "kubernetes:core/v1:ConfigMap", "kubernetes:networking.k8s.io/v1:NetworkPolicy"
SECRET = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 (a type)
PUBLISHED_LOGINS = {"rpc_user": "bitcoin", "rpc_pass": "bitcoin", "grpc_admin_api_key": "testkey"}
DEBUGGER = SERVICES[Service.PEER].port("debugger").number
SV_NODES = 8333


def entries(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Everything in a value, keys of objects first, with the path to it."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield f"{path}.{key}", item
            yield from entries(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield f"{path}.{index}", item
            yield from entries(item, f"{path}.{index}")


def exported(simulation: Simulation, name: str) -> Mapping[str, object]:
    value = simulation.exports[name]
    assert isinstance(value, dict)
    return value


def node_settings(simulation: Simulation) -> dict[str, Mapping[str, str]]:
    found: dict[str, Any] = {
        one.name: one.inputs["data"] for one in simulation.of_type(CONFIG_MAP) if one.name.endswith("-node-settings")
    }
    assert len(found) == len(exported(simulation, "miners"))
    return found


def secrets(simulation: Simulation) -> dict[str, Mapping[str, str]]:
    return {one.name: json.loads(str(reveal(one.inputs["secretString"]))) for one in simulation.of_type(SECRET)}


def test_pitfall_3_no_removal_of_a_chart_deletes_definitions(stack: str) -> None:
    """With a definition the API server deletes every resource of its kind: a node, a store, a broker."""
    simulation = evaluated(stack)

    assert not [one.name for one in simulation.resources if "CustomResourceDefinition" in one.type]
    for release in simulation.of_type(RELEASE):
        assert release.inputs["skipCrds"] is True, release.name
        assert not any(
            value is True and re.search(r"\.(installCRDs|crds\.(enabled|install|create))$", path)
            for path, value in entries(release.inputs["values"])
        ), release.name
    for role in simulation.of_type("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"):
        rules: Any = role.inputs["rules"]
        verbs = {verb for one in rules if "customresourcedefinitions" in one["resources"] for verb in one["verbs"]}
        assert not {"delete", "deletecollection", "*"} & verbs, role.name
    assert not re.search(r"\b(delete|replace|prune)\b", SCRIPT)


def test_pitfall_5_the_definitions_of_a_chart_are_applied_before_its_release(stack: str) -> None:
    """Helm installs definitions once and upgrades none: another version would run with those of the last."""
    simulation = evaluated(stack)
    without: set[str] = set()
    for release in simulation.of_type(RELEASE):
        jobs = [one for one in simulation.of_type(JOB) if one.urn in release.dependencies and applies(one)]
        own = [job for job in jobs if at(job.inputs, "metadata.namespace") == release.inputs["namespace"]]
        if not own:
            without.add(release.name.split("-platform-")[1])
            continue
        [job] = own
        given: Any = at(job.inputs, "spec.template.spec.containers.0.env")
        assert {"name": "VERSION", "value": release.inputs["version"]} in given

    assert without <= {"local-disks-provisioner-release"}, "this chart has none"


def applies(job: RecordedResource) -> bool:
    return job.name.endswith("-definitions-job")


def test_pitfall_7_no_setting_names_an_address_of_the_pruner_which_has_no_service(stack: str) -> None:
    for name, settings in node_settings(evaluated(stack)).items():
        assert not [key for key in settings if key.lower().startswith("pruner_grpc")], name
        assert not [key for key, value in settings.items() if "pruner." in value], name
    for name, held in secrets(evaluated(stack)).items():
        assert "pruner_grpcAddress" not in held, name


def test_pitfall_12_no_default_that_teranode_publishes_stands_in_settings_or_secrets(stack: str) -> None:
    simulation = evaluated(stack)
    everything = {**node_settings(simulation), **secrets(simulation)}

    for name, settings in everything.items():
        words = {word for value in settings.values() for word in re.findall(r"[A-Za-z0-9]{40,}", str(value))}
        assert not {hashlib.sha256(word.encode()).hexdigest() for word in words} & PUBLISHED_KEYS, name
        assert not [key for key, value in PUBLISHED_LOGINS.items() if settings.get(key) == value], name


def test_pitfall_12_every_miner_has_keys_of_its_own_and_on_testing_a_wallet(stack: str) -> None:
    simulation = evaluated(stack)
    held = secrets(simulation)
    miners = list(exported(simulation, "miners"))
    named = ("p2p_private_key", "alert_p2p_private_key")
    keys = [held[f"{miner}-secrets-p2p-version"][key] for miner in miners for key in named]
    wallets = [one["miner_wallet_private_keys"] for one in held.values() if "miner_wallet_private_keys" in one]

    assert all(keys)
    assert len(set(keys)) == 2 * len(miners)
    assert len(wallets) == len(miners)
    # On testing a generated one for each; a listening miner of mainnet is paid nothing, its wallet is somebody else's.
    assert len(set(wallets)) == len(miners)
    assert [bool(wallet) for wallet in wallets] == [stack == "testing"] * len(miners)


def test_pitfall_13_nodes_pull_by_their_role_and_nothing_names_a_pull_secret(stack: str) -> None:
    simulation = evaluated(stack)
    roles = {
        str(one.inputs["role"])
        for one in simulation.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if str(one.inputs["policyArn"]).endswith("/AmazonEC2ContainerRegistryPullOnly")
    }

    assert len(roles) == len(exported(simulation, "regions"))
    assert not [
        f"{one.name}{path}"
        for one in simulation.resources
        for path, value in entries(one.inputs)
        if path.endswith(".imagePullSecrets") and value
    ]


def test_pitfall_14_nobody_outside_a_miner_reaches_its_debugger_or_asks_peer_for_sv_nodes(stack: str) -> None:
    """The operator's Service `peer` shows the debugger; that of the bridge does not show SV nodes their port."""
    simulation = evaluated(stack)
    closed = {DEBUGGER, str(DEBUGGER)}
    for policy in simulation.of_type(POLICY):
        spec: Any = policy.inputs["spec"]
        own = {"kubernetes.io/metadata.name": at(policy.inputs, "metadata.namespace")}
        for rule in spec.get("ingress", ()):
            if [at(one, "namespaceSelector.matchLabels") for one in rule["from"] if "namespaceSelector" in one] == [
                own
            ]:
                continue
            opened = {port["port"] for port in rule["ports"]}
            assert not opened & closed, policy.name
            assert SV_NODES not in opened or at(spec, "podSelector.matchLabels") == {"app": "legacy"}, policy.name
    for service in simulation.of_type("kubernetes:core/v1:Service"):
        ports: Any = at(service.inputs, "spec.ports")
        shown = {port[side] for port in ports for side in ("port", "targetPort") if side in port}
        assert not shown & closed, service.name
        assert SV_NODES not in shown or at(service.inputs, "spec.selector") == {"app": "legacy"}, service.name
    for kind in ("aws:lb/listener:Listener", "aws:lb/targetGroup:TargetGroup"):
        assert not [one.name for one in simulation.of_type(kind) if one.inputs["port"] in closed]
    for monitor in simulation.of_type("kubernetes:monitoring.coreos.com/v1:PodMonitor"):
        assert not re.search(rf"\b({DEBUGGER}|{SV_NODES})\b", json.dumps(monitor.inputs["spec"])), monitor.name
