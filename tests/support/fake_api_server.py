"""A synthetic Kubernetes API server on loopback that keeps the few kinds of objects that a backup writes.

It has what the command relies on: resource versions that must match, a generation that grows with the specification,
409 for what exists, label selectors, merge patches, the owners of a `Cluster`'s fields, and an operator that takes the
pods of a stopped `Cluster` away.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ops.backup.switch import FIELD_MANAGER
from tests.support.fake_kubernetes import TOKEN
from tests.support.loopback import serving

Document = dict[str, Any]
IMAGE = "example.org:5000/teranode:v0.13.0@sha256:ab"
PULUMI = "pulumi-kubernetes-0123abcd"
_REFUSAL: Document = {"kind": "Status"}
_CONTAINER = {"image": "", "imageID": "", "ready": False, "restartCount": 0}


class ApiServer:
    """One namespace: objects by plural and name, and every request that changed something, with its field manager.

    A Job ends at once: `said` is the last word of its pod, and `code` how the pod ended. If its pod is to wait, `waits`
    is the state of its first container. With the request that is `away_from`, a method, a plural and its number among
    those, the server goes away. `refused` are verbs and plurals that nobody may. So many times as `busy` the operator
    writes a `Cluster`'s status just before a change of its owners arrives.
    """

    def __init__(self) -> None:
        self.said, self.code = "", 0
        self.waits: Document | None = None
        self.objects: dict[str, dict[str, Document]] = {plural: {} for plural in ("leases", "clusters", "jobs", "pods")}
        self.changes: list[tuple[str, str, str]] = []
        self.away_from: tuple[str, str, int] | None = None
        self.away = False
        self.busy = 0
        self.refused: set[tuple[str, str]] = set()
        self._version = 0
        self._asked: Counter[tuple[str, str]] = Counter()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.add("clusters", "teranode", {"spec": {}})
        self.apply({"enabled": True, "image": IMAGE})
        self.add("pods", "asset-0", {"metadata": {"labels": {"app": "asset"}}})

    @contextmanager
    def serving(self) -> Iterator["ApiServer"]:
        """Answer until the block ends."""
        with serving(self._server):
            yield self

    def add(self, plural: str, name: str, body: Document) -> Document:
        """An object as if somebody had made it."""
        self._version += 1
        metadata = {**body.get("metadata", {}), "name": name, "resourceVersion": str(self._version)}
        self.objects[plural][name] = {**body, "metadata": {"generation": 1, **metadata}}
        return self.objects[plural][name]

    def apply(self, spec: Document) -> int:
        """What Pulumi does with the `Cluster`: a server-side apply, which is refused where another owner disagrees."""
        found = self.objects["clusters"]["teranode"]
        fields = {f"f:{key}" for key in spec}
        others = [one for one in _owners(found) if one["manager"] != PULUMI]
        for one in others:
            theirs = fields & set(one["fieldsV1"]["f:spec"])
            if any(found["spec"].get(field[2:]) != spec[field[2:]] for field in theirs):
                return 409
        if found["spec"] != {**found["spec"], **spec}:
            found["metadata"]["generation"] += 1
        found["spec"].update(spec)
        found["metadata"]["managedFields"] = [*others, _owner(PULUMI, "Apply", fields)]
        self._touch(found)
        return 200

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Document]:
        """Status and document of a request to the one namespace, or of the question who may do what there."""
        if path.endswith("/selfsubjectaccessreviews"):
            wanted = body["spec"]["resourceAttributes"]
            allowed = wanted["namespace"] == "miner-1" and (wanted["verb"], wanted["resource"]) not in self.refused
            return 201, {**body, "status": {"allowed": allowed}}
        plural, *name = path.split("/namespaces/miner-1/")[1].split("/")
        self._asked[method, plural] += 1
        self.away = self.away or (method, plural, self._asked[method, plural]) == self.away_from
        if self.away:
            return 503, _REFUSAL
        if method == "GET" and not name:
            return 200, {"items": [one for one in self.objects[plural].values() if _chosen(one, query)]}
        if method == "GET":
            found = self.objects[plural].get(name[0])
            return (200, found) if found else (404, _REFUSAL)
        self.changes.append((method, plural, query.get("fieldManager", [""])[0]))
        if method == "POST":
            return self._make(plural, body)
        return self._change(method, plural, name[0], body) if name[0] in self.objects[plural] else (404, _REFUSAL)

    def _make(self, plural: str, body: Document) -> tuple[int, Document]:
        name = body["metadata"]["name"]
        if name in self.objects[plural]:
            return 409, _REFUSAL
        made = self.add(plural, name, body)
        if plural == "jobs":
            self._run(made)
        return 201, made

    def _change(self, method: str, plural: str, name: str, body: Any) -> tuple[int, Document]:
        found = self.objects[plural][name]
        if method == "DELETE":
            if plural == "jobs":
                self.objects["pods"].pop("backup-0", None)
            return 200, self.objects[plural].pop(name)
        if method == "PATCH":
            return self._patch(found, body)
        if body["metadata"].get("resourceVersion") != found["metadata"]["resourceVersion"]:
            return 409, _REFUSAL
        return 200, self.add(plural, name, body)

    def _run(self, job: Document) -> None:
        spec = job["spec"]["template"]["spec"]
        steps = [*spec["initContainers"], *spec["containers"]]
        ended = {"terminated": {"exitCode": self.code, "message": self.said}}
        states = [{"terminated": {"exitCode": 0}} for _ in steps[:-1]] + [ended]
        if self.waits is not None:
            states = [self.waits] + [{"waiting": {"reason": "PodInitializing"}} for _ in steps[:-1]]
        else:
            job["status"] = {"conditions": [{"type": "Failed" if self.code else "Complete", "status": "True"}]}
        said = [{**_CONTAINER, "name": one["name"], "state": state} for one, state in zip(steps, states, strict=True)]
        self.add(
            "pods",
            "backup-0",
            {
                "metadata": {"labels": {"batch.kubernetes.io/job-name": job["metadata"]["name"]}},
                "spec": spec,
                "status": {"initContainerStatuses": said[:-1], "containerStatuses": said[-1:]},
            },
        )

    def _patch(self, found: Document, body: Document) -> tuple[int, Document]:
        [part] = body
        if part == "metadata":
            assert set(body["metadata"]) == {"managedFields", "resourceVersion"}
            if self.busy:
                self.busy -= 1
                self._touch(found)
            if body["metadata"]["resourceVersion"] != found["metadata"]["resourceVersion"]:
                return 409, _REFUSAL
            found["metadata"]["managedFields"] = body["metadata"]["managedFields"]
        else:
            self._merge(found, body["spec"])
        self._touch(found)
        return 200, found

    def _merge(self, found: Document, spec: Document) -> None:
        """Whoever changes a field owns it from then on, and nobody else."""
        changed = {f"f:{key}" for key, value in spec.items() if found["spec"].get(key) != value}
        if changed:
            found["metadata"]["generation"] += 1
            left = [
                _owner(one["manager"], one["operation"], set(one["fieldsV1"]["f:spec"]) - changed)
                for one in _owners(found)
            ]
            found["metadata"]["managedFields"] = [*left, _owner(FIELD_MANAGER, "Update", changed)]
        found["spec"].update(spec)
        if found["spec"]["enabled"] is False:
            self.objects["pods"].pop("asset-0", None)

    def _touch(self, found: Document) -> None:
        self._version += 1
        found["metadata"]["resourceVersion"] = str(self._version)


def _owners(found: Document) -> list[Document]:
    return found["metadata"].get("managedFields", [])


def _owner(manager: str, operation: str, fields: set[str]) -> Document:
    return {"manager": manager, "operation": operation, "fieldsV1": {"f:spec": {one: {} for one in sorted(fields)}}}


def _chosen(found: Document, query: dict[str, list[str]]) -> bool:
    """`key=value` and `key in (a,b)`, the two forms that are used."""
    labels = found["metadata"].get("labels", {})
    for selector in query.get("labelSelector", ()):
        if " in (" in selector:
            key, _, values = selector.partition(" in (")
            if labels.get(key) not in values.rstrip(")").split(","):
                return False
        else:
            key, _, value = selector.partition("=")
            if labels.get(key) != value:
                return False
    return True


def _handler(server: ApiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            url = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status, document = 401, {"kind": "Status"}
            elif self.command == "PATCH" and self.headers["Content-Type"] != "application/merge-patch+json":
                status, document = 415, {"kind": "Status"}
            else:
                body = json.loads(text) if text else None
                status, document = server.answer(self.command, url.path, parse_qs(url.query), body)
            sent = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 (the base class's names)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    return Handler
