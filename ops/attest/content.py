"""What the program of a commit makes of a stack, which an attestation of that commit must say as well.

A signature says who attests. This says that what is attested can be so: whoever has the key can sign anything.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.attest.attestation import Attestation, AttestationError, MinerImages, images, refuse_open_checks, resources
from ops.outputs import checked_outputs
from ops.release.stack_file import current_release
from ops.stacks import PROJECT_DIR, StackFile
from ops.verify.judge import Rule
from simulator.simulate import simulate

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Content:
    """A stack as the commit that is checked out makes it; fields as in `Attestation`."""

    environment: str
    release: str
    requirements: str
    images: Mapping[str, MinerImages]
    miners: frozenset[str]
    resources: Mapping[str, int]


def requirements(directory: Path) -> str:
    """SHA-256 of the locked packages of the work tree."""
    return hashlib.sha256((directory / "requirements.txt").read_bytes()).hexdigest()


def content(stack: StackFile, directory: Path) -> Content:
    """Evaluate ``stack`` in the simulated cloud.

    Raises:
        ReleaseError, StackFileError, pulumi.RunError, SimulatorError, OutputsError: it cannot be evaluated.
    """
    made = simulate(stack.path, project_dir=PROJECT_DIR)
    outputs = checked_outputs(made.exports, str(stack.path))
    return Content(
        environment=outputs.environment,
        release=current_release(stack.path),
        requirements=requirements(directory),
        images=images(outputs),
        miners=frozenset(outputs.miners),
        resources=resources(made.deployment),
    )


def refuse_other_content(attestation: Attestation, made: Content, source: str) -> None:
    """Refuse what says something else of a stack than the commit makes of it, or proves less than all of it.

    Raises:
        AttestationError: naming what differs.
    """
    if found := list(differences(attestation, made)):
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise AttestationError(
            f"{source}: does not fit commit {attestation.commit} of {attestation.stack}: "
            f"{'; '.join(found[:_SHOWN])}{more}. Nothing was done: apply the whole commit there (pulumi preview "
            "shows what is left), verify it and attest it again"
        )
    rules = frozenset(rule.value for rule in Rule)
    refuse_open_checks(attestation.verification.checks, made.miners, rules, source)


def differences(attestation: Attestation, made: Content) -> Iterator[str]:
    """What is attested otherwise than the commit makes it, in words."""
    for name in ("environment", "release", "requirements"):
        said, is_so = getattr(attestation, name), getattr(made, name)
        if said != is_so:
            yield f"{name} {said} is attested, the commit has {is_so}"
    for miner in sorted({*attestation.images, *made.images}):
        if attestation.images.get(miner) != made.images.get(miner):
            yield f"{miner}: {_image(attestation.images.get(miner))} is attested, {_image(made.images.get(miner))} made"
    for kind in sorted({*attestation.resources, *made.resources}):
        said, is_so = attestation.resources.get(kind, 0), made.resources.get(kind, 0)
        if said != is_so:
            yield f"{kind}: {said} are attested, {is_so} made"


def _image(one: MinerImages | None) -> str:
    return f"{one.image} in {', '.join(one.services) or 'no service'}" if one else "nothing"
