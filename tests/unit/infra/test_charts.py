"""Sources of charts: the pinned version from wherever the stack file says, or a fault before anything is registered."""

import base64
import io
import tarfile
from pathlib import Path

import pytest

from infra import charts, versions
from infra.settings import SettingsError
from tests.support.stack_settings import MINIMAL, accepted, changed

NAME = "cert-manager"
KEY = f"teranode-infra:platform.charts.{NAME}.repository"
LOCAL = accepted(changed(MINIMAL, f"platform/charts/{NAME}", {"repository": "charts"}))


def folder(project: Path, version: str) -> Path:
    chart = project / "charts" / NAME
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: {NAME}\nversion: {version}\n")
    (chart / "templates" / "pod.yaml").write_text("kind: Pod\n")
    (chart / "README.md").write_text("# no part of what is installed\n")
    return chart


def test_every_pinned_chart_comes_from_its_own_project_by_default() -> None:
    found = charts.sources(accepted(MINIMAL))

    assert {name: (source.repository, source.version) for name, source in found.items()} == {
        name: (pin.repository, pin.version) for name, pin in versions.CHARTS.items()
    }
    assert all(source.archive is None for source in found.values())
    assert all(source.chart.rpartition("/")[2] == name for name, source in found.items())


@pytest.mark.parametrize(("repository", "port"), [("oci://mirror.example.org:5000/charts", 5000), ("oci://a.org", 443)])
def test_a_registry_is_named_with_the_chart(repository: str, port: int) -> None:
    environment = accepted(changed(MINIMAL, f"platform/charts/{NAME}", {"repository": repository}))
    source = charts.sources(environment)[NAME]

    assert (source.chart, source.repository_url, source.port) == (f"{repository}/{NAME}", None, port)


def test_a_folder_is_packed_alike_every_time_and_whole(tmp_path: Path) -> None:
    folder(tmp_path, versions.CHARTS[NAME].version)
    source = charts.sources(LOCAL, tmp_path)[NAME]

    assert source.chart == f"charts/{NAME}"
    assert source.archive is not None
    assert source == charts.sources(LOCAL, tmp_path)[NAME]
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(source.archive))) as archive:
        assert archive.getnames() == [f"{NAME}/Chart.yaml", f"{NAME}/templates/pod.yaml"]


def test_a_folder_without_the_chart_or_with_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="helm pull cert-manager"):
        charts.sources(LOCAL, tmp_path)
    folder(tmp_path, "v0.0.1")
    with pytest.raises(SettingsError) as refused:
        charts.sources(LOCAL, tmp_path)

    [fault] = refused.value.faults
    assert (fault.path, fault.value) == (KEY, '"charts"')
    assert "the folder holds v0.0.1" in fault.rule


def test_a_chart_that_no_config_map_takes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path, versions.CHARTS[NAME].version)
    monkeypatch.setattr(charts, "MAX_ARCHIVE_BYTES", 10)

    with pytest.raises(SettingsError, match="which a ConfigMap takes"):
        charts.sources(LOCAL, tmp_path)
