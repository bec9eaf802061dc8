"""`ops distribute`: registries and `crane` are synthetic, on loopback; the bucket is moto's."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.client import BaseClient
from moto import mock_aws
from typer.testing import CliRunner

from ops import distribute_command
from ops.aws.session import Aws
from ops.cli import app
from ops.distribution import run as distribution_run
from ops.distribution.crane import Crane
from ops.distribution.images import DistributionError, UnfinishedError
from ops.distribution.run import Places, Plan, distribute, places_of_testers, plan
from ops.exit_codes import ExitCode
from ops.outputs import DistributionOutputs
from ops.preflight.registry import Registries
from tests.support.oci_registry import FakeCrane, Registry, install_crane, registry
from tests.support.stack_settings import accepted, changed
from tests.support.stack_settings import stack_file as settings_of
from tests.support.stacks import evaluated, stack_file

ACCOUNT = "444455556666"
TESTER = "777788889999"
LOGIN = base64.b64encode(b"AWS:token-of-the-registry").decode()
BOTH = ("linux/amd64", "linux/arm64")
SOURCE, TARGET, BUCKET, VERSION = "upstream/teranode", "mainnet/teranode", "releases-of-mainnet", "v0.15.0"


@dataclass
class World:
    """Where a release comes from, where it goes to, and what carries it."""

    source: Registry
    target: Registry
    crane: FakeCrane
    places: Places
    s3: BaseClient
    testers: DistributionOutputs

    def plan(self, release: str = VERSION, *, images: tuple[str, ...] = (), folder: Path | None = None) -> Plan:
        return plan(self.places, self.testers, release, images, folder)

    def distribute(self, release: str = VERSION, *, folder: Path | None = None) -> Plan:
        wanted = self.plan(release, folder=folder)
        distribute(self.places, wanted, Crane.find, lambda _: None)
        return wanted


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[World]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", ACCOUNT)
    crane = install_crane(tmp_path / "bin", monkeypatch)
    with registry() as source, registry(LOGIN) as target, mock_aws():
        s3 = boto3.client("s3", region_name="eu-west-1")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        monkeypatch.setattr(distribution_run, "SOURCES", {"teranode": f"{source.address}/{SOURCE}"})
        logins = {target.address: LOGIN}
        testers = DistributionOutputs(
            readers=(TESTER,), repositories={"teranode": f"{target.address}/{TARGET}"}, bucket=BUCKET
        )
        yield World(source, target, crane, Places(Registries("http", logins), logins, s3), s3, testers)


def test_an_image_arrives_with_both_architectures_and_under_its_digest(world: World) -> None:
    digest = world.source.publish(SOURCE, VERSION, *BOTH, "unknown/unknown")
    [image] = world.distribute().images

    assert image.digest == digest
    assert len(image.manifests) == 3, "an attestation is copied as well"
    for reference in (VERSION, *image.manifests):
        assert f"{TARGET}/{reference}" in world.target.held
    [call] = world.crane.calls
    source, target = f"{world.source.address}/{SOURCE}@{digest}", f"{world.target.address}/{TARGET}:{VERSION}"
    assert call == {"arguments": ["copy", source, target], "mode": "0o100600"}, "the login is in a file of its own"


def test_the_second_run_copies_nothing_and_looks_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    world.distribute()
    monkeypatch.setenv("PATH", "")  # no crane is needed for nothing

    assert world.distribute().complete
    assert len(world.crane.calls) == 1


def test_a_pinned_release_is_copied_though_its_tag_has_moved(world: World) -> None:
    digest = world.source.publish(SOURCE, VERSION, *BOTH)
    world.source.publish(SOURCE, VERSION, *BOTH, note="moved")
    [image] = world.distribute(f"{VERSION}@{digest}").images

    assert (image.digest, image.target.tag) == (digest, VERSION)


@pytest.mark.parametrize("missing", BOTH)
def test_an_index_without_one_architecture_is_refused(world: World, missing: str) -> None:
    world.source.publish(SOURCE, VERSION, *(one for one in BOTH if one != missing))

    with pytest.raises(DistributionError, match=f"its index has no {missing}"):
        world.plan()


def test_one_image_for_all_is_refused(world: World) -> None:
    world.source.put(SOURCE, VERSION, b'{"schemaVersion": 2, "layers": []}')

    with pytest.raises(DistributionError, match="is one image, not an index"):
        world.plan()


def test_a_release_that_is_not_published_is_refused(world: World) -> None:
    with pytest.raises(DistributionError, match="is not published"):
        world.plan()


def test_a_registry_that_gives_another_content_than_its_digest_is_refused(world: World) -> None:
    digest = world.source.publish(SOURCE, VERSION, *BOTH)
    world.source.publish(SOURCE, "other", *BOTH, note="other")
    world.source.held[f"{SOURCE}/{digest}"] = world.source.held[f"{SOURCE}/other"]

    with pytest.raises(DistributionError, match="Do not distribute it"):
        world.plan(f"{VERSION}@{digest}")


def test_a_tag_that_testers_have_with_another_content_is_refused(world: World) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    before = world.target.publish(TARGET, VERSION, *BOTH, note="other")

    with pytest.raises(DistributionError, match=f"is {before} already"):
        world.plan()


def test_what_did_not_arrive_is_named(world: World) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    [image] = world.plan().images
    world.target.lost.add(image.manifests[1])

    with pytest.raises(UnfinishedError, match=f"{image.manifests[1]} did not arrive"):
        world.distribute()
    world.target.lost.clear()
    assert not world.distribute().complete
    assert world.plan().complete


def test_a_tag_that_did_not_arrive_is_named(world: World) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    world.target.lost.add(VERSION)

    with pytest.raises(UnfinishedError, match="is not there after the copy"):
        world.distribute()


def test_where_crane_stops_its_last_word_is_passed_on(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    install_crane(tmp_path / "broken", monkeypatch, program="#!{python}\n# {calls}\nraise SystemExit('denied')\n")

    with pytest.raises(UnfinishedError, match="and said: denied"):
        world.distribute()


def test_without_crane_the_message_says_how_to_get_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(DistributionError, match="go install"):
        world.distribute()


def test_an_image_that_testers_do_not_get_is_refused(world: World) -> None:
    with pytest.raises(DistributionError, match="testers get teranode and nothing else"):
        world.plan(images=("postgres",))


def test_a_stack_that_has_no_repositories_yet_is_said(world: World) -> None:
    with pytest.raises(DistributionError, match="run pulumi up"):
        plan(world.places, None, VERSION, (), None)


def signed(folder: Path, name: str, content: bytes) -> Path:
    """A binary with its checksum, as `sha256sum` writes it, and with a signature."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.with_name(f"{path.name}.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  {path.name}\n")
    path.with_name(f"{path.name}.sig").write_bytes(b"a signature")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    signed(tmp_path / "release", "linux-arm64/teranode", b"for arm64")
    signed(tmp_path / "release", "linux-amd64/teranode", b"for amd64")
    return tmp_path / "release"


