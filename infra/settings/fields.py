"""The scalar types of the stack file: each says what a single value must be, and how to mend it."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from components.cidr import ZONE_LETTERS

PARTITION = "aws"
"""The one AWS partition that the components are written for: others have other service names and DNS suffixes."""

_MAX_TAG_CHARACTERS = 256

_LABEL = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_EMAIL = re.compile(
    r"[A-Za-z0-9._+=-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
_RELEASE = re.compile(
    r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?(@sha256:[0-9a-f]{64})?"
)
_ACCOUNT_DIGITS = 12
_INSTANCE_CLASS = re.compile(r"db\.[a-z0-9]+\.[a-z0-9]+")
_BROKER_TYPE = re.compile(r"kafka\.[a-z0-9]+\.[a-z0-9]+")
_KUBERNETES_VERSION = re.compile(r"1\.\d{2}")
_HOST = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:\d{1,5})?"
_REGISTRY = re.compile(_HOST, re.ASCII)
_REGISTRY_PREFIX = re.compile(rf"{_HOST}(/[a-z0-9]+([._-]+[a-z0-9]+)*)*", re.ASCII)
_CHART_URL = re.compile(rf"(https|oci)://{_HOST}(/[\w.~-]+)*", re.ASCII)
_PAGES = re.compile(rf"https://{_HOST}(/[\w.~-]+)*/", re.ASCII)
_MAX_PAGES_CHARACTERS = 200
_CHART_FOLDER = re.compile(r"[\w.~/][\w.~/+-]{0,199}", re.ASCII)


def refuse(rule: str, remedy: str, *, shown: str = "") -> PydanticCustomError:
    """Make the error that becomes a fault with this rule and remedy; `shown` stands in for the value, if given."""
    return PydanticCustomError("rule", "{rule}", {"rule": rule, "remedy": remedy, "shown": shown})


def label_problem(name: str, max_characters: int) -> str | None:
    """Say what keeps `name` from being a DNS-1035 label of at most `max_characters`, or None."""
    problems = []
    if len(name) > max_characters:
        problems.append(f"at most {max_characters} characters, this has {len(name)}")
    if not _LABEL.fullmatch(name):
        problems.append(
            "lower-case letters, digits and -, starting with a letter and not ending in - (DNS-1123 and DNS-1035)"
        )
    return "; ".join(problems) or None


def is_zone_name(zone: str, region: str) -> bool:
    """Whether `zone` is the full name of a zone of `region` that the address plan has a place for."""
    return zone[:-1] == region and zone[-1] in ZONE_LETTERS


def _account(value: str) -> str:
    if not re.fullmatch(rf"\d{{{_ACCOUNT_DIGITS}}}", value, re.ASCII):
        raise refuse(
            "an AWS account id: exactly 12 digits",
            'write all 12 digits in quotes, "012345678901": unquoted, the Pulumi CLI takes a leading zero for octal',
            shown=f"[{len(value)} characters]" if _may_be_pasted_by_mistake(value) else "",
        )
    return value


def _may_be_pasted_by_mistake(account: str) -> bool:
    """Whether this is too long and too varied for a mistyped account id: it may be a secret, and is not shown."""
    return len(account) > _ACCOUNT_DIGITS and not re.fullmatch(r"\d+", account, re.ASCII)


def _owner(value: str) -> str:
    if len(value) > _MAX_TAG_CHARACTERS or not _EMAIL.fullmatch(value):
        raise refuse(
            f"an e-mail address of at most {_MAX_TAG_CHARACTERS} characters that AWS takes as a tag value",
            "name the team's mailbox, for example devops@example.org",
        )
    return value


def is_release(value: str) -> bool:
    """Whether this names one release of Teranode, with or without a digest."""
    return _RELEASE.fullmatch(value) is not None


def _release(value: str) -> str:
    if not is_release(value):
        raise refuse(
            "a Teranode release: v<major>.<minor>.<patch>, with an optional -<pre-release> and @sha256:<digest>",
            "name one release, for example v0.14.4; moving tags such as latest are refused",
        )
    return value


def _retention(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d*", value, re.ASCII):
        return int(value)
    raise refuse("a whole number of days", "for example 30")


def _instance_type(value: str) -> str:
    if not value.strip():
        raise refuse("an EC2 instance type", "name one, for example m7g.large")
    return value


def _instance_class(value: str) -> str:
    if not _INSTANCE_CLASS.fullmatch(value):
        raise refuse("an RDS instance class: db.<family>.<size>", "name one, for example db.t4g.medium")
    return value


def _broker_type(value: str) -> str:
    if not _BROKER_TYPE.fullmatch(value):
        raise refuse("a broker type of MSK: kafka.<family>.<size>", "name one, for example kafka.m7g.large")
    return value


def _quoted_version(value: object) -> object:
    if isinstance(value, int | float):
        raise refuse(
            'text of the form "1.NN"',
            f'quote it: version: "1.NN"; unquoted, 1.30 is the number 1.3, and this arrived as the number {value}',
        )
    return value


def _kubernetes_version(value: str) -> str:
    if not _KUBERNETES_VERSION.fullmatch(value):
        raise refuse('a Kubernetes minor of the form "1.NN"', 'name the minor only, in quotes, for example "1.36"')
    return value


def _registry(value: str) -> str:
    if not _REGISTRY.fullmatch(value):
        raise refuse(
            "the host of an image registry, in lower case, without scheme and path",
            "write it as images name it, for example quay.io or docker.io",
        )
    return value


def _registry_prefix(value: str) -> str:
    if not _REGISTRY_PREFIX.fullmatch(value):
        raise refuse(
            "<registry>[/<folder>…] in lower case, without scheme and without / at the end",
            "for example 111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay",
        )
    return value


def _chart_repository(value: str) -> str:
    if "://" in value and not _CHART_URL.fullmatch(value):
        raise refuse(
            "https://<host>/<path> or oci://<host>/<path>, without credentials, query and / at the end",
            "for example https://charts.example.org; credentials come from the environment of whoever runs Pulumi",
        )
    if "://" not in value and not _CHART_FOLDER.fullmatch(value):
        raise refuse("a URL, or a folder of letters, digits and . _ ~ / + -", "for example ./charts")
    return value


def _pages(value: str) -> str:
    if len(value) > _MAX_PAGES_CHARACTERS or not _PAGES.fullmatch(value):
        raise refuse(
            "https://<host>/<path>/ with / at the end, without credentials and query, "
            f"of at most {_MAX_PAGES_CHARACTERS} characters",
            "name the folder in which docs is, for example https://github.com/example/teranode-infra/blob/main/",
            shown=f"[{len(value)} characters]" if "@" in value or "?" in value else "",
        )
    return value


AccountId = Annotated[str, AfterValidator(_account)]
Owner = Annotated[str, AfterValidator(_owner)]
Release = Annotated[str, AfterValidator(_release)]
RetentionDays = Annotated[int, BeforeValidator(_retention)]
Registry = Annotated[str, AfterValidator(_registry)]
RegistryPrefix = Annotated[str, AfterValidator(_registry_prefix)]
ChartRepository = Annotated[str, AfterValidator(_chart_repository)]
Pages = Annotated[str, AfterValidator(_pages)]
InstanceType = Annotated[str, AfterValidator(_instance_type)]
InstanceClass = Annotated[str, AfterValidator(_instance_class)]
BrokerType = Annotated[str, AfterValidator(_broker_type)]
KubernetesVersion = Annotated[str, AfterValidator(_kubernetes_version), BeforeValidator(_quoted_version)]

Tier = Literal["testing", "mainnet"]
Chain = Literal["regtest", "teratestnet", "testnet", "mainnet"]
NatMode = Literal["none", "single", "perZone"]
InterfaceEndpoints = Literal["none", "standard"]
EndpointAccess = Literal["restricted", "private"]
Capacity = Literal["onDemand", "spot"]
PostgresProfile = Literal["aurora", "rds"]
AuroraStorage = Literal["standard", "ioOptimized"]
UtxoProfile = Literal["enterprise", "community", "postgres"]
StoreDevice = Literal["nvme", "gp3"]
FilesProfile = Literal["lustre", "efs"]
KafkaProfile = Literal["strimzi", "msk", "single"]
Rotation = Literal["turns", "founder"]
Mode = Literal["listening", "mining"]
AlarmRecipient = Literal["owner", "nobody"]
AlertRules = Literal["managed", "none"]
