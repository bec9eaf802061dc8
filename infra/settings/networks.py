"""The address blocks of the stack file: what a VPC and a list of callers take, and how to mend what they do not."""

from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from typing import Annotated

from pydantic import AfterValidator

from components.cidr import REGION_PREFIX_LENGTH
from infra.settings.fields import refuse

PRIVATE_NETWORKS = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_NON_INTERNET_NETWORKS = (
    *PRIVATE_NETWORKS,
    *(IPv4Network(block) for block in ("100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")),
)
_WIDEST_API_PREFIX_LENGTH = 8


def _vpc_cidr(value: str) -> str:
    network = _ipv4_network(value)
    if not any(network.subnet_of(private) for private in PRIVATE_NETWORKS):
        raise refuse(
            "private address space (RFC 1918): 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
            "choose a free /16 in 10.0.0.0/8",
        )
    if network.prefixlen != REGION_PREFIX_LENGTH:
        raise refuse(
            f"a /{REGION_PREFIX_LENGTH}: AWS takes /16 to /28 for a VPC, and the address plan divides exactly this",
            f"write {IPv4Network((int(network.network_address), REGION_PREFIX_LENGTH), strict=False)}",
        )
    return value


def _api_cidr(value: str) -> str:
    if ":" in value:
        rule = "no world access" if value.endswith("/0") else "an IPv4 block: the clusters are IPv4"
        raise refuse(rule, "name the IPv4 block that operators come from, for example 198.51.100.0/24")
    network = _ipv4_network(value)
    if network.prefixlen < _WIDEST_API_PREFIX_LENGTH:
        raise refuse(
            f"no world access: a block of /{_WIDEST_API_PREFIX_LENGTH} or narrower",
            "name the public block that operators come from, for example 198.51.100.0/24",
        )
    if any(network.overlaps(other) for other in _NON_INTERNET_NETWORKS):
        raise refuse(
            "a block of the internet: EKS refuses private, link-local and multicast blocks for its public endpoint",
            "name the public block that operators come from; inside the VPC the private endpoint answers anyway",
        )
    return value


def _ipv4_network(value: str) -> IPv4Network:
    try:
        network = IPv4Network(value)
    except (AddressValueError, NetmaskValueError):
        raise refuse(
            "an IPv4 network: four numbers up to 255, and a prefix length up to 32",
            "write <address>/<prefix length>, for example 10.16.0.0/16",
        ) from None
    except ValueError:
        network = IPv4Network(value, strict=False)
        raise refuse("a network address without host bits", f"did you mean {network}?") from None
    if str(network) != value:
        raise refuse("an IPv4 network as <address>/<prefix length>, in one spelling only", f"write {network}")
    return network


VpcCidr = Annotated[str, AfterValidator(_vpc_cidr)]
ApiCidr = Annotated[str, AfterValidator(_api_cidr)]
