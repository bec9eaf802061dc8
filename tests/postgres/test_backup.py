"""Backup and restore of a miner, rehearsed with a real Postgres and a real file tree, wiped and restored by checksum.

Aerospike is by the contract of its commands only: strict stubs of absctl and asinfo, see `tests/support`. Skipped,
visibly, where there is no Postgres server.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from components.databases.script import SCRIPT
from components.images import ImageSource
from infra import versions
from ops.backup.beyond import keep_beyond
from ops.backup.model import BackupError, HeldError, Journal, Manifest, RefusedError, Work, read_manifest
from ops.backup.place import Place
from ops.backup.remove import remove, too_old
from ops.backup.restore import refuse_another, refuse_changed, restore
from ops.backup.site import JobReading, JobState
from ops.backup.take import Subject, back_up, new_id
from tests.postgres.conftest import Server
from tests.postgres.test_database_script import PASSWORDS, apply
from tests.support.backup_rehearsal import OPERATED, Clock, Disk, Memory, Miner, hands

IMAGES = ImageSource(pins=versions.IMAGES, mirrors={})
NAME = "miner-1"
SUBJECT = Subject("testing", NAME, "regtest", "v0.14.4")
TABLES = """
CREATE TABLE blocks
    (id bigserial PRIMARY KEY, height bigint NOT NULL, hash bytea UNIQUE, parent bigint REFERENCES blocks);
CREATE TABLE state (key text PRIMARY KEY, data bytea);
CREATE INDEX idx_height ON blocks (height);
INSERT INTO blocks (height, hash, parent)
    SELECT n, decode(md5(n::text), 'hex'), nullif(n, 0) FROM generate_series(0, 120) n;
