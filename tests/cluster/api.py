"""The API of a Kubernetes server, as far as these tests need it."""

import base64
import http.client
import json
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from simulator.kubeconfig import ClusterAccess

Object = Mapping[str, Any]

FIELD_MANAGER = "teranode-infra-tests"
_ANSWER_SECONDS = 60
_POLL_SECONDS = 0.1


class NotInTimeError(AssertionError):
    """Another program did not get where it had to be."""


def wait_until(condition: Callable[[], bool], what: str, seconds: float) -> None:
    """Ask again and again until another program is where it has to be.

    Raises:
        NotInTimeError: it is not, after so many seconds.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise NotInTimeError(f"after {seconds:.0f} s still not: {what}")
        time.sleep(_POLL_SECONDS)


@dataclass(frozen=True)
class Answer:
    """What the server says to one request."""

    status: int
    body: Object
    warnings: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return self.status < http.client.BAD_REQUEST

    @property
    def missing(self) -> bool:
        return self.status == http.client.NOT_FOUND

    @property
    def message(self) -> str:
        return f"{self.status} {self.body.get('reason', '')}: {self.body.get('message', '')}"


@dataclass(frozen=True)
class Kind:
    """A kind that the server serves."""

    api_version: str
    name: str
    plural: str
    namespaced: bool
    listed: bool

    def path(self, namespace: str = "", name: str = "", part: str = "") -> str:
        """The path of one object or of all, in one namespace or in all."""
        root = "/api/v1" if self.api_version == "v1" else f"/apis/{self.api_version}"
        within = ("namespaces", namespace) if self.namespaced and namespace else ()
        return "/".join([root, *within, self.plural, *filter(None, (name, part))])

    def path_of(self, item: Object, part: str = "") -> str:
        """The path of an object of this kind."""
        metadata = item["metadata"]
        return self.path(metadata.get("namespace", "default"), metadata["name"], part)


class Api:
    """One connection to an API server."""

    def __init__(self, access: ClusterAccess) -> None:
        address = urlsplit(access.endpoint)
        self._connection = http.client.HTTPSConnection(
            address.hostname or "", address.port, context=_tls(access), timeout=_ANSWER_SECONDS
        )
        self._headers = {"Authorization": f"Bearer {access.token}"} if access.token else {}
        self._kinds: dict[tuple[str, str], Kind] = {}

    def close(self) -> None:
        self._connection.close()

    def request(
        self, method: str, path: str, body: Object | None = None, content: str = "application/json", **query: str
    ) -> Answer:
        """One call; refusals are answers."""
        target = f"{path}?{urlencode(query)}" if query else path
        headers = {**self._headers, "Accept": "application/json", "Content-Type": content}
        self._connection.request(method, target, json.dumps(body) if body is not None else None, headers)
        response = self._connection.getresponse()
        text = response.read()
        # A warning is `299 - "text"`.
        warnings = tuple(line.partition('"')[2].rstrip('"') for line in response.headers.get_all("Warning", []))
        try:
            answered = json.loads(text)
        except ValueError:
            answered = {"message": text.decode(errors="replace")}
        return Answer(response.status, answered, warnings)

    def healthy(self) -> bool:
        """Whether the server is up and all that it does at its start is done."""
        try:
            return self.request("GET", "/readyz").accepted
        except OSError:
            self.close()
            return False

    def apply(self, item: Object, **query: str) -> Answer:
        """Server-side apply with strict field validation; 404 where the kind is not served."""
        kind = self.kind(item["apiVersion"], item["kind"])
        if kind is None:
            return Answer(http.client.NOT_FOUND, {"message": f"no {item['kind']} in {item['apiVersion']}"}, ())
        query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict", **query}
        return self.request("PATCH", kind.path_of(item), item, "application/apply-patch+yaml", **query)

    def kind(self, api_version: str, name: str) -> Kind | None:
        """A kind by its name, None where the server does not serve it."""
        if (api_version, name) not in self._kinds:
            self._kinds |= {(api_version, kind.name): kind for kind in self._served(api_version)}
        return self._kinds.get((api_version, name))

    def everything(self) -> set[tuple[str, str, str]]:
        """Kind, namespace and name of all objects that somebody made: no events, leases and the like."""
        return {
            (kind.name, item["metadata"].get("namespace", ""), item["metadata"]["name"])
            for kind in self._all_kinds()
            for item in self.request("GET", kind.path()).body.get("items") or ()
        }

    def _all_kinds(self) -> Iterator[Kind]:
        groups = self.request("GET", "/apis").body["groups"]
        for version in ("v1", *(version["groupVersion"] for group in groups for version in group["versions"])):
            yield from (kind for kind in self._served(version) if kind.listed and kind.name not in _COME_AND_GO)

    def _served(self, api_version: str) -> Iterator[Kind]:
        root = "/api/v1" if api_version == "v1" else f"/apis/{api_version}"
        for served in self.request("GET", root).body.get("resources", ()):
            if "/" not in served["name"]:
                listed = "list" in served["verbs"]
                yield Kind(api_version, served["kind"], served["name"], served["namespaced"], listed)


_COME_AND_GO = frozenset({"APIService", "ComponentStatus", "EndpointSlice", "Endpoints", "Event", "Lease"})


def _tls(access: ClusterAccess) -> ssl.SSLContext:
    authority = base64.b64decode(access.certificate_authority).decode()
    context = ssl.create_default_context(cadata=authority)
    if access.client_certificate:
        with tempfile.TemporaryDirectory() as folder:
            pair = Path(folder) / "client.pem"
            pair.touch(mode=0o600)
            pair.write_text(f"{access.client_certificate}\n{access.client_key}")
            context.load_cert_chain(pair)
    return context
