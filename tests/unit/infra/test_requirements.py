"""requirements.in lists what the project itself imports."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.support.stack_settings import PROJECT

FOLDERS = ("infra", "components", "policies", "simulator", "ops", "bench", "tools", "tests")
LISTED = set(
    re.findall(r"^([a-z0-9-]+)(?:\[\w+\])?==", (PROJECT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
)


def imported_modules(path: Path) -> set[str]:
    """Every absolute import of a file, inside functions too, by dotted name."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {
        node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module
    }


def own_modules() -> set[str]:
    return {*FOLDERS, "__main__", *(path.stem for folder in FOLDERS for path in (PROJECT / folder).iterdir())}


def test_every_imported_package_is_a_direct_dependency() -> None:
    files = [PROJECT / "__main__.py", *(path for folder in FOLDERS for path in (PROJECT / folder).rglob("*.py"))]
    modules = {module for path in files for module in imported_modules(path)}
    top_level = {"protobuf" if module.startswith("google.protobuf") else module.partition(".")[0] for module in modules}
    third_party = top_level - sys.stdlib_module_names - own_modules()
    installed = packages_distributions()
    distributions = {
        name: {one.lower().replace("_", "-") for one in installed.get(name, [name])} for name in third_party
    }

    assert {name for name, providers in distributions.items() if not providers & LISTED} == set()
