"""Another environment like one that there is: on networks, under a name and with roles of its own."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from infra.settings import Environment, parse, read_siblings
from infra.settings.fields import label_problem
from infra.settings.free_networks import free_networks
from infra.settings.lifetime import written
from infra.settings.rules.identity import MAX_STACK_CHARACTERS
from ops.environments.stack_text import config_texts, stack_text
from ops.errors import UsageError
from ops.stacks import StackFile
from simulator.stack_file import read_stack_file
from simulator.values import JSON

_PREFIX = "teranode-infra:"
_TTL = re.compile(r"(?P<number>[1-9]\d{0,3})(?P<unit>[hd])", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1)}


class NewEnvironmentError(UsageError):
    """The environment cannot be made like this; nothing has been written."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for; what is None is as in the source.

    Attributes:
        regions: in their order they get miners; the first is the home, unless the source's home is among them.
        miners: how many, in the regions by turns.
        expires: the end; None is no end, whatever the source has.
    """

    name: str
    regions: Sequence[str] | None = None
    miners: int | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A stack file that is not written yet; the settings accept it."""

    path: Path
    text: str
    environment: Environment


def lifetime(ttl: str) -> timedelta:
    """What ``48h`` or ``3d`` says.

    Raises:
        NewEnvironmentError: it has no such form.
    """
    found = _TTL.fullmatch(ttl)
    if not found:
        raise NewEnvironmentError(f"--ttl {ttl}: hours or days, up to 9999: for example 48h or 3d")
    return int(found["number"]) * _UNITS[found["unit"]]


def draft(wish: Wish, source: StackFile, project: Path) -> Draft:
    """The stack file ``Pulumi.NAME.yaml`` in ``project``, like ``source``.

    Networks are free in all stack files of the project. Roles and boundary that end in the source's name end in the new
    one. What a single miner of the source says for itself is not taken over: it may name a wallet or peers.

    Raises:
        NewEnvironmentError: there is such a stack, the source is not of the tier testing, or no network is free.
        SettingsError: the settings refuse the source, or what was asked for.
        SimulatorError: the source cannot be read.
    """
    path = project / f"Pulumi.{wish.name}.yaml"
    if problem := label_problem(wish.name, MAX_STACK_CHARACTERS):
        raise NewEnvironmentError(f"{wish.name!r} is no name of a stack: {problem}")
    if path.exists():
        raise NewEnvironmentError(f"{path}: there is such a stack file, and it stays as it is: choose another name")
    read = read_stack_file(source.path, project)
    siblings = read_siblings(project, source.name)
    like = parse(read.config, stack=source.name, siblings=siblings, secret_keys=read.secret_keys)
    if like.tier != "testing":
        raise NewEnvironmentError(
            f"{source.path.name} has the tier {like.tier}: only environments of the tier testing are made like this, "
            "--from testing. One of the tier mainnet is written by hand: docs/first-up.md"
        )
    config = {key: _value(text) for key, text in read.config.items()}
    _change(config, wish, like, project)
    parsed = parse(config_texts(config), stack=wish.name, siblings=read_siblings(project, wish.name))
    comment = (
        f"Like {source.path.name}, made by `.venv/bin/python -m ops env new {wish.name}`. Keys: docs/configuration.md"
    )
    return Draft(path, stack_text(config, comment), parsed)


def save(made: Draft) -> None:
    """Write the stack file; one that has come to be in the meantime stays as it is.

    Raises:
        NewEnvironmentError: there is such a file, or it cannot be written.
    """
    try:
        with made.path.open("x", encoding="utf-8") as file:
            file.write(made.text)
    except OSError as error:
        raise NewEnvironmentError(f"{made.path}: cannot be written ({error.strerror})") from error


def _change(config: dict[str, JSON], wish: Wish, like: Environment, project: Path) -> None:
    regions = _regions(wish, like)
    config[f"{_PREFIX}home"] = like.home if like.home in regions else regions[0]
    config[f"{_PREFIX}access"] = {
        key: _renamed(value, like.name, wish.name) for key, value in _mapping(config[f"{_PREFIX}access"]).items()
    }
    config[f"{_PREFIX}regions"] = _networked(regions, _mapping(config[f"{_PREFIX}regions"]), like, project)
    config[f"{_PREFIX}miners"] = {
        f"miner-{number + 1}": {"region": regions[number % len(regions)]}
        for number in range(len(like.miners) if wish.miners is None else wish.miners)
    }
    config.pop(f"{_PREFIX}expires", None)
    if wish.expires is not None:
        config[f"{_PREFIX}expires"] = written(wish.expires)


def _regions(wish: Wish, like: Environment) -> Sequence[str]:
    """Those asked for, else the source's in the order of its miners, so that a miner is where its namesake is."""
    if wish.regions is None:
        return list(dict.fromkeys([*(miner.region for miner in like.miners.values()), *like.regions]))
    twice = sorted({name for name in wish.regions if wish.regions.count(name) > 1})
    if twice or not all(wish.regions):
        raise NewEnvironmentError(
            f"--regions {','.join(wish.regions)}: names of regions with a comma between them, each once"
        )
    return wish.regions


def _networked(names: Sequence[str], keys: Mapping[str, JSON], like: Environment, project: Path) -> Mapping[str, JSON]:
    """The regions with a free network each; what the source says of a region otherwise stays."""
    used = [cidr for sibling in read_siblings(project, "") for cidr in sibling.networks.values()]
    free = islice(free_networks(used, beside=like.regions[like.home].cidr), len(names))
    found = {name: {**_mapping(keys.get(name)), "cidr": str(block)} for name, block in zip(names, free, strict=False)}
    if len(found) < len(names):
        raise NewEnvironmentError(
            f"of 10.0.0.0/8 {len(found)} networks are free, and {len(names)} are needed: destroy what nobody needs and "
            "remove its stack file (.venv/bin/python -m ops env list)"
        )
    return found


def _renamed(value: JSON, old: str, new: str) -> JSON:
    if isinstance(value, str) and value.endswith(f"-{old}"):
        return f"{value.removesuffix(old)}{new}"
    return value


def _value(text: str) -> JSON:
    """What the program makes of a key: a section is a mapping or a list, anything else the text itself."""
    return json.loads(text) if text[:1] in ("{", "[") else text


def _mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}
