"""Build the Kubernetes API server, the etcd and the kubectl that tests/cluster starts: once for each pair of versions.

    python tools/cluster_programs.py        builds what is missing

`tools/go.mod` pins both; the Go toolchain fetches their modules, and nothing else is downloaded. An etcd on the PATH
(Debian: etcd-server) is used as it is. Without a cached build this takes about ten minutes on two cores.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
GO_MOD = TOOLS / "go.mod"
CACHE_VARIABLE = "TERANODE_CLUSTER_CACHE"
"""Names the folder that keeps the programs; by default `.cache/cluster-tests` of the project."""

KUBERNETES, ETCD = "k8s.io/kubernetes", "go.etcd.io/etcd/server/v3"
PACKAGES: Mapping[str, str] = {
    "kube-apiserver": f"{KUBERNETES}/cmd/kube-apiserver",
    "kubectl": f"{KUBERNETES}/cmd/kubectl",
    "etcd": ETCD,
}
"""The package of each program."""

PACKAGES_BETWEEN_REPORTS = 100
CACHE = Path(os.environ.get(CACHE_VARIABLE) or TOOLS.parent / ".cache" / "cluster-tests")


class BuildError(Exception):
    """A program cannot be built here; the message says what is missing."""


@cache
def version_of(module: str) -> str:
    """The version that `tools/go.mod` pins, such as `v1.36.3`."""
    found = re.search(rf"^\t{re.escape(module)} (v\S+)", GO_MOD.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise BuildError(f"{GO_MOD} does not require {module}")
    return found[1]


def folder() -> Path:
    """Where the programs of the pinned versions are kept."""
    return CACHE / f"kubernetes-{version_of(KUBERNETES)}-etcd-{version_of(ETCD)}"


def program(name: str) -> Path | None:
    """A program that is there to be started: etcd from the PATH if it has one, else what was built."""
    on_path = shutil.which(name) if name == "etcd" else None
    built = folder() / name
    return Path(on_path) if on_path else built if built.is_file() else None


def build(name: str) -> Path:
    """Build a program into the cache.

    Raises:
        BuildError: no Go toolchain, or it failed; what it said is on standard error.
    """
    go = shutil.which("go")
    if go is None:
        needed = re.findall(r"^go (\S+)$", GO_MOD.read_text(encoding="utf-8"), re.MULTILINE)[0]
        raise BuildError(f"{name} is built with Go {needed} or newer, and there is no `go` on the PATH")
    made = folder() / name
    made.parent.mkdir(parents=True, exist_ok=True)
    unfinished = made.with_suffix(".unfinished")
    stamp = f"-X k8s.io/component-base/version.gitVersion={version_of(KUBERNETES)}"
    command = [go, "build", "-v", "-trimpath", f"-ldflags=-s -w {stamp}", f"-o={unfinished}", PACKAGES[name]]
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    print(f"Building {name} (once; up to ten minutes)", flush=True)
    _run(command, environment)
    unfinished.replace(made)
    return made


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    """Run the compiler, which names each package when it is compiled, and report from time to time."""
    began, compiled, said = time.monotonic(), 0, []
    with subprocess.Popen(command, cwd=TOOLS, env=environment, stderr=subprocess.PIPE, text=True) as compiler:
        for line in compiler.stderr or ():
            said = [*said, line][-20:]
            compiled += 1
            if compiled % PACKAGES_BETWEEN_REPORTS == 0:
                print(f"  {compiled} packages after {time.monotonic() - began:.0f} s", flush=True)
    if compiler.returncode != 0:
        sys.stderr.writelines(said)
        raise BuildError(f"`{' '.join(command[:2])} {command[-1]}` failed")


def main() -> int:
    """Build what is missing and print where the programs are."""
    try:
        for name in PACKAGES:
            print(f"{name}: {program(name) or build(name)}")
    except BuildError as error:
        print(f"cluster-tests: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