INSERT INTO state VALUES ('fsm', 'RUNNING');
"""
CONTENT = """SELECT string_agg(t::text, '|' ORDER BY id) || (SELECT string_agg(s::text, '|' ORDER BY key) FROM state s)
    FROM blocks t"""


BLOCK = f"ab/{'0123456789abcdef' * 4}.block"
"""A blob, whose checksum lies beside it, and the height at which it is deleted: the last is written in place."""


class Rehearsal:
    """A miner with 121 blocks, three UTXO records and a tree of files, and whoever backs it up."""

    def __init__(self, server: Server, folder: Path, database: str, *, operated: bool = False) -> None:
        self.server, self.database, self.operated = server, database, operated
        script = folder / "databases.sql"
        script.write_text(SCRIPT)
        made = apply(server, script, database, f"{database},{database}__alert")
        assert made.returncode == 0, made.stderr
        self.sql("DROP OWNED BY CURRENT_USER CASCADE")
        self.sql("DROP OWNED BY CURRENT_USER CASCADE", "__alert")
        self.sql(TABLES)
        self.sql("CREATE TABLE alerts (id int); INSERT INTO alerts VALUES (7)", "__alert")
        login = f"{database}__a:{PASSWORDS['a']}@127.0.0.1:{server.port}"
        self.miner = Miner(
            folder / "miner",
            url=f"postgres://{login}/{database}?sslmode=disable",
            psql_folder=Path(server.psql).parent,
            operated=operated,
        )
        self.records, self.clock = Memory(self.miner.objects), Clock()
        self.files = self.miner.volume / NAME
        for name, text in {
            f"blockstore/{BLOCK}": "one",
            f"blockstore/{BLOCK}.sha256": "1 one",
            f"blockstore/{BLOCK}.dah": "120",
            f"subtreestore/quorum/{'e' * 64}.lock": "",
            "blockstore/ab/with space": "two",
            "external/.hidden": "",
            "blockpersister_state.txt": "119,aa\n",
        }.items():
            (self.files / name).parent.mkdir(parents=True, exist_ok=True)
            (self.files / name).write_text(text)
        (self.files / "empty").mkdir()
        for number in range(3):
            (self.miner.records / f"record-{number}").write_text(f"output {number}")

    def sql(self, statement: str, suffix: str = "") -> str:
        done = self.server.run(
            f"{self.database}__a",
            PASSWORDS["a"],
            "--set=ON_ERROR_STOP=1",
            f"--command={statement}",
            database=f"{self.database}{suffix}",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def checksums(self) -> dict[str, str]:
        """Of databases, records and files, all that a node consists of."""
        found = {
            "blocks and state": self.sql(CONTENT),
            "alerts": self.sql("SELECT * FROM alerts", "__alert"),
            "indexes": self.sql("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"),
        }
        for root in (self.files, self.miner.records):
            for file in sorted(root.rglob("*")):
                if "backups" not in file.parts and file.is_file():
                    found[f"{root.name}/{file.relative_to(root)}"] = hashlib.sha256(file.read_bytes()).hexdigest()
        return found

    def wipe(self) -> None:
        """Everything but the backups is lost."""
        self.sql("DROP OWNED BY CURRENT_USER CASCADE")
        self.sql("DROP OWNED BY CURRENT_USER CASCADE", "__alert")
        for entry in self.files.iterdir():
            if entry.name != "backups":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        for record in self.miner.records.iterdir():
            record.unlink()

    def live(self) -> None:
        """The node went on: another block, a spent output, a new one, a pruned file, a new one, a changed one."""
        self.sql("INSERT INTO blocks (height, hash) VALUES (121, 'new'); CREATE TABLE later (id int)")
        self.sql("UPDATE state SET data = 'IDLE'; ALTER TABLE state ADD COLUMN more int")
        (self.miner.records / "record-0").unlink()
        (self.miner.records / "record-9").write_text("output 9")
        (self.files / "blockstore" / BLOCK).unlink()
        (self.files / "blockstore/cd").mkdir()
        (self.files / "blockstore/cd/block").write_text("three")
        self.write()

    def write(self) -> None:
        """What Teranode does with files: blobs come by a rename, also over one that is there; the rest in place."""
        blob = self.files / "blockstore" / BLOCK
        unfinished = blob.with_name(f"{blob.name}.77.tmp")
        unfinished.write_text("another one")
        unfinished.rename(blob)
        blob.with_name(f"{blob.name}.dah").write_text("408")
        with (self.files / "blockpersister_state.txt").open("a") as state:
            state.write("120,bb\n")

    def place(self, id: str | None = None) -> Place:  # noqa: A002
        operated = OPERATED if self.operated else None
        return Place(NAME, id or new_id(self.clock.now()), IMAGES, aerospike=True, operated=operated)

    def back_up(self) -> Manifest:
        self.clock.wait(1)
        return back_up(SUBJECT, self.place(), hands(self.miner, self.records, self.clock))

    def restore(self, manifest: Manifest, *, replace_data: bool = False) -> int | None:
        work = hands(self.miner, self.records, self.clock)
        return restore(manifest, self.place(manifest.id), work, replace_data=replace_data).block_height


@pytest.fixture(scope="session")
def counter() -> Callable[[], int]:
    numbers = iter(range(10_000))
    return lambda: next(numbers)


@pytest.fixture
def rehearsal(server: Server, tmp_path: Path, counter: Callable[[], int]) -> Rehearsal:
    if not (Path(server.psql).parent / "pg_dump").is_file() and shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump here")
    return Rehearsal(server, tmp_path, f"backup_{counter()}")


@pytest.fixture
def operated(server: Server, tmp_path: Path, counter: Callable[[], int]) -> Rehearsal:
    """A miner whose UTXO store asks for a name, as mainnet's does."""
    if not (Path(server.psql).parent / "pg_dump").is_file() and shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump here")
    return Rehearsal(server, tmp_path, f"backup_{counter()}", operated=True)


def test_a_wiped_miner_is_restored_by_checksum(rehearsal: Rehearsal) -> None:
    before = rehearsal.checksums()
    manifest = rehearsal.back_up()
    rehearsal.miner.enabled = False
    rehearsal.wipe()

    assert rehearsal.restore(manifest) == 120
    assert rehearsal.checksums() == before
    assert (rehearsal.files / "empty").is_dir()
    assert (manifest.height, manifest.files) == (120, 7)
    for turn in ("a", "b"):
        login = (f"{rehearsal.database}__{turn}", PASSWORDS[turn])
        done = rehearsal.server.run(*login, "--command=UPDATE blocks SET height = height", database=rehearsal.database)
        assert done.returncode == 0, done.stderr


def test_a_miner_that_went_on_is_taken_back_to_the_moment_of_the_backup(rehearsal: Rehearsal) -> None:
    before = rehearsal.checksums()
    manifest = rehearsal.back_up()
    rehearsal.live()
    rehearsal.miner.enabled = False

    rehearsal.restore(manifest, replace_data=True)
    assert rehearsal.checksums() == before
    assert rehearsal.sql("SELECT to_regclass('later')") == ""
    assert rehearsal.miner.lease is None


