"""Keys that people know from elsewhere and look for here: what takes their place, or why there is none."""

from collections.abc import Iterable, Mapping

_BY_TIER = (
    "remove it: the tier decides, and no key lowers what mainnet keeps; what is to leave is listed under decommission"
)
_PINNED = "remove it: images, charts and add-ons are pinned in infra/versions.py; the release of Teranode is `release`"
_RACKS = "remove it: each zone of the pool is one rack, numbered by the program and kept for life"
_NAMESPACE = "remove it: namespaces are as Teranode wants them and not to be chosen; their size follows from `records`"
_LOGINS = "remove it: the program names logins, and generates their passwords"
_NAMES = "remove it: the program makes the names of what it builds"
_NO_VERSION = "remove it: a stack file has no version; what a release changed in it is in UPGRADING.md, key by key"

_RENAMED = {
    "listenMode": "write mode: listening (it was listenOnly) or mode: mining (it was full), for all miners or for one",
}
"""Keys that there were once here."""


def _all(names: str, remedy: str) -> Iterable[tuple[str, str]]:
    return ((name, remedy) for name in names.split())


_REMEDIES: Mapping[str, str] = {
    **_RENAMED,
    **dict(_all("azs availabilityZones", "write zones, inside a region: zones: [eu-west-1a, eu-west-1b]")),
    **dict(_all("vpcCidr cidrBlock", "write cidr, inside a region: cidr: 10.16.0.0/16")),
    **dict(_all("subnets subnetCidrs subnetPrefix", "remove it: the address plan divides the /16 of each region")),
    **dict(_all("adminCidrs allowedCidrs publicAccessCidrs", "write access.apiCidrs")),
    **dict(
        _all(
            "publicEndpoint privateEndpoint endpointPublicAccess endpointPrivateAccess",
            "write kubernetes.endpointAccess: restricted or private; mainnet is private",
        )
    ),
    **dict(_all("addons addonVersions image images imageTag tag", _PINNED)),
    **dict(_all("desired desiredSize desiredNodes", "write minNodesPerZone: nothing adds nodes by itself")),
    **dict(_all("minSize", "write minNodesPerZone")),
    **dict(_all("maxSize", "write maxNodesPerZone")),
    **dict(_all("diskGb diskSize volumeSize", "write diskGib in nodes.system or nodes.general")),
    **dict(_all("rack racks rackId rackIds", _RACKS)),
    **dict(_all("strongConsistency inMemory storageEngine", _NAMESPACE)),
    **dict(
        _all(
            "deleteLocalStorageOnRestart localStorageClasses",
            "remove it: the profile enterprise sets both together, for the local disks of its pool",
        )
    ),
    **dict(_all("adminName masterUsername username userName", _LOGINS)),
    **dict(_all("bucket bucketName bucketPrefix clusterName namePrefix", _NAMES)),
    **dict(
        _all(
            "deletionProtection deletionWindowInDays finalSnapshot forceDestroy kmsDeletionWindow "
            "kmsDeletionWindowDays objectLock protect retainOnDelete skipFinalSnapshot terminationProtection",
            _BY_TIER,
        )
    ),
    **dict(_all("apiVersion configVersion formatVersion schema schemaVersion", _NO_VERSION)),
}
_FOLDED = {name.casefold(): remedy for name, remedy in _REMEDIES.items()}


def familiar(name: str) -> str | None:
    """The remedy for a key that is known elsewhere, in whatever case it is written; None for any other."""
    return _FOLDED.get(name.casefold())
