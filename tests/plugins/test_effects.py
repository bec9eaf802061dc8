"""What calls leave behind beyond the thing that they name."""

from pathlib import Path
from typing import Any

from simulator.plugins import effects
from simulator.rules import tokens as t
from simulator.world import Status, World
from tests.plugins.world_builder import IRELAND, thing

SECRET = thing(t.SECRET, "arn:secret", {"name": "miner-1/db"})
VERSION = thing(t.SECRET_VERSION, "arn:secret|1", {"secretId": "arn:secret"})
OTHER_VERSION = thing(t.SECRET_VERSION, "arn:other|1", {"secretId": "arn:other"})


def after_deletion(directory: Path, **inputs: Any) -> dict[str, Status]:
    """The state of secrets and versions that are left when the secret is deleted."""
    secret = thing(t.SECRET, "arn:secret", {"name": "miner-1/db", **inputs})
    world = World(directory / "world.sqlite")
    with world.transaction() as view:
        for one in (secret, VERSION, OTHER_VERSION):
            view.put(one)
        effects.delete(view, secret)
        left = (*view.in_place(t.SECRET, IRELAND), *view.in_place(t.SECRET_VERSION, IRELAND))
        return {one.id: one.status for one in left}


def test_a_deleted_secret_waits_for_its_recovery_window_to_end(tmp_path: Path) -> None:
    assert after_deletion(tmp_path) == {"arn:secret": Status.PENDING_DELETION, "arn:other|1": Status.ACTIVE}


def test_a_secret_without_a_recovery_window_is_gone_at_once(tmp_path: Path) -> None:
    assert after_deletion(tmp_path, recoveryWindowInDays=0) == {"arn:other|1": Status.ACTIVE}


def test_each_upgrade_of_a_release_is_its_next_revision() -> None:
    def release(revision: int, version: str) -> Any:
        outputs = {"status": {"revision": revision, "version": version}}
        return thing(t.RELEASE, "strimzi/strimzi", {"version": version}, outputs)

    after = effects.after_update(release(3, "1.0.0"), release(1, "1.1.0"))
    assert after.outputs["status"] == {"revision": 4, "version": "1.1.0"}


def test_whether_its_creator_is_admin_is_told_by_no_api_and_an_import_takes_the_default() -> None:
    access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    cluster = thing(t.CLUSTER, "dev-eu-west-1", {"accessConfig": access}, {"accessConfig": access})

    imported, refreshed = effects.as_read(cluster, {}), effects.as_read(cluster, cluster.outputs)

    assert imported.inputs["accessConfig"] == {**access, "bootstrapClusterCreatorAdminPermissions": True}
    assert imported.outputs == imported.inputs
    assert refreshed == cluster
