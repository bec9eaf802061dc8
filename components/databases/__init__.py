"""Databases and roles inside a region's Postgres, made from the one namespace that sees the administrator's secret."""

from components.databases.component import Databases, DatabasesArgs, DatabasesRef
from components.databases.miner import MinerDatabase, MinerDatabaseArgs

__all__ = ["Databases", "DatabasesArgs", "DatabasesRef", "MinerDatabase", "MinerDatabaseArgs"]