def test_a_set_costs_no_space_and_outlives_what_the_node_writes_and_deletes(rehearsal: Rehearsal) -> None:
    manifest = rehearsal.back_up()
    kept = rehearsal.files / "backups" / manifest.id
    blob = rehearsal.files / "blockstore" / BLOCK
    assert (kept / "linked/blockstore" / BLOCK).samefile(blob)
    assert not any(one.name.endswith((".dah", ".lock")) for one in (kept / "linked").rglob("*"))

    rehearsal.write()
    rehearsal.live()
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=kept, check=False)
    assert done.returncode == 0
    assert (kept / "linked/blockstore" / BLOCK).read_text() == "one"


def test_a_linked_file_that_is_changed_in_place_makes_no_backup(rehearsal: Rehearsal) -> None:
    def change() -> None:
        assert rehearsal.miner.enabled
        blob = rehearsal.files / "blockstore" / BLOCK
        with blob.open("a") as file:
            file.write("more")
        later = (rehearsal.files / "backups").stat().st_mtime + 60
        os.utime(blob, (later, later))

    rehearsal.miner.before_seal = change
    with pytest.raises(BackupError, match=rf"changed in place .* linked/blockstore/{BLOCK}"):
        rehearsal.back_up()

    assert (rehearsal.miner.enabled, rehearsal.miner.lease) == (True, None)
    assert not rehearsal.records.kept


def test_a_file_of_another_kind_makes_no_backup(rehearsal: Rehearsal) -> None:
    (rehearsal.files / "link").symlink_to("blockpersister_state.txt")
    with pytest.raises(BackupError, match="took 7 of 8 files"):
        rehearsal.back_up()


def test_services_run_again_before_checksums_are_made(rehearsal: Rehearsal) -> None:
    rehearsal.back_up()

    history = rehearsal.miner.history
    assert history.index("start job") < history.index("resume") < history.index("seal")


def test_a_set_of_format_1_is_restored(rehearsal: Rehearsal) -> None:
    before = rehearsal.checksums()
    manifest = rehearsal.back_up()
    kept = rehearsal.files / "backups" / manifest.id
    into_an_archive = """
        set -eu
        cd "$1/.."
        find . -path ./backups -prune -o -type f -print0 | sort -z | xargs -0 sha256sum >"backups/$2/files.sha256"
        tar --create --exclude ./backups --file "backups/$2/files.tar" .
        cd "backups/$2"
        rm -r linked copied files stood SHA256SUMS
        find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS
    """
    subprocess.run(["sh", "-c", into_an_archive, "sh", str(kept.parent), manifest.id], check=True)
    sha256 = hashlib.sha256((kept / "SHA256SUMS").read_bytes()).hexdigest()
    text = manifest.model_copy(update={"format": 1, "sha256": sha256}).model_dump_json(by_alias=True)
    rehearsal.miner.enabled = False
    rehearsal.wipe()

    assert rehearsal.restore(read_manifest(text, "the bucket")) == 120
    assert rehearsal.checksums() == before


def test_services_stand_while_data_is_copied_and_run_afterwards(rehearsal: Rehearsal) -> None:
    manifest = rehearsal.back_up()

    history = rehearsal.miner.history
    assert history.index("stop") < history.index("start job") < history.index("resume")
    assert rehearsal.miner.enabled
    assert manifest.stopped_s > 0


def test_a_miner_that_its_stack_file_stops_is_copied_and_stays_stopped(rehearsal: Rehearsal) -> None:
    rehearsal.miner.enabled = False
    manifest = rehearsal.back_up()

    assert not rehearsal.miner.enabled
    assert "resume" not in rehearsal.miner.history
    assert manifest.stopped_s == 0


def steps_of_a_backup(rehearsal: Rehearsal) -> int:
    rehearsal.back_up()
    return len(rehearsal.miner.history)


