"""A region's Postgres: Aurora or a single RDS instance, behind one endpoint."""

from components.postgres.args import AuroraStorage, PostgresArgs, PostgresProfile
from components.postgres.component import Postgres

__all__ = ["AuroraStorage", "Postgres", "PostgresArgs", "PostgresProfile"]
