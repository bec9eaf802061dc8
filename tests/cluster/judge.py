"""Bring the objects of a cluster to a server and take them away again, and note what it refuses."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from simulator.kubeconfig import ClusterAccess
from tests.cluster.api import Answer, Api, Kind, Object, wait_until
from tests.cluster.objects import Declared, followers

_SERVED_SECONDS = 60
_GONE_SECONDS = 300


@dataclass
class Judgement:
    """What a server said about declared objects."""

    applied: list[Declared] = field(default_factory=list)
    undefined: list[Declared] = field(default_factory=list)
    """Objects of kinds that the server does not know."""
    followers: dict[str, Sequence[Object]] = field(default_factory=dict)
    """What was made as controllers would have, by the URN of the workload."""
    refused: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    def note(self, item: Declared, answer: Answer) -> bool:
        """Keep a refusal and every warning; whether the server accepted."""
        if not answer.accepted:
            self.refused.append(f"{item.urn}\n    {answer.message}")
        self.warned += [f"{item.urn}\n    {warning}" for warning in answer.warnings]
        return answer.accepted


@dataclass(frozen=True)
class Server:
    """An API server, and whether controllers act on what it holds.

    Without controllers three things are done in their place: what admission waits for (a namespace's default account,
    the status of a quota or claim), the pods of workloads, and the removal of finalizers of namespaces and volumes.
    """

    api: Api
    access: ClusterAccess
    controlled: bool

    def install(self, definitions: Iterable[Object]) -> list[Object]:
        """Install the definitions that the server lacks, wait until it serves all, and return the new ones."""
        wanted = list(definitions)
        new = [item for item in wanted if self._read(item).missing]
        refused = [answer.message for item in new if not (answer := self.api.apply(item)).accepted]
        assert refused == []
        for item in wanted:
            spec = item["spec"]
            for version in (version["name"] for version in spec["versions"] if version["served"]):
                kind = f"{spec['group']}/{version}", spec["names"]["kind"]
                wait_until(lambda kind=kind: self._serves(*kind), f"{kind} is served", _SERVED_SECONDS)
        return new

    def apply(self, items: Iterable[Declared]) -> Judgement:
        """Apply objects in this order; a refused one does not keep the others from being judged."""
        said = Judgement()
        for item in items:
            self._create(item, said)
        return said

    def change(self, said: Judgement, after: Sequence[Declared], replaced: Collection[str]) -> None:
        """Bring what was applied to another state as the engine does: this order, then what is gone, the last first.

        Args:
            said: what was applied; what the server says now is added.
            after: the objects from now on, each after those that it waits for.
            replaced: URNs of those that the engine does not update but makes anew.
        """
        before, urns = {item.urn: item for item in said.applied}, {item.urn for item in after}
        gone = [item for item in said.applied if item.urn not in urns]
        said.applied = []
        for item in after:
            old = before.get(item.urn)
            if old is None:
                self._create(item, said)
            elif item.urn in replaced:
                said.refused += self._delete(old, said, set())
                self._create(item, said)
            elif old == item or said.note(item, self.api.apply(item.manifest)):
                said.applied.append(item)
                self._act_as_controllers(item, said)
            else:
                said.applied.append(old)
        for item in reversed(gone):
            said.refused += self._delete(item, said, set())

    def delete(self, said: Judgement) -> list[str]:
        """Delete what was applied, the last first: what the server refuses, or a namespace that is not empty."""
        kinds = {(item.manifest["apiVersion"], item.manifest["kind"]) for item in said.applied}
        return [refused for item in reversed(said.applied) for refused in self._delete(item, said, kinds)]

    def await_nothing_but(self, expected: set[tuple[str, str, str]]) -> None:
        """Wait until the server holds no more and no less; without controllers that is at once or never.

        Raises:
            NotInTimeError: it holds something else.
        """
        if self.controlled:
            wait_until(lambda: self.api.everything() == expected, "only what was there before", _GONE_SECONDS)
        else:
            assert self.api.everything() == expected

    def remove(self, item: Object) -> Answer:
        """Delete one object and wait until it is gone."""
        kind = self._kind(item)
        answer = self.api.request("DELETE", kind.path_of(item), propagationPolicy="Background")
        if answer.accepted and not self.controlled:
            self._release(item, kind)
        if answer.accepted:
            wait_until(lambda: self._read(item).missing, f"{kind.path_of(item)} is gone", _GONE_SECONDS)
        return answer

    def _create(self, item: Declared, said: Judgement) -> None:
        served = self.api.kind(item.manifest["apiVersion"], item.manifest["kind"]) is not None
        if not served and not item.built_in:
            said.undefined.append(item)
        elif served and self._read(item.manifest).accepted:
            said.refused.append(f"{item.urn}\n    exists already: name an empty server")
        elif said.note(item, self.api.apply(item.manifest)):
            said.applied.append(item)
            self._act_as_controllers(item, said)

    def _delete(self, item: Declared, said: Judgement, kinds: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Delete an object and what followed it; a namespace must be empty of these kinds before."""
        self._dismiss(item, said)
        if item.manifest["kind"] == "Namespace" and not self.controlled:
            name = item.manifest["metadata"]["name"]
            self.remove(_default_account(name))
            if left := self._left_in(name, kinds):
                yield f"{item.urn}\n    goes before what is in it: {', '.join(left)}"
        answer = self.remove(item.manifest)
        if not answer.accepted:
            yield f"{item.urn}\n    {answer.message}"

    def _act_as_controllers(self, item: Declared, said: Judgement) -> None:
        if self.controlled:
            return
        self._settle(item.manifest)
        self._dismiss(item, said)
        made = followers(item.manifest)
        for passing in made.passing:
            said.note(item, self.api.apply(passing, dryRun="All"))
        said.followers[item.urn] = [lasting for lasting in made.lasting if said.note(item, self.api.apply(lasting))]

    def _dismiss(self, item: Declared, said: Judgement) -> None:
        for follower in reversed(said.followers.pop(item.urn, ())):
            self.remove(follower)

    def _settle(self, item: Object) -> None:
        """Do what admission and validation expect controllers to have done."""
        if item["kind"] == "Namespace":
            account = self.api.apply(_default_account(item["metadata"]["name"]))
            assert account.accepted, account.message
        elif item["kind"] == "ResourceQuota":
            hard, counted = item["spec"]["hard"], self._read(item).body.get("status", {}).get("used", {})
            self._report(item, hard=hard, used=dict.fromkeys(hard, "0") | counted)
        elif item["kind"] == "PersistentVolumeClaim":
            self._report(item, phase="Bound", capacity=item["spec"]["resources"]["requests"])

    def _report(self, item: Object, **status: object) -> None:
        path = self._kind(item).path_of(item, "status")
        merged = self.api.request("PATCH", path, {"status": status}, "application/merge-patch+json")
        assert merged.accepted, merged.message

    def _release(self, item: Object, kind: Kind) -> None:
        """Let go of what only a controller would let go of."""
        left = self._read(item)
        if kind.name == "Namespace":
            final = {**left.body, "spec": {"finalizers": []}}
            answer = self.api.request("PUT", kind.path_of(item, "finalize"), final)
            assert answer.accepted, answer.message
        elif left.accepted and left.body["metadata"].get("finalizers"):
            patch = {"metadata": {"finalizers": None}}
            answer = self.api.request("PATCH", kind.path_of(item), patch, "application/merge-patch+json")
            assert answer.accepted, answer.message

    def _left_in(self, namespace: str, kinds: Iterable[tuple[str, str]]) -> list[str]:
        served = [kind for names in sorted(kinds) if (kind := self.api.kind(*names)) is not None and kind.namespaced]
        return [
            f"{kind.name} {item['metadata']['name']}"
            for kind in served
            for item in self.api.request("GET", kind.path(namespace)).body["items"]
        ]

    def _serves(self, api_version: str, name: str) -> bool:
        kind = self.api.kind(api_version, name)
        return kind is not None and self.api.request("GET", kind.path(), limit="1").accepted

    def _read(self, item: Object) -> Answer:
        return self.api.request("GET", self._kind(item).path_of(item))

    def _kind(self, item: Object) -> Kind:
        kind = self.api.kind(item["apiVersion"], item["kind"])
        assert kind is not None, f"the server has no {item['kind']} in {item['apiVersion']}"
        return kind


def _default_account(namespace: str) -> Object:
    metadata = {"name": "default", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