@pytest.mark.parametrize("kill", [False, True], ids=["interrupted", "killed"])
def test_after_an_interruption_at_any_step_a_repeat_ends_well(rehearsal: Rehearsal, *, kill: bool) -> None:
    steps = steps_of_a_backup(rehearsal)
    before, miner = rehearsal.checksums(), rehearsal.miner
    assert steps > 10
    left_stopped = []
    for step in range(steps):
        recorded = set(rehearsal.records.kept)
        miner.interrupt_at, miner.kill = step, kill
        with pytest.raises(KeyboardInterrupt):
            rehearsal.back_up()
        whole = set(rehearsal.records.kept) - recorded
        assert all((rehearsal.files / "backups" / one / "SHA256SUMS").is_file() for one in whole)
        if not miner.enabled:
            left_stopped.append(step)
        miner.killed = False
        rehearsal.clock.wait(61)

        manifest = rehearsal.back_up()
        assert (miner.enabled, miner.lease, miner.reading) == (True, None, None), step
        assert not list((rehearsal.files / "backups").glob("*.partial"))
        assert manifest.id in rehearsal.records.kept
    assert rehearsal.checksums() == before
    # Who is killed cannot start anything; who is interrupted does, but at the start itself.
    assert len(left_stopped) > 1 if kill else len(left_stopped) <= 1


def test_a_step_that_fails_starts_the_miner_and_records_nothing(rehearsal: Rehearsal) -> None:
    shutil.rmtree(rehearsal.miner.records)
    with pytest.raises(BackupError, match="the Job failed"):
        rehearsal.back_up()

    assert (rehearsal.miner.enabled, rehearsal.miner.lease) == (True, None)
    assert not rehearsal.records.kept


def test_nothing_is_stopped_or_replaced_for_a_job_whose_pods_do_not_start(rehearsal: Rehearsal) -> None:
    manifest, miner = rehearsal.back_up(), rehearsal.miner
    miner.history.clear()
    miner.waits = "ImagePullBackOff"
    with pytest.raises(BackupError, match="has not started for 5 minutes: ImagePullBackOff"):
        rehearsal.back_up()
    assert (miner.enabled, miner.lease, "stop" in miner.history) == (True, None, False)

    miner.enabled = False
    before = rehearsal.checksums()
    with pytest.raises(BackupError, match="ImagePullBackOff"):
        rehearsal.restore(manifest, replace_data=True)
    assert (rehearsal.checksums(), miner.lease) == (before, None)


def test_a_job_whose_pods_do_not_start_after_all_holds_the_miner_up_for_minutes(rehearsal: Rehearsal) -> None:
    rehearsal.miner.waits_later = "Unschedulable: 0/3 nodes are available"
    before = rehearsal.clock.seconds
    with pytest.raises(BackupError, match="0/3 nodes are available"):
        rehearsal.back_up()

    assert rehearsal.clock.seconds - before < 10 * 60
    assert (rehearsal.miner.enabled, rehearsal.miner.lease, rehearsal.miner.reading) == (True, None, None)


def test_a_miner_that_somebody_starts_meanwhile_has_no_backup(rehearsal: Rehearsal) -> None:
    rehearsal.miner.during_job = lambda: rehearsal.miner.update(enabled=True)
    with pytest.raises(BackupError, match="somebody changed the miner's Cluster"):
        rehearsal.back_up()

    assert not rehearsal.records.kept


def test_a_miner_that_its_stack_file_stops_meanwhile_has_no_backup_and_is_not_started(rehearsal: Rehearsal) -> None:
    rehearsal.miner.during_job = lambda: rehearsal.miner.update(enabled=False)
    with pytest.raises(BackupError, match="somebody changed the miner's Cluster"):
        rehearsal.back_up()

    assert (rehearsal.miner.enabled, rehearsal.miner.lease) == (False, None)


def test_a_second_one_at_the_same_time_is_refused(rehearsal: Rehearsal) -> None:
    refused: list[str] = []

    def second() -> None:
        with pytest.raises(HeldError, match="someone@here is at work") as error:
            back_up(SUBJECT, rehearsal.place("other"), hands(rehearsal.miner, rehearsal.records, rehearsal.clock))
        refused.append(str(error.value))

    rehearsal.miner.during_job = second
    rehearsal.back_up()
    assert len(refused) == 1


@pytest.mark.parametrize(("seed", "said"), [(JobState.RUNNING, "is being imported"), (JobState.FAILED, "by halves")])
def test_a_miner_with_half_a_snapshot_is_neither_backed_up_nor_restored(
    rehearsal: Rehearsal, seed: JobState, said: str
) -> None:
    rehearsal.miner.seed = JobState.DONE
    manifest = rehearsal.back_up()
    rehearsal.miner.enabled, rehearsal.miner.seed = False, seed
    before = rehearsal.checksums()
    with pytest.raises(BackupError, match=said):
        rehearsal.back_up()
    with pytest.raises(BackupError, match=said):
        rehearsal.restore(manifest, replace_data=True)

    assert (rehearsal.checksums(), rehearsal.miner.lease) == (before, None)


