"""Attestations of testing in a project under git, with the key that its main branch trusts."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from ops.attest.attestation import Attestation, CheckedRule, VerificationResult, images, resources
from ops.attest.content import Content, requirements
from ops.attest.envelope import pem, sealed
from ops.outputs import checked_outputs
from ops.release.stack_file import with_release
from ops.verify.judge import Rule
from tests.support.git_project import GitProject
from tests.support.stacks import ROOT, evaluated

OLD, NEW = (f"v0.14.4@sha256:{'0' * 64}", f"v0.15.0@sha256:{'1' * 64}")


def of_testing() -> Content:
    """What the program makes of testing on the new release."""
    outputs = checked_outputs(evaluated("testing").exports, "testing")
    old, new = outputs.release, NEW
    return Content(
        environment="testing",
        release=NEW,
        requirements=requirements(ROOT),
        images={
            name: one.model_copy(update={"image": one.image.replace(old, new)}) for name, one in images(outputs).items()
        },
        miners=frozenset(outputs.miners),
        resources=resources(evaluated("testing").deployment),
    )


TESTING = of_testing()
CHECKS = tuple(
    CheckedRule(miner=miner, rule=rule.value, verdict="holds") for miner in sorted(TESTING.miners) for rule in Rule
)


def verified(time: datetime, *checks: CheckedRule) -> VerificationResult:
    """At that time, by these checks or by all that there are."""
    return VerificationResult(time=time, checks=checks or CHECKS, sha256="0" * 64)


class Proof:
    """The key of testing's attestations, its public part committed; and attestations signed by it."""

    def __init__(self, project: GitProject, folder: Path) -> None:
        self.project, self._folder = project, folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.trust(self.key)
        self.releases(NEW)

    def trust(self, key: ec.EllipticCurvePrivateKey, *, reviewed: bool = True) -> None:
        """Commit this key as that of testing."""
        file = self.project.folder / "docs" / "attestation-keys" / "testing.pem"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(pem(key.public_key()))
        self.project.commit("trust a key", reviewed=reviewed)

    def releases(self, release: str) -> tuple[str, Path]:
        """Commit that testing gets ``release``: that commit, and its attestation."""
        testing = self.project.folder / "Pulumi.testing.yaml"
        testing.write_text(with_release(testing, release))
        return self.project.commit(f"release {release}"), self.attestation(release=release)

    def attestation(self, **changed: object) -> Path:
        """The same, signed, as `ops attest fetch` writes it."""
        return self.signed(self.made(**changed))

    def made(self, **changed: object) -> Attestation:
        """Of the commit that is checked out, in which all of testing works; ``changed`` says otherwise."""
        now = datetime.now(UTC)
        return Attestation(
            format=2,
            stack="testing",
            environment="testing",
            commit=self.project.git("rev-parse", "HEAD"),
            release=NEW,
            images=dict(TESTING.images),
            requirements=TESTING.requirements,
            resources=dict(TESTING.resources),
            updated=now,
            verification=verified(now),
            time=now,
        ).model_copy(update=changed)

    def signed(self, made: Attestation) -> Path:
        """As `ops attest fetch` writes it."""
        signed = sealed(
            made.canonical(),
            self.key.public_key(),
            lambda digest: self.key.sign(digest, ec.ECDSA(utils.Prehashed(SHA256()))),
        )
        file = self._folder / f"{made.commit}.json"
        file.write_text(signed.model_dump_json(by_alias=True))
        return file
