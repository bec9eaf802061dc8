"""Whether the account records what the environment's rules tell people of: nobody misses a message that never comes."""

from collections.abc import Iterator, Mapping, Sequence

from ops.preflight.checks import Area, Check, Verdict
from ops.preflight.needs import Evaluated
from ops.preflight.reading import Reader, Record, Trouble, or_trouble

_RULE = "aws:cloudwatch/eventRule:EventRule"
_CALLS, _FINDINGS = "via CloudTrail", "aws.guardduty"
_TRAIL = "a trail of calls, with those that only read"
_DETECTOR = "a detector of threats, with audit logs of EKS"
_AUDIT_LOGS = "EKS_AUDIT_LOGS"
_PAGE = "docs/first-up.md, Trail and bill"


def recording_checks(reader: Reader, region: str, evaluated: Evaluated) -> Iterator[Check]:
    """What the rules of a region hear of."""
    patterns = [str(rule.inputs.get("eventPattern")) for place, rule in evaluated.of_type(_RULE) if place == region]
    if any(_CALLS in pattern for pattern in patterns):
        yield judge_trails(region, or_trouble(lambda: list(_trails(reader, region))))
    if any(_FINDINGS in pattern for pattern in patterns):
        yield judge_detectors(region, or_trouble(lambda: list(_detectors(reader, region))))


def judge_trails(region: str, found: Sequence[Record] | Trouble) -> Check:
    """Whether one of the trails logs, and logs management events with reads."""
    if isinstance(found, Trouble):
        return found.check(Area.RECORDING, region, _TRAIL, f"{_PAGE}: its commands tell")
    if any(trail["logs"] and trail["all"] for trail in found):
        return Check(Area.RECORDING, region, _TRAIL, Verdict.HOLDS, "logs")
    if not found:
        what = "there is none"
    elif not any(trail["logs"] for trail in found):
        what = "none of them logs"
    else:
        what = "none that logs has management events with reads"
    remedy = (
        f"have the account's trail log management events, reads too, in every region ({_PAGE}): without it nobody is "
    )
    remedy += "told who touches wallets and keys, or what root does"
    return Check(Area.RECORDING, region, _TRAIL, Verdict.FAILS, what, remedy)


def judge_detectors(region: str, found: Sequence[Record] | Trouble) -> Check:
    """Whether GuardDuty looks at the region and at the audit logs of its clusters."""
    if isinstance(found, Trouble):
        return found.check(Area.RECORDING, region, _DETECTOR, f"{_PAGE}: its commands tell")
    enabled = [one for one in found if one.get("Status") == "ENABLED"]
    if any(_has_audit_logs(one) for one in enabled):
        return Check(Area.RECORDING, region, _DETECTOR, Verdict.HOLDS, "looks")
    if not enabled:
        command = f"aws guardduty create-detector --enable --region {region} --features "
        command += f"Name={_AUDIT_LOGS},Status=ENABLED"
        what, remedy = "there is none that is enabled", "enable one; it is billed by what it reads"
    else:
        command = f"aws guardduty update-detector --region {region} --detector-id {enabled[0].get('id')} --features "
        command += f"Name={_AUDIT_LOGS},Status=ENABLED"
        what, remedy = "it does not look at audit logs of EKS", "let it, or anonymous access to a cluster goes unheard"
    return Check(Area.RECORDING, region, _DETECTOR, Verdict.FAILS, what, remedy, command)


def _trails(reader: Reader, region: str) -> Iterator[Record]:
    """The trails that log calls of a region; those of every region are listed in each."""
    for trail in reader.client("cloudtrail", region).describe_trails()["trailList"]:
        client = reader.client("cloudtrail", str(trail.get("HomeRegion") or region))
        status = client.get_trail_status(Name=trail["TrailARN"])
        selectors = client.get_event_selectors(TrailName=trail["TrailARN"])
        yield {"logs": status.get("IsLogging") is True, "all": _selects_all(selectors)}


def _selects_all(selectors: Record) -> bool:
    """Without any selector a trail logs all management events (CloudTrail user guide, "Logging management events")."""
    basic, advanced = selectors.get("EventSelectors"), selectors.get("AdvancedEventSelectors")
    if isinstance(advanced, list) and advanced:
        return any(_takes_management(one.get("FieldSelectors", [])) for one in advanced)
    if isinstance(basic, list) and basic:
        return any(
            one.get("IncludeManagementEvents", True) and one.get("ReadWriteType", "All") == "All" for one in basic
        )
    return True


def _takes_management(fields: Sequence[Mapping[str, object]]) -> bool:
    by_name = {str(one.get("Field")): one for one in fields}
    return by_name.get("eventCategory", {}).get("Equals") == ["Management"] and "readOnly" not in by_name


def _detectors(reader: Reader, region: str) -> Iterator[Record]:
    for detector in reader.all("guardduty", region, "list_detectors", "DetectorIds"):
        yield {"id": detector, **reader.client("guardduty", region).get_detector(DetectorId=detector)}


def _has_audit_logs(detector: Record) -> bool:
    features = detector.get("Features")
    return any(
        one.get("Name") == _AUDIT_LOGS and one.get("Status") == "ENABLED"
        for one in (features if isinstance(features, list) else [])
    )
