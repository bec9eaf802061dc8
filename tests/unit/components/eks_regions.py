"""Clusters of regions that the tests of EKS look at."""

import json
from functools import cache

from components.eks import EndpointAccess
from simulator import Simulation
from simulator.record import RecordedResource
from tests.support.builders import built_region

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"


@cache
def region() -> Simulation:
    return built_region()


@cache
def private_region() -> Simulation:
    return built_region(endpoint_access=EndpointAccess.PRIVATE, api_cidrs=())


def cluster(simulation: Simulation) -> RecordedResource:
    [found] = simulation.of_type("aws:eks/cluster:Cluster")
    return found


def addon(simulation: Simulation, name: str) -> RecordedResource:
    [found] = [item for item in simulation.of_type("aws:eks/addon:Addon") if item.inputs["addonName"] == name]
    return found


def policy_of(simulation: Simulation, logical_name: str) -> list[dict[str, object]]:
    return json.loads(str(simulation.named(logical_name).inputs["policy"]))["Statement"]
