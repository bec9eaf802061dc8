"""The shipped policy pack, started as the engine starts it and asked over gRPC."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from policies.rules import ALL_RULES
from tests.contract.policies.expectations import READS_NO_VALUE, READS_PROVIDERS, SETTLED_BY_PRESENCE
from tests.contract.policies.model import model_stack
from tests.contract.policies.stack import UNKNOWN, Damage, ModelStack, Row, drop, edit, option

PACK = Path(__file__).parents[3] / "policies"
LOGS = "aws:cloudwatch/logGroup:LogGroup"
CLUSTER = "aws:eks/cluster:Cluster"


@pytest.fixture(scope="module")
def analyzer() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    with subprocess.Popen([sys.executable, "-u", str(PACK)], cwd=PACK, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel)
        process.terminate()


def _analyze(analyzer: analyzer_pb2_grpc.AnalyzerStub, *damages: Damage) -> list[analyzer_pb2.AnalyzeDiagnostic]:
    stack = model_stack("mainnet", *damages)
    rows = {str(row["urn"]): row for row in stack.rows}
    request = analyzer_pb2.AnalyzeStackRequest(resources=[_resource(row, rows) for row in stack.rows])
    return list(analyzer.AnalyzeStack(request).diagnostics)


def _resource(row: Row, rows: Mapping[str, Row]) -> analyzer_pb2.AnalyzerResource:
    urn = str(row["urn"])
    resource = analyzer_pb2.AnalyzerResource(
        urn=urn,
        type=str(row["type"]),
        name=urn.rsplit("::", 1)[-1],
        properties=_properties(row),
        options=analyzer_pb2.AnalyzerResourceOptions(
            protect=bool(row.get("protect")), ignoreChanges=_strings(row.get("ignoreChanges"))
        ),
        dependencies=_strings(row.get("dependencies")),
    )
    provider = str(row.get("provider") or "").rsplit("::", 1)[0]
    if provider:
        resource.provider.CopyFrom(
            analyzer_pb2.AnalyzerProviderResource(
                urn=provider, type=str(rows[provider]["type"]), properties=_properties(rows[provider])
            )
        )
    return resource


def _properties(row: Row) -> struct_pb2.Struct:
    """Outputs as the engine sends them: inputs echoed, computed values beside them, the id among them."""
    outputs, inputs = row["outputs"], row["inputs"]
    assert isinstance(outputs, dict)
    assert isinstance(inputs, dict)
    return json_format.ParseDict({**outputs, **inputs, "id": row["id"]}, struct_pb2.Struct())


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _mandatory(diagnostics: list[analyzer_pb2.AnalyzeDiagnostic]) -> set[str]:
    return {item.policyName for item in diagnostics if item.enforcementLevel == analyzer_pb2.MANDATORY}


def test_the_pack_holds_one_policy_per_rule_that_it_can_decide(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    info = analyzer.GetAnalyzerInfo(empty_pb2.Empty())
    mandatory = {policy.name for policy in info.policies if policy.enforcementLevel == analyzer_pb2.MANDATORY}

    assert info.name == "teranode-infra"
    assert mandatory == {rule.id.lower() for rule in ALL_RULES if not rule.hidden_from_pack}


def test_the_pack_names_the_rules_that_it_cannot_decide(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    description = analyzer.GetAnalyzerInfo(empty_pb2.Empty()).description

    hidden = [rule.id for rule in ALL_RULES if rule.hidden_from_pack]
    assert hidden
    assert all(rule in description for rule in hidden)


def test_a_clean_stack_passes_without_a_word(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    assert _analyze(analyzer) == []


BREACHES = {
    "obs-1": edit(LOGS, "retentionInDays", 7),
    "eks-1": edit(CLUSTER, "vpcConfig.endpointPublicAccess", value=True),
    "grd-5": option(CLUSTER, "protect", value=False),
    "net-7": drop("aws:ec2/flowLog:FlowLog"),
    "r26": option(CLUSTER, "dependencies", []),
    "r23": option(CLUSTER, "ignoreChanges", ["version"]),
}


@pytest.fixture(scope="module")
def breached(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> list[analyzer_pb2.AnalyzeDiagnostic]:
    """What is said of one stack with every breach: each policy speaks for itself."""
    return _analyze(analyzer, *BREACHES.values())


@pytest.mark.parametrize("policy", BREACHES)
def test_a_breach_is_refused_with_its_resource_and_remedy(
    breached: list[analyzer_pb2.AnalyzeDiagnostic], policy: str
) -> None:
    assert policy in _mandatory(breached)
    breach = next(item for item in breached if item.policyName == policy)
    assert breach.urn.startswith("urn:pulumi:")
    rule = next(rule for rule in ALL_RULES if rule.id.lower() == policy)
    assert rule.remedy in breach.message


def test_an_unknown_value_is_reported_as_undecided_and_never_passes_in_silence(
    analyzer: analyzer_pb2_grpc.AnalyzerStub,
) -> None:
    diagnostics = _analyze(analyzer, edit(LOGS, "retentionInDays", UNKNOWN))

    assert _mandatory(diagnostics) == set()
    advice = [item for item in diagnostics if item.policyName == "undecided"]
    assert any("OBS-1" in item.message and "retentionInDays" in item.message for item in advice)


def test_an_unknown_value_hides_no_other_breach(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    diagnostics = _analyze(
        analyzer, edit(LOGS, "retentionInDays", UNKNOWN), edit(CLUSTER, "vpcConfig.endpointPublicAccess", value=True)
    )

    assert "eks-1" in _mandatory(diagnostics)


def test_no_policy_is_silent_and_green_when_nothing_can_be_read(analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
    def blind(stack: ModelStack) -> None:
        for row in stack.rows:
            if not str(row["type"]).startswith("pulumi:"):
                inputs = row["inputs"]
                assert isinstance(inputs, dict)
                row.update(inputs=dict.fromkeys(inputs, UNKNOWN), outputs={}, id="")

    diagnostics = _analyze(analyzer, blind)

    undecided = [item.message for item in diagnostics if item.policyName == "undecided"]
    spoken = _mandatory(diagnostics) | {
        rule.id.lower() for rule in ALL_RULES if any(f"\n{rule.id} is not decided" in text for text in undecided)
    }
    expected = {rule.id for rule in ALL_RULES if not rule.hidden_from_pack}
    assert {rule.lower() for rule in expected - READS_NO_VALUE - SETTLED_BY_PRESENCE - READS_PROVIDERS} <= spoken


def test_inputs_that_were_shown_before_decide_what_outputs_leave_unknown(
    analyzer: analyzer_pb2_grpc.AnalyzerStub,
) -> None:
    def shown(stack: ModelStack) -> None:
        row = stack.add(LOGS, "shown", {"retentionInDays": 7, "kmsKeyId": "key"}, provider="aws-eu-west-1")
        resource = _resource(row, {str(other["urn"]): other for other in stack.rows})
        request = analyzer_pb2.AnalyzeRequest(urn=resource.urn, type=resource.type, properties=resource.properties)
        assert not analyzer.Analyze(request).diagnostics
        row.update(inputs={}, outputs={"retentionInDays": UNKNOWN, "kmsKeyId": UNKNOWN})

    diagnostics = _analyze(analyzer, shown)

    assert _mandatory(diagnostics) == {"obs-1"}
    assert "undecided" not in {item.policyName for item in diagnostics}
