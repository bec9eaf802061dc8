"""What ``ops rotate`` does."""

import json
import sys
import time

import urllib3
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.outputs import RegionOutputs, read_outputs
from ops.pulumi_cli import working_directory
from ops.render.console import page
from ops.rotate.kubernetes import ForwardedMetrics, KubernetesStore
from ops.rotate.machines import Ec2Machines
from ops.rotate.model import Progress, RotationRefusedError
from ops.rotate.run import Hands, plan, rotate
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, find_stack
from ops.verify.kubeconfig import configuration
from ops.verify.readings import LookError

_PAUSE_S = 15
_PATIENCE = 24 * 60 * 60 // _PAUSE_S
"""A day for each wait: records move at the pace of the disks."""


@faults_reported
def run_rotate(stack: str, *, miner: str, pool: str | None, profile: str | None, yes: bool, as_json: bool) -> ExitCode:
    """Show which nodes of ``miner`` would be replaced; with ``yes`` replace them."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    environment = settings_of(found, directory)
    if miner not in environment.miners:
        raise RotationRefusedError(f"{found.name} has no miner {miner}; it has {', '.join(environment.miners)}")
    settings = environment.miners[miner]
    chosen = pool or settings.utxo_store.pool
    if chosen is None:
        raise RotationRefusedError(
            f"the store of {miner} lies on network disks, on no storage pool: replace general nodes by draining them"
        )
    outputs = read_outputs(found.name, directory, None, without_cli="")
    aws = Aws.of(profile)
    with faults_worded():
        refuse_other_accounts(aws, found.name, environment.account, environment.home)
    store = _store(outputs.regions[settings.region], outputs.miners[miner].namespace)
    hands = Hands(store, Ec2Machines(aws, settings.region), lambda: time.sleep(_PAUSE_S), _tell, _PATIENCE)
    progress = _rotated(store, hands, chosen, yes=yes)
    if as_json:
        print(json.dumps(_document(found.name, miner, progress, dry_run=not yes), indent=2))  # noqa: T201
    else:
        with page() as output:
            for name, instance, zone in progress.waiting:
                output.print(f"{name}  {instance}  {zone}  {'replaced' if yes else 'would be replaced'}")
            if not yes:
                output.print("Nothing was done; --yes replaces them, one at a time.")
    return ExitCode.CLEAN


def _rotated(store: KubernetesStore, hands: Hands, pool: str, *, yes: bool) -> Progress:
    """What was to be done when the command began; done if ``yes``."""
    try:
        before = store.unfinished() or plan(store.store(), store.nodes(pool), pool)
        if yes:
            try:
                rotate(pool, hands)
            finally:
                store.let_go()
    except (ApiException, urllib3.exceptions.HTTPError) as error:
        raise RotationRefusedError(
            f"the Kubernetes API refuses or does not answer: {str(error).splitlines()[0]}. Repeat the command: a "
            "rotation that has begun goes on from there"
        ) from error
    return before


def _store(region: RegionOutputs, namespace: str) -> KubernetesStore:
    try:
        made = configuration(region)
    except LookError as error:
        raise RotationRefusedError(f"{error.trouble.what}; {error.trouble.remedy}") from error
    return KubernetesStore(client.ApiClient(made), namespace, ForwardedMetrics(made, namespace))


def _document(stack: str, miner: str, progress: Progress, *, dry_run: bool) -> dict[str, object]:
    nodes = [{"name": name, "instance": instance, "zone": zone} for name, instance, zone in progress.waiting]
    return {"format": 1, "stack": stack, "miner": miner, "pool": progress.pool, "dryRun": dry_run, "nodes": nodes}


def _tell(what: str) -> None:
    print(what, file=sys.stderr)  # noqa: T201
