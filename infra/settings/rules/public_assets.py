"""Assets on the internet: at public addresses alone, with a name and a certificate for each miner that shows them."""

from collections.abc import Iterator

from components.asset_proxy import namespace_of
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault
from infra.settings.modes import PublicAssetsKeys
from infra.settings.rules.modes import far_certificates, is_refused

_KEY = "public.assets"


def assets_have_public_addresses(draft: Draft) -> Iterator[Fault]:
    """They are shown at the addresses that peers know, and to no strangers of a test (control NET-8)."""
    if draft.public is None or draft.public.assets is None or not draft.chain:
        return
    if draft.chain != "mainnet":
        yield fault(
            _KEY,
            None,
            f"absent on the chain {draft.chain}: public addresses are for the chain mainnet",
            "remove the section: miners of the environment fetch from each other all the same",
        )
    elif draft.public.peers is False:
        yield fault(
            _KEY,
            None,
            "public addresses of the miners, at which assets are shown: public.peers is false",
            "remove public.peers, or this section",
        )


def certificates_are_there(draft: Draft) -> Iterator[Fault]:
    """A listener takes a certificate of its own region and account."""
    keys = _keys(draft)
    if keys is None:
        return
    yield from far_certificates(draft, f"{_KEY}.certificates", keys.certificates)
    for name in sorted(keys.hosts):
        miner = draft.miners.get(name)
        if miner and miner.region and miner.region not in keys.certificates:
            yield fault(
                f"{_KEY}.certificates.{miner.region}",
                None,
                f"a certificate for {keys.hosts[name]}, the name of {name} in {miner.region}",
                f"aws acm request-certificate --region {miner.region} --domain-name {keys.hosts[name]} "
                "--validation-method DNS",
            )


def hosts_name_one_miner_each(draft: Draft) -> Iterator[Fault]:
    """A name leads to one miner, and every miner that shows its assets has one."""
    keys = _keys(draft)
    if keys is None:
        return
    if not keys.hosts:
        yield fault(
            f"{_KEY}.hosts",
            {},
            "a name for at least one miner: without any, nothing is shown to anybody",
            "name a miner, or remove the section",
        )
    seen: dict[str, str] = {}
    for name, host in sorted(keys.hosts.items()):
        path = f"{_KEY}.hosts.{name}"
        if draft.miner_names is not None and name not in draft.miner_names:
            yield fault(path, name, "a miner of this environment", "name one of miners, or remove the host")
        elif seen.setdefault(host, name) != name:
            yield fault(
                path, host, f"a name of this miner alone; {_KEY}.hosts.{seen[host]} has it too", "choose another"
            )
        elif namespace_of(name) in (draft.miner_names or ()):
            yield fault(
                path,
                name,
                f"a miner beside which none is called {namespace_of(name)}: so is the namespace of its proxy",
                f"rename the miner {namespace_of(name)} before it has data, or remove the host",
            )


def _keys(draft: Draft) -> PublicAssetsKeys | None:
    """The section, unless a part of it is at fault by itself."""
    if draft.public is None or any(is_refused(draft, f"{_KEY}.{part}") for part in ("certificates", "hosts")):
        return None
    return draft.public.assets


RULES = (assets_have_public_addresses, certificates_are_there, hosts_name_one_miner_each)
