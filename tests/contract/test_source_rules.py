"""Rules of the source itself: who imports whom, and what a component may not do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("infra", "components", "policies", "simulator", "ops")

# The room that a file lives in, and the rooms it may import.
MAY_IMPORT = {
    "__main__.py": {"infra"},
    "infra": {"infra", "components"},
    "components": {"components"},
    "policies": {"policies"},
    "simulator": {"simulator"},
    "ops": {"ops", "infra", "policies", "simulator"},
    "bench": {"bench", "simulator", "infra"},
    "tools": {"infra"},
}

# Helpers that every component may use; a component that composes others is named with what it composes.
HELPERS = {
    "base",
    "bucket_access",
    "bucket_readers",
    "cidr",
    "credentials",
    "external_secrets",
    "iam",
    "images",
    "keys",
    "lustre_sizes",
    "namespace",
    "naming",
    "network_policies",
    "placement",
    "pod_density",
    "pod_identity",
    "pools",
    "protection",
    "quantities",
    "runbook",
    "store_security_group",
    "stored_secret",
    "stores",
    "watched",
    "workloads",
    "workspace",
}
COMPOSES = {
    "distribution": {"objects"},
    "region": {
        "alarms",
        "databases",
        "eks",
        "files",
        "kafka",
        "mesh",
        "network",
        "objects",
        "observability",
        "platform",
        "postgres",
    },
    "miner": {
        "aerospike",
        "alarms",
        "asset_proxy",
        "databases",
        "eks",
        "files",
        "miner_addresses",
        "miner_secrets",
        "observability",
        "platform",
        "teranode",
    },
    "copies": {"alarms", "objects"},
    "mesh": {"network"},
    "miner_addresses": {"network", "teranode"},
    "asset_proxy": {"miner_addresses", "teranode"},
    "eks": {"network"},
    "files": {"network"},
    "platform": {"eks", "network"},
    "kafka": {"network"},
    "observability": {"aerospike", "platform", "teranode"},
    "postgres": {"network"},
}


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every module that a file imports, with the names it takes; inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, tuple(alias.name for alias in node.names)


IN_PODS = ROOT / "components" / "teranode" / "scripts"
"""What runs in a pod is no component: it has a clock and an environment."""

COMPONENT_FILES = [path for path in python_files("components") if IN_PODS not in path.parents]
ALL_FILES = [ROOT / "__main__.py", *(path for room in MAY_IMPORT if room[0] != "_" for path in python_files(room))]


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", ALL_FILES, ids=label)
def test_a_room_imports_only_the_rooms_it_may(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    rooms = {module.split(".")[0] for module, _ in imports(path)} & {*ROOMS, "tests", "bench", "tools"}

    assert rooms <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", COMPONENT_FILES, ids=label)
def test_components_import_helpers_and_only_composers_import_siblings(path: Path) -> None:
    own = path.relative_to(ROOT / "components").parts[0].removesuffix(".py")
    siblings = (
        {module.split(".")[1] for module, _ in imports(path) if module.startswith("components.")} - HELPERS - {own}
    )

    assert siblings <= COMPOSES.get(own, set())


@pytest.mark.parametrize("owner", ["mesh", "eks", "files", "kafka", "postgres"])
def test_of_a_network_others_take_its_reference_only(owner: str) -> None:
    taken = {
        name
        for path in COMPONENT_FILES
        if path.relative_to(ROOT / "components").parts[0].removesuffix(".py") == owner
        for module, names in imports(path)
        if module == "components.network"
        for name in names
    }

    assert taken == {"NetworkRef"}


@pytest.mark.parametrize("path", ALL_FILES, ids=label)
def test_boto3_lives_in_ops(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] in ("ops", "tools"):
        return
    assert not {module.split(".")[0] for module, _ in imports(path)} & {"boto3", "botocore"}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


@pytest.mark.parametrize("path", COMPONENT_FILES, ids=label)
def test_components_read_no_configuration_stack_environment_or_clock(path: Path) -> None:
    forbidden = {"pulumi.Config", "pulumi.export", "pulumi.get_stack", "pulumi.get_project", "os.getenv", "open"}
    tree = ast.parse(path.read_text())
    modules = {module for module, _ in imports(path)}

    assert not {name for name, _ in calls(tree)} & forbidden
    assert not modules & {"os", "time", "datetime", "random", "secrets"}


def is_resource(name: str) -> bool:
    """Calls such as `aws.ec2.Vpc(…)`, but neither argument classes nor invokes."""
    parts = name.split(".")
    return (
        parts[0] in ("aws", "kubernetes")
        and len(parts) in (2, 3, 4)
        and parts[-1][0].isupper()
        and not parts[-1].endswith("Args")
    )


@pytest.mark.parametrize("path", COMPONENT_FILES, ids=label)
def test_every_resource_of_a_component_is_its_child(path: Path) -> None:
    for name, call in calls(ast.parse(path.read_text())):
        if is_resource(name):
            options = [ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg == "opts"]
            assert len(options) == 1, f"{name} in line {call.lineno} has no opts"
            # `tell` makes them for the component that calls it.
            given = options == ["opts"] and label(path) == "components/alarms/events.py"
            assert given or options[0].startswith("self._child("), f"{name} in line {call.lineno}"
        if name == "tell":
            assert ast.unparse(call.args[-1]) == "self._child()", f"{name} in line {call.lineno}"


@pytest.mark.parametrize("path", COMPONENT_FILES, ids=label)
def test_no_resource_is_made_inside_an_apply_and_nothing_is_invoked(path: Path) -> None:
    for name, call in calls(ast.parse(path.read_text())):
        if name.endswith(".apply"):
            inside = {inner for argument in call.args for inner, _ in calls(argument)}
            assert not {inner for inner in inside if is_resource(inner)}
        parts = name.split(".")
        assert not (parts[0] in ("aws", "kubernetes") and parts[-1].startswith("get_")), f"{name}: an invoke"


@pytest.mark.parametrize("path", COMPONENT_FILES, ids=label)
def test_metadata_is_read_by_attribute(path: Path) -> None:
    """What the first of two steps leaves out has no metadata yet: `["name"]` ends in a KeyError, `.name` in nothing."""
    subscripts = [one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Subscript)]
    assert [ast.unparse(one) for one in subscripts if ast.unparse(one.value).endswith(".metadata")] == []


@pytest.mark.parametrize("path", COMPONENT_FILES, ids=label)
def test_a_component_registers_its_outputs_last_and_hands_its_options_only_up(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Component" for base in node.bases)):
            continue
        [constructor] = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
        statements = [item for item in ast.walk(constructor) if isinstance(item, ast.stmt)]
        uses = [item for item in ast.walk(node) if isinstance(item, ast.Name) and item.id == "opts"]

        # `facts` are inputs that a component records for whoever reads the state.
        first = ast.unparse(constructor.body[0])
        assert first == "super().__init__(name, opts)" or first.startswith("super().__init__(name, opts, facts={")
        assert ast.unparse(constructor.body[-1]).startswith("self.register_outputs(")
        assert not any(isinstance(item, ast.Return) for item in statements)
        assert len(uses) == 1
        assert len(statements) <= 61


@pytest.mark.parametrize("path", ALL_FILES, ids=label)
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


def test_every_test_module_is_collected_by_name() -> None:
    with_tests = {path for path in (ROOT / "tests").rglob("*.py") if "\ndef test_" in path.read_text()}

    assert {path for path in with_tests if not path.name.startswith("test_")} == set()


def test_one_function_alone_takes_a_value_out_of_its_envelope() -> None:
    """A peer id is public though it derives from a secret; nothing else is."""
    uses = {
        (label(path), function.name)
        for path in ALL_FILES
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr == "unsecret"
    }

    assert uses == {("components/miner_secrets/component.py", "public_peer_id")}
