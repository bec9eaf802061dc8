"""A real API server judges every object that the stacks give it: strictly, in order, and back to nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.cluster import objects
from tests.cluster.api import Object
from tests.cluster.conftest import JUDGED, PLACE, declared, manifest, needs_definitions, needs_no_controllers
from tests.cluster.judge import Judgement, Server
from tests.support.stacks import STACKS, evaluated

CLUSTERS = [(stack, region) for stack in STACKS for region in objects.regions(stack)]


@pytest.mark.parametrize(("stack", "region"), CLUSTERS)
def test_a_cluster_takes_all_its_objects_in_order_and_gives_them_back_in_reverse(
    server: Server, stack: str, region: str, record_property: Callable[[str, object], None]
) -> None:
    before = server.api.everything()

    said = server.apply(objects.declared(evaluated(stack), region))
    record_property(JUDGED, report(stack, region, said))
    refused = [*said.refused, *said.warned, *server.delete(said)]

    assert "\n".join(refused) == ""
    server.await_nothing_but(before)


def report(stack: str, region: str, said: Judgement) -> str:
    made = sum(map(len, said.followers.values()))
    undefined = ", ".join(objects.kinds(said.undefined)) or "none"
    return (
        f"{stack} {region}: {len(said.applied)} objects of {len(objects.kinds(said.applied))} kinds, and {made} pods "
        f"and claims that controllers would make\n    skipped, as the server has no definition of them: {undefined}\n"
        f"    not judged: what is in the charts {', '.join(objects.releases(evaluated(stack), region))}"
    )


# The tier is known to bite.


def deployment(**container: object) -> Object:
    labels = {"app": "tried"}
    pod = {"containers": [{"name": "main", "image": "example.org/image:1", **container}]}
    template = {"metadata": {"labels": labels}, "spec": pod}
    return manifest(
        "apps/v1", "Deployment", spec={"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
    )


def test_an_unknown_field_is_refused(try_out: Callable[..., Judgement]) -> None:
    said = try_out(manifest("v1", "ConfigMap", datum={"key": "value"}))

    [refused] = said.refused
    assert refused.startswith("urn:ConfigMap")
    assert ".datum: field not declared in schema" in refused


@needs_definitions
def test_an_unknown_field_of_a_custom_resource_is_refused(try_out: Callable[..., Judgement]) -> None:
    said = try_out(manifest("teranode.bsvblockchain.org/v1alpha1", "Cluster", spec={"enabled": True, "enabeld": True}))

    [refused] = said.refused
    assert ".spec.enabeld" in refused


def test_what_refers_to_a_value_that_does_not_exist_is_refused(try_out: Callable[..., Judgement]) -> None:
    said = try_out(deployment(volumeMounts=[{"name": "missing", "mountPath": "/missing"}]))

    [refused] = said.refused
    assert "volumeMounts[0].name: Not found" in refused


def test_an_object_before_its_namespace_is_refused(server: Server) -> None:
    said = server.apply([declared(manifest("v1", "ConfigMap"))])

    [refused] = said.refused
    assert f'namespaces "{PLACE}" not found' in refused


def test_a_kind_without_definition_is_set_aside_and_a_built_in_one_is_refused(
    try_out: Callable[..., Judgement],
) -> None:
    said = try_out(manifest("example.org/v1", "Invention"), manifest("v1", "Invention"))

    assert objects.kinds(said.undefined) == ["example.org/v1 Invention"]
    [refused] = said.refused
    assert "no Invention in v1" in refused


def test_what_exists_already_is_not_taken_over(server: Server, try_out: Callable[..., Judgement]) -> None:
    try_out()

    said = server.apply([declared({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PLACE}})])

    [refused] = said.refused
    assert "exists already" in refused
    assert said.applied == []


@needs_no_controllers
def test_a_pod_that_pod_security_forbids_is_refused(try_out: Callable[..., Judgement]) -> None:
    said = try_out(
        deployment(securityContext={"privileged": True}), **{"pod-security.kubernetes.io/enforce": "baseline"}
    )

    assert len(said.refused) == 2
    assert 'violates PodSecurity "baseline:latest": privileged' in said.refused[0]


@needs_no_controllers
def test_a_pod_for_which_a_quota_has_no_room_is_refused(try_out: Callable[..., Judgement]) -> None:
    quota = manifest("v1", "ResourceQuota", spec={"hard": {"requests.cpu": "3"}})

    said = try_out(quota, deployment(resources={"requests": {"cpu": "2"}}))

    [refused] = said.refused
    assert "exceeded quota: tried, requested: requests.cpu=2, used: requests.cpu=2, limited: requests.cpu=3" in refused


@needs_no_controllers
def test_a_pod_that_asks_for_nothing_is_refused_where_a_quota_counts(try_out: Callable[..., Judgement]) -> None:
    said = try_out(manifest("v1", "ResourceQuota", spec={"hard": {"limits.memory": "1Gi"}}), deployment())

    assert len(said.refused) == 2
    assert "must specify limits.memory" in said.refused[0]


@needs_no_controllers
def test_a_namespace_that_goes_before_what_is_in_it_is_refused(server: Server) -> None:
    namespace = declared({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": PLACE}})
    inside = declared(manifest("v1", "ConfigMap"))
    said = server.apply([namespace, inside])

    refused = server.delete(Judgement(applied=[inside, namespace]))

    assert said.refused == []
    assert refused == ["urn:Namespace:teranode-tests\n    goes before what is in it: ConfigMap tried"]


def test_what_is_left_behind_is_seen(server: Server, try_out: Callable[..., Judgement]) -> None:
    before = server.api.everything()

    try_out(manifest("v1", "ConfigMap"))

    assert ("ConfigMap", PLACE, "tried") in server.api.everything() - before


@needs_no_controllers
def test_a_change_that_only_a_replacement_can_make_is_refused_in_place(
    server: Server, try_out: Callable[..., Judgement]
) -> None:
    said = try_out(deployment(), manifest("v1", "ConfigMap", immutable=True, data={"key": "old"}))
    [namespace, kept, settings] = said.applied

    server.change(said, [namespace, kept, replace(settings, manifest={**settings.manifest, "data": {}})], replaced=())

    [refused] = said.refused
    assert "data: Forbidden: field is immutable" in refused
