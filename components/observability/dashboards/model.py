"""The model of a dashboard, and how Grafana writes it down. No resources.

Every dashboard can be pointed at another data source, cannot be edited in place, where the next start would undo it,
and says for each panel what it shows and in which unit (rules of grafana/dashboard-linter, held by tests).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_SCHEMA_VERSION = 41
_COLUMNS = 24
_DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
_REFRESH_ON_TIME_CHANGE = 2

FSM_STATES: Mapping[int, str] = {0: "IDLE", 1: "RUNNING", 2: "CATCHINGBLOCKS", 3: "LEGACYSYNCING"}
"""Teranode's states by the value of their metric: FSMStateType in services/blockchain/blockchain_api."""

_STATE_COLOURS = {0: "red", 1: "green", 2: "yellow", 3: "blue"}


class Kind(StrEnum):
    """How a panel draws."""

    STAT = "stat"
    TIME_SERIES = "timeseries"
    TIMELINE = "state-timeline"
    TABLE = "table"


@dataclass(frozen=True, kw_only=True)
class Query:
    """One expression, and the name of its lines."""

    expr: str
    legend: str = "{{miner}}"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel. `unit` is one of Grafana's own ids; `width` counts columns of 24, `height` rows of 30 pixels.

    `states`: values are states of a node and are shown by name.
    """

    title: str
    description: str
    queries: tuple[Query, ...]
    unit: str = "short"
    kind: Kind = Kind.TIME_SERIES
    width: int = 12
    height: int = 8
    states: bool = False


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A choice at the top of a dashboard: the values of a label. `many`: several, or all of them, at once."""

    name: str
    query: str
    many: bool = True


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """A dashboard; `uid` is part of its address and never changes."""

    uid: str
    title: str
    description: str
    variables: tuple[Variable, ...]
    panels: tuple[Panel, ...]
    tags: tuple[str, ...] = field(default=("teranode",))


def text(dashboard: Dashboard) -> str:
    """The dashboard as Grafana reads it from a file."""
    return json.dumps(model(dashboard), indent=1, sort_keys=True) + "\n"


def model(dashboard: Dashboard) -> dict[str, object]:
    """The dashboard as Grafana's JSON model."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": list(dashboard.tags),
        "editable": False,
        "graphTooltip": 1,
        "refresh": "1m",
        "schemaVersion": _SCHEMA_VERSION,
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "utc",
        "templating": {"list": [_datasource(), *(_variable(variable) for variable in dashboard.variables)]},
        "panels": _placed(dashboard.panels),
    }


def _datasource() -> dict[str, object]:
    return {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}


def _variable(variable: Variable) -> dict[str, object]:
    return {
        "name": variable.name,
        "label": variable.name.title(),
        "type": "query",
        "datasource": _DATASOURCE,
        "query": variable.query,
        "refresh": _REFRESH_ON_TIME_CHANGE,
        "sort": 1,
        "multi": variable.many,
        "includeAll": variable.many,
        **({"allValue": ".+", "current": {"text": ["All"], "value": ["$__all"]}} if variable.many else {}),
    }


def _placed(panels: tuple[Panel, ...]) -> list[dict[str, object]]:
    """Panels from left to right, in a new line where one no longer fits."""
    placed: list[dict[str, object]] = []
    x = y = line = 0
    for number, panel in enumerate(panels, start=1):
        if x + panel.width > _COLUMNS:
            x, y, line = 0, y + line, 0
        position = {"x": x, "y": y, "w": panel.width, "h": panel.height}
        placed.append({"id": number, "gridPos": position, **_panel(panel)})
        x, line = x + panel.width, max(line, panel.height)
    return placed


def _panel(panel: Panel) -> dict[str, object]:
    instant = panel.kind in (Kind.STAT, Kind.TABLE)
    return {
        "type": str(panel.kind),
        "title": panel.title,
        "description": panel.description,
        "datasource": _DATASOURCE,
        "fieldConfig": {
            "defaults": {"unit": panel.unit, "mappings": _state_names() if panel.states else []},
            "overrides": [],
        },
        "options": {"reduceOptions": {"calcs": ["lastNotNull"]}} if panel.kind is Kind.STAT else {},
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": _DATASOURCE,
                "expr": query.expr,
                "legendFormat": query.legend,
                "instant": instant,
                "range": not instant,
                "format": "table" if panel.kind is Kind.TABLE else "time_series",
            }
            for number, query in enumerate(panel.queries)
        ],
    }


def _state_names() -> list[dict[str, object]]:
    options = {
        str(value): {"text": name, "color": _STATE_COLOURS[value], "index": value} for value, name in FSM_STATES.items()
    }
    return [{"type": "value", "options": options}]
