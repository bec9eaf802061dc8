"""Who may read releases: what is refused across keys."""

from typing import Any

from infra.settings import Sibling
from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of

TESTER = "555566667777"


def refused(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault.path.removeprefix("teranode-infra:"), fault.remedy) for fault in faults_of(document)]


def test_by_default_nobody_may() -> None:
    assert accepted(MINIMAL).testers is None


def test_an_empty_list_is_a_place_that_nobody_reads() -> None:
    assert accepted(changed(MINIMAL, "distribution/testers", [])).testers == ()


def test_testers_are_sorted_so_that_their_order_means_nothing() -> None:
    assert accepted(changed(MINIMAL, "distribution/testers", ["999988887777", TESTER])).testers == (
        TESTER,
        "999988887777",
    )


def test_the_own_account_is_no_tester() -> None:
    assert refused(changed(MINIMAL, "distribution/testers", [MINIMAL["account"], TESTER])) == [
        ("distribution.testers[0]", "remove it")
    ]


def test_another_environment_of_the_project_is_no_tester() -> None:
    document = changed(MINIMAL, "distribution/testers", [TESTER])
    [fault] = faults_of(document, siblings=[Sibling("mainnet", account=TESTER)])

    assert (fault.path.removeprefix("teranode-infra:"), fault.value) == ("distribution.testers[0]", f'"{TESTER}"')
    assert "this one is of Pulumi.mainnet.yaml" in str(fault)
    assert faults_of(document, siblings=[Sibling("mainnet", account="999988887777")]) == ()


def test_what_may_be_destroyed_tomorrow_distributes_nothing() -> None:
    document = changed(changed(MINIMAL, "distribution/testers", [TESTER]), "expires", "2027-01-31T18:00:00Z")

    assert refused(document) == [("distribution.testers", "distribute from an environment without `expires`")]
