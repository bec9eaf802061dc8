"""Dashboards of Grafana: an environment's miners, one miner in depth, and what miners keep their data in."""

from components.observability.dashboards.miner import MINER
from components.observability.dashboards.model import Dashboard, model, text
from components.observability.dashboards.overview import OVERVIEW
from components.observability.dashboards.stores import STORES

ALL = (OVERVIEW, MINER, STORES)

__all__ = ["ALL", "Dashboard", "model", "text"]
