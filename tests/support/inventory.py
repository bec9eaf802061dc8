"""The golden inventory of a stack: one line per resource, with the locks that hold it; and the values of its charts.

python -m tests.support.inventory            rewrites tests/stacks/golden/*.txt and values/*.yaml
git diff tests/stacks/golden                 then read every line: a vanished URN is a deletion in a real stack
"""

from collections.abc import Mapping
from pathlib import Path

import yaml

from policies.rules.stateful import STATEFUL
from simulator import Simulation, simulate

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "stacks" / "golden"
STACKS = ("testing", "mainnet")


_LOCKED_TOO: Mapping[str, Mapping[str, object]] = {
    "aws:lb/loadBalancer:LoadBalancer": {"enableDeletionProtection": True},
}
"""Types with a lock of the cloud's that hold no data."""


def inventory(simulation: Simulation) -> str:
    """Every URN without stack and project, and its locks: protect, retain, the cloud's own, ignored changes."""
    return "".join(f"{line}\n" for line in sorted(_lines(simulation)))


def _lines(simulation: Simulation) -> list[str]:
    lines = []
    for resource in simulation.resources:
        chain = resource.urn.split("::", 2)[2]
        locks = [name for name, held in (("protect", resource.protect), ("retain", resource.retain_on_delete)) if held]
        cloud = STATEFUL[resource.type].cloud if resource.type in STATEFUL else _LOCKED_TOO.get(resource.type, {})
        locks += [f"{path} {_word(value)}" for path, value in cloud.items() if resource.inputs.get(path) == value]
        locks += [f"ignores {path}" for path in resource.ignore_changes]
        lines.append(f"{chain}  [{', '.join(locks)}]" if locks else chain)
    return lines


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def chart_values(simulation: Simulation) -> Mapping[str, str]:
    """The values that the environment's first region gives each chart, as a values file, by the chart's name."""
    found: dict[str, str] = {}
    for release in sorted(simulation.of_type("kubernetes:helm.sh/v3:Release"), key=lambda release: release.name):
        name = str(release.inputs["chart"]).rpartition("/")[2]
        found.setdefault(name, yaml.safe_dump(release.inputs["values"], sort_keys=True, width=110))
    return found


def main() -> None:
    """Rewrite the golden files from the stack files."""
    (GOLDEN / "values").mkdir(parents=True, exist_ok=True)
    for stack in STACKS:
        simulation = simulate(ROOT / f"Pulumi.{stack}.yaml", project_dir=ROOT)
        (GOLDEN / f"{stack}.txt").write_text(inventory(simulation))
        for chart, text in chart_values(simulation).items():
            (GOLDEN / "values" / f"{chart}-{stack}.yaml").write_text(text)


if __name__ == "__main__":
    main()
