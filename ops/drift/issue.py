"""One issue for each stack that has drifted: opened, edited in place, and closed when a look finds nothing.

Paths: docs.github.com/rest/issues/issues and /rest/issues/comments.
"""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from ops.drift.document import DriftDocument, Verdict
from ops.drift.issue_text import body, closing, failed_body, marker, title
from ops.github.client import Repository, Text

RIGHT = "issues: write"


class _Issue(Text):
    number: int
    pull_request: dict[str, object] | None = None


_ISSUE, _ISSUES, _TEXT = TypeAdapter(_Issue), TypeAdapter(list[_Issue]), TypeAdapter(Text)


class Fate(StrEnum):
    """What became of the issue."""

    OPENED = "opened"
    EDITED = "edited"
    CLOSED = "closed"
    NONE_NEEDED = "none needed"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the issue, and where it is; empty if there is none."""

    fate: Fate
    url: str = ""


def tell(repository: Repository, stack: str, found: DriftDocument | None, run: str) -> Told:
    """Bring the issue of ``stack`` to what a look found; None of a look that failed, which closes nothing.

    Repeated, it finds what is done. At most one issue of a stack is open.

    :param run: address of the run that looked; empty if nobody else can read it.

    Raises:
        GitHubError: GitHub refuses or cannot be reached.
    """
    existing = _open_issue(repository, stack)
    if found is not None and found.verdict is Verdict.CLEAN:
        return _closed(repository, existing, found, run) if existing else Told(Fate.NONE_NEEDED)
    if found is not None:
        text = body(found, run)
    else:
        text = failed_body(stack, run, before=(existing.body or "") if existing else "")
    if existing is None:
        made = repository.ask(_ISSUE, "POST", "/issues", {"title": title(stack), "body": text})
        return Told(Fate.OPENED, made.html_url)
    repository.ask(_ISSUE, "PATCH", f"/issues/{existing.number}", {"body": text})
    return Told(Fate.EDITED, existing.html_url)


def _open_issue(repository: Repository, stack: str) -> _Issue | None:
    """The oldest, so that a second one, of two runs at once, is the one that stays behind and is seen."""
    listed = repository.pages(_ISSUES, "/issues", state="open", sort="created", direction="asc")
    return next((one for one in listed if one.pull_request is None and one.is_ours(marker(stack))), None)


def _closed(repository: Repository, existing: _Issue, found: DriftDocument, run: str) -> Told:
    """Said first: an issue that closes without a word is taken for a mistake."""
    path = f"/issues/{existing.number}"
    repository.ask(_TEXT, "POST", f"{path}/comments", {"body": closing(found, run)})
    repository.ask(_ISSUE, "PATCH", path, {"state": "closed", "state_reason": "completed"})
    return Told(Fate.CLOSED, existing.html_url)
