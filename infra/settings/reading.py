"""From configuration text to a draft: form and type of every single value, all faults collected.

Values are read one by one, not model by model, so that what is well-formed stays usable whatever stands beside it:
the rules across keys then find the rest in the same run.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from infra.settings.bounds import Bounds, bounds_of
from infra.settings.draft import Draft
from infra.settings.faults import HIDDEN, NAMESPACE, Fault, fault, full_path, nearest, shown, shown_key, suggestion
from infra.settings.published import holds_published_key
from infra.settings.schema import StackKeys
from infra.settings.section import Section, is_map, section_of
from infra.settings.siblings import Sibling
from infra.settings.wording import faults_of, unknown_key

DEFAULT_PROVIDERS_KEY = "pulumi:disable-default-providers"

_MAX_NESTING = 12
"""Mappings and lists inside one another; the deepest key of all, a pool's zones in a region, needs six."""
_TOO_DEEP = "[nested too deeply]"

_S = TypeVar("_S", bound=Section)

_KEYS = {field.alias or name: field for name, field in StackKeys.model_fields.items()}


def read(
    values: Mapping[str, str], stack: str, siblings: Sequence[Sibling], secret_keys: frozenset[str]
) -> tuple[Draft, list[Fault]]:
    """Check every value by itself; return what is well-formed, and the faults of the rest.

    `values` is the stack's configuration as Pulumi hands it over: full keys, objects as JSON text.
    """
    texts = {key.partition(":")[2]: text for key, text in values.items() if key.startswith(f"{NAMESPACE}:")}
    encrypted = {name for name in texts if f"{NAMESPACE}:{name}" in secret_keys and name in _KEYS}
    raw = {name: _raw(name, text) for name, text in texts.items() if name not in encrypted}
    deep = {name for name, value in raw.items() if value is _TOO_DEEP}
    readable = {name: value for name, value in raw.items() if name not in deep}
    keys, found = _read_section(StackKeys, readable, "")
    unread = {f"{NAMESPACE}:{name}" for name in encrypted | deep}  # present, so no key to be missed
    faults = [*_foreign_keys(values), *_default_providers(values, secret_keys)]
    faults += [_needless_secret(name) for name in sorted(encrypted)]
    faults += [_too_deep(name) for name in sorted(deep)]
    faults += [_published_key(name) for name, text in sorted(texts.items()) if holds_published_key(text)]
    faults += [one for one in found if one.path not in unread]
    refused = frozenset(one.path.removeprefix(f"{NAMESPACE}:").partition("[")[0] for one in faults)
    return _draft(stack, siblings, keys, readable, refused), faults


def _draft(
    stack: str, siblings: Sequence[Sibling], keys: StackKeys, raw: Mapping[str, object], refused: frozenset[str]
) -> Draft:
    regions, miners = raw.get("regions"), raw.get("miners")
    return Draft(
        stack=stack,
        siblings=siblings,
        account=keys.account or None,
        owner=keys.owner or None,
        tier=keys.tier or None,
        chain=keys.chain or None,
        release=keys.release or None,
        home=keys.home or None,
        expires=keys.expires,
        asleep=keys.asleep,
        log_retention_days=keys.log_retention_days,
        access=keys.access or None,
        kubernetes=keys.kubernetes,
        nodes=keys.nodes,
        postgres=keys.postgres,
        files=keys.files,
        platform=keys.platform,
        notifications=keys.notifications,
        distribution=keys.distribution,
        utxo_store=keys.utxo_store,
        kafka=keys.kafka,
        block_generator=keys.block_generator,
        transaction_load=keys.transaction_load,
        backups=keys.backups,
        mode=keys.mode,
        mining=keys.mining,
        public=keys.public,
        decommission=keys.decommission or {},
        regions=keys.regions or {},
        miners=keys.miners or {},
        region_names=tuple(regions) if isinstance(regions, dict) else None,
        miner_names=tuple(miners) if isinstance(miners, dict) else None,
        refused=refused,
    )


def _read_section(section: type[_S], raw: Mapping[str, object], path: str) -> tuple[_S, list[Fault]]:
    """Read each key of a section. A required text that is absent or malformed becomes "", anything else its default."""
    known = {field.alias or name: (name, field) for name, field in section.model_fields.items()}
    strangers = {key: unknown_key(_join(path, key), known, value) for key, value in raw.items() if key not in known}
    faults = list(strangers.values())
    misspelt = {
        name
        for key, stranger in strangers.items()
        for name in nearest(key, [*known], count=1)
        if stranger.remedy.startswith(f"did you mean {name}")
    }
    values: dict[str, Any] = {}
    for alias, (name, field) in known.items():
        value: object = None
        if alias in raw:
            value, found = _read_value(section, name, raw[alias], _join(path, alias))
            faults += found
        elif field.is_required() and alias not in misspelt:
            faults.append(_missing(_join(path, alias)))
        values[name] = value if value is not None else "" if field.is_required() else field.default
    return section.model_construct(**values), faults


