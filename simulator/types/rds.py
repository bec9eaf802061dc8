"""Databases: ``aws:rds`` subnet and parameter groups, instances, Aurora clusters and their instances, events."""

from simulator.types.aws import regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel, stable_hex
from simulator.values import JSON

_DEFAULT_PORT = 5432
_HOST_DIGITS = 12
_RESOURCE_ID_DIGITS = 26
_BY_PULUMI = "Managed by Pulumi"


def _host(request: Request, name: str, role: str = "") -> str:
    """A name in the domain that an account has for its databases in a region; a cluster has one for each role."""
    place = request.place
    domain = stable_hex(_HOST_DIGITS, place.account, place.region, "rds")
    return f"{name}.{role}{domain}.{place.region}.rds.{place.dns_suffix}"


def _resource_id(request: Request, prefix: str) -> str:
    return f"{prefix}-{request.digest(_RESOURCE_ID_DIGITS, 'resource').upper()}"


def _zone_id(request: Request) -> str:
    """The hosted zone of the region's database domain."""
    return f"Z{stable_hex(13, request.place.region, 'rds-zone').upper()}"


def _admin_secrets(request: Request, kind: str) -> list[JSON]:
    """The secret that RDS makes for the administrator where it manages the password."""
    if request.inputs.get("manageMasterUserPassword") is not True:
        return []
    name = f"rds!{kind}-{request.uuid('secret')}-{request.digest(6, 'secret-suffix')}"
    return [
        {
            "kmsKeyId": request.text("masterUserSecretKmsKeyId"),
            "secretArn": request.arn("secretsmanager", f"secret:{name}"),
            "secretStatus": "active",
        }
    ]


def _subnet_group(request: Request, name: str) -> dict[str, JSON]:
    subnets = request.inputs.get("subnetIds")
    first = str(subnets[0]) if isinstance(subnets, list) and subnets else ""
    return {
        **regional_tagged(request),
        "arn": request.arn("rds", f"subgrp:{name}"),
        "vpcId": request.found_text(first, "vpcId"),
    }


def _instance(request: Request, _: str) -> dict[str, JSON]:
    identifier = request.text("identifier")
    address = _host(request, identifier)
    return {
        **regional_tagged(request),
        "address": address,
        "arn": request.arn("rds", f"db:{identifier}"),
        "endpoint": f"{address}:{int(float(request.text('port', str(_DEFAULT_PORT))))}",
        "engineVersionActual": request.text("engineVersion"),
        "hostedZoneId": _zone_id(request),
        "masterUserSecrets": _admin_secrets(request, "db"),
        "resourceId": _resource_id(request, "db"),
    }


def _cluster(request: Request, identifier: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("rds", f"cluster:{identifier}"),
        "clusterResourceId": _resource_id(request, "cluster"),
        "endpoint": _host(request, identifier, "cluster-"),
        "engineVersionActual": request.text("engineVersion"),
        "hostedZoneId": _zone_id(request),
        "masterUserSecrets": _admin_secrets(request, "cluster"),
        "readerEndpoint": _host(request, identifier, "cluster-ro-"),
    }


def _cluster_instance(request: Request, identifier: str) -> dict[str, JSON]:
    cluster = request.find(request.text("clusterIdentifier"))
    return {
        **regional_tagged(request),
        "arn": request.arn("rds", f"db:{identifier}"),
        "dbiResourceId": _resource_id(request, "db"),
        "endpoint": _host(request, identifier),
        "engineVersionActual": request.text("engineVersion"),
        "kmsKeyId": cluster.get("kmsKeyId", ""),
        "port": cluster.get("port", _DEFAULT_PORT),
        "storageEncrypted": cluster.get("storageEncrypted", False),
        # The lowest promotion tier is the writer until the first failover.
        "writer": request.inputs.get("promotionTier", 0) in (0, None),
    }


def _group(token: str, kind: str) -> ResourceModel:
    return ResourceModel(
        token,
        identify=lambda request: request.text("name"),
        compute=lambda request, name: {**regional_tagged(request), "arn": request.arn("rds", f"{kind}:{name}")},
        autoname=Autoname("name", max_length=255),
        defaults={"description": _BY_PULUMI, "namePrefix": ""},
    )


MODELS = (
    ResourceModel(
        "aws:rds/subnetGroup:SubnetGroup",
        identify=lambda request: request.text("name"),
        compute=_subnet_group,
        autoname=Autoname("name", max_length=255),
        defaults={"description": _BY_PULUMI, "namePrefix": "", "supportedNetworkTypes": ["IPV4"]},
    ),
    _group("aws:rds/parameterGroup:ParameterGroup", "pg"),
    _group("aws:rds/clusterParameterGroup:ClusterParameterGroup", "cluster-pg"),
    ResourceModel(
        "aws:rds/instance:Instance",
        # The provider keeps the id that stays when the identifier is changed.
        identify=lambda request: _resource_id(request, "db"),
        compute=_instance,
        autoname=Autoname("identifier", max_length=63, unless=("identifierPrefix",)),
        defaults={
            "availabilityZone": "",
            "backupRetentionPeriod": 0,
            "caCertIdentifier": "rds-ca-rsa2048-g1",
            "deletionProtection": False,
            "multiAz": False,
            "port": _DEFAULT_PORT,
            "status": "available",
            "upgradeRolloutOrder": "second",
        },
        # listeners are SQL Server's; nothing replicates from these instances; restorable only after the first backup
        empty=frozenset({"latestRestorableTime", "listenerEndpoints", "replicas"}),
    ),
    ResourceModel(
        "aws:rds/cluster:Cluster",
        identify=lambda request: request.text("clusterIdentifier"),
        compute=_cluster,
        autoname=Autoname("clusterIdentifier", max_length=63, unless=("clusterIdentifierPrefix",)),
        defaults={
            "backupRetentionPeriod": 1,
            "clusterMembers": [],
            "deletionProtection": False,
            "engineMode": "provisioned",
            "port": _DEFAULT_PORT,
            "storageType": "aurora",
            "upgradeRolloutOrder": "second",
        },
        # only for clusters of instances with certificates of their own
        empty=frozenset({"caCertificateValidTill"}),
    ),
    ResourceModel(
        "aws:rds/clusterInstance:ClusterInstance",
        identify=lambda request: request.text("identifier"),
        compute=_cluster_instance,
        autoname=Autoname("identifier", max_length=63, unless=("identifierPrefix",)),
        defaults={"availabilityZone": "", "caCertIdentifier": "rds-ca-rsa2048-g1", "networkType": "IPV4"},
    ),
    ResourceModel(
        "aws:rds/eventSubscription:EventSubscription",
        identify=lambda request: request.text("name"),
        compute=lambda request, name: {
            **regional_tagged(request),
            "arn": request.arn("rds", f"es:{name}"),
            "customerAwsId": request.place.account,
        },
        autoname=Autoname("name", max_length=255),
        defaults={"enabled": True, "namePrefix": ""},
    ),
)
