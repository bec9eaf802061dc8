"""What an environment says of itself: the outputs of its stack, typed. `infra/exports.py` makes them."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from ops.pulumi_cli import PulumiCli
from simulator.graph import DeploymentFormatError, load_deployment, states
from simulator.record import STACK_TYPE
from simulator.values import JSON

_WITHOUT_CLI = ", or name with --state a file that `pulumi stack export` wrote elsewhere"


class OutputsError(Exception):
    """The outputs of a stack cannot be had, or lack what this version of the project needs."""


class _Outputs(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class RegionOutputs(_Outputs):
    """How to reach one region. `tunnel_command` is None where the Kubernetes API answers without a tunnel."""

    cluster_name: str
    cluster_arn: str
    kubernetes_context: str
    kubeconfig_command: str
    tunnel_command: str | None = None


class MinerOutputs(_Outputs):
    """One miner. `deployments` names every Deployment that its Teranode must have."""

    region: str
    namespace: str
    peer_id: str
    deployments: tuple[str, ...]
    rpc_command: str


class StackOutputs(_Outputs):
    """One environment; regions and miners by name."""

    environment: str
    chain: str
    release: str
    home: str
    regions: dict[str, RegionOutputs]
    miners: dict[str, MinerOutputs]


def read_outputs(stack: str, project_dir: Path, state: Path | None) -> StackOutputs:
    """The outputs of ``stack``: from the file ``state`` in the form of ``pulumi stack export``, else from the CLI.

    Raises:
        OutputsError: the file is not readable, is of another stack, or the outputs are not those of this project.
        PulumiCliError: there is no CLI, or it could not say.
    """
    if state is not None:
        return _checked(_recorded(stack, state), f"{state}")
    cli = PulumiCli.find(stack, project_dir, _WITHOUT_CLI)
    return _checked(cli.outputs(), f"stack {stack}")


def _recorded(stack: str, file: Path) -> Mapping[str, JSON]:
    try:
        resources = states(load_deployment(file.read_text(encoding="utf-8"), str(file)))
    except (OSError, UnicodeDecodeError) as error:
        raise OutputsError(f"{file}: cannot be read ({error})") from error
    except DeploymentFormatError as error:
        raise OutputsError(str(error)) from error
    found = next((resource for resource in resources if resource.get("type") == STACK_TYPE), None)
    if found is None:
        raise OutputsError(f"{file}: holds no stack: it is the export of one that was never updated")
    name = str(found["urn"]).removeprefix("urn:pulumi:").split("::", 1)[0]
    if name != stack:
        raise OutputsError(f"{file}: is of stack {name!r}, not of {stack!r}")
    outputs = found.get("outputs")
    return outputs if isinstance(outputs, Mapping) else {}


def _checked(outputs: Mapping[str, JSON], source: str) -> StackOutputs:
    if not outputs:
        raise OutputsError(f"{source}: has no outputs: an update that runs to its end writes them (`pulumi up`)")
    try:
        return StackOutputs.model_validate_json(json.dumps(outputs))
    except ValidationError as error:
        places = ", ".join(sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()}))
        raise OutputsError(
            f"{source}: the outputs lack {places}, or have it in another form: an older version of this project wrote "
            "them. `pulumi up` writes them anew"
        ) from None