def _read_value(section: type[Section], name: str, raw: object, path: str) -> tuple[object, list[Fault]]:
    annotation = section.model_fields[name].annotation
    inner = section_of(annotation)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None, [_empty(path)]
    if inner is None:
        return _read_leaf(_adapter(section, name), raw, path, bounds_of(section.model_fields[name]))
    if not isinstance(raw, dict):
        return None, [_no_mapping(path, raw)]
    if not is_map(annotation):
        return _read_section(inner, raw, path)
    return _read_map(inner, raw, path)


def _read_map(section: type[Section], raw: Mapping[str, object], path: str) -> tuple[dict[str, Section], list[Fault]]:
    entries: dict[str, Section] = {}
    faults: list[Fault] = []
    for name, body in raw.items():
        here = _join(path, name)
        if isinstance(body, dict):
            entries[name], found = _read_section(section, body, here)
            faults += found
        else:
            faults.append(_empty(here) if body is None else _no_mapping(here, body))
    return entries, faults


def _read_leaf(
    adapter: TypeAdapter[object], raw: object, path: str, bounds: Bounds | None
) -> tuple[object, list[Fault]]:
    try:
        return adapter.validate_json(json.dumps(raw)), []
    except ValidationError as error:
        return None, faults_of(error, path, bounds)


@cache
def _adapter(section: type[Section], name: str) -> TypeAdapter[object]:
    annotation = section.model_fields[name].rebuild_annotation()
    return TypeAdapter(annotation, config=ConfigDict(strict=True))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _raw(name: str, text: str) -> object:
    """Return what a key holds: a section decoded, any other key as its text, None for nothing."""
    is_section = name in _KEYS and section_of(_KEYS[name].annotation)
    return _decoded(text) if is_section else text.strip() or None


def _decoded(text: str) -> object:
    try:
        value = json.loads(text)
    except RecursionError:
        return _TOO_DEEP
    except ValueError:
        return text
    return _TOO_DEEP if _is_deep(value) else value


def _is_deep(value: object) -> bool:
    """Whether mappings and lists stand inside one another beyond any key; found without recursion, which has limits."""
    level = [value]
    for _ in range(_MAX_NESTING):
        level = [inner for one in level for inner in _inner(one)]
    return bool(level)


def _inner(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _missing(path: str) -> Fault:
    return Fault(full_path(path), "a value for this key", "add it: see docs/configuration.md")


def _empty(path: str) -> Fault:
    return fault(path, None, "a value; nothing stands after this key", "give it a value, or remove the key")


def _no_mapping(path: str, raw: object) -> Fault:
    return fault(path, raw, "a mapping of keys to values", "write it as { key: value }; see docs/configuration.md")


def _needless_secret(name: str) -> Fault:
    return Fault(
        f"{NAMESPACE}:{name}",
        "plain text: this is no secret, and an encrypted value could not be previewed without its key",
        f"pulumi config rm {name}, then write it into the stack file as docs/configuration.md shows",
    )


def _published_key(name: str) -> Fault:
    return Fault(
        f"{NAMESPACE}:{name}",
        "no private key, least of all one that Teranode publishes: whoever reads its settings.conf has it",
        "remove it; keys are generated, or named by the ARN of a secret",
    )


def _too_deep(name: str) -> Fault:
    return Fault(
        f"{NAMESPACE}:{name}",
        f"mappings and lists at most {_MAX_NESTING} deep",
        "write it flat: see docs/configuration.md",
    )


def _default_providers(values: Mapping[str, str], secret_keys: frozenset[str]) -> Iterator[Fault]:
    text = values.get(DEFAULT_PROVIDERS_KEY)
    is_secret = DEFAULT_PROVIDERS_KEY in secret_keys
    if text is None or is_secret or _decoded(text) != ["*"]:
        yield Fault(
            DEFAULT_PROVIDERS_KEY,
            "disables the default providers, which would take account and region from whoever runs Pulumi",
            f'write {DEFAULT_PROVIDERS_KEY}: ["*"]',
            value="" if text is None else HIDDEN if is_secret else shown(_decoded(text)),
        )


def _foreign_keys(values: Mapping[str, str]) -> Iterator[Fault]:
    for key in values:
        namespace = key.partition(":")[0]
        if namespace not in (NAMESPACE, "pulumi"):
            otherwise = "remove it: every provider is explicit and takes region and account from these settings"
            remedy = suggestion(namespace, [NAMESPACE], otherwise=otherwise)
            yield Fault(shown_key(key), f"a key of the namespace {NAMESPACE} or pulumi", remedy)
