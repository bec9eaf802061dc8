"""A region's VPC: subnets by a fixed address plan, ways out, endpoints and flow logs."""

from components.network.args import NatMode, NetworkArgs, NetworkRef
from components.network.component import Network

__all__ = ["NatMode", "Network", "NetworkArgs", "NetworkRef"]
