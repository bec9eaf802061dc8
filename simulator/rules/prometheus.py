"""What Amazon Managed Service for Prometheus enforces: names, log groups, rules and receivers that can be read."""

from collections.abc import Iterator, Mapping

import yaml

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook

_WRITE = (Operation.CREATE, Operation.UPDATE)
_LOGS = ":log-group:/aws/vendedlogs/"
_REFUSED_IN_RECEIVERS = ("api_url", "http_config")
"""Source: user guide, "Configure alert manager to send messages to your Amazon SNS topic"."""

book = RuleBook()


@book.rule("metrics-log-group", "ValidationException", t.METRICS_WORKSPACE, *_WRITE)
def _log_group(attempt: Attempt) -> str | None:
    for group in attempt.texts("loggingConfiguration.logGroupArn"):
        if _LOGS not in group or not group.endswith(":*"):
            return f"Invalid log group ARN {group}: its name starts with /aws/vendedlogs/ and the ARN ends with :*"
    return None


@book.rule("metrics-rules-name", "ConflictException", t.METRICS_RULES)
def _rules_name(attempt: Attempt) -> str | None:
    name, workspace = attempt.text("name"), attempt.text("workspaceId")
    twins = attempt.find(t.METRICS_RULES, name=name, workspaceId=workspace)
    return f"Rule groups namespace {name} already exists in workspace {workspace}" if twins else None


@book.rule("metrics-rules-data", "ValidationException", t.METRICS_RULES, *_WRITE)
def _rules_data(attempt: Attempt) -> str | None:
    if not attempt.text("data"):
        return None
    names = []
    for group in _maps(_read(attempt.text("data")).get("groups")):
        names.append(group.get("name"))
        for rule in _maps(group.get("rules")):
            if not rule.get("expr") or bool(rule.get("alert")) == bool(rule.get("record")):
                return f"error parsing rules: group {names[-1]}: one of alert and record must be set, and expr"
    if not names or not all(names) or len(set(names)) < len(names):
        return "error parsing rules: groups need names, and no name twice"
    return None


@book.rule("alert-manager-one", "ConflictException", t.ALERT_MANAGER)
def _one_alert_manager(attempt: Attempt) -> str | None:
    workspace = attempt.text("workspaceId")
    others = attempt.find(t.ALERT_MANAGER, workspaceId=workspace)
    return f"Alert manager definition already exists in workspace {workspace}" if others else None


@book.rule("alert-manager-receivers", "ValidationException", t.ALERT_MANAGER, *_WRITE)
def _receivers(attempt: Attempt) -> str | None:
    if not attempt.text("definition"):
        return None
    settings = _read(str(_read(attempt.text("definition")).get("alertmanager_config") or ""))
    receivers = {receiver.get("name"): receiver for receiver in _maps(settings.get("receivers"))}
    route = settings.get("route")
    if not isinstance(route, Mapping) or route.get("receiver") not in receivers:
        return "error validating Alertmanager config: the route names no receiver"
    for receiver in receivers.values():
        if set(receiver) - {"name", "sns_configs"}:
            return "error validating Alertmanager config: SNS is the only supported receiver"
        for config in _maps(receiver.get("sns_configs")):
            sigv4 = config.get("sigv4")
            if not (isinstance(sigv4, Mapping) and sigv4.get("region")) or not config.get("topic_arn"):
                return "error validating Alertmanager config: an SNS receiver needs topic_arn and sigv4.region"
            if any(key in config for key in _REFUSED_IN_RECEIVERS):
                return "error validating Alertmanager config: api_url and http_config are not allowed"
    return None


def _read(text: str) -> Mapping[str, object]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return document if isinstance(document, Mapping) else {}


def _maps(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, Mapping))
