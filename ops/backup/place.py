"""Where a backup of one miner is, and how its UTXO store is reached. No input or output."""

from dataclasses import dataclass

from infra.miner_namespace import DATA_FOLDER, ImageSource, sets_prefix

SETS = "backups"
"""The folder of a miner's files that holds its backups."""


@dataclass(frozen=True, slots=True)
class Operated:
    """A UTXO store that asks for a name, and whose copies lie in the region's bucket of backups.

    Hundreds of gigabytes at a time are no matter there, and its objects cannot be changed; on the miner's files they
    would be the one part of a backup that takes its own capacity.

    - `service_account`: of pods that reach it there.
    - `reader_secret`, `writer_secret`: Secrets with the passwords of the users that may read it, and replace it.
    """

    bucket: str
    region: str
    service_account: str
    reader_secret: str
    writer_secret: str


@dataclass(frozen=True, slots=True)
class Place:
    """One backup of one miner on its files.

    `aerospike` says whether its UTXO store is one, `operated` what else there is to know of one that asks for a name.
    """

    miner: str
    id: str
    images: ImageSource
    aerospike: bool
    operated: Operated | None = None

    @property
    def data(self) -> str:
        """Where the miner's files are."""
        return f"{DATA_FOLDER}/{self.miner}"

    @property
    def sets(self) -> str:
        """Where its backups are."""
        return f"{self.data}/{SETS}"

    @property
    def set(self) -> str:
        """Where this one is when it is whole."""
        return f"{self.sets}/{self.id}"

    @property
    def partial(self) -> str:
        """Where this one is until then."""
        return f"{self.set}.partial"

    @property
    def objects(self) -> str:
        """Where in the bucket the UTXO store's part of it is, if it is there."""
        return f"{sets_prefix(self.miner)}/{self.id}/utxo"
