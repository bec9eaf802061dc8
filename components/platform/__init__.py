"""Operators and services that every cluster runs for its stores and miners."""

from components.platform.args import PlatformArgs, PlatformRef
from components.platform.component import Platform
from components.platform.monitoring import MonitoringSize
from components.platform.sources import ChartSource
from components.platform.teranode_operator import TeranodeOperator, TeranodeOperatorArgs

__all__ = [
    "ChartSource",
    "MonitoringSize",
    "Platform",
    "PlatformArgs",
    "PlatformRef",
    "TeranodeOperator",
    "TeranodeOperatorArgs",
]
