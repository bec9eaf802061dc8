"""The golden inventory of a stack: one line per resource, with the locks that hold it.

python -m tests.support.inventory            rewrites tests/stacks/golden/*.txt
git diff tests/stacks/golden                 then read every line: a vanished URN is a deletion in a real stack
"""

from pathlib import Path

from simulator import Simulation, simulate

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "stacks" / "golden"
STACKS = ("testing", "mainnet")


def inventory(simulation: Simulation) -> str:
    """Every URN without stack and project, and its locks: protect, retain, ignored changes."""
    return "".join(f"{line}\n" for line in sorted(_lines(simulation)))


def _lines(simulation: Simulation) -> list[str]:
    lines = []
    for resource in simulation.resources:
        chain = resource.urn.split("::", 2)[2]
        locks = [name for name, held in (("protect", resource.protect), ("retain", resource.retain_on_delete)) if held]
        locks += [f"ignores {path}" for path in resource.ignore_changes]
        lines.append(f"{chain}  [{', '.join(locks)}]" if locks else chain)
    return lines


def main() -> None:
    """Rewrite the golden files from the stack files."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for stack in STACKS:
        text = inventory(simulate(ROOT / f"Pulumi.{stack}.yaml", project_dir=ROOT))
        (GOLDEN / f"{stack}.txt").write_text(text)


if __name__ == "__main__":
    main()
