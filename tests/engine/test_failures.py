"""What the real engine makes of a program or a cloud that fails."""

from pathlib import Path

from tests.engine.conftest import IRELAND, open_shell


def test_up_goes_on_where_a_dead_plugin_left_it(tmp_path: Path) -> None:
    shell = open_shell(tmp_path, IRELAND)
    faults = tmp_path / "faults.yaml"
    faults.write_text(
        'faults: [{type: "aws:eks/nodeGroup:NodeGroup", operation: create, nth: 1, kill: before}]', encoding="utf-8"
    )

    broken = shell.pulumi("up", "--yes", "--skip-preview", faults=faults)
    assert broken.returncode != 0
    survivors = {thing.id for thing in shell.world()}
    assert survivors

    repaired = shell.pulumi("up", "--yes", "--skip-preview", faults=faults)
    assert repaired.returncode == 0, repaired.stdout
    assert survivors < {thing.id for thing in shell.world()}

    assert shell.pulumi("destroy", "--yes", "--skip-preview", faults=faults).returncode == 0
    assert shell.world() == []


def test_a_wrong_setting_is_refused_before_anything_registers(tmp_path: Path) -> None:
    shell = open_shell(tmp_path, IRELAND)
    shell.write_stack_file(IRELAND, tier="staging")
    refused = shell.pulumi("preview")
    assert refused.returncode != 0
    assert "teranode-infra:tier" in refused.stdout
    assert "Traceback" not in refused.stdout
    assert shell.world() == []


def test_an_api_that_refuses_is_quoted_to_the_person_at_the_terminal(tmp_path: Path) -> None:
    shell = open_shell(tmp_path, IRELAND)
    faults = tmp_path / "faults.yaml"
    faults.write_text("quotas: {vpc-quota: 0}", encoding="utf-8")
    refused = shell.pulumi("up", "--yes", "--skip-preview", faults=faults)
    assert refused.returncode != 0
    assert "api error VpcLimitExceeded: The maximum number of VPCs has been reached." in refused.stdout
