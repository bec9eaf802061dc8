"""The picture in the documentation is the one that the program draws."""

from ops.picture import draw
from simulator.graph import Graph
from tests.support.stacks import ROOT, evaluated


def test_the_drawn_environment_is_up_to_date() -> None:
    """`make docs` draws it again; look at it before committing."""
    assert (ROOT / "docs" / "testing.svg").read_text() == draw(Graph(evaluated("testing").deployment), title="testing")
