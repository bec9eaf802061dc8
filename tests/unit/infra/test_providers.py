"""Where the components of a region live, as the settings say."""

import pytest

from infra.providers import placement
from tests.support.stack_settings import MINIMAL, accepted, changed

BOUNDARY = "arn:aws:iam::111122223333:policy/teranode-boundary-dev"


@pytest.mark.parametrize("document", [MINIMAL, changed(MINIMAL, "access/permissionsBoundary", BOUNDARY)])
def test_a_placement_hands_on_account_region_and_permissions_boundary(document: dict[str, object]) -> None:
    environment = accepted(document)
    place = placement(environment, environment.regions["eu-west-1"])

    assert (place.environment, place.account, place.region) == ("dev", "111122223333", "eu-west-1")
    assert place.permissions_boundary == (None if document is MINIMAL else BOUNDARY)
    assert place.tags["environment"] == "dev"
