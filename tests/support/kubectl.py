"""A kubectl that plays a cluster for scripts beside a node, and refuses what nobody has tried on a real one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import components.teranode

SCRIPTS = Path(components.teranode.__file__).parent / "scripts"

# What scripts may ask, word for word; `*` is a name. tests/cluster shows that a real kubectl and a real API server
# answer it as is done here.
GATE = ("--namespace", "miner-1", "--request-timeout", "20s")
RESTART = ("--namespace", "miner-1", "--request-timeout", "60s")
APPLIED = '{range .metadata.managedFields[?(@.operation=="Apply")]}{.time}{"\\n"}{end}'
QUESTIONS = {
    "release": (
        *(*GATE, "get", "deployment", "*", "--output"),
        (
            "jsonpath={.spec.template.spec.containers[0].image}|{.metadata.generation}|{.status.observedGeneration}"
            "|{.spec.replicas}|{.status.replicas}|{.status.updatedReplicas}|{.status.availableReplicas}"
        ),
    ),
    "waiting": (
        *(*GATE, "get", "pods", "--selector", "app=*", "--output"),
        (
            "jsonpath={range .items[*]}{.metadata.name}: {.status.phase} "
            "{.status.containerStatuses[0].state.waiting.reason} "
            '{.status.containerStatuses[0].lastState.terminated.reason}{"\\n"}{end}'
        ),
    ),
    "synced": (
        *(*RESTART, "get", "externalsecret", "teranode-operator-secrets", "--output"),
        "jsonpath={.metadata.generation} {.status.syncedResourceVersion}",
    ),
    "settings": (
        *(*RESTART, "get", "configmap", "teranode-settings", "--show-managed-fields", "--output"),
        f"jsonpath={APPLIED}",
    ),
    "secrets": (
        *(*RESTART, "get", "externalsecret", "teranode-operator-secrets", "--show-managed-fields", "--output"),
        f"jsonpath={APPLIED}",
    ),
    "pods": (
        *(*RESTART, "get", "pods", "--selector", "app=*", "--output"),
        (
            "jsonpath={range .items[*]}{.metadata.name}|{.metadata.creationTimestamp}"
            '|{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'
        ),
    ),
    "wanted": (*(*RESTART, "get", "deployment", "*", "--output"), "jsonpath={.spec.replicas}"),
    "seeded": (
        *(*GATE, "get", "job", "seed", "--output"),
        'jsonpath={range .status.conditions[?(@.status=="True")]}{.type}{" "}{end}',
    ),
    "delete": (*RESTART, "delete", "pod", "--ignore-not-found", "--wait=false", "*"),
}

# Of a list it gives the answers one after another, the last one for ever; `!` is a failure.
KUBECTL = """#!{python}
import json, sys
from pathlib import Path
state_file = Path(__file__).with_name("state.json")
state, args = json.loads(state_file.read_text()), sys.argv[1:]

def fits(asked):
    asked += asked[-1:] * (len(args) - len(asked)) if asked[-1] == "*" else ()
    return len(args) == len(asked) and all(
        arg.startswith(one[:-1]) if one.endswith("*") else arg == one for arg, one in zip(args, asked)
    )

[question] = [name for name, asked in {questions}.items() if fits(asked)] or ["unknown"]
state["asked"].append([question, args])
name = args[6] if len(args) > 6 else ""
if question == "unknown":
    answer = "!"
elif question == "delete":
    answer = ""
    for app, pods in state["pods"].items():
        successors = (["new-" + pod[0], state["now"], "True"] if pod[0] in args else pod for pod in pods)
        state["pods"][app] = list(successors)
elif question in ("pods", "waiting"):
    found = state["pods"].get(args[7].removeprefix("app="), [])
    answer = found if found == "!" else "".join("|".join(pod) + "\\n" for pod in found)
elif question in ("release", "wanted"):
    rows = state["deployments"][args[6]]
    answer = rows.pop(0) if len(rows) > 1 else rows[0]
elif question in ("synced", "seeded"):
    rows = state[question]
    answer = rows.pop(0) if len(rows) > 1 else rows[0]
else:
    answer = state[question]
state_file.write_text(json.dumps(state))
if answer == "!":
    sys.exit("Error from server (NotFound): not found")
print("Warning: metrics.k8s.io/v1beta1 does not answer", file=sys.stderr)
print(answer, end="")
"""


class Cluster:
    """A kubectl on the PATH, and a sleep that does not; `calls` are what the script asked of it."""

    def __init__(self, folder: Path, **state: object) -> None:
        self.folder = folder
        self.executable("kubectl", KUBECTL.replace("{python}", sys.executable).replace("{questions}", repr(QUESTIONS)))
        self.executable("sleep", "#!/bin/sh\n")
        (folder / "state.json").write_text(json.dumps({"asked": [], "pods": {}, **state}))

    def executable(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["sh", SCRIPTS / script],
            env={
                "PATH": f"{self.folder}:{os.environ['PATH']}",
                "NAMESPACE": "miner-1",
                "HOME": str(self.folder),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert [call for question, call in self.asked if question == "unknown"] == []
        return done

    @property
    def asked(self) -> list[tuple[str, list[str]]]:
        return json.loads((self.folder / "state.json").read_text())["asked"]

    @property
    def deleted(self) -> list[str]:
        names = len(QUESTIONS["delete"]) - 1
        return [pod for question, call in self.asked if question == "delete" for pod in call[names:]]
