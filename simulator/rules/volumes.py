"""Which volumes and claims find each other. What does not is accepted and stays pending: the words are the event's."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.values import JSON
from simulator.world import Thing

_FACTORS = {
    "": Decimal(1),
    "m": Decimal("0.001"),
    **{letter: Decimal(1000) ** power for power, letter in enumerate("kMGTPE", 1)},
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", 1)},
}

book = RuleBook()


@book.rule("claim-volume-exists", "Pending", t.PERSISTENT_VOLUME_CLAIM)
def _claim_volume_exists(attempt: Attempt) -> str | None:
    name = attempt.text("spec.volumeName")
    if not name or _volume(attempt, name):
        return None
    return f'persistentvolume "{name}" not found: the claim waits for it for ever'


@book.rule("claim-volume-reserved", "FailedBinding", t.PERSISTENT_VOLUME_CLAIM)
def _claim_volume_reserved(attempt: Attempt) -> str | None:
    name = attempt.text("spec.volumeName")
    volume = _volume(attempt, name)
    own = f"{attempt.text('metadata.namespace') or 'default'}/{attempt.text('metadata.name')}"
    reserved = _claim_of(volume) if volume else ""
    return f'volume "{name}" already bound to a different claim: {reserved}' if reserved not in ("", own) else None


@book.rule("claim-volume-fits", "VolumeMismatch", t.PERSISTENT_VOLUME_CLAIM)
def _claim_volume_fits(attempt: Attempt) -> str | None:
    name = attempt.text("spec.volumeName")
    volume = _volume(attempt, name)
    if volume is None:
        return None
    for reason in _misfits(attempt.inputs, volume.inputs):
        return f'Cannot bind to requested volume "{name}": {reason}'
    return None


@book.rule("volume-bound", "Conflict", t.PERSISTENT_VOLUME, Operation.DELETE)
def _volume_bound(attempt: Attempt) -> str | None:
    name = attempt.text("metadata.name")
    reserved = _claim_of(attempt.thing) if attempt.thing else ""
    for claim in attempt.find(t.PERSISTENT_VOLUME_CLAIM):
        if name in texts_at(claim.inputs, "spec.volumeName") or (reserved and claim.id == reserved):
            return f"persistentvolume {name} is bound to {claim.id}: pv-protection keeps it as long as that exists"
    return None


def bytes_of(quantity: str) -> Decimal:
    """The number that a quantity of Kubernetes means, 0 for what is none."""
    match = re.fullmatch(r"(?P<number>\d+(\.\d*)?)(?P<unit>[A-Za-z]*)", quantity)
    return Decimal(match["number"]) * _FACTORS.get(match["unit"], Decimal(0)) if match else Decimal(0)


def _volume(attempt: Attempt, name: str) -> Thing | None:
    volumes = attempt.find(t.PERSISTENT_VOLUME)
    return next((one for one in volumes if name in texts_at(one.inputs, "metadata.name")), None)


def _claim_of(volume: Thing) -> str:
    """The claim that a volume is reserved for, as ``namespace/name``; empty for a free one."""
    name = _text(volume.inputs, "spec.claimRef.name")
    return f"{_text(volume.inputs, 'spec.claimRef.namespace') or 'default'}/{name}" if name else ""


def _misfits(claim: Mapping[str, JSON], volume: Mapping[str, JSON]) -> Iterator[str]:
    wanted, has = _text(claim, "spec.resources.requests.storage"), _text(volume, "spec.capacity.storage")
    if bytes_of(wanted) > bytes_of(has):
        yield f"requested PV is too small ({has} for a claim of {wanted})"
    if _text(claim, "spec.storageClassName") != _text(volume, "spec.storageClassName"):
        yield "storageClassName does not match"
    if not set(texts_at(dict(claim), "spec.accessModes")) <= set(texts_at(dict(volume), "spec.accessModes")):
        yield "incompatible accessMode"
    if (_text(claim, "spec.volumeMode") or "Filesystem") != (_text(volume, "spec.volumeMode") or "Filesystem"):
        yield "incompatible volumeMode"


def _text(inputs: Mapping[str, JSON], path: str) -> str:
    return next(iter(texts_at(dict(inputs), path)), "")
