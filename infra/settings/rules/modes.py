"""What a mode needs: a chain to listen to, and for mining a wallet, partners, and a way in for them."""

from collections.abc import Iterator, Mapping

from components.teranode import PRESETS, Chain
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, stack_file_name
from infra.settings.fields import label_problem
from infra.settings.modes import MAX_PARTNERS, mode_of

_ARN_REGION, _ARN_ACCOUNT = 3, 4
_MAX_PARTNER_CHARACTERS = 30


def somebody_publishes(draft: Draft) -> Iterator[Fault]:
    """Who listens needs somebody who publishes."""
    if draft.chain is None or not PRESETS[Chain(draft.chain)].isolated:
        return
    written = {"mode": draft.mode} | {f"miners.{name}.mode": miner.mode for name, miner in draft.miners.items()}
    for path, mode in written.items():
        if mode == "listening":
            yield fault(
                path,
                mode,
                f"mining on the chain {draft.chain}: nobody but the environment's own miners publishes anything there",
                "write mining, or remove the key",
            )


def mainnet_mines_for_somebody(draft: Draft) -> Iterator[Fault]:
    """Without a wallet nothing can be mined, and without partners there is no hash power."""
    if draft.chain != "mainnet":
        return
    miners = [
        name for name in sorted(draft.miners) if mode_of(draft.miners[name].mode, draft.mode, "mainnet") == "mining"
    ]
    for name in miners:
        if draft.miners[name].wallet_secret is None and not is_refused(draft, f"miners.{name}.walletSecret"):
            yield fault(
                f"miners.{name}.walletSecret",
                None,
                "the ARN of the miner's wallet secret: on the chain mainnet it mines, and without it nobody is paid",
                "make the secret (docs/runbooks/mining.md) and name it, or write mode: listening for this miner",
            )
    if miners and not (draft.mining and draft.mining.partners) and not is_refused(draft, "mining.partners"):
        yield fault(
            "mining.partners",
            None,
            f"at least one partner in the mode mining on the chain mainnet ({', '.join(miners)}): the miners have no "
            "hash power of their own",
            "name who mines with them, as docs/configuration.md shows, or write mode: listening",
        )


def certificates_are_near(draft: Draft) -> Iterator[Fault]:
    """A listener takes a certificate of its own region and account."""
    mining = draft.mining
    if mining is None or is_refused(draft, "mining.certificates"):
        return
    yield from far_certificates(draft, "mining.certificates", mining.certificates)
    for name, miner in sorted(draft.miners.items()):
        mines = mode_of(miner.mode, draft.mode, draft.chain) == "mining"
        if mines and miner.region and miner.region not in mining.certificates:
            yield fault(
                f"mining.certificates.{miner.region}",
                None,
                f"a certificate for {name}, which mines in {miner.region}",
                f"aws acm request-certificate --region {miner.region} --domain-name <name> --validation-method DNS",
            )


def far_certificates(draft: Draft, key: str, certificates: Mapping[str, str]) -> Iterator[Fault]:
    """Certificates, by region, that no listener of this environment can take."""
    for region, arn in sorted(certificates.items()):
        path, parts = f"{key}.{region}", arn.split(":")
        if draft.region_names is not None and region not in draft.region_names:
            yield fault(path, region, "a region of this environment", "name one of regions, or remove the certificate")
        elif parts[_ARN_REGION] != region:
            yield fault(path, arn, f"a certificate in {region}", "request one there: ACM's are regional")
        elif draft.account and parts[_ARN_ACCOUNT] != draft.account:
            yield fault(path, arn, f"a certificate of this environment's account, {draft.account}", "request one there")


def partners_are_told_apart(draft: Draft) -> Iterator[Fault]:
    """Whoever is in two lists can be shown out of one and still come in."""
    partners = (draft.mining.partners if draft.mining else None) or {}
    if len(partners) > MAX_PARTNERS:
        yield fault("mining.partners", len(partners), f"at most {MAX_PARTNERS} partners", "remove those who left")
    seen: dict[str, str] = {}
    for name, partner in sorted(partners.items()):
        if problem := label_problem(name, _MAX_PARTNER_CHARACTERS):
            yield fault(f"mining.partners.{name}", name, problem, "for example pool-1")
        for principal in partner.principals or ():
            if seen.setdefault(principal, name) != name:
                yield fault(
                    f"mining.partners.{name}.principals",
                    principal,
                    f"a principal of this partner alone; mining.partners.{seen[principal]} has it too",
                    "remove one of them",
                )
            if owner := draft.environment_of(principal.split(":")[_ARN_ACCOUNT]):
                yield fault(
                    f"mining.partners.{name}.principals",
                    principal,
                    f"a principal of others: this account is of {stack_file_name(owner)}",
                    "remove it: environments of the project bring each other no hash power",
                )


def only_mainnet_is_public(draft: Draft) -> Iterator[Fault]:
    """Whoever tests wants no strangers, and world access is refused to all but mainnet's peers (control NET-8)."""
    if draft.public and draft.public.peers and draft.chain and draft.chain != "mainnet":
        yield fault(
            "public.peers",
            value=True,
            rule=f"false on the chain {draft.chain}: public addresses are for the peers of the chain mainnet",
            remedy="remove the key: the nodes connect to others all the same",
        )


def is_refused(draft: Draft, path: str) -> bool:
    """Whether what stands there is at fault by itself, so that it is not missing."""
    return any(one == path or one.startswith(f"{path}.") for one in draft.refused)


RULES = (
    somebody_publishes,
    mainnet_mines_for_somebody,
    certificates_are_near,
    partners_are_told_apart,
    only_mainnet_is_public,
)
