"""Whether private endpoints answer where they must not: on the machine that runs this command."""

import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

_TIMEOUT_S = 3.0


def answering(endpoints: Sequence[str]) -> tuple[str, ...]:
    """Of these ``host:port`` those that accept a TCP connection; a name that does not resolve does not answer."""
    if not endpoints:
        return ()
    with ThreadPoolExecutor(max_workers=min(len(endpoints), 16)) as pool:
        return tuple(
            endpoint for endpoint, open_ in zip(endpoints, pool.map(_accepts, endpoints), strict=True) if open_
        )


def _accepts(endpoint: str) -> bool:
    host, _, port = endpoint.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_TIMEOUT_S):
            return True
    except OSError:
        return False
