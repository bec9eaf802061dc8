"""What an attestation says, and how its refusals read."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ops.errors import UsageError
from ops.outputs import StackOutputs
from simulator.graph import Deployment, states

FORMAT = 2
HOLDS = "holds"
_COMMIT = r"^[0-9a-f]{40}([0-9a-f]{24})?$"
_SHA256 = r"^[0-9a-f]{64}$"


class AttestationError(UsageError):
    """Nothing is attested, or what is attested is not what is asked for; the message says why and what to do."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class CheckedRule(_Model):
    """One line of a verification."""

    miner: str
    rule: str
    verdict: str


class VerificationFile(_Model):
    """What ``ops verify --json`` printed, as far as it is relied on."""

    format: Literal[1]
    stack: str
    release: str
    time: AwareDatetime
    holds: bool
    checks: tuple[CheckedRule, ...]


class MinerImages(_Model):
    """The image that every Deployment of a miner was found to run."""

    image: str
    services: tuple[str, ...]


class VerificationResult(_Model):
    """How it was proved, by which rules; ``sha256`` is of the file."""

    time: AwareDatetime
    checks: tuple[CheckedRule, ...]
    sha256: str = Field(pattern=_SHA256)


class Attestation(_Model):
    """That ``commit`` with ``release`` was applied to a stack and found to work.

    - `images`: by miner.
    - `requirements`: SHA-256 of requirements.txt, the packages that built it.
    - `resources`: by type, as the state has them.
    - `updated`: end of the last update.
    """

    format: Literal[2]
    stack: str
    environment: str
    commit: str = Field(pattern=_COMMIT)
    release: str
    images: dict[str, MinerImages]
    requirements: str = Field(pattern=_SHA256)
    resources: dict[str, int]
    updated: AwareDatetime
    verification: VerificationResult
    time: AwareDatetime

    def canonical(self) -> bytes:
        """As JSON, one text for one content: sorted, without blanks, times in UTC to the second."""
        content = self.model_dump(mode="python", by_alias=True)
        return json.dumps(content, sort_keys=True, separators=(",", ":"), default=_text, ensure_ascii=True).encode()

    @property
    def version(self) -> str:
        """The release without its digest."""
        return self.release.partition("@")[0]


def parse(payload: bytes, source: str) -> Attestation:
    """The content of an envelope.

    Raises:
        AttestationError: it is of another form.
    """
    try:
        return Attestation.model_validate_json(payload)
    except ValidationError as error:
        places = ", ".join(sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()}))
        raise AttestationError(f"{source}: an attestation of another form than format {FORMAT} ({places})") from error


def read_verification(text: str, source: str) -> VerificationFile:
    """What ``ops verify --json`` printed.

    Raises:
        AttestationError: it is something else, or of an older version of this project.
    """
    try:
        return VerificationFile.model_validate_json(text)
    except ValidationError as error:
        raise AttestationError(f"{source}: not what `ops verify STACK --json` prints; run it again") from error


def refuse_unproved(verification: VerificationFile, outputs: StackOutputs, stack: str, rules: frozenset[str]) -> None:
    """Refuse a verification that is not of this stack and release, or in which a rule fails or is missing.

    Raises:
        AttestationError: naming the first such thing.
    """
    if verification.stack != stack:
        raise AttestationError(f"the verification is of stack {verification.stack!r}, not of {stack!r}")
    if verification.release != outputs.release:
        raise AttestationError(
            f"the verification is of {verification.release}, and {stack} has {outputs.release}: run `ops verify` again"
        )
    if not verification.holds and all(check.verdict == HOLDS for check in verification.checks):
        raise AttestationError("the verification does not hold: its own summary. Nothing is attested")
    refuse_open_checks(verification.checks, outputs.miners, rules, "the verification")


def refuse_open_checks(
    checks: Collection[CheckedRule], miners: Iterable[str], rules: Collection[str], source: str
) -> None:
    """Refuse checks of which one does not hold, or that leave out a rule of a miner.

    Raises:
        AttestationError: naming them.
    """
    if bad := [check for check in checks if check.verdict != HOLDS]:
        shown = ", ".join(f"{check.rule} of {check.miner} {check.verdict}" for check in bad)
        raise AttestationError(f"{source} does not hold: {shown}. Nothing was done")
    found = {(check.miner, check.rule) for check in checks}
    missing = sorted({(miner, rule) for miner in miners for rule in rules} - found)
    if missing:
        shown = ", ".join(f"{rule} of {miner}" for miner, rule in missing)
        raise AttestationError(f"{source} does not look at {shown}: run `ops verify` of this commit")


def images(outputs: StackOutputs) -> dict[str, MinerImages]:
    """Of all miners that run: on what the outputs say, for the rule `image` holds."""
    return {
        name: MinerImages(image=miner.image, services=tuple(sorted(miner.deployments)))
        for name, miner in sorted(outputs.miners.items())
        if miner.enabled
    }


def resources(deployment: Deployment) -> Mapping[str, int]:
    """Custom resources of a recorded state by type."""
    return Counter(str(state.get("type")) for state in states(deployment) if state.get("custom"))


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise TypeError(f"no form for {type(value).__name__}")
