"""Which miners, where, and whether this version can back them up. Asks nobody but the files of the project."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.region_choices import images_of
from infra.settings import Environment
from ops.backup.model import BackupError
from ops.backup.place import Operated, Place
from ops.backup.take import Subject
from ops.outputs import MinerOutputs, RegionOutputs, StackOutputs

_BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Target:
    """One miner of the plan."""

    subject: Subject
    environment: Environment
    region_name: str
    region: RegionOutputs
    outputs: MinerOutputs

    @property
    def bucket(self) -> str:
        """Where manifests of its region lie."""
        return self.region.buckets[_BACKUPS]

    @property
    def aerospike(self) -> bool:
        """Whether its UTXO store is Aerospike; else it is one of its databases."""
        return self.environment.miners[self.subject.miner].utxo_store.profile != "postgres"

    def place(self, id: str) -> Place:  # noqa: A002 (the word of the manifest)
        """A backup of it on its files."""
        return Place(self.subject.miner, id, images_of(self.environment), self.aerospike, self._operated())

    def _operated(self) -> Operated | None:
        sets = self.outputs.utxo_store_sets
        if sets is None:
            return None
        return Operated(self.bucket, self.region_name, sets.service_account, sets.reader_secret, sets.writer_secret)


def targets(environment: Environment, outputs: StackOutputs, miners: Sequence[str]) -> list[Target]:
    """The miners to work on; all of the environment if none is named.

    Raises:
        BackupError: there is no such miner, or its stores are of a kind that this version does not copy.
    """
    strangers = sorted(set(miners) - set(environment.miners))
    if strangers:
        raise BackupError(
            f"{environment.name} has no miner {strangers[0]}: it has {', '.join(environment.miners) or 'none'}"
        )
    return [_target(environment, outputs, name) for name in environment.miners if not miners or name in miners]


def _target(environment: Environment, outputs: StackOutputs, name: str) -> Target:
    settings, found = environment.miners[name], outputs.miners.get(name)
    if found is None or _BACKUPS not in outputs.regions[settings.region].buckets:
        raise BackupError(f"{name}: the stack's outputs do not name it and its region's buckets: run pulumi up first")
    if environment.asleep:
        raise BackupError(
            f"{environment.name} is asleep, and so are its stores: .venv/bin/python -m ops env wake first"
        )
    if settings.utxo_store.profile == "enterprise" and found.utxo_store_sets is None:
        raise BackupError(
            f"{name}: its UTXO store has no user who may copy it. On mainnet pulumi up makes it; in another tier the "
            "enterprise edition has none, for its store is not backed up there: the profile community needs none "
            "(docs/stores.md)"
        )
    return Target(
        subject=Subject(environment.name, name, environment.chain, environment.release),
        environment=environment,
        region_name=settings.region,
        region=outputs.regions[settings.region],
        outputs=found,
    )