def test_a_running_miner_is_not_restored(rehearsal: Rehearsal) -> None:
    manifest = rehearsal.back_up()
    with pytest.raises(BackupError, match="not stopped"):
        rehearsal.restore(manifest, replace_data=True)


@pytest.mark.parametrize("what", ["blocks", "files"])
def test_data_is_not_replaced_unless_that_is_wanted(rehearsal: Rehearsal, what: str) -> None:
    manifest = rehearsal.back_up()
    rehearsal.miner.enabled = False
    rehearsal.wipe()
    if what == "blocks":
        rehearsal.sql("CREATE TABLE blocks (height bigint); INSERT INTO blocks VALUES (0), (1)")
    else:
        (rehearsal.files / "block").write_text("x")
    with pytest.raises(RefusedError, match="--replace-data"):
        rehearsal.restore(manifest)

    assert rehearsal.miner.lease is None
    assert not (rehearsal.files / "backups" / "restoring").exists()


@pytest.mark.parametrize(
    "damaged", [f"linked/blockstore/{BLOCK}", "copied/blockpersister_state.txt", "SHA256SUMS", "height"]
)
def test_a_damaged_backup_is_refused_before_anything_is_deleted(rehearsal: Rehearsal, damaged: str) -> None:
    manifest = rehearsal.back_up()
    rehearsal.miner.enabled = False
    with (rehearsal.files / "backups" / manifest.id / damaged).open("ab") as file:
        file.write(b"x")
    before = rehearsal.checksums()
    with pytest.raises(RefusedError, match=r"damaged|not what was taken"):
        rehearsal.restore(manifest, replace_data=True)

    assert rehearsal.checksums() == before


def test_an_unfinished_restore_blocks_backups_and_ends_by_being_repeated(rehearsal: Rehearsal) -> None:
    before = rehearsal.checksums()
    manifest = rehearsal.back_up()
    rehearsal.miner.enabled = False
    rehearsal.wipe()
    control = rehearsal.miner.records.parent / "bin" / "absctl"
    text = control.read_text()
    control.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(BackupError, match="the Job failed"):
        rehearsal.restore(manifest)
    assert rehearsal.miner.lease is not None
    assert rehearsal.miner.lease.work is Work.RESTORE
    with pytest.raises(BackupError, match="was not finished"):
        rehearsal.back_up()

    control.write_text(text)
    rehearsal.restore(manifest)
    assert rehearsal.checksums() == before
    assert rehearsal.miner.lease is None


def test_a_backup_of_something_else_is_refused(rehearsal: Rehearsal) -> None:
    manifest = rehearsal.back_up()
    for change, said in (
        ({"stack": "dev"}, "of stack dev"),
        ({"miner": "miner-2"}, "of miner miner-2"),
        ({"chain": "mainnet"}, "of chain mainnet"),
        ({"release": "v0.15.0"}, "--accept-release"),
    ):
        with pytest.raises(BackupError, match=said):
            refuse_another(manifest.model_copy(update=change), SUBJECT, accept_release=False)
    refuse_another(manifest.model_copy(update={"release": "v0.15.0"}), SUBJECT, accept_release=True)
    refuse_another(manifest, SUBJECT, accept_release=False)


def test_a_store_that_asks_for_a_name_is_copied_to_the_bucket_and_restored_from_there(operated: Rehearsal) -> None:
    before = operated.checksums()
    manifest = operated.back_up()
    assert manifest.utxo is not None
    assert (manifest.utxo.prefix, manifest.utxo.objects) == (f"sets/{NAME}/{manifest.id}/utxo", 3)
    assert not (operated.files / "backups" / manifest.id / "utxo").exists()
    operated.live()
    operated.miner.enabled = False

    refuse_changed(manifest, operated.place(manifest.id), hands(operated.miner, operated.records, operated.clock))
    assert operated.restore(manifest, replace_data=True) == 120
    assert operated.checksums() == before


