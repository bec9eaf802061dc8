"""Stack settings as plain documents: start from a real stack file, change one thing, read the faults."""

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from infra.settings import Environment, Fault, SettingsError, Sibling, parse

PROJECT = Path(__file__).resolve().parents[2]


class _Removed:
    def __repr__(self) -> str:
        """Stable, because it is part of test ids that several processes must agree on."""
        return "removed"


REMOVED = _Removed()

MINIMAL: Mapping[str, Any] = {
    "account": "111122223333",
    "owner": "dev@example.org",
    "tier": "testing",
    "chain": "regtest",
    "release": "v0.14.4",
    "home": "eu-west-1",
    "access": {
        "deployRole": "arn:aws:iam::111122223333:role/deploy",
        "adminRole": "arn:aws:iam::111122223333:role/admin",
        "apiCidrs": ["198.51.100.0/24"],
    },
    "regions": {"eu-west-1": {"cidr": "10.40.0.0/16"}},
    "miners": {"miner-1": {"region": "eu-west-1"}},
}
"""One region, one miner: the least that an environment can be."""


def stack_file(stack: str) -> dict[str, Any]:
    """The settings in a stack file of the project, without their namespace."""
    document = yaml.safe_load((PROJECT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))
    return {
        key.partition(":")[2]: value for key, value in document["config"].items() if key.startswith("teranode-infra:")
    }


def changed(document: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy of `document` with `value` at `path` (keys joined by /), or without it if it is `REMOVED`."""
    copied = copy.deepcopy(dict(document))
    *parents, last = path.split("/")
    place = copied
    for key in parents:
        place = place.setdefault(key, {})
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    return copied


def as_config(document: Mapping[str, Any]) -> dict[str, str]:
    """The document as Pulumi hands it to a program: full keys, scalars as text, objects as JSON."""
    values = {"pulumi:disable-default-providers": '["*"]'}
    for key, value in document.items():
        values[f"teranode-infra:{key}"] = value if isinstance(value, str) else json.dumps(value)
    return values


def accepted(document: Mapping[str, Any], stack: str = "dev", siblings: Sequence[Sibling] = ()) -> Environment:
    """The environment that the document describes."""
    return parse(as_config(document), stack=stack, siblings=siblings)


def faults_of(document: Mapping[str, Any], stack: str = "dev", siblings: Sequence[Sibling] = ()) -> tuple[Fault, ...]:
    """The faults for which the document is refused; none if it is accepted."""
    try:
        accepted(document, stack, siblings)
    except SettingsError as error:
        return error.faults
    return ()