def keys(world: World) -> list[str]:
    return [item["Key"] for item in world.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_binaries_lie_under_their_version_with_checksum_and_signature(world: World, folder: Path) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    assert not world.distribute(folder=folder).complete

    assert keys(world) == [
        f"{VERSION}/linux-{architecture}/teranode{ending}"
        for architecture in ("amd64", "arm64")
        for ending in ("", ".sha256", ".sig")
    ]
    assert world.plan(folder=folder).complete


def test_a_binary_that_testers_have_is_never_another(world: World, folder: Path) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    world.distribute(folder=folder)
    signed(folder, "linux-arm64/teranode", b"for arm64, built again")

    with pytest.raises(DistributionError, match="has another content than"):
        world.distribute(folder=folder)
    held = world.s3.get_object(Bucket=BUCKET, Key=f"{VERSION}/linux-arm64/teranode")["Body"].read()
    assert held == b"for arm64"


def test_a_binary_that_somebody_stores_meanwhile_is_not_overwritten(world: World, folder: Path) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    wanted = world.plan(folder=folder)
    world.s3.put_object(Bucket=BUCKET, Key=f"{VERSION}/linux-arm64/teranode", Body=b"theirs")

    with pytest.raises(UnfinishedError, match="written by somebody else"):
        distribute(world.places, wanted, Crane.find, lambda _: None)
    assert world.s3.get_object(Bucket=BUCKET, Key=f"{VERSION}/linux-arm64/teranode")["Body"].read() == b"theirs"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.with_name("teranode.sig").unlink(), "no signature beside it"),
        (lambda path: path.with_name("teranode.sha256").unlink(), "no teranode.sha256 beside it"),
        (lambda path: path.with_name("teranode.sha256").write_text("0" * 64), "is not the one in teranode.sha256"),
        (lambda path: path.with_name("teranode.sha256").write_text("nothing"), "not a line of `sha256sum teranode`"),
        (lambda path: path.unlink(), "there is no teranode beside it"),
    ],
)
def test_a_binary_that_is_not_signed_and_summed_is_refused(
    world: World, folder: Path, spoil: Callable[[Path], object], message: str
) -> None:
    world.source.publish(SOURCE, VERSION, *BOTH)
    spoil(folder / "linux-arm64" / "teranode")

    with pytest.raises(DistributionError, match=message):
        world.distribute(folder=folder)
    assert (keys(world), world.crane.calls) == ([], []), "all is looked at before anything is done"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["distribute", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def recorded(world: World, folder: Path) -> tuple[str, ...]:
    """A stack with testers, and its state with the loopback places in the outputs."""
    document = json.loads(json.dumps(evaluated("mainnet").deployment))
    document["deployment"]["resources"][0]["outputs"]["distribution"] = world.testers.model_dump(mode="json")
    state = folder / "state.json"
    state.write_text(json.dumps(document))
    return str(stack_file(folder, "mainnet", "mainnet", distribution={"testers": [TESTER]})), "--state", str(state)


def test_the_command_shows_a_plan_then_does_it_and_then_has_nothing_to_do(
    world: World, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = world.source.publish(SOURCE, VERSION, *BOTH)
    monkeypatch.setattr(distribute_command, "places_of_testers", lambda *_: world.places)
    stack, *state = recorded(world, tmp_path)
    command = (stack, VERSION, *state, "--binaries", str(folder))

    code, shown, _ = run(*command, "--dry-run")
    assert code == ExitCode.CLEAN
    assert "Nothing was copied" in shown
    assert (keys(world), world.crane.calls) == ([], [])

    code, shown, _ = run(*command)
    assert code == ExitCode.CLEAN
    assert f"{VERSION} is there: 1 account of testers can read it." in shown

    code, document, _ = run(*command, "--json")
    found = json.loads(document)
    assert (code, found["format"], found["readers"], found["bucket"]) == (ExitCode.CLEAN, 1, [TESTER], BUCKET)
    assert [(image["digest"], image["wasThere"]) for image in found["images"]] == [(digest, True)]
    assert all(binary["wasThere"] for binary in found["binaries"])

    world.target.held.clear()
    world.target.lost.add(VERSION)
    code, shown, said = run(*command)
    assert (code, shown) == (ExitCode.FINDINGS, "")
    assert "is not there after the copy" in said


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("stack", "version", "message"),
    [
        ("mainnet", VERSION, "names no testers"),
        ("mainnet", "latest", "is no release"),
    ],
)
def test_what_cannot_be_distributed_is_refused_in_words(stack: str, version: str, message: str) -> None:
    code, stdout, stderr = run(stack, version)

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert message in stderr


@pytest.mark.usefixtures("world")
def test_only_the_account_of_the_stack_gets_a_login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The token of the registry is moto's."""
    settings = changed(settings_of("mainnet"), "distribution", {"testers": [TESTER]})
    places = places_of_testers(Aws.of(None), accepted(settings, "mainnet"))
    assert list(places.logins) == [f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com"]
    assert next(iter(places.logins.values())) not in repr(places.registries)

    monkeypatch.setattr("moto.core.models.DEFAULT_ACCOUNT_ID", "123456789012")
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "123456789012")
    stack = stack_file(tmp_path, "mainnet", "mainnet", distribution={"testers": [TESTER]})
    code, _, stderr = run(str(stack), VERSION)
    assert code == ExitCode.USAGE
    assert f"of account {ACCOUNT}" in stderr
