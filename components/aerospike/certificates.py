"""Certificates for the traffic between servers of one store."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.aerospike.args import NAME
from components.aerospike.config import Tls
from components.base import Component
from components.namespace import NamespaceRef

TLS_SECRET = f"{NAME}-tls"
TLS_DIRECTORY = "/etc/aerospike/tls"

_AUTHORITY = f"{NAME}-authority"
_API_VERSION = "cert-manager.io/v1"
_KEY = {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"}


def tls(namespace: str) -> Tls:
    """How servers name each other, and where they find their certificate."""
    return Tls(
        name=f"{NAME}.{namespace}",
        certificate_file=f"{TLS_DIRECTORY}/tls.crt",
        key_file=f"{TLS_DIRECTORY}/tls.key",
        authority_file=f"{TLS_DIRECTORY}/ca.crt",
    )


@dataclass(frozen=True, kw_only=True)
class CertificatesArgs:
    """Arguments of `Certificates`; `ready` is what cert-manager's objects depend on."""

    namespace: NamespaceRef
    ready: tuple[pulumi.Resource, ...]


class Certificates(Component):
    """An authority of the store's own, and the one certificate that all of its servers show each other.

    Servers trust this authority and no other, so that not even another miner's server can join. cert-manager renews
    both in time, and servers read renewed files by themselves.
    """

    TOKEN = "teranode:aerospike:Certificates"

    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: CertificatesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        root = self._object("root", "Issuer", f"{NAME}-root", {"selfSigned": {}})
        authority = self._object(
            "authority",
            "Certificate",
            _AUTHORITY,
            {
                "secretName": _AUTHORITY,
                "commonName": f"{NAME}.{args.namespace.name} authority",
                "isCA": True,
                "duration": "87600h",
                "privateKey": _KEY,
                "issuerRef": {"name": f"{NAME}-root", "kind": "Issuer", "group": "cert-manager.io"},
            },
            root,
        )
        issuer = self._object("issuer", "Issuer", NAME, {"ca": {"secretName": _AUTHORITY}}, authority)
        servers = self._object(
            "servers",
            "Certificate",
            TLS_SECRET,
            {
                "secretName": TLS_SECRET,
                "commonName": tls(args.namespace.name).name,
                "dnsNames": [tls(args.namespace.name).name],
                "usages": ["digital signature", "key encipherment", "server auth", "client auth"],
                "duration": "2160h",
                "renewBefore": "720h",
                "privateKey": _KEY,
                "issuerRef": {"name": NAME, "kind": "Issuer", "group": "cert-manager.io"},
            },
            issuer,
        )
        self.ready = (servers,)
        self.register_outputs({})

    def _object(
        self, role: str, kind: str, object_name: str, spec: dict[str, object], *needed: pulumi.Resource
    ) -> kubernetes.apiextensions.CustomResource:
        args = self._args
        return kubernetes.apiextensions.CustomResource(
            f"{self._label}-{role}",
            api_version=_API_VERSION,
            kind=kind,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=object_name,
                namespace=args.namespace.name,
                annotations={"pulumi.com/waitFor": "condition=Ready"},
            ),
            spec=spec,
            opts=self._child(
                provider=args.namespace.provider,
                depends_on=[*args.namespace.ready, *args.ready, *needed],
                delete_before_replace=True,
            ),
        )
