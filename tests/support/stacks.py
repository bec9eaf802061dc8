"""The real stacks, evaluated once per test session and process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from simulator import Simulation, simulate

ROOT = Path(__file__).resolve().parents[2]
STACKS = ("testing", "mainnet")
NAMESPACE = "teranode-infra:"


@cache
def evaluated(stack: str, *, preview: bool = False) -> Simulation:
    """The stack file of the repository, evaluated as `up` or as `preview`."""
    return simulate(ROOT / f"Pulumi.{stack}.yaml", project_dir=ROOT, preview=preview)


def stack_file(folder: Path, name: str, based_on: str, **changes: object) -> Path:
    """A copy of a stack file with keys of the project's namespace changed; None removes one."""
    document = yaml.safe_load((ROOT / f"Pulumi.{based_on}.yaml").read_text())
    config: dict[str, object] = document["config"]
    for key, value in changes.items():
        if value is None:
            config.pop(NAMESPACE + key)
        else:
            config[NAMESPACE + key] = value
    path = folder / f"Pulumi.{name}.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


def at(value: object, path: str) -> object:
    """What a dotted path leads to in nested mappings and lists; fails where it leads nowhere."""
    for step in path.split("."):
        if isinstance(value, list):
            value = value[int(step)]
        elif isinstance(value, Mapping):
            value = value[step]
        else:
            raise TypeError(f"{path}: {step} asks for a part of {value!r}")
    return value
