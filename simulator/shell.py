"""The surroundings in which the ordinary Pulumi CLI works against the simulated cloud.

Nothing of the user's own is touched or read: plugins, backend, credentials and stack files of the simulated shell are
all under one directory.
"""

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import SetupError
from simulator.kubeconfig import KUBECONFIG_VARIABLE, read_contexts
from simulator.plugins.packages import PACKAGES, version_of
from simulator.plugins.server import WORLD_VARIABLE
from simulator.working_copy import make_working_copy

UNSET_VARIABLES = (
    *("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    *("AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_ENDPOINT_URL"),
    *("AWS_REGION", "AWS_DEFAULT_REGION", "PULUMI_ACCESS_TOKEN", "PULUMI_STACK", "PULUMI_CONFIG_PASSPHRASE_FILE"),
)
"""What of the user's environment must not reach a simulated run."""


class ShellError(SetupError):
    """The simulated shell cannot be prepared."""


def prepare(directory: Path | None, project_dir: Path) -> dict[str, str]:
    """Prepare ``directory`` (a new temporary one if None) and return the environment variables of the shell.

    A directory that was prepared before keeps its world, its state and its stacks.

    Raises:
        ShellError: the project has no virtual environment, or the directory cannot be written.
        KubeconfigError: the kubeconfig for real API servers cannot be used.
    """
    python = project_dir / ".venv" / "bin" / "python"
    if not python.exists():
        raise ShellError(f"{python} does not exist: run `make setup` first")
    root = (directory or Path(tempfile.mkdtemp(prefix="teranode-simulator-"))).resolve()
    try:
        return _prepared(root, project_dir.resolve())
    except OSError as error:
        raise ShellError(f"{error.filename or root}: cannot be prepared ({error.strerror})") from error


def _prepared(root: Path, project_dir: Path) -> dict[str, str]:
    kubeconfig = os.environ.get(KUBECONFIG_VARIABLE)
    state, copy = root / "state", root / "project"
    state.mkdir(parents=True, exist_ok=True)
    make_working_copy(project_dir, copy)
    launcher = _Launcher(project_dir)
    env = {
        "PULUMI_HOME": str(root / "home"),
        # Without side files for metadata: unlike the state they are not written at once, and who dies over one leaves a
        # stack that cannot be read ("failed to load checkpoint: EOF"). The state's own bucket has no such gap.
        "PULUMI_BACKEND_URL": f"{state.as_uri()}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "simulated",
        "PULUMI_OPTION_CWD": str(copy),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        WORLD_VARIABLE: str(root / "world.sqlite"),
        "AWS_ACCESS_KEY_ID": "simulated",
        "AWS_SECRET_ACCESS_KEY": "simulated",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "KUBECONFIG": os.devnull,
    }
    if kubeconfig:
        return env | _with_real_servers(root, Path(kubeconfig).resolve(), launcher)
    _install_plugins(root / "home", PACKAGES, launcher)
    return env | {"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"}


def render_exports(env: Mapping[str, str]) -> str:
    """Write ``env`` as commands for a POSIX shell's ``eval``, with what must be unset before."""
    exports = [f"export {name}={shlex.quote(value)}" for name, value in sorted(env.items())]
    return "\n".join([f"unset {' '.join(UNSET_VARIABLES)}", *exports, ""])


def merged(env: Mapping[str, str], base: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process in the simulated shell, started from one that has ``base``."""
    return {**{name: value for name, value in base.items() if name not in UNSET_VARIABLES}, **env}


@dataclass(frozen=True, slots=True)
class _Launcher:
    """Writes executables that start a module of this project with the project's own Python."""

    project_dir: Path

    def write(self, executable: Path, module: str, argument: str = "") -> None:
        executable.parent.mkdir(parents=True, exist_ok=True)
        python = self.project_dir / ".venv" / "bin" / "python"
        # PYTHONSAFEPATH keeps the folder that the caller works in out of the module's imports.
        executable.write_text(
            "#!/bin/sh\n"
            f"PYTHONPATH={shlex.quote(str(self.project_dir))} PYTHONSAFEPATH=1 \\\n"
            f'    exec {shlex.quote(str(python))} -m {module} {argument} "$@"\n',
            encoding="utf-8",
        )
        executable.chmod(0o755)


def _install_plugins(home: Path, packages: Iterable[str], launcher: _Launcher) -> None:
    for package in packages:
        folder = home / "plugins" / f"resource-{package}-v{version_of(package)}"
        launcher.write(folder / f"pulumi-resource-{package}", "simulator.plugins", package)


def _with_real_servers(root: Path, kubeconfig: Path, launcher: _Launcher) -> dict[str, str]:
    """Install all but the kubernetes plugin: the CLI fetches the real one, and the stand-in for ``aws`` logs it in."""
    read_contexts(kubeconfig)
    home, stand_ins = root / "home", root / "bin"
    shutil.rmtree(home / "plugins" / f"resource-kubernetes-v{version_of('kubernetes')}", ignore_errors=True)
    _install_plugins(home, sorted(set(PACKAGES) - {"kubernetes"}), launcher)
    launcher.write(stand_ins / "aws", "simulator.plugins.aws_cli")
    return {KUBECONFIG_VARIABLE: str(kubeconfig), "PATH": f"{stand_ins}{os.pathsep}{os.environ.get('PATH', '')}"}
