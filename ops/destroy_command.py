"""What ``ops destroy`` does."""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from infra.names import cluster_name
from infra.settings import Environment, parse, read_siblings
from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.destroy.leftovers import Estate, Leftover, find, remove
from ops.destroy.plan import DestroyRefusedError, plan, refuse_protected
from ops.destroy.remains import Remain, remains
from ops.destroy.run import Sweep, destroy, known_of, read_state
from ops.drift.sweep import regions_of
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.preflight.reading import Reader
from ops.pulumi_cli import PulumiCli, working_directory
from ops.render.console import page, progress
from ops.render.destroy import Destroyed, destroy_document, plan_document, print_destroyed, print_plan
from ops.stacks import PROJECT_DIR, find_stack
from simulator.graph import Graph
from simulator.stack_file import read_stack_file

_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


@faults_reported
def run_destroy(stack: str, *, profile: str | None, yes: bool, as_json: bool) -> ExitCode:
    """Show what goes with ``stack``; with ``yes`` destroy it and show what is left."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    if found.path.parent.resolve() != directory.resolve():
        raise DestroyRefusedError(f"{found.path}: the CLI reads Pulumi.{found.name}.yaml in {directory}, not this file")
    read = read_stack_file(found.path, directory)
    siblings = read_siblings(directory, found.name)
    environment = parse(read.config, stack=found.name, siblings=siblings, secret_keys=read.secret_keys)
    refuse_protected(found.name, environment.tier)
    cli = replace(PulumiCli.find(found.name, directory), profile=profile)
    with progress(f"reading what there is of {found.name}"), faults_worded():
        aws = Aws.of(profile)
        refuse_other_accounts(aws, found.name, environment.account, environment.home)
        graph = read_state(cli)
    made = plan(graph)
    refuse_protected(found.name, environment.tier, made)
    if not yes:
        if as_json:
            print(json.dumps(plan_document(found.name, made), indent=2))  # noqa: T201
        else:
            with page() as output:
                print_plan(output, found.name, made)
        return ExitCode.CLEAN
    regions = sorted({*environment.regions, *regions_of(known_of(graph))})
    estate = _estate(environment, regions, graph)
    outcome = destroy(cli, regions, _sweep(Reader(aws), estate), tell=_tell)
    left: tuple[Remain, ...] = ()
    if not outcome.resources and not outcome.interrupted:
        _tell(f"asking AWS for everything with the tags of {found.name}")
        left = tuple(remains(aws, environment.name, regions))
    done = Destroyed(found.name, environment.name, outcome, left)
    if as_json:
        print(json.dumps(destroy_document(done), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_destroyed(output, done)
    return done.exit_code


def _estate(environment: Environment, regions: Sequence[str], graph: Graph) -> Estate:
    clusters = {region: cluster_name(environment.name, region) for region in regions}
    names: defaultdict[str, set[str]] = defaultdict(set)
    for region, cluster in clusters.items():
        # By rule, so that it is found too when the state is empty already.
        names[region].add(f"/aws/eks/{cluster}/cluster")
    for node in graph.nodes.values():
        if node.type == _LOG_GROUP:
            names[graph.regions.get(node.urn, "")].add(str(node.outputs.get("name") or node.id))
    return Estate(environment.name, clusters, {region: frozenset(found) for region, found in names.items()})


def _sweep(reader: Reader, estate: Estate) -> Sweep:
    def sweep(region: str, known: frozenset[str]) -> Sequence[tuple[Leftover, str]]:
        with faults_worded():
            found = find(reader, region, estate, known)
        if found:
            _tell(f"{region}: removing what was left behind: {', '.join(one.id for one in found)}")
        return [(one, remove(reader, one)) for one in found]

    return sweep


def _tell(what: str) -> None:
    print(f"\n{what}", file=sys.stderr)  # noqa: T201