def test_after_an_interruption_at_any_step_a_repeat_ends_well_with_a_bucket_too(operated: Rehearsal) -> None:
    steps = steps_of_a_backup(operated)
    for step in range(0, steps, 3):
        operated.miner.interrupt_at, operated.miner.kill = step, True
        with pytest.raises(KeyboardInterrupt):
            operated.back_up()
        operated.miner.killed = False
        operated.clock.wait(61)

        manifest = operated.back_up()
        assert (operated.miner.enabled, operated.miner.lease) == (True, None), step
        assert manifest.utxo == operated.records.utxo(operated.place(manifest.id).objects)


def test_objects_that_are_not_what_was_taken_are_refused(operated: Rehearsal) -> None:
    manifest = operated.back_up()
    place, work = operated.place(manifest.id), hands(operated.miner, operated.records, operated.clock)
    (operated.miner.objects / place.objects / "record-1").unlink()

    with pytest.raises(BackupError, match=r"2 objects of .* and 3 of .* were taken"):
        refuse_changed(manifest, place, work)
    with pytest.raises(BackupError, match="of another edition"):
        refuse_changed(manifest.model_copy(update={"utxo": None}), place, work)


@pytest.mark.parametrize("right", ["truncate restore", "restore restore", "count restore"])
def test_a_user_that_lacks_a_right_leaves_an_unfinished_restore(operated: Rehearsal, right: str) -> None:
    before = operated.checksums()
    manifest = operated.back_up()
    operated.miner.enabled = False
    users = operated.miner.records.parent / "users"
    text = users.read_text()
    users.write_text(text.replace(right, "other"))
    with pytest.raises(BackupError, match="the Job failed"):
        operated.restore(manifest, replace_data=True)
    assert operated.miner.lease is not None

    users.write_text(text)
    operated.restore(manifest)
    assert operated.checksums() == before


def test_a_store_that_is_not_whole_is_found_before_it_is_read(operated: Rehearsal) -> None:
    asinfo = operated.miner.records.parent / "bin" / "asinfo"
    asinfo.write_text(asinfo.read_text().replace("SERVERS:-1", "SERVERS:-2"))
    with pytest.raises(BackupError, match="sees 2 of 1 servers"):
        operated.back_up()

    assert operated.miner.enabled
    assert not list(operated.miner.objects.iterdir())


def test_old_backups_are_removed_from_files_bucket_and_file_system_while_the_miner_runs(operated: Rehearsal) -> None:
    disk = Disk()
    work = hands(operated.miner, operated.records, operated.clock, disk)
    kept = [keep_beyond(operated.back_up(), work) for _ in range(3)]
    assert [one.file_system_backup for one in kept] == ["backup-0", "backup-1", "backup-2"]
    before = operated.checksums()

    remove(NAME, too_old(kept, 1), operated.place, work)
    [left] = operated.records.kept.values()
    assert left == kept[-1]
    assert [one.name for one in (operated.files / "backups").iterdir()] == [left.id]
    assert [one.name for one in (operated.miner.objects / "sets" / NAME).glob("*/utxo/..")] == [".."]
    assert list(disk.backups.values()) == ["backup-2"]
    assert (operated.miner.enabled, operated.miner.lease) == (True, None)
    assert operated.checksums() == before
    operated.miner.enabled = False
    operated.wipe()
    operated.restore(left)
    assert operated.checksums() == before


def test_what_a_backup_without_a_manifest_left_is_removed(operated: Rehearsal) -> None:
    whole = operated.back_up()
    work = hands(operated.miner, operated.records, operated.clock)

    def leave() -> None:
        for name in ("20200101t000000z.partial", "20200101t000000z"):
            (operated.files / "backups" / name / "linked").mkdir(parents=True)
        (operated.miner.objects / "sets" / NAME / "20200101t000000z" / "utxo").mkdir(parents=True)

    leave()
    assert remove(NAME, [], operated.place, work) == ["20200101t000000z"]
    assert [one.name for one in (operated.files / "backups").iterdir()] == [whole.id]
    assert operated.records.abandoned(NAME) == []

    leave()
    operated.back_up()
    assert operated.records.abandoned(NAME) == []
    assert not list((operated.files / "backups").glob("*.partial"))
    operated.miner.enabled = False
    operated.restore(whole, replace_data=True)


def test_no_login_is_left_for_the_steps_that_follow(operated: Rehearsal) -> None:
    operated.back_up()

    assert not list(operated.miner.volume.parent.rglob("login.conf"))


