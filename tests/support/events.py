"""EventBridge's own matching of events, as far as the patterns of this project need it."""

from collections.abc import Mapping


def matches(event: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    """Whether every field has any of its values, with `$or`, `exists`, `anything-but` and `numeric` from a limit on."""
    return all(
        any(matches(event, one) for one in value)
        if key == "$or" and isinstance(value, list)
        else _field(event, key, value)
        for key, value in wanted.items()
    )


def _field(event: Mapping[str, object], key: str, wanted: object) -> bool:
    found = event.get(key)
    if isinstance(wanted, Mapping):
        return matches(found if isinstance(found, Mapping) else {}, wanted)
    assert isinstance(wanted, list)
    return any(_one(found, one) for one in wanted)


def _one(found: object, wanted: object) -> bool:
    if not isinstance(wanted, Mapping):
        return found == wanted
    if "exists" in wanted:
        return (found is not None) is wanted["exists"]
    if "numeric" in wanted:
        operator, limit = wanted["numeric"]
        assert operator == ">="
        return isinstance(found, int | float) and found >= limit
    return found is not None and found not in wanted["anything-but"]
