"""A simulated cloud for Pulumi programs: evaluates a program in this process, no account, no CLI, no network."""

from simulator.errors import SimulationError
from simulator.record import RecordedResource
from simulator.simulate import Simulation, simulate, simulate_program

__all__ = ["RecordedResource", "Simulation", "SimulationError", "simulate", "simulate_program"]
