"""Load balancers: what the table of cases does not show."""

from pathlib import Path

from simulator.rules import tokens as t
from tests.plugins.rules_of_load_balancers import BALANCER, FIREWALL, A, forwarding, group
from tests.plugins.world_builder import create, verdict


def test_a_security_group_of_another_vpc_is_refused(tmp_path: Path) -> None:
    attempt = create(t.LOAD_BALANCER, A, FIREWALL, subnets=["subnet-a"], securityGroups=["sg-2"])

    assert verdict("load-balancer-one-vpc", attempt, tmp_path) == "One or more security groups are invalid"


def test_a_tcp_listener_hands_on_to_tcp_only(tmp_path: Path) -> None:
    attempt = create(t.LISTENER, BALANCER, A, group(protocol="HTTP"), **forwarding())

    assert "protocol 'HTTP'" in str(verdict("listener-target-group-fits", attempt, tmp_path))


def test_a_load_balancer_without_logs_needs_no_bucket(tmp_path: Path) -> None:
    attempt = create(t.LOAD_BALANCER, accessLogs={"bucket": "logs", "enabled": False})

    assert verdict("load-balancer-logs", attempt, tmp_path) is None
