"""Clients of AWS with the credentials of whoever runs a command, and what goes wrong with them in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoCredentialsError
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.model import OperationModel
from botocore.parsers import ResponseParserError

from ops.errors import UsageError

_CONFIG = Config(retries={"mode": "adaptive", "max_attempts": 10}, connect_timeout=10, read_timeout=60)
_LOGIN = "aws sso login, or another profile by --profile"
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_INVALID = frozenset({"AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403"})
_THROTTLED = frozenset(
    {"RequestLimitExceeded", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)
_CLOSED_REGION = frozenset({"OptInRequired"})
_WORDS = (
    (_EXPIRED, f"the credentials for AWS have expired ({{call}}): {_LOGIN}. What is done stays; repeat the command"),
    (_INVALID, f"AWS does not know these credentials ({{call}}: {{code}}): {_LOGIN}"),
    (
        _DENIED,
        "not allowed: {call} ({said}). Use credentials that may, then repeat the command: what is done stays",
    ),
    (
        _THROTTLED,
        "AWS throttles {call}, also after several tries. Wait a minute and repeat the command: what is done stays",
    ),
    (
        _CLOSED_REGION,
        "the region is not enabled for this account ({call}): enable it, or remove it from the stack file",
    ),
)
"""By codes what is said of a refusal."""
_PAGE = (b"<!doctype html", b"<html")
_AWS_OWN_PAGE = b"<html>"
"""How the load balancers before AWS's services begin theirs; botocore knows it, and tries again."""
_SERVERS_FAULT = 500


class AwsError(UsageError):
    """AWS could not be asked, or refused; the message has the remedy."""


@dataclass(frozen=True, slots=True)
class Aws:
    """One set of credentials."""

    session: boto3.Session

    @classmethod
    def of(cls, profile: str | None) -> "Aws":
        """The credentials of a profile, or of the environment.

        Raises:
            AwsError: there is no such profile.
        """
        with faults_worded():
            return cls(boto3.Session(profile_name=profile))

    def client(self, service: str, region: str) -> BaseClient:
        """A client that tries again when it is throttled."""
        made: BaseClient = self.session.client(service, region_name=region, config=_CONFIG)
        made.meta.events.register("before-parse", _refuse_a_page)
        return made


@contextmanager
def faults_worded() -> Iterator[None]:
    """Raise what botocore raises as an `AwsError`, with what to do about it."""
    try:
        yield
    except ClientError as error:
        raise AwsError(_refusal(error)) from error
    except NoCredentialsError as error:
        raise AwsError(f"no credentials for AWS: {_LOGIN}") from error
    except (BotoConnectionError, HTTPClientError) as error:
        raise AwsError(f"AWS cannot be reached: {error}. Check network and proxy, then repeat the command") from error
    except ResponseParserError as error:
        raise AwsError(_unreadable(str(error).partition("\n")[0])) from error
    except BotoCoreError as error:
        raise AwsError(f"the credentials or the profile for AWS cannot be used: {error}. Try {_LOGIN}") from error


def code_of(error: ClientError) -> str:
    """The code by which AWS names an error; empty if it names none."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _refuse_a_page(operation_model: OperationModel, response_dict: Mapping[str, object], **_: object) -> None:
    """Of a page for people botocore makes an answer without fields, or an error that is none of its own.

    Raises:
        AwsError: it is one.
    """
    status, headers, body = response_dict["status_code"], response_dict["headers"], response_dict["body"]
    if not isinstance(status, int) or not isinstance(headers, Mapping) or not isinstance(body, bytes):
        return  # a file as it comes
    text = body.lstrip()
    known = status >= _SERVERS_FAULT and text.startswith(_AWS_OWN_PAGE)
    if text[:20].lower().startswith(_PAGE) and not known and not operation_model.has_streaming_output:
        kind = str(headers.get("content-type", "of no type")).partition(";")[0]
        raise AwsError(_unreadable(f"{operation_model.name}: {status}, {kind}"))


def _unreadable(what: str) -> str:
    return f"AWS's answer cannot be read ({what}): is there a proxy between? Repeat the command: what is done stays"


def _refusal(error: ClientError) -> str:
    code, call = code_of(error), error.operation_name
    said = error.response.get("Error", {}).get("Message", "")
    if code == "NoSuchBucket":
        return _no_bucket(error)
    known = next((words for codes, words in _WORDS if code in codes), "AWS refused {call}: {code}: {said}")
    return known.format(call=call, code=code, said=said)


def _no_bucket(error: ClientError) -> str:
    bucket = str(error.response.get("Error", {}).get("BucketName", "")) or "of that name"
    region = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("x-amz-bucket-region", "")
    place = f" in {region}" if region else ""
    return (
        f"there is no bucket {bucket}{place} ({error.operation_name}): the outputs of the stack name one that was "
        "deleted, or that no update has made yet. `.venv/bin/python -m ops drift STACK` says what is gone, "
        "`pulumi up` makes it"
    )
