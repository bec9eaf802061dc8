"""What AWS makes by itself of what the state knows is no stray; answers of the form of AWS's own reference."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from ops.aws.session import Aws
from ops.drift.noise import read_noise
from ops.drift.sweep import sweep

REGION = "eu-west-1"
AT = f"{REGION}:111122223333"
DATABASE, CLUSTER = f"arn:aws:rds:{AT}:db:testing-db", f"arn:aws:rds:{AT}:cluster:testing-aurora"
VAULT, PLAN, FILES = f"arn:aws:backup:{AT}:backup-vault:testing-backups", "plan-1", "fs-0123"
FAR_VAULT = "arn:aws:backup:eu-central-1:111122223333:backup-vault:testing-backups"
KNOWN = frozenset({DATABASE, CLUSTER, VAULT, FAR_VAULT, PLAN, FILES, "testing-db"})

AUTOMATED = (
    f"arn:aws:rds:{AT}:snapshot:rds:testing-db-2026-11-22-03-04",
    f"arn:aws:rds:{AT}:cluster-snapshot:rds:testing-aurora-2026-11-22-03-04",
)
RETAINED = (f"arn:aws:rds:{AT}:auto-backup:ab-one", f"arn:aws:rds:{AT}:cluster-auto-backup:ab-two")
DAILY = f"arn:aws:fsx:{AT}:backup/backup-daily"
PLANNED = (
    f"arn:aws:rds:{AT}:snapshot:awsbackup:job-one",
    f"arn:aws:rds:{AT}:cluster-snapshot:awsbackup:job-two",
    f"arn:aws:fsx:{AT}:backup/backup-planned",
    f"arn:aws:backup:{AT}:recovery-point:three",
)
COPIED = f"arn:aws:rds:{AT}:snapshot:awsbackup:copyjob-four"

BY_HAND = (
    f"arn:aws:rds:{AT}:snapshot:before-the-upgrade",
    f"arn:aws:rds:{AT}:cluster-snapshot:testing-aurora-final",
    f"arn:aws:rds:{AT}:snapshot:awsbackup:job-on-demand",
    f"arn:aws:fsx:{AT}:backup/backup-by-hand",
    f"arn:aws:backup:{AT}:recovery-point:on-demand",
    f"arn:aws:ec2:{AT}:snapshot/snap-1",
)
OF_WHAT_IS_GONE = (
    f"arn:aws:rds:{AT}:snapshot:rds:testing-old-2026-11-22-03-04",
    f"arn:aws:rds:{AT}:snapshot:rds:testing-db-old-2026-11-22-03-04",
    f"arn:aws:rds:{AT}:auto-backup:ab-gone",
    f"arn:aws:rds:{AT}:auto-backup:ab-kept",
    f"arn:aws:fsx:{AT}:backup/backup-gone",
)


def _files(arn: str, system: str) -> dict[str, object]:
    return {"ResourceARN": arn, "FileSystem": {"FileSystemId": system}, "Type": "AUTOMATIC"}


def _of_instance(arn: str, status: str, of: str) -> dict[str, object]:
    return {"DBInstanceAutomatedBackupsArn": arn, "Status": status, "DBInstanceArn": of}


ANSWERS: Mapping[str, Mapping[str, Sequence[Mapping[str, object]]]] = {
    "DescribeDBInstanceAutomatedBackups": {
        "DBInstanceAutomatedBackups": [
            _of_instance(RETAINED[0], "active", DATABASE),
            _of_instance(OF_WHAT_IS_GONE[2], "active", DATABASE.replace("-db", "-old")),
            _of_instance(OF_WHAT_IS_GONE[3], "retained", DATABASE),
        ]
    },
    "DescribeDBClusterAutomatedBackups": {
        "DBClusterAutomatedBackups": [
            {"DBClusterAutomatedBackupsArn": RETAINED[1], "Status": "active", "DBClusterArn": CLUSTER}
        ]
    },
    "DescribeBackups": {"Backups": [_files(DAILY, FILES), _files(OF_WHAT_IS_GONE[4], "fs-gone")]},
    "ListRecoveryPointsByBackupVault": {
        "RecoveryPoints": [
            *({"RecoveryPointArn": arn, "CreatedBy": {"BackupPlanId": PLAN}} for arn in PLANNED),
            {"RecoveryPointArn": COPIED, "SourceBackupVaultArn": FAR_VAULT},
            {"RecoveryPointArn": BY_HAND[2]},
            {"RecoveryPointArn": BY_HAND[4], "CreatedBy": {"BackupPlanId": "of-somebody"}},
        ]
    },
}


class Account:
    """Has what it is told to have, and remembers what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, has: Sequence[str]) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self._has = has

    def strays(self, known: frozenset[str]) -> set[str]:
        session = boto3.Session()
        session.events.register("provide-client-params", self._kept)
        session.events.register("before-call", self._answer)
        found = sweep(Aws(session), "testing", [REGION], known, read_noise(date(2026, 11, 23)))
        assert found.unknown == {}
        return {one.arn for one in found.strays}

    def _kept(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        self.asked.append((model.name, dict(params)))

    def _answer(self, model: Any, **_: object) -> tuple[SimpleNamespace, object]:
        listed = {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": []} for arn in self._has]}
        return SimpleNamespace(status_code=200), {"GetResources": listed, **ANSWERS}[model.name]


def test_backups_that_services_make_of_what_the_state_knows_are_no_strays(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account(monkeypatch, [*AUTOMATED, *RETAINED, DAILY, *PLANNED, COPIED])

    assert account.strays(KNOWN) == set()
    assert ("DescribeBackups", {"Filters": [{"Name": "backup-type", "Values": ["AUTOMATIC"]}]}) in account.asked
    vaults = [asked for name, asked in account.asked if name == "ListRecoveryPointsByBackupVault"]
    assert vaults == [{"BackupVaultName": "testing-backups"}], "of another region's vault that region is asked"


def test_what_somebody_asked_for_and_what_outlived_its_source_still_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account(monkeypatch, [*AUTOMATED, *RETAINED, DAILY, *PLANNED, COPIED, *BY_HAND, *OF_WHAT_IS_GONE])

    assert account.strays(KNOWN) == {*BY_HAND, *OF_WHAT_IS_GONE}


def test_with_nothing_known_nothing_is_excused_and_no_service_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {*AUTOMATED, *RETAINED, DAILY, *PLANNED, COPIED}
    account = Account(monkeypatch, sorted(everything))

    assert account.strays(frozenset()) == everything
    assert {name for name, _ in account.asked} == {"GetResources"}
