"""cert-manager: certificates and who issues them. Source: cert-manager/cert-manager ``deploy/crds``, API v1."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.custom_resources.base import Definition, Labels, Part, WithSpec

Usage = Literal[
    "signing",
    "digital signature",
    "content commitment",
    "key encipherment",
    "key agreement",
    "data encipherment",
    "cert sign",
    "crl sign",
    "any",
    "server auth",
    "client auth",
]


class IssuerRef(Part):
    """Who signs."""

    name: str
    kind: Literal["Issuer", "ClusterIssuer"] | None = None
    group: Literal["cert-manager.io"] | None = None


class PrivateKey(Part):
    """How the key is made, and whether a renewal makes a new one."""

    algorithm: Literal["RSA", "ECDSA", "Ed25519"] | None = None
    encoding: Literal["PKCS1", "PKCS8"] | None = None
    rotation_policy: Literal["Never", "Always"] | None = None
    size: int | None = None


class SecretTemplate(Part):
    """Labels and annotations of the Secret that holds the certificate."""

    annotations: Labels | None = None
    labels: Labels | None = None


class Subject(Part):
    """The X.509 subject beside the common name."""

    organizations: list[str] | None = None
    organizational_units: list[str] | None = None
    countries: list[str] | None = None


class CertificateSpec(Part):
    """What is certified, by whom, and which Secret takes it."""

    secret_name: str
    issuer_ref: IssuerRef
    common_name: str | None = None
    dns_names: list[str] | None = None
    duration: str | None = None
    ip_addresses: list[str] | None = None
    is_ca: Annotated[bool | None, Field(alias="isCA")] = None
    private_key: PrivateKey | None = None
    renew_before: str | None = None
    renew_before_percentage: int | None = None
    revision_history_limit: int | None = None
    secret_template: SecretTemplate | None = None
    subject: Subject | None = None
    uris: list[str] | None = None
    usages: list[Usage] | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.common_name or self.dns_names or self.ip_addresses or self.uris):
            raise ValueError("at least one of commonName, dnsNames, ipAddresses or uris is required")
        return self


class SelfSigned(Part):
    """Certificates sign themselves."""

    crl_distribution_points: list[str] | None = None


class CertificateAuthority(Part):
    """Certificates are signed by the key pair in a Secret."""

    secret_name: str
    crl_distribution_points: list[str] | None = None
    issuing_certificate_urls: Annotated[list[str] | None, Field(alias="issuingCertificateURLs")] = None
    ocsp_servers: list[str] | None = None


class IssuerSpec(Part):
    """An issuer inside the cluster; ACME, Vault and Venafi are none of this project's."""

    ca: CertificateAuthority | None = None
    self_signed: SelfSigned | None = None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if (self.ca is None) == (self.self_signed is None):
            raise ValueError("exactly one of ca and selfSigned is required")
        return self


DEFINITIONS = (
    Definition("cert-manager.io/v1", "Certificate", WithSpec[CertificateSpec]),
    Definition("cert-manager.io/v1", "Issuer", WithSpec[IssuerSpec]),
    Definition("cert-manager.io/v1", "ClusterIssuer", WithSpec[IssuerSpec], cluster_scoped=True),
)
