"""Whether images and charts are published: HEAD requests to registries without an account, and indexes of charts.

OCI Distribution Specification 1.1 (manifests, `WWW-Authenticate`), Docker Registry v2 token authentication.
"""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from typing import IO

from pydantic import BaseModel, ValidationError

from ops.preflight.checks import ACCOUNT, Area, Check, Verdict
from ops.preflight.reading import Trouble
from ops.preflight.sources import Chart, Image

_TIMEOUT_S = 20
_MAX_INDEX_BYTES = 64 * 2**20
_MANIFESTS = (
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json"
)
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_AGENT = "teranode-infra"


class _Token(BaseModel):
    token: str = ""
    access_token: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, without its body unless that was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Registries:
    """Registries and repositories of charts; ``scheme`` is http where tests serve them.

    ``logins`` are the credentials of registries that give no token to everybody, by host: user and password in base64.
    """

    scheme: str = "https"
    logins: Mapping[str, str] = field(default_factory=dict, repr=False)
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def digest(self, image: Image, reference: str) -> str | Trouble | None:
        """The digest of a tag or digest of an image; None if the registry does not have it."""
        answer = self._ask(image, reference, "HEAD")
        if answer is None or isinstance(answer, Trouble):
            return answer
        return answer.headers.get("docker-content-digest", "") or reference

    def manifest(self, image: Image, reference: str) -> bytes | Trouble | None:
        """The manifest or index behind a tag or digest, bit by bit; None if the registry does not have it."""
        answer = self._ask(image, reference, "GET")
        return answer.body if isinstance(answer, Answer) else answer

    def _ask(self, image: Image, reference: str, method: str) -> Answer | Trouble | None:
        url = f"{self.scheme}://{image.registry}/v2/{image.repository}/manifests/{reference}"
        answer = self._authorized(url, (image.registry, image.repository), method)
        if isinstance(answer, Trouble):
            return answer
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        return answer if answer.status == HTTPStatus.OK else _refused(image.registry, answer)

    def _authorized(self, url: str, key: tuple[str, str], method: str) -> Answer | Trouble:
        headers = {"Accept": _MANIFESTS}
        if key[0] in self.logins:
            return _request(url, {**headers, "Authorization": f"Basic {self.logins[key[0]]}"}, method=method)
        if key in self._tokens:
            headers["Authorization"] = f"Bearer {self._tokens[key]}"
        answer = _request(url, headers, method=method)
        if isinstance(answer, Trouble) or answer.status != HTTPStatus.UNAUTHORIZED or key in self._tokens:
            return answer
        token = self._token(answer.headers.get("www-authenticate", ""), key[1])
        if isinstance(token, Trouble):
            return token
        self._tokens[key] = token
        return _request(url, {**headers, "Authorization": f"Bearer {token}"}, method=method)

    def _token(self, challenge: str, repository: str) -> str | Trouble:
        """A token for nobody in particular, which public registries give to everybody."""
        asked = dict(_CHALLENGE.findall(challenge))
        realm = asked.pop("realm", "")
        if not challenge.lower().startswith("bearer") or not realm.startswith(f"{self.scheme}://"):
            return Trouble("the registry wants a login, and this command has none")
        query = {"scope": f"repository:{repository}:pull", **asked}
        answer = _request(f"{realm}?{urllib.parse.urlencode(query)}", {}, method="GET")
        if isinstance(answer, Trouble):
            return answer
        if answer.status != HTTPStatus.OK:
            return _refused(urllib.parse.urlsplit(realm).netloc, answer)
        try:
            found = _Token.model_validate_json(answer.body)
        except ValidationError:
            return Trouble(f"{urllib.parse.urlsplit(realm).netloc} gave something that is no token")
        return found.token or found.access_token

    def index(self, repository: str) -> str | Trouble:
        """The index of a repository of charts."""
        url = f"{repository}/index.yaml"
        answer = _request(url, {}, method="GET")
        if isinstance(answer, Trouble):
            return answer
        if answer.status != HTTPStatus.OK:
            return _refused(url, answer)
        return answer.body.decode("utf-8", errors="replace")


