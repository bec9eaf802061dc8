"""External Secrets: where secrets are kept and which are synced. Source: external-secrets/external-secrets, API v1."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.custom_resources.base import DNS_SUBDOMAIN, Definition, IntOrString, Labels, ObjectName, Part, WithSpec

SecretKey = Annotated[str, Field(pattern=r"^[-._a-zA-Z0-9]+$", min_length=1, max_length=253)]
Decoding = Literal["Auto", "Base64", "Base64URL", "None"]


class ServiceAccountRef(Part):
    """The service account whose token is exchanged for AWS credentials."""

    name: ObjectName
    namespace: Annotated[str | None, Field(pattern=DNS_SUBDOMAIN, max_length=63)] = None
    audiences: list[str] | None = None


class JwtAuth(Part):
    """Authentication by a service account's token."""

    service_account_ref: ServiceAccountRef | None = None


class AwsAuth(Part):
    """How the store authenticates; without it, as the operator's own pod. Static keys are not taught on purpose."""

    jwt: JwtAuth | None = None


class SessionTag(Part):
    """A tag of the session that the store's role is assumed with."""

    key: str
    value: str


class AwsProvider(Part):
    """AWS Secrets Manager in one region, read with one role."""

    service: Literal["SecretsManager", "ParameterStore"]
    region: str
    role: str | None = None
    additional_roles: list[str] | None = None
    auth: AwsAuth | None = None
    external_id: Annotated[str | None, Field(alias="externalID")] = None
    prefix: str | None = None
    session_tags: list[SessionTag] | None = None
    session_tags_policy: Literal["None", "Simple", "Custom"] | None = None
    custom_session_tags: Labels | None = None
    transitive_tag_keys: list[str] | None = None


class Provider(Part):
    """The one provider that this project uses."""

    aws: AwsProvider


class RetrySettings(Part):
    """How often and how fast a failed call is repeated."""

    max_retries: int | None = None
    retry_interval: str | None = None


class SecretStoreSpec(Part):
    """Where secrets come from."""

    provider: Provider
    controller: str | None = None
    refresh_interval: IntOrString | None = None
    retry_settings: RetrySettings | None = None


class StoreRef(Part):
    """The store that a secret is read from."""

    name: ObjectName | None = None
    kind: Literal["SecretStore", "ClusterSecretStore"] | None = None


class RemoteRef(Part):
    """One value of one version of one secret in the store."""

    key: str
    property: str | None = None
    version: str | None = None
    conversion_strategy: Literal["Default", "Unicode"] | None = None
    decoding_strategy: Decoding | None = None
    metadata_policy: Literal["None", "Fetch"] | None = None
    null_byte_policy: Literal["Ignore", "Fail"] | None = None


class Data(Part):
    """One key of the Secret and where its value comes from."""

    secret_key: SecretKey
    remote_ref: RemoteRef


class Regexp(Part):
    """A rewriting of keys by a regular expression."""

    source: str
    target: str


class Transform(Part):
    """A rewriting of keys by a template."""

    template: str


class Rewrite(Part):
    """One step of renaming the keys that a whole secret brings."""

    regexp: Regexp | None = None
    transform: Transform | None = None


class DataFrom(Part):
    """All keys of one secret in the store."""

    extract: RemoteRef
    rewrite: list[Rewrite] | None = None


class TemplateMetadata(Part):
    """Labels and annotations of the Secret that is made."""

    annotations: Labels | None = None
    labels: Labels | None = None
    finalizers: list[str] | None = None


class Template(Part):
    """What the Secret looks like: its type, and values composed of those that were read."""

    data: Labels | None = None
    engine_version: Literal["v2"] | None = None
    merge_policy: Literal["Replace", "Merge"] | None = None
    metadata: TemplateMetadata | None = None
    type: str | None = None


class Target(Part):
    """The Secret that is made."""

    name: ObjectName | None = None
    creation_policy: Literal["Owner", "Orphan", "Merge", "None", "CreateOrMerge"] | None = None
    deletion_policy: Literal["Delete", "Merge", "Retain"] | None = None
    immutable: bool | None = None
    template: Template | None = None


class ExternalSecretSpec(Part):
    """Which values are synced from where into which Secret."""

    secret_store_ref: StoreRef | None = None
    data: list[Data] | None = None
    data_from: list[DataFrom] | None = None
    refresh_interval: str | None = None
    refresh_policy: Literal["CreatedOnce", "Periodic", "OnChange"] | None = None
    target: Target | None = None

    @model_validator(mode="after")
    def _reads_something(self) -> Self:
        if not (self.data or self.data_from):
            raise ValueError("either data or dataFrom should be specified")
        return self


_API_VERSION = "external-secrets.io/v1"

DEFINITIONS = (
    Definition(_API_VERSION, "SecretStore", WithSpec[SecretStoreSpec]),
    Definition(_API_VERSION, "ExternalSecret", WithSpec[ExternalSecretSpec]),
)
