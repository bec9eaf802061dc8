"""What a call does in the cloud beyond the thing that it names, and what of a thing a reader is not told."""

from collections.abc import Mapping
from dataclasses import replace

from simulator.kubeconfig import ClusterAccess
from simulator.rules import tokens as t
from simulator.rules.rule import texts_at
from simulator.values import JSON, at
from simulator.world import Status, Thing, View

_GOES_WITH = {
    t.SECURITY_GROUP: ((t.INGRESS_RULE, "securityGroupId"), (t.EGRESS_RULE, "securityGroupId")),
    t.ROUTE_TABLE: ((t.ROUTE, "routeTableId"),),
    t.SUBNET: ((t.ROUTE_TABLE_ASSOCIATION, "subnetId"),),
    t.KMS_KEY: ((t.KMS_ALIAS, "targetKeyId"), (t.KMS_KEY_POLICY, "keyId")),
    t.SECRET: ((t.SECRET_VERSION, "secretId"), (t.SECRET_POLICY, "secretArn")),
    t.ACCESS_ENTRY: ((t.ACCESS_POLICY_ASSOCIATION, "principalArn"),),
}
"""Things that AWS deletes together with what they belong to, by the property that names it."""

_CREATOR_IS_ADMIN = "bootstrapClusterCreatorAdminPermissions"


def with_real_server(thing: Thing, contexts: Mapping[str, ClusterAccess]) -> Thing:
    """A cluster with the address of the API server that really answers for its region, if there is one."""
    access = contexts.get(thing.place.region)
    if thing.token != t.CLUSTER or access is None:
        return thing
    authority: dict[str, JSON] = {"data": access.certificate_authority}
    outputs = {**thing.outputs, "endpoint": access.endpoint, "certificateAuthority": authority}
    return replace(thing, outputs=outputs)


def after_update(old: Thing, new: Thing) -> Thing:
    """What an update leaves: changed launch templates and releases get a new version, everything else is as asked."""
    if new.token == t.RELEASE:
        return replace(new, outputs={**new.outputs, "status": _next_revision(old, new)})
    if new.token != t.LAUNCH_TEMPLATE:
        return new
    kept = {name: old.outputs.get(name, 1) for name in ("latestVersion", "defaultVersion")}
    versions = kept if old.inputs == new.inputs else _next_version(kept, new.inputs)
    return replace(new, outputs={**new.outputs, **versions})


def as_read(thing: Thing, state: Mapping[str, JSON]) -> Thing:
    """What the provider makes of ``thing``: what no API tells is as ``state`` has it, or after an import its default.

    Source: terraform-provider-aws, ``internal/service/eks/cluster.go``, resourceClusterRead.
    """
    if thing.token != t.CLUSTER:
        return thing
    known = at(state, f"accessConfig.{_CREATOR_IS_ADMIN}")
    access: dict[str, JSON] = {_CREATOR_IS_ADMIN: True if known is None else known}
    inputs, outputs = (_with_access(properties, access) for properties in (thing.inputs, thing.outputs))
    return replace(thing, inputs=inputs, outputs=outputs)


def delete(view: View, thing: Thing) -> None:
    """Delete ``thing`` with all that goes with it."""
    if thing.token == t.KMS_KEY or (thing.token == t.SECRET and thing.inputs.get("recoveryWindowInDays") != 0):
        view.put(replace(thing, status=Status.PENDING_DELETION))
    else:
        view.remove(thing)
    for other in _companions(view, thing):
        view.remove(other)


def _companions(view: View, thing: Thing) -> list[Thing]:
    if thing.token == t.CLUSTER:
        return [one for arn in texts_at(thing.outputs, "arn") for one in view.in_cluster(arn)] + _members(view, thing)
    if thing.token == t.NAMESPACE:
        name = texts_at(thing.inputs, "metadata.name")
        held = view.in_cluster(thing.cluster)
        return [one for one in held if texts_at(one.inputs, "metadata.namespace") == name]
    names = {thing.id, *texts_at(thing.outputs, "principalArn"), *texts_at(thing.outputs, "keyId")}
    return [
        one
        for token, path in _GOES_WITH.get(thing.token, ())
        for one in view.in_place(token, thing.place)
        if names & set(texts_at(one.inputs, path)) and _same_cluster(one, thing)
    ]


def _members(view: View, cluster: Thing) -> list[Thing]:
    types = (t.ADDON, t.ACCESS_ENTRY, t.ACCESS_POLICY_ASSOCIATION, t.POD_IDENTITY_ASSOCIATION)
    name = cluster.inputs.get("name")
    return [
        one for token in types for one in view.in_place(token, cluster.place) if one.inputs.get("clusterName") == name
    ]


def _same_cluster(one: Thing, other: Thing) -> bool:
    return one.inputs.get("clusterName") == other.inputs.get("clusterName")


def _with_access(properties: Mapping[str, JSON], access: Mapping[str, JSON]) -> Mapping[str, JSON]:
    old = properties.get("accessConfig")
    return {**properties, "accessConfig": {**old, **access}} if isinstance(old, Mapping) else properties


def _next_revision(old: Thing, new: Thing) -> JSON:
    before, after = old.outputs.get("status"), new.outputs.get("status")
    revision = before.get("revision") if isinstance(before, Mapping) else 0
    return {**(after if isinstance(after, Mapping) else {}), "revision": int(str(revision or 0)) + 1}


def _next_version(versions: Mapping[str, JSON], inputs: Mapping[str, JSON]) -> dict[str, JSON]:
    latest = versions["latestVersion"]
    version = (latest if isinstance(latest, int) else 1) + 1
    default = version if inputs.get("updateDefaultVersion") is True else versions["defaultVersion"]
    return {"latestVersion": version, "defaultVersion": default}
