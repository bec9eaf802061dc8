"""Who may read releases: what is refused across keys."""

from typing import Any

from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of

TESTER = "555566667777"


def refused(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault.path.removeprefix("teranode-infra:"), fault.remedy) for fault in faults_of(document)]


def test_by_default_nobody_may() -> None:
    assert accepted(MINIMAL).testers == ()


def test_testers_are_sorted_so_that_their_order_means_nothing() -> None:
    assert accepted(changed(MINIMAL, "distribution/testers", ["999988887777", TESTER])).testers == (
        TESTER,
        "999988887777",
    )


def test_the_own_account_is_no_tester() -> None:
    assert refused(changed(MINIMAL, "distribution/testers", [MINIMAL["account"], TESTER])) == [
        ("distribution.testers[0]", "remove it")
    ]


def test_what_may_be_destroyed_tomorrow_distributes_nothing() -> None:
    document = changed(changed(MINIMAL, "distribution/testers", [TESTER]), "expires", "2027-01-31T18:00:00Z")

    assert refused(document) == [("distribution.testers", "distribute from an environment without `expires`")]
