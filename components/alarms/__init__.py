"""Alarms of a region: the topic that tells people, and what is watched."""

from components.alarms.component import Alarms, AlarmsArgs
from components.alarms.metrics import MetricAlarms, MetricAlarmsArgs
from components.alarms.watches import Watch, database_watches, efs_watches, lustre_watches

__all__ = [
    "Alarms",
    "AlarmsArgs",
    "MetricAlarms",
    "MetricAlarmsArgs",
    "Watch",
    "database_watches",
    "efs_watches",
    "lustre_watches",
]
