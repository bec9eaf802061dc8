"""What to do about failures of the pulumi CLI whose own words do not say it."""

from collections.abc import Iterator, Mapping

_LOCKED = (
    "another update of this stack is under way, or one was killed and left its lock. Look who runs it (the lock names "
    "person, host and process; the workflows of the repository run updates too) and wait for its end. Only when it is "
    "certain that it is dead: pulumi cancel --stack {stack}, then ops preflight {stack}, which names what it left open"
)

_SIGN_IN_AGAIN = (
    "the credentials have expired: sign in again and repeat the command; what was finished is in the state, and a "
    "second run goes on from there"
)

_ADVICE: Mapping[str, str] = {
    # pulumi/pulumi: pkg/backend/diy/lock.go and sdk/go/auto/errors.go.
    "the stack is currently locked by": _LOCKED,
    "[409] Conflict: Another update is currently in progress": _LOCKED,
    "ExpiredToken": _SIGN_IN_AGAIN,
    "security token included in the request is expired": _SIGN_IN_AGAIN,
}
"""Advice by a part of what the CLI says."""


def advice(said: str, stack: str) -> str:
    """What a person does about a CLI that said this of ``stack``; empty where its words are enough."""
    return "\n".join(dict.fromkeys(_found(said, stack)))


def _found(said: str, stack: str) -> Iterator[str]:
    for words, what_to_do in _ADVICE.items():
        if words in said:
            yield what_to_do.format(stack=stack)
