"""Alarms of a region: the topic that tells people, and what is watched."""

from components.alarms.account_events import AccountEvents, AccountEventsArgs
from components.alarms.budget import Budget, BudgetArgs
from components.alarms.cluster_watches import control_plane_watches, nat_watches
from components.alarms.component import Alarms, AlarmsArgs
from components.alarms.events import Told, message_of, rule_of
from components.alarms.metrics import MetricAlarms, MetricAlarmsArgs
from components.alarms.secret_reads import SecretReads, SecretReadsArgs
from components.alarms.target_watches import target_watches
from components.alarms.watch import Comparison, Silence, Watch
from components.alarms.watches import database_watches, efs_watches, lustre_watches

__all__ = [
    "AccountEvents",
    "AccountEventsArgs",
    "Alarms",
    "AlarmsArgs",
    "Budget",
    "BudgetArgs",
    "Comparison",
    "MetricAlarms",
    "MetricAlarmsArgs",
    "SecretReads",
    "SecretReadsArgs",
    "Silence",
    "Told",
    "Watch",
    "control_plane_watches",
    "database_watches",
    "efs_watches",
    "lustre_watches",
    "message_of",
    "nat_watches",
    "rule_of",
    "target_watches",
]
