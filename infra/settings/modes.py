"""What a node is for, who may reach it from outside, and who mines with it: the sections as they are written."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from infra.settings import fields
from infra.settings.section import Doc, Section

MAX_PARTNERS = 20
MAX_PRINCIPALS = 10
"""Of one partner: its account, or a few of its roles. More is a list that nobody reviews."""

_CERTIFICATE = re.compile(
    r"arn:aws:acm:[a-z]{2}(-[a-z]+)+-\d:\d{12}:certificate/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])", re.ASCII)
_HOST_CHARACTERS = 253
_PRINCIPAL = re.compile(r"arn:aws:iam::\d{12}:(root|(role|user)/([\x21-\x7e]+/)?[\w+=,.@-]{1,64})", re.ASCII)


def _certificate(value: str) -> str:
    if not _CERTIFICATE.fullmatch(value):
        raise fields.refuse(
            "the ARN of a certificate in ACM: arn:aws:acm:<region>:<account>:certificate/<id>",
            "copy it from `aws acm list-certificates --region <region>`",
        )
    return value


def _principal(value: str) -> str:
    if not _PRINCIPAL.fullmatch(value):
        raise fields.refuse(
            "the ARN of one account, role or user: arn:aws:iam::<account>:root, …:role/<name> or …:user/<name>",
            "ask the partner for it; * would admit every account of AWS",
        )
    return value


def _host(value: str) -> str:
    if len(value) > _HOST_CHARACTERS or not _HOST.fullmatch(value):
        raise fields.refuse(
            "a full name in DNS, in lower case and without a wildcard", "for example miner-1.example.org"
        )
    return value


CertificateArn = Annotated[str, AfterValidator(_certificate)]
HostName = Annotated[str, AfterValidator(_host)]
PrincipalArn = Annotated[str, AfterValidator(_principal)]


class PartnerKeys(Section):
    """One partner that brings hash power."""

    principals: Annotated[
        tuple[PrincipalArn, ...],
        Field(min_length=1, max_length=MAX_PRINCIPALS),
        Doc(
            "accounts, roles or users in AWS that may ask for a connection; each is accepted by hand",
            "PrivateLink shows nobody else that there is something to connect to",
        ),
    ]


class MiningKeys(Section):
    """How hash power comes in: RPC for mining candidates, by PrivateLink and by no other way.

    Nothing of it is built for a miner that listens, so that the section can stand there before the mode changes.
    """

    certificates: Annotated[
        dict[str, CertificateArn],
        Doc(
            "certificate in ACM of each region with a miner that mines, by region",
            "partners send the login of RPC, which Teranode itself takes in clear",
        ),
    ]
    partners: Annotated[
        dict[str, PartnerKeys],
        Doc("partners by name", "who mines with us is named; the mode `mining` on the chain mainnet needs one"),
    ]


class PublicAssetsKeys(Section):
    """Where Teranodes outside the environment fetch blocks and subtrees of a miner: by TLS, through a proxy.

    Without it they cannot fetch what a miner has found, and SV nodes alone hear of it: a miner on the chain mainnet
    wants it. Nothing of it is built for one that listens, which is asked for nothing.
    """

    certificates: Annotated[
        dict[str, CertificateArn],
        Doc("certificate in ACM of each region with a miner in `hosts`, by region", "other nodes fetch by https"),
    ]
    hosts: Annotated[
        dict[str, HostName],
        Doc(
            "name of each miner that shows its assets, by miner: in the certificate, and in DNS with the miner's "
            "public addresses (docs/runbooks/mining.md)",
            "it is announced to the chain as https://<host>/api/v1",
        ),
    ]
    requests_per_second: Annotated[
        int | None,
        Field(ge=1, le=1000),
        Doc(
            "requests of one client, at each of the proxy's two pods; above it a client waits, and with more than 64 "
            "waiting it is refused",
            "one node that catches up must not keep the others from new blocks",
            default="100",
        ),
    ] = None


class PublicKeys(Section):
    """What of the environment the internet reaches. Nothing that is not listed here is public."""

    peers: Annotated[
        bool | None,
        Doc(
            "whether each miner has public addresses for peers (9905) and, where the chain has SV nodes, for those "
            "(8333); on the chain mainnet only. Without them a node connects to others and nobody to it",
            "addresses that peers put on their lists stay the same for good",
            default="`true` on the chain mainnet",
        ),
    ] = None
    assets: Annotated[
        PublicAssetsKeys | None,
        Doc(
            "whether other Teranodes fetch blocks of miners that mine (443); on the chain mainnet only, with `peers`",
            "what is open to the internet is chosen, and a miner that nobody can fetch from loses its blocks",
            default="nobody",
        ),
    ] = None


def mode_of(miner: fields.Mode | None, environment: fields.Mode | None, chain: fields.Chain | None) -> fields.Mode:
    """What a miner is for: its own word, its environment's, or what holds on the chain."""
    return miner or environment or ("listening" if chain == "mainnet" else "mining")
