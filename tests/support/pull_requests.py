"""The comments on four pull requests against the shipped stacks, as reviewers see them.

python -m tests.support.pull_requests            rewrites tests/stacks/golden/pull-requests/*.md
git diff tests/stacks/golden/pull-requests       then read them as a reviewer would
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ops.preview import Preview, preview
from ops.prices.book import PriceBook, Wanted, wanted
from ops.prices.price import Price, Tier
from ops.pull_request.change import StackChange, stack_change
from ops.pull_request.comment import comment
from ops.quantities.count import quantities
from ops.stacks import StackFile, find_stack
from simulator.compare import compare
from tests.support.inventory import GOLDEN
from tests.support.stacks import ROOT, STACKS, stack_file

FOLDER = GOLDEN / "pull-requests"
TODAY = date(2026, 11, 23)  # waivers are judged on the day of the review, not of the test run


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What a pull request changes in the file of one stack."""

    stack: str
    keys: Mapping[str, object]


_REGIONS = {
    "eu-west-1": {"cidr": "10.16.0.0/16"},
    "us-east-1": {"cidr": "10.17.0.0/16"},
    "ap-southeast-1": {"cidr": "10.18.0.0/16"},
}

_MINERS = {
    "miner-1": {"region": "eu-west-1"},
    "miner-2": {"region": "us-east-1"},
    "miner-3": {"region": "ap-southeast-1"},
}

PULL_REQUESTS: Mapping[str, PullRequest] = {
    "release": PullRequest("testing", {"release": "v0.15.0"}),
    "region": PullRequest(
        "testing",
        {
            "regions": {**_REGIONS, "eu-central-1": {"cidr": "10.19.0.0/16"}},
            "miners": {**_MINERS, "miner-4": {"region": "eu-central-1"}},
        },
    ),
    "network": PullRequest("testing", {"regions": {**_REGIONS, "us-east-1": {"cidr": "10.20.0.0/16"}}}),
    "database": PullRequest("mainnet", {"postgres": {"instanceClass": "db.r7g.xlarge"}}),
}
"""A release, one more region with a miner, the network of a region with all its subnets, and a larger database."""

_SIZES = {"micro": 0.01, "medium": 0.05, "large": 0.1, "xlarge": 0.2, "2xlarge": 0.4, "4xlarge": 0.8}


def rendered(name: str) -> str:
    """The comment on one of them, with prices in round numbers that are not AWS's."""
    request = PULL_REQUESTS[name]
    with TemporaryDirectory() as folder:
        file = stack_file(Path(folder), request.stack, request.stack, **request.keys)
        after = preview(find_stack(str(file)), _recorded(request.stack).deployment, as_of=TODAY)
    changes = [_change(stack, after if stack == request.stack else _recorded(stack)) for stack in STACKS]
    return comment(changes, [], "https://github.com/team/teranode-infra/actions/runs/1", _prices(changes))


@cache
def _recorded(stack: str) -> Preview:
    """The shipped stack, which is there already."""
    return preview(StackFile(stack, ROOT / f"Pulumi.{stack}.yaml"), as_of=TODAY)


def _change(stack: str, after: Preview) -> StackChange:
    before = _recorded(stack)
    return stack_change(after, before.graph, after.comparison or compare(before.graph, after.graph))


def _prices(changes: Sequence[StackChange]) -> PriceBook:
    used = [
        *(
            one
            for change in changes
            for graph in (change.preview.graph, change.before)
            if graph
            for one in quantities(graph)
        )
    ]
    return PriceBook({asked: Price((Tier(0, _usd(asked)),)) for asked in wanted(used)})


def _usd(asked: Wanted) -> float:
    """Round numbers, by the size of a machine."""
    if asked.unit == "hours":
        size = asked.product.usage.rpartition(".")[2]
        return _SIZES.get(size, 0.02)
    return {"GiB": 0.1, "each": 0.5, "requests": 0.000005, "IOPS": 0.005, "MiB/s": 0.05}[asked.unit]


def main() -> None:
    """Rewrite the golden comments."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PULL_REQUESTS:
        (FOLDER / f"{name}.md").write_text(rendered(name))


if __name__ == "__main__":
    main()
