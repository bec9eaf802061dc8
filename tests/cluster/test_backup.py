"""Whose `spec.enabled` of a `Cluster` is before, while and after a backup stops a miner, on a real API server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from ops.backup.switch import FIELD_MANAGER, Switch
from tests.cluster.api import Answer, Object
from tests.cluster.conftest import PLACE, needs_definitions, needs_no_controllers
from tests.cluster.judge import Judgement, Server
from tests.cluster.test_verify import IMAGE, REGION, kubeconfig, teranode

pytestmark = [needs_definitions, needs_no_controllers]


@pytest.fixture
def up(server: Server, try_out: Callable[..., Judgement]) -> Iterator[Callable[..., Answer]]:
    """What `pulumi up` does with the `Cluster`: it applies all of it, and takes nothing from another owner."""

    def applied(*, enabled: bool, image: str = IMAGE) -> Answer:
        return server.api.apply(cluster(enabled=enabled, image=image), fieldManager="pulumi-kubernetes-0123abcd")

    assert try_out().refused == []
    assert applied(enabled=True).accepted
    yield applied
    server.remove(cluster(enabled=True, image=IMAGE))


@pytest.fixture
def switch(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Switch:
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(kubeconfig(server.access, "")))
    monkeypatch.setenv("KUBECONFIG", str(path))
    return Switch(REGION, PLACE)


def cluster(*, enabled: bool, image: str) -> Object:
    made = teranode(image, image)
    return {**made, "spec": {**made["spec"], "enabled": enabled}}


def test_pulumi_stops_a_miner_that_was_stopped_and_resumed_before(switch: Switch, up: Callable[..., Answer]) -> None:
    switch.stop()
    assert (switch.cluster().enabled, switch.cluster().claimed) == (False, False)
    switch.resume()
    assert switch.cluster().enabled

    stopped = up(enabled=False)
    assert stopped.accepted, stopped.message
    assert {one["manager"] for one in stopped.body["metadata"]["managedFields"]} == {"pulumi-kubernetes-0123abcd"}


def test_an_update_meanwhile_meets_no_conflict_and_is_seen(switch: Switch, up: Callable[..., Answer]) -> None:
    switch.stop()
    quiet = switch.cluster()

    assert up(enabled=True, image="example.org/teranode:v3").accepted
    assert switch.cluster() != quiet


def test_a_miner_that_an_update_stops_meanwhile_is_not_resumed(switch: Switch, up: Callable[..., Answer]) -> None:
    switch.stop()
    quiet = switch.cluster()
    assert up(enabled=False).accepted
    assert switch.cluster() != quiet

    switch.resume()
    assert not switch.cluster().enabled


def test_who_patches_and_stays_the_owner_is_in_pulumis_way_until_the_next_resume(
    server: Server, switch: Switch, up: Callable[..., Answer]
) -> None:
    kind = server.api.kind("teranode.bsvblockchain.org/v1alpha1", "Cluster")
    assert kind is not None
    for enabled in (False, True):
        merge = {"spec": {"enabled": enabled}}
        path = kind.path(PLACE, "teranode")
        server.api.request("PATCH", path, merge, "application/merge-patch+json", fieldManager=FIELD_MANAGER)
    refused = up(enabled=False)
    assert (refused.status, FIELD_MANAGER in refused.message) == (409, True)

    switch.resume()
    assert up(enabled=False).accepted
