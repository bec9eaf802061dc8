"""One comment on a pull request, edited in place from then on.

Paths: docs.github.com/rest/issues/comments and /rest/pulls/pulls.
"""

from dataclasses import dataclass

from pydantic import TypeAdapter

from ops.github.client import Answer, GitHubError, Repository, Text

RIGHT = "pull-requests: write"


class _Comment(Text):
    id: int


class _Head(Answer):
    sha: str


class _PullRequest(Answer):
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
    """One pull request, by its number."""

    repository: Repository
    number: int

    def post(self, body: str, *, marker: str, head: str) -> Posted:
        """Write ``body``, or edit the comment of a bot that begins with ``marker``.

        :param head: the commit that ``body`` speaks of; a pull request that has moved on gets no comment on it. It also
            proves that the number, which a fork could have made up, belongs to the commit that was evaluated.

        Raises:
            GitHubError: GitHub refuses, cannot be reached, or the pull request is closed or at another commit.
        """
        found = self.repository.ask(_PULL_REQUEST, "GET", f"/pulls/{self.number}")
        if found.state != "open" or found.head.sha != head:
            raise GitHubError(
                f"{self.repository.name}#{self.number} is {found.state} at commit {found.head.sha}, the comment is on "
                f"{head}: a newer run comments on what it has become"
            )
        comments = self.repository.pages(_COMMENTS, f"/issues/{self.number}/comments")
        existing = next((one for one in comments if one.is_ours(marker)), None)
        if existing is None:
            path = f"/issues/{self.number}/comments"
            return Posted(self.repository.ask(_COMMENT, "POST", path, {"body": body}).html_url, edited=False)
        path = f"/issues/comments/{existing.id}"
        return Posted(self.repository.ask(_COMMENT, "PATCH", path, {"body": body}).html_url, edited=True)
