"""What a proxy answers in AWS's place is told as that, and ends no command with a traceback."""

from collections.abc import Iterator
from io import BytesIO

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from typer.testing import CliRunner

from ops.aws.session import Aws, AwsError, faults_worded
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.preflight.reading import Trouble, or_trouble

PAGE = b"<!doctype html>\n<html lang=en><title>502 Bad Gateway</title>"


class _Body(BytesIO):
    """As urllib3 hands it on."""

    def stream(self) -> Iterator[bytes]:
        yield self.getvalue()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def answering(status: int, kind: str, body: bytes = PAGE, region: str = "") -> Aws:
    """Credentials with which every call gets this answer."""
    session = boto3.Session()
    headers = {"content-type": kind, **({"x-amz-bucket-region": region} if region else {})}
    session.events.register(
        "before-send",
        lambda request, **_: AWSResponse(request.url, status, headers, _Body(body)),
    )
    return Aws(session)


# STS answers in XML, ECR in JSON: botocore gives up on the one, and makes an answer without fields of the other.
@pytest.mark.parametrize(("service", "call"), [("sts", "get_caller_identity"), ("ecr", "describe_registry")])
@pytest.mark.parametrize("status", [200, 403, 502])
def test_a_page_in_place_of_an_answer_names_status_and_proxy(service: str, call: str, status: int) -> None:
    client = answering(status, "text/html; charset=utf-8").client(service, "eu-west-1")
    with (
        pytest.raises(AwsError, match=rf"cannot be read \(\w+: {status}, text/html\): is there a proxy"),
        faults_worded(),
    ):
        getattr(client, call)()


def test_an_answer_that_is_no_xml_is_told_without_a_traceback() -> None:
    client = answering(200, "text/plain", b"moved").client("sts", "eu-west-1")
    with pytest.raises(AwsError, match=r"cannot be read .*is there a proxy"), faults_worded():
        client.get_caller_identity()


def test_an_error_of_a_service_is_its_own_whatever_it_says_of_its_type() -> None:
    """Servers for rehearsals call all that they say a page."""
    body = b"<Error><Code>NoSuchBucket</Code><Message>none</Message></Error>"
    client = answering(404, "text/html", body).client("s3", "eu-west-1")
    with pytest.raises(AwsError, match="there is no bucket of that name"), faults_worded():
        client.list_objects_v2(Bucket="nobodys")


def test_a_bucket_that_is_not_there_is_named_with_its_region_and_what_to_do() -> None:
    body = b"<Error><Code>NoSuchBucket</Code><Message>none</Message><BucketName>backups-1</BucketName></Error>"
    client = answering(404, "application/xml", body, region="eu-west-1").client("s3", "eu-west-1")
    expected = r"no bucket backups-1 in eu-west-1 \(ListObjectsV2\): .* ops drift STACK` says what is gone"
    with pytest.raises(AwsError, match=expected), faults_worded():
        client.list_objects_v2(Bucket="backups-1")


def test_a_page_that_somebody_keeps_in_a_bucket_is_read() -> None:
    client = answering(200, "text/html").client("s3", "eu-west-1")
    assert client.get_object(Bucket="pages", Key="index.html")["Body"].read() == PAGE


def test_preflight_leaves_open_what_a_proxy_answered() -> None:
    client = answering(502, "text/html").client("ec2", "eu-west-1")
    found = or_trouble(client.describe_vpcs)
    assert isinstance(found, Trouble)
    assert "502, text/html" in found.what


@pytest.mark.parametrize("command", [("bootstrap", "testing", "--check"), ("preflight", "testing")])
def test_a_command_that_meets_a_proxy_is_refused(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Aws, "of", lambda _profile: answering(502, "text/html"))
    result = CliRunner().invoke(app, [*command], catch_exceptions=False)
    assert result.exit_code == ExitCode.USAGE
    assert result.stderr.startswith("asking AWS in eu-west-1 whose credentials these are\n")
    assert "AWS's answer cannot be read (GetCallerIdentity: 502, text/html)" in result.stderr
