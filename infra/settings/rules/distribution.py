"""Testers: other accounts, each once, of an environment that stays."""

from collections import Counter
from collections.abc import Iterator

from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, stack_file_name


def testers_are_other_accounts(draft: Draft) -> Iterator[Fault]:
    """The own account reads by IAM, and other environments of the project get releases by themselves."""
    testers = draft.distribution.testers if draft.distribution else ()
    for position, tester in enumerate(testers):
        if tester == draft.account:
            yield fault(
                f"distribution.testers[{position}]",
                tester,
                "accounts of others: the own account reads what its IAM policies let it",
                "remove it",
            )
        elif owner := draft.environment_of(tester):
            yield fault(
                f"distribution.testers[{position}]",
                tester,
                f"accounts of others: this one is of {stack_file_name(owner)}",
                "remove it: an environment of the project gets releases by its own stack file",
            )
    for tester, times in sorted(Counter(testers).items()):
        if times > 1:
            yield fault("distribution.testers", tester, "each account once", "remove the others")


def testers_need_what_stays(draft: Draft) -> Iterator[Fault]:
    """What may be destroyed tomorrow would take releases along that others rely on."""
    if draft.distribution and draft.distribution.testers and draft.expires:
        yield fault(
            "distribution.testers",
            list(draft.distribution.testers),
            f"nobody, since the environment may be destroyed after {draft.expires}",
            "distribute from an environment without `expires`",
        )


RULES = (testers_are_other_accounts, testers_need_what_stays)
