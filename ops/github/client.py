"""GitHub's REST API, asked for one repository. Fields as docs.github.com/rest has them, API version 2022-11-28."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode

import urllib3
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ops.errors import UsageError

LONGEST = 65_536
"""Characters that GitHub takes in one comment, or in the text of an issue."""

_NAME = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
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
    404: "there is no such repository, or nothing of that number in it, or the token may not see it",
    410: "what was asked for is switched off in this repository",
    422: "GitHub does not take the text",
}
_DONE = (200, 201)
T = TypeVar("T")


class GitHubError(UsageError):
    """GitHub could not be asked, or refused; the message has the remedy, and never the token."""


class Answer(BaseModel):
    """The part of an answer that is read."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Author(Answer):
    """Who wrote something."""

    login: str
    type: str


class Text(Answer):
    """A comment or an issue."""

    body: str | None = None
    html_url: str
    user: Author | None = None

    def is_ours(self, marker: str) -> bool:
        """Whether a bot wrote it under ``marker``: a person may quote one."""
        return (self.body or "").startswith(marker) and self.user is not None and self.user.type == "Bot"


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository, ``owner/name``; ``right`` is what its ``token`` must be allowed, as GitHub calls it."""

    name: str
    token: str
    right: str
    api: str

    @classmethod
    def of(cls, name: str, *, right: str, api: str) -> "Repository":
        """With the token in GITHUB_TOKEN.

        Raises:
            GitHubError: there is no token, or no repository can be called so.
        """
        token = os.environ.get("GITHUB_TOKEN", "")
        if not token:
            raise GitHubError(f"GITHUB_TOKEN is not set: a token with the right {right}")
        if not _NAME.fullmatch(name):
            raise GitHubError(f"--repository {name}: OWNER/NAME, as GitHub writes it")
        return cls(name, token, right, api)

    def pages(self, answer: TypeAdapter[list[T]], path: str, **query: str) -> Iterator[T]:
        """Everything in a list, page by page.

        Raises:
            GitHubError: GitHub refuses or cannot be reached.
        """
        page = 1
        while True:
            asked = urlencode({**query, "per_page": _PER_PAGE, "page": page})
            found = self.ask(answer, "GET", f"{path}?{asked}")
            yield from found
            if len(found) < _PER_PAGE:
                return
            page += 1

    def ask(self, answer: TypeAdapter[T], method: str, path: str, body: Mapping[str, str] | None = None) -> T:
        """What GitHub answers below the repository's own address. What reads is tried again, what writes is not.

        Raises:
            GitHubError: GitHub refuses, cannot be reached, or answers in another form.
        """
        url = f"{self.api}/repos/{quote(self.name)}{path}"
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
            raise GitHubError(f"{method} {url}: {response.status}, {self._remedy(response.status)}")
        try:
            return answer.validate_json(response.data)
        except ValidationError as error:
            raise GitHubError(f"{method} {url}: an answer of another form than documented") from error

    def _remedy(self, status: int) -> str:
        if status == 403:  # noqa: PLR2004 (forbidden)
            return f"the token may not do it ({self.right}), or its requests are used up for this hour"
        return _REMEDIES.get(status, "try again")