def test_an_interrupted_removal_is_repeated(operated: Rehearsal) -> None:
    old = operated.back_up()
    operated.back_up()
    steps = len(operated.miner.history)
    work = hands(operated.miner, operated.records, operated.clock)
    operated.miner.interrupt_at, operated.miner.kill = 4, True
    with pytest.raises(KeyboardInterrupt):
        remove(NAME, [old], operated.place, work)
    assert old.id in operated.records.kept
    assert len(operated.miner.history) > steps
    operated.miner.killed = False
    operated.clock.wait(61)

    remove(NAME, [old], operated.place, work)
    assert old.id not in operated.records.kept
    assert operated.miner.lease is None
    assert operated.miner.enabled


def test_the_backup_of_a_file_system_waits_for_its_turn_and_is_one_however_often_it_is_asked_for(
    rehearsal: Rehearsal,
) -> None:
    disk = Disk(busy=3)
    work = hands(rehearsal.miner, rehearsal.records, rehearsal.clock, disk)
    manifest = rehearsal.back_up()
    first, again = keep_beyond(manifest, work), keep_beyond(manifest, work)

    assert first == again == rehearsal.records.load(NAME, manifest.id)
    assert len(disk.backups) == 1
    with pytest.raises(BackupError, match="has not ended after 2 hours"):
        keep_beyond(manifest, hands(rehearsal.miner, rehearsal.records, rehearsal.clock, Disk(busy=1000)))


def test_a_person_without_a_right_stops_no_miner(rehearsal: Rehearsal) -> None:
    rehearsal.miner.refused = ("create jobs", "patch clusters")
    with pytest.raises(BackupError, match="may not create jobs, patch clusters"):
        rehearsal.back_up()

    assert rehearsal.miner.history == ["ask for rights"]
    assert not rehearsal.records.begun


def test_checksums_that_were_interrupted_are_made_without_stopping_the_miner_again(operated: Rehearsal) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    miner, earlier = operated.miner, operated.back_up()
    before = operated.checksums()
    miner.before_seal = interrupt
    with pytest.raises(KeyboardInterrupt):
        operated.back_up()
    assert (miner.enabled, miner.lease is not None) == (True, True)
    miner.before_seal = lambda: None
    with pytest.raises(BackupError, match="was not finished: repeat ops backup first"):
        remove(NAME, [earlier], operated.place, hands(miner, operated.records, operated.clock))
    miner.history.clear()
    operated.clock.wait(30)

    manifest = operated.back_up()
    assert not {"stop", "start job"} & set(miner.history)
    assert manifest.stopped_s > 0
    assert miner.lease is None
    miner.enabled = False
    operated.wipe()
    operated.restore(manifest)
    assert operated.checksums() == before


def test_after_checksums_that_failed_the_next_backup_begins_anew(rehearsal: Rehearsal) -> None:
    def spoil() -> None:
        [partial] = (rehearsal.files / "backups").glob("*.partial")
        shutil.rmtree(partial / "linked" / "blockstore")

    rehearsal.miner.before_seal = spoil
    with pytest.raises(BackupError, match="of 7 files 5 are left"):
        rehearsal.back_up()
    assert rehearsal.miner.lease is None
    rehearsal.miner.before_seal = lambda: None
    rehearsal.miner.history.clear()

    rehearsal.back_up()
    assert "stop" in rehearsal.miner.history


@pytest.mark.parametrize("when", ["during_job", "before_seal"])
def test_whoever_was_silent_for_too_long_leaves_the_miner_to_who_took_over(rehearsal: Rehearsal, when: str) -> None:
    miner = rehearsal.miner

    def fall_silent() -> None:
        setattr(miner, when, lambda: None)
        rehearsal.clock.wait(61)
        rehearsal.back_up()
        lease = miner.lease
        assert lease is None
        miner.lease = Journal(
            work=Work.BACKUP, id="theirs", holder="another", enabled=True, until=datetime(2100, 1, 1, tzinfo=UTC)
        )
        miner.reading = JobReading(JobState.RUNNING, "theirs")
        miner.history.clear()

    setattr(miner, when, fall_silent)
    with pytest.raises(BackupError):
        rehearsal.back_up()
    assert miner.lease is not None
    assert miner.lease.holder == "another"
    assert not {"remove job", "forget"} & set(miner.history)
    assert len(rehearsal.records.kept) == 1
