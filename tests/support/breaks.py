"""What breaks in the middle of an `up`, what is said of it, and what its repetition must come to."""

from collections.abc import Mapping

from tests.support.replay import Replay

CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"


def failing(type_: str, code: str, message: str, **more: object) -> Mapping[str, object]:
    """A fault: every call for resources of `type_` is refused, or those that `more` describes (docs/simulator.md)."""
    return {"type": type_, "error": {"code": code, "message": message}, **more}


def finishes(replay: Replay) -> None:
    """The next `up` fails at nothing, makes all that is wanted, and nothing was made that the state does not know."""
    assert replay.up() == {}
    assert replay.names(replay.state) == replay.names(replay.order)
    assert not replay.unready
    assert replay.made_more_than_once() == []
    assert {thing.id for things in replay.things().values() for thing in things} <= set(replay.state.values())


BREAKS = {
    "a pool of nodes without capacity": (
        failing(NODE_GROUP, "AsgInstanceLaunchFailures", "InsufficientInstanceCapacity: no capacity in the zone"),
        "creating NodeGroup in eu-west-1: api error AsgInstanceLaunchFailures: InsufficientInstanceCapacity",
    ),
    "a pool of nodes that never becomes active": (
        {"type": NODE_GROUP, "timeout": True},
        "timeout while waiting for state to become 'ACTIVE'",
    ),
    "throttling without end": (
        {"type": "aws:iam/*", "throttle": 25},
        "ThrottlingException: Rate exceeded: exceeded maximum number of attempts, 25",
    ),
    "an expired token": (
        failing("aws:*", "ExpiredTokenException", "The security token included in the request is expired"),
        "ExpiredTokenException: The security token included in the request is expired",
    ),
    "an API server that does not answer": (
        failing("kubernetes:*", "ClusterUnreachable", "configured Kubernetes cluster is unreachable: i/o timeout"),
        "ClusterUnreachable: configured Kubernetes cluster is unreachable: i/o timeout",
    ),
}
