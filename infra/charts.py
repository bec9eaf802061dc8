"""Where the environment's charts come from; a folder of charts is packed, so that pods can read one too."""

import base64
import gzip
import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from components.platform import ChartSource
from infra import versions
from infra.settings import Environment, Fault, SettingsError
from infra.settings.faults import fault

PROJECT = Path(__file__).resolve().parents[1]
MAX_ARCHIVE_BYTES = 1_000_000
"""Kubernetes takes 1 MiB of data in a ConfigMap; the script and the values beside the chart need a little."""


def sources(environment: Environment, project: Path = PROJECT) -> Mapping[str, ChartSource]:
    """The source of every chart by its name, at the pinned version.

    Raises `SettingsError` where a folder does not hold the chart in that version, before anything is registered.
    """
    found: dict[str, ChartSource] = {}
    faults: list[Fault] = []
    for name, repository in environment.platform.chart_repositories.items():
        pin = versions.CHARTS[name]
        archive = None
        if "://" not in repository:
            folder = project / repository / name
            problems = list(_problems(name, repository, folder, pin.version))
            archive = None if problems else _packed(folder)
            if archive and len(archive) > MAX_ARCHIVE_BYTES:
                problems.append(_too_large(name, repository, len(archive)))
            faults += problems
        found[name] = ChartSource(
            name=name,
            version=pin.version,
            repository=repository,
            archive=base64.b64encode(archive).decode() if archive else None,
        )
    if faults:
        raise SettingsError(environment.name, faults)
    return found


def _problems(name: str, repository: str, folder: Path, version: str) -> Iterator[Fault]:
    key = f"platform.charts.{name}.repository"
    try:
        chart = yaml.safe_load((folder / "Chart.yaml").read_bytes())
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        yield fault(
            key,
            repository,
            f"a folder in which {name}/Chart.yaml can be read, or a URL",
            f"unpack the chart there: helm pull {name} --version {version} --untar, from its repository",
        )
        return
    held = chart.get("version") if isinstance(chart, dict) else None
    if held != version:
        yield fault(
            key,
            repository,
            f"the chart in the version pinned in infra/versions.py, {version}; the folder holds {held}",
            f"put {version} there; where another version is wanted, change the pin, and with it every environment",
        )


def _too_large(name: str, repository: str, size: int) -> Fault:
    return fault(
        f"platform.charts.{name}.repository",
        repository,
        f"a chart that packs into {MAX_ARCHIVE_BYTES} bytes, which a ConfigMap takes; this one has {size}",
        "serve it from a registry (oci://…) instead",
    )


def _packed(folder: Path) -> bytes:
    """The folder as a chart archive, byte for byte the same wherever and whenever it is packed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"):
            entry = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            entry.size = path.stat().st_size
            with path.open("rb") as content:
                archive.addfile(entry, content)
    return gzip.compress(buffer.getvalue(), mtime=0)
