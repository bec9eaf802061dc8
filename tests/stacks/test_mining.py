"""From listening to mining by one setting: what is added, and that nothing with data in it is touched.

python -m tests.stacks.test_mining    rewrites golden/listening-to-mining.txt, then: git diff
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.environment import build
from infra.settings import parse
from policies.rules import Graph as RuleGraph
from policies.rules import evaluate
from policies.rules.public_ports import public_ports
from simulator import Simulation, simulate, simulate_program
from simulator.chain import unavoidable_s
from simulator.compare import Action, ResourceChange, compare
from simulator.graph import Graph
from simulator.record import RecordedResource
from simulator.schedule import schedule
from simulator.stateful import loss
from tests.support.inventory import GOLDEN
from tests.support.setting_changes import BASES
from tests.support.stack_settings import as_config
from tests.support.stacks import ROOT, at, evaluated, stack_file

WALLET = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:mainnet/wallets/miner-1-AbCdEf"
CERTIFICATE = "arn:aws:acm:eu-west-1:444455556666:certificate/12345678-1234-1234-1234-123456789012"
POOL = "arn:aws:iam::777788889999:root"
MINING = {"certificates": {"eu-west-1": CERTIFICATE}, "partners": {"pool-1": {"principals": [POOL]}}}
SYNCED = "miner-1-operator-secrets-external-secret"
TODAY = date(2026, 11, 23)  # waivers are judged on the day of the review, not of the test run
DIFFERENCE = GOLDEN / "listening-to-mining.txt"


@cache
def mainnet(mode: str) -> Simulation:
    with environment(mode) as path:
        return simulate(path, project_dir=ROOT)


@contextmanager
def environment(mode: str, miners: Mapping[str, object] | None = None, **changes: object) -> Iterator[Path]:
    """Mainnet with everything that mining needs, in a mode."""
    own = miners or {"miner-1": {"region": "eu-west-1", "walletSecret": WALLET}}
    with TemporaryDirectory() as folder:
        yield stack_file(Path(folder), "mainnet", "mainnet", mode=mode, mining=MINING, miners=own, **changes)


def changed() -> list[ResourceChange]:
    return [*compare(mainnet("listening").deployment, mainnet("mining").deployment).changed]


def difference() -> str:
    lines = (f"{one.action} {one.type} {one.name}{_paths(one)}\n" for one in changed())
    return "".join(sorted(lines))


def _paths(change: ResourceChange) -> str:
    return "" if change.action is Action.CREATE else f"  [{', '.join(sorted(one.path for one in change.changes))}]"


def test_the_difference_is_the_reviewed_one() -> None:
    assert difference() == DIFFERENCE.read_text()


def test_nothing_is_deleted_and_what_is_replaced_holds_no_data() -> None:
    nodes = Graph(mainnet("listening").deployment).nodes
    replaced = [one for one in changed() if one.action is Action.REPLACE]

    assert not [one for one in changed() if one.action is Action.DELETE]
    assert [(one.name, loss(nodes[one.urn])) for one in replaced] == [("miner-1-settings-restart-job", "")]


def test_every_balancer_of_a_zone_that_leaves_can_be_replaced() -> None:
    entry = {"date": "2026-12-01", "reason": "moved elsewhere, decided in a review"}
    settings = parse(as_config({**BASES["mining"], "decommission": {"us-east-1d": entry}}), stack="leaving")
    made = simulate_program(lambda: build(settings), stack="leaving").of_type("aws:lb/loadBalancer:LoadBalancer")
    held = [one.name for one in mainnet("mining").of_type("aws:lb/loadBalancer:LoadBalancer") if _held(one)]

    kinds = ("address", "mining", "public")
    assert sorted(held) == [f"miner-1-{kind}-load-balancer" for kind in kinds]
    assert sorted(one.name for one in made) == [f"miner-{n}-{kind}-load-balancer" for n in (1, 2) for kind in kinds]
    assert [one.name for one in made if _held(one)] == []


def _held(balancer: RecordedResource) -> bool:
    return balancer.inputs["enableDeletionProtection"] is True


def test_the_way_back_takes_the_login_of_partners_away_and_nothing_else_of_value() -> None:
    back = compare(mainnet("mining").deployment, mainnet("listening").deployment).changed
    nodes = Graph(mainnet("mining").deployment).nodes

    gone = [one for one in back if one.action in (Action.REPLACE, Action.DELETE)]
    assert sorted(one.name for one in gone if loss(nodes[one.urn])) == [
        "miner-1-secrets-rpc-partner-password",
        "miner-1-secrets-rpc-partner-user",
    ]


def test_mining_keeps_every_policy_and_takes_no_longer() -> None:
    simulation = mainnet("mining")
    report = evaluate(RuleGraph.from_deployment(simulation.deployment), today=TODAY)
    chain_s = unavoidable_s(resource.type for resource in simulation.resources)

    assert report.findings == ()
    assert report.undecided == ()
    assert max(schedule(simulation.deployment).by_region().values()) <= 1.05 * chain_s


def test_mining_makes_nothing_public() -> None:
    found = [public_ports(RuleGraph.from_deployment(mainnet(mode).deployment)) for mode in ("listening", "mining")]

    assert found[0] == found[1] == public_ports(RuleGraph.from_deployment(evaluated("mainnet").deployment))


class TestWallet:
    def test_it_is_read_while_its_miner_mines_and_never_by_a_listener(self) -> None:
        assert WALLET not in readable(mainnet("listening"))
        assert readable(mainnet("mining"))[WALLET] == ["miner-1-reader-policy"]

    def test_each_miner_reads_its_own_and_who_listens_reads_none(self) -> None:
        wallets = {name: WALLET.replace("miner-1", name) for name in ("miner-1", "miner-2", "miner-3")}
        miners = {name: {"region": "eu-west-1", "walletSecret": arn} for name, arn in wallets.items()}
        miners["miner-3"]["mode"] = "listening"
        nodes = {
            "general": {"minNodesPerZone": 3},
            "storage": {"aerospike": {"instanceType": "i7i.4xlarge", "nodesPerZone": 4}},
        }
        with environment("mining", miners, nodes=nodes) as path:
            simulation = simulate(path, project_dir=ROOT)

        found = readable(simulation)
        assert {name: found.get(arn) for name, arn in wallets.items()} == {
            "miner-1": ["miner-1-reader-policy"],
            "miner-2": ["miner-2-reader-policy"],
            "miner-3": None,
        }
        services = simulation.of_type("aws:ec2/vpcEndpointService:VpcEndpointService")
        assert [one.name for one in services] == ["miner-1-mining-service", "miner-2-mining-service"]

    def test_the_key_itself_is_named_and_never_held(self) -> None:
        secrets = [at(one.inputs, "name") for one in mainnet("mining").of_type("aws:secretsmanager/secret:Secret")]

        assert not [name for name in secrets if "wallet" in str(name)]


class TestPartners:
    def test_named_accounts_may_ask_and_somebody_accepts(self) -> None:
        service = mainnet("mining").named("miner-1-mining-service")
        rights = mainnet("mining").of_type(
            "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple"
        )

        assert service.inputs["acceptanceRequired"] is True
        assert [right.inputs["principalArn"] for right in rights] == [POOL]

    def test_they_have_a_login_of_their_own_that_a_listener_has_not(self) -> None:
        synced = {
            mode: {at(entry, "secretKey") for entry in listed(mainnet(mode).named(SYNCED).inputs, "data")}
            for mode in ("listening", "mining")
        }

        assert synced["mining"] - synced["listening"] == {"rpc_limit_user", "rpc_limit_pass"}

    def test_privatelink_is_the_only_way_to_the_balancer_and_its_login_is_not_sent_in_clear(self) -> None:
        simulation = mainnet("mining")
        balancer, listener = (simulation.named(f"miner-1-mining-{part}") for part in ("load-balancer", "listener-rpc"))
        group = simulation.named("miner-1-mining-security-group").id
        admitted = [
            rule
            for rule in simulation.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
            if rule.inputs["securityGroupId"] == group
        ]

        assert balancer.inputs["internal"] is True
        assert balancer.inputs["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "off"
        assert admitted == []
        assert (listener.inputs["protocol"], listener.inputs["port"]) == ("TLS", 9292)
        assert listener.inputs["certificateArn"] == CERTIFICATE

    def test_it_leads_to_rpc_alone(self) -> None:
        policy = mainnet("mining").named("miner-1-namespace-policy-partners-to-rpc").inputs["spec"]

        assert policy == {
            "podSelector": {"matchLabels": {"app": "rpc"}},
            "policyTypes": ["Ingress"],
            "ingress": [
                {"from": [{"ipBlock": {"cidr": "10.32.0.0/16"}}], "ports": [{"port": 9292, "protocol": "TCP"}]}
            ],
        }


def listed(inputs: Mapping[str, object], key: str) -> list[object]:
    found = at(inputs, f"spec.{key}")
    assert isinstance(found, list)
    return found


def readable(simulation: Simulation) -> dict[str, list[str]]:
    """Of each secret in Secrets Manager, the names of the policies that let somebody read it."""
    found: dict[str, list[str]] = {}
    for policy in simulation.of_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(str(policy.inputs["policy"]))["Statement"]:
            resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            for resource in resources if "secretsmanager" in str(statement["Action"]) else ():
                found.setdefault(str(resource), []).append(policy.name)
    return found


if __name__ == "__main__":
    DIFFERENCE.write_text(difference())
