"""What drifted, as the text of an issue, for whoever puts it right. Names and paths, never a value."""

from collections.abc import Iterator, Sequence

from ops.drift.advice import DIFFERS, EXPIRED, STRAY
from ops.drift.document import DriftDocument
from ops.github.client import LONGEST
from ops.github.markdown import code, table, words
from ops.pull_request.redaction import masked
from ops.render.text import count, short_type

_FOUND = "<!-- found -->"
"""Between what the last look came to and what was found: the first part changes when a look fails, the second stays."""
_ROOM = LONGEST - 5_000
_PATHS_SHOWN = 10


def marker(stack: str) -> str:
    """What the text begins with, and by which the issue is found again."""
    return f"<!-- teranode-infra: drift of {stack} -->"


def title(stack: str) -> str:
    """Of the issue; whoever renames it may."""
    return f"Drift of {stack}"


def body(found: DriftDocument, run: str) -> str:
    """All of the issue on what a look found; the same for the same."""
    return _whole(found.stack, _summary(found, run), "\n\n".join([*_found(found), _by_hand(found.stack)]))


def failed_body(stack: str, run: str, *, before: str) -> str:
    """All of the issue after a look that did not come to its end; what was found ``before`` stays below."""
    _, _, kept = before.partition(_FOUND)
    below = " What follows is from the look before." if kept.strip() else ""
    said = (
        f"> [!WARNING]\n> **The last look at {code(stack)} did not come to its end{_of(run)}: whether it has drifted "
        f"is not known.** The run says why: credentials, a state that is locked, a Kubernetes API out of reach.{below}"
    )
    return _whole(stack, said, kept.strip() or _by_hand(stack))


def closing(found: DriftDocument, run: str) -> str:
    """The comment with which it is closed."""
    return f"{code(found.stack)} is as its state says{_of(run)}: {_numbers(found)}. Closed."


def _whole(stack: str, said: str, below: str) -> str:
    return f"{marker(stack)}\n{said}\n\n{_FOUND}\n\n{below}\n"


def _summary(found: DriftDocument, run: str) -> str:
    name = code(found.stack)
    if found.changes or found.strays or found.expiredNoise:
        return f"**{name} is not what its state says{_of(run)}: {_numbers(found)}.**"
    return f"**Nothing of {name} differs, but not everything could be asked{_of(run)}: {_numbers(found)}.**"


def _numbers(found: DriftDocument) -> str:
    strays = "strays not looked for" if found.strays is None else count(len(found.strays), "stray")
    return f"{count(len(found.changes), 'change')}, {strays}, {count(len(found.noise), 'known difference')}"


def _of(run: str) -> str:
    return f" ([run]({run}))" if run else ""


def _found(found: DriftDocument) -> Iterator[str]:
    changes = [
        [code(masked(one.name)), words(short_type(one.type)), _what(one.gone, one.paths)] for one in found.changes
    ]
    strays = [[code(masked(one.arn)), words(one.region)] for one in found.strays or ()]
    # Half of the room each, so that neither hides the other.
    if changes:
        yield f"### Differs from the state\n\n{DIFFERS}"
        yield _fitting(["resource", "type", "what"], changes)
    if strays:
        yield f"### In no state\n\n{STRAY}"
        yield _fitting(["what", "region"], strays)
    if found.expiredNoise:
        listed = "\n".join(f"- {code(masked(name))}" for name in found.expiredNoise)
        yield f"### Known differences past their end\n\n{EXPIRED}\n\n{listed}"
    if found.unknown:
        listed = "\n".join(f"- {words(region)}: {words(masked(why))}" for region, why in found.unknown.items())
        yield f"### Could not be asked\n\n{listed}"


def _what(gone: bool, paths: Sequence[str]) -> str:  # noqa: FBT001 (a field of the document)
    if gone:
        return "**is gone**"
    shown = (
        ", ".join(code(masked(path)) for path in paths[:_PATHS_SHOWN]) or "something that its provider does not tell"
    )
    return f"differs in {shown}{f' and {len(paths) - _PATHS_SHOWN} more' if len(paths) > _PATHS_SHOWN else ''}"


def _fitting(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of as many rows as there is room for."""
    room, kept = _ROOM // 2, list[Sequence[str]]()
    for row in rows:
        room -= sum(map(len, row)) + 4 * len(row)
        if room < 0:
            break
        kept.append(row)
    more = len(rows) - len(kept)
    return table(headings, kept) + (f"\n\n{more} more: the command below shows all." if more else "")


def _by_hand(stack: str) -> str:
    return (
        "To look yourself, with credentials that read the account:\n\n"
        f"```sh\n.venv/bin/python -m ops drift {stack}\n```\n\n"
        "<sub>Kept by `ops drift-issue`: edited in place after every look, closed after the first that finds nothing. "
        "Differences that nobody has to act on belong in `ops/drift/known_noise.yaml`. Write below, not here.</sub>"
    )
