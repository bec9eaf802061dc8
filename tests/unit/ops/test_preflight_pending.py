"""What preflight makes of operations that an update left open in the state: pure judgement."""

from collections.abc import Mapping

from ops.preflight.checks import Check, Verdict
from ops.preflight.pending import pending_checks
from ops.preflight.reading import Trouble
from simulator.values import JSON
from tests.unit.simulator.deployments import STACK, deployment, resource

PROVIDER = "urn:pulumi:test::project::pulumi:providers:aws::aws-eu-west-1"
CLEAR = "pulumi refresh --stack dev --clear-pending-creates"
CLUSTER = resource("aws:eks/cluster:Cluster", "control-plane", provider=PROVIDER)
TOPIC = resource("aws:sns/topic:Topic", "alarms", provider=PROVIDER)
ALARM = resource("aws:cloudwatch/metricAlarm:MetricAlarm", "silent", provider=PROVIDER)


def judged(*operations: tuple[Mapping[str, JSON], str], recorded: Mapping[str, JSON] | None = None) -> list[Check]:
    pending: list[JSON] = [{"resource": dict(row), "type": kind} for row, kind in operations]
    inner = deployment(*([recorded] if recorded else []))["deployment"]
    assert isinstance(inner, dict)
    return list(pending_checks("dev", {"version": 3, "deployment": {**inner, "pending_operations": pending}}))


def test_every_operation_that_broke_off_is_named_with_the_command_that_ends_it() -> None:
    created, deleted = judged((CLUSTER, "creating"), (TOPIC, "deleting"))

    assert [(check.subject, check.verdict) for check in (created, deleted)] == [
        (CLUSTER["urn"], Verdict.FAILS),
        (TOPIC["urn"], Verdict.FAILS),
    ]
    assert created.command == (
        "pulumi import --stack dev aws:eks/cluster:Cluster control-plane '<id>' "
        f"--parent parent={STACK} --provider provider={PROVIDER} --generate-code=false"
    )
    assert CLEAR in created.remedy
    assert deleted.command == f"pulumi refresh --stack dev --skip-pending-creates --target '{TOPIC['urn']}'"


def test_one_refresh_names_all_that_it_would_drop_unread() -> None:
    commands = {check.command for check in judged((TOPIC, "updating"), (CLUSTER, "creating"), (ALARM, "deleting"))}

    targets = f"--target '{TOPIC['urn']}' --target '{ALARM['urn']}'"
    assert f"pulumi refresh --stack dev --skip-pending-creates {targets}" in commands
    assert len(commands) == 2


def test_what_is_in_the_state_alone_is_cleared_without_a_look() -> None:
    password = resource("random:index/randomPassword:RandomPassword", "database", provider=PROVIDER)
    component = resource("teranode:network:Network", "network", custom=False)

    checks = judged((password, "creating"), (component, "creating"))

    assert [check.command for check in checks] == [CLEAR, CLEAR]
    assert [check.remedy for check in checks] == ["it would be in the state alone. When all others are imported:"] * 2


def test_a_resource_that_the_state_has_is_not_imported_a_second_time() -> None:
    """It was imported since, or the creation that broke off was to replace it."""
    [check] = judged((CLUSTER, "creating"), recorded=CLUSTER)

    assert check.command == CLEAR
    assert check.remedy.startswith("the state has control-plane-id: what else AWS has of it is to be deleted by hand")


def test_a_state_without_any_and_a_stack_that_is_not_there_yet_hold() -> None:
    assert [check.found for check in judged()] == ["none"]
    assert [check.verdict for check in pending_checks("dev", None)] == [Verdict.HOLDS]
    assert [check.verdict for check in pending_checks("dev", Trouble("locked"))] == [Verdict.UNKNOWN]