def _refused(where: str, answer: Answer) -> Trouble:
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Trouble(f"{where} throttles this machine: wait, then repeat the command")
    if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Trouble(f"{where} answers {answer.status} without a login: it is private, or has no such repository")
    return Trouble(f"{where} answers {answer.status}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A request with a token is not sent on to another host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """Follow within the host, or without a token."""
        host = urllib.parse.urlsplit(newurl).netloc
        if req.has_header("Authorization") and host != urllib.parse.urlsplit(req.full_url).netloc:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _request(url: str, headers: Mapping[str, str], *, method: str) -> Answer | Trouble:
    """One request, through the proxy of the environment if there is one."""
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        return Trouble(f"{url} is no address of the web")
    request = urllib.request.Request(url, headers={"User-Agent": _AGENT, **headers}, method=method)  # noqa: S310 (above)
    host = urllib.parse.urlsplit(url).netloc
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT_S) as response:
            return Answer(response.status, _lower(response.headers), response.read(_MAX_INDEX_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _lower(error.headers))
    except urllib.error.URLError as error:
        return Trouble(f"{host} cannot be reached ({error.reason}): check network and proxy")
    except (OSError, HTTPException, ValueError) as error:
        return Trouble(f"{host} did not answer ({type(error).__name__}: {error}): check network and proxy")


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def image_check(registries: Registries, image: Image, subject: str = "image") -> Check:
    """Whether an image is published; of one with tag and digest, the digest, which is what nodes run."""
    name = f"{subject} {image.written}"
    found = registries.digest(image, image.digest or image.tag)
    if isinstance(found, Trouble):
        return found.check(Area.SOURCES, ACCOUNT, name, "not taken for published: look from a machine that reaches it")
    if found is None:
        remedy = "correct version or digest, or wait until it is published"
        return Check(Area.SOURCES, ACCOUNT, name, Verdict.FAILS, "is not published", remedy)
    return Check(Area.SOURCES, ACCOUNT, name, Verdict.HOLDS, "published" if image.digest else f"published as {found}")


def chart_checks(registries: Registries, repository: str, wanted: list[Chart]) -> Iterator[Check]:
    """Whether a repository has charts in their versions."""
    index = registries.index(repository)
    for chart in wanted:
        name = f"chart {chart.name} {chart.version}"
        if isinstance(index, Trouble):
            yield index.check(
                Area.SOURCES, ACCOUNT, name, "not taken for published: look from a machine that reaches it"
            )
            continue
        versions = versions_in(index, chart.name)
        if chart.version in versions:
            yield Check(Area.SOURCES, ACCOUNT, name, Verdict.HOLDS, f"in {repository}")
        else:
            newest = f"; it has {', '.join(versions[:3])}" if versions else ""
            remedy = "correct its pin in infra/versions.py, or the repository in platform.charts"
            yield Check(Area.SOURCES, ACCOUNT, name, Verdict.FAILS, f"not in {repository}{newest}", remedy)


def versions_in(index: str, chart: str) -> list[str]:
    """The versions of a chart in an index, which Helm writes: a key for each chart, in which each entry has its own.

    Read line by line: indexes have megabytes, and a YAML parser takes seconds for them.
    """
    found: list[str] = []
    inside, dash = False, ""
    for line in index.splitlines():
        if line and not line.startswith(" "):
            inside = False
        elif re.fullmatch(r"  [^\s#-][^:]*:\s*", line):
            inside, dash = line.strip().rstrip(":").strip("\"'") == chart, ""
        elif inside:
            entry = re.match(r"( +)- ", line)
            dash = dash or (entry[1] if entry else "")
            version = re.fullmatch(rf"{dash}(?:- |  )version:\s*(\S+)\s*", line)
            found += [version[1].strip("\"'")] if version else []
    return found
