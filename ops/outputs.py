"""What an environment says of itself: the outputs of its stack, typed. `infra/exports.py` makes them."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from ops.pulumi_cli import PulumiCli
from simulator.graph import Deployment, DeploymentFormatError, load_deployment, states
from simulator.record import STACK_TYPE
from simulator.values import JSON

_WITHOUT_CLI = ", or name with --state a file that `pulumi stack export` wrote elsewhere"


class OutputsError(Exception):
    """The outputs of a stack cannot be had, or lack what this version of the project needs."""


class _Outputs(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class RegionOutputs(_Outputs):
    """How to reach one region. `tunnel_command` is None where the Kubernetes API answers without a tunnel.

    `alarms_confirmed` says whether the address that is told of alarms had confirmed when the state was written; None
    where none is told. `buckets` are names by purpose: archive, backups, logs.
    """

    cluster_name: str
    cluster_arn: str
    kubernetes_context: str
    kubeconfig_command: str
    tunnel_command: str | None = None
    alarms_confirmed: bool | None = None
    buckets: dict[str, str] = Field(default_factory=dict)


class StoreSetsOutputs(_Outputs):
    """How a Job reaches a UTXO store that asks for a name: an account, and Secrets with the passwords of two users."""

    service_account: str
    reader_secret: str
    writer_secret: str


class MinerOutputs(_Outputs):
    """One miner. Where it is not `enabled`, its services are stopped and its data stays.

    `host` is its name for other miners, `peer_address` and `asset_url` where it answers them. `deployments` names every
    Deployment that its Teranode must have, all on `image`. `private_endpoints` are those that must not answer from
    outside the environment, as `host:port`. `file_system` is a Lustre of its own; None where it has none.
    """

    region: str
    namespace: str
    peer_id: str
    enabled: bool
    image: str
    host: str
    peer_address: str
    asset_url: str
    private_endpoints: tuple[str, ...]
    deployments: tuple[str, ...]
    rpc_command: str
    file_system: str | None = None
    utxo_store_sets: StoreSetsOutputs | None = None


class DistributionOutputs(_Outputs):
    """What accounts outside of the environment's may read: `readers` by id, `repositories` by image, and a bucket."""

    readers: tuple[str, ...]
    repositories: dict[str, str]
    bucket: str


class StackOutputs(_Outputs):
    """One environment; regions and miners by name. Where nobody outside may read, there is no `distribution`."""

    environment: str
    chain: str
    release: str
    home: str
    regions: dict[str, RegionOutputs]
    miners: dict[str, MinerOutputs]
    distribution: DistributionOutputs | None = None


def read_outputs(stack: str, project_dir: Path, state: Path | None, *, without_cli: str = _WITHOUT_CLI) -> StackOutputs:
    """The outputs of ``stack``: from the file ``state`` in the form of ``pulumi stack export``, else from the CLI.

    ``without_cli`` is what its fault says to do where there is no CLI, for a command without ``--state``.

    Raises:
        OutputsError: the file is not readable, is of another stack, or the outputs are not those of this project.
        PulumiCliError: there is no CLI, or it could not say.
    """
    if state is not None:
        return checked_outputs(_recorded(stack, state), f"{state}")
    cli = PulumiCli.find(stack, project_dir, without_cli)
    return checked_outputs(cli.outputs(), f"stack {stack}")


def with_contexts(outputs: StackOutputs, contexts: Mapping[str, str]) -> StackOutputs:
    """``outputs`` with other kubeconfig contexts for these regions.

    Raises:
        OutputsError: the environment has no such region.
    """
    strangers = sorted(set(contexts) - set(outputs.regions))
    if strangers:
        raise OutputsError(
            f"--context {strangers[0]}={contexts[strangers[0]]}: the environment has the regions "
            f"{', '.join(outputs.regions)}, and no {strangers[0]}"
        )
    regions = {
        name: region.model_copy(update={"kubernetes_context": contexts.get(name, region.kubernetes_context)})
        for name, region in outputs.regions.items()
    }
    return outputs.model_copy(update={"regions": regions})


def checked_outputs(outputs: Mapping[str, JSON], source: str) -> StackOutputs:
    """``outputs`` in their types; ``source`` names them in errors.

    Raises:
        OutputsError: there are none, or some are missing or of another form.
    """
    if not outputs:
        raise OutputsError(f"{source}: has no outputs: an update that runs to its end writes them (`pulumi up`)")
    try:
        return StackOutputs.model_validate_json(json.dumps(outputs, sort_keys=True))
    except ValidationError as error:
        places = ", ".join(sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()}))
        raise OutputsError(
            f"{source}: the outputs lack {places}, or have it in another form: an older version of this project wrote "
            "them. `pulumi up` writes them anew"
        ) from None


def recorded_outputs(stack: str, deployment: Deployment, source: str) -> StackOutputs:
    """The outputs in a recorded state; ``source`` names it in errors.

    Raises:
        OutputsError: it is of another stack, or the outputs are not those of this project.
    """
    return checked_outputs(_outputs_of(stack, deployment, source), source)


def _recorded(stack: str, file: Path) -> Mapping[str, JSON]:
    try:
        deployment = load_deployment(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise OutputsError(f"{file}: cannot be read ({error})") from error
    except DeploymentFormatError as error:
        raise OutputsError(str(error)) from error
    return _outputs_of(stack, deployment, str(file))


def _outputs_of(stack: str, deployment: Deployment, source: str) -> Mapping[str, JSON]:
    found = next((resource for resource in states(deployment) if resource.get("type") == STACK_TYPE), None)
    if found is None:
        raise OutputsError(f"{source}: holds no stack: it is the export of one that was never updated")
    name = str(found["urn"]).removeprefix("urn:pulumi:").split("::", 1)[0]
    if name != stack:
        raise OutputsError(f"{source}: is of stack {name!r}, not of {stack!r}")
    outputs = found.get("outputs")
    return outputs if isinstance(outputs, Mapping) else {}
