"""One comment on a pull request, written through GitHub's REST API and edited in place from then on.

Paths and fields: docs.github.com/rest/issues/comments and /rest/pulls/pulls, API version 2022-11-28.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

import urllib3
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ops.errors import UsageError

API = "https://api.github.com"
_PER_PAGE = 100
_RETRIES = urllib3.Retry(
    total=5,
    connect=0,
    backoff_factor=1,
    backoff_jitter=1,
    status_forcelist=(429, 500, 502, 503, 504),
    raise_on_status=False,
)
_TIMEOUT = urllib3.Timeout(connect=10, read=60)
_REMEDIES: Mapping[int, str] = {
    401: "the token is not valid, or has expired",
    403: "the token may not do it (pull-requests: write), or its requests are used up for this hour",
    404: "there is no such repository or pull request, or the token may not see it",
    422: "GitHub does not take the text",
}
_DONE = (200, 201)
T = TypeVar("T")


class GitHubError(UsageError):
    """GitHub could not be asked, or refused; the message has the remedy, and never the token."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Author(_Answer):
    login: str
    type: str


class _Comment(_Answer):
    id: int
    body: str | None = None
    html_url: str
    user: _Author | None = None


class _Head(_Answer):
    sha: str


class _PullRequest(_Answer):
    head: _Head
    state: str


_COMMENT, _COMMENTS, _PULL_REQUEST = TypeAdapter(_Comment), TypeAdapter(list[_Comment]), TypeAdapter(_PullRequest)


@dataclass(frozen=True, slots=True)
class Posted:
    """Where the comment is, and whether it was there before."""

    url: str
    edited: bool


@dataclass(frozen=True, slots=True)
class PullRequest:
    """One pull request; `repository` is `owner/name`, `token` may write comments."""

    repository: str
    number: int
    token: str
    api: str = API

    def post(self, body: str, *, marker: str, head: str) -> Posted:
        """Write ``body``, or edit the comment of a bot that begins with ``marker``.

        :param head: the commit that ``body`` speaks of; a pull request that has moved on gets no comment on it. It also
            proves that the number, which a fork could have made up, belongs to the commit that was evaluated.

        Raises:
            GitHubError: GitHub refuses, cannot be reached, or the pull request is closed or at another commit.
        """
        found = self._asked(_PULL_REQUEST, "GET", f"/pulls/{self.number}")
        if found.state != "open" or found.head.sha != head:
            raise GitHubError(
                f"{self.repository}#{self.number} is {found.state} at commit {found.head.sha}, the comment is on "
                f"{head}: a newer run comments on what it has become"
            )
        existing = next((one for one in self._comments() if _is_ours(one, marker)), None)
        if existing is None:
            made = self._asked(_COMMENT, "POST", f"/issues/{self.number}/comments", {"body": body})
            return Posted(made.html_url, edited=False)
        made = self._asked(_COMMENT, "PATCH", f"/issues/comments/{existing.id}", {"body": body})
        return Posted(made.html_url, edited=True)

    def _comments(self) -> Iterator[_Comment]:
        page = 1
        while True:
            path = f"/issues/{self.number}/comments?per_page={_PER_PAGE}&page={page}"
            found = self._asked(_COMMENTS, "GET", path)
            yield from found
            if len(found) < _PER_PAGE:
                return
            page += 1

    def _asked(self, answer: TypeAdapter[T], method: str, path: str, body: Mapping[str, str] | None = None) -> T:
        url = f"{self.api}/repos/{quote(self.repository)}{path}"
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "User-Agent": "teranode-infra",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        content = None if body is None else json.dumps(body).encode()
        try:
            with urllib3.PoolManager(retries=_RETRIES, timeout=_TIMEOUT) as pool:
                response = pool.request(method, url, body=content, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            raise GitHubError(f"{method} {url}: no answer ({type(error).__name__}); is there a network?") from error
        if response.status not in _DONE:
            remedy = _REMEDIES.get(response.status, "try again")
            raise GitHubError(f"{method} {url}: {response.status}, {remedy}")
        try:
            return answer.validate_json(response.data)
        except ValidationError as error:
            raise GitHubError(f"{method} {url}: an answer of another form than documented") from error


def _is_ours(comment: _Comment, marker: str) -> bool:
    """Only what a bot wrote is edited: a person may quote the marker."""
    return (comment.body or "").startswith(marker) and comment.user is not None and comment.user.type == "Bot"
