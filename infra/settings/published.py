"""Keys that Teranode publishes: samples that everybody knows, and that must never be anybody's own (control KEY-7).

Kept as SHA-256 digests: a list of keys would itself be found, and used, by whoever searches for keys.
"""

import hashlib
import re

# Source: `teranode`, settings.conf at fb3d000 (wallet keys PK1 to PK6, private keys of p2p, alert and coinbase in every
# context) and the wallet key of its tests.
DIGESTS = frozenset(
    {
        "4bc7baf4bbbc75cd1522df6cd6e6581464264a4f88f0598792f8727b8fe763be",
        "6891f7b563c374316fa70b3b5a04c7a07738b9156bc3316c9e1605685644ee61",
        "705f65037005e4391e7e1dd1a495c0dd52faea077900ecec0557c465846e5ddf",
        "7675661293fe8769c59c5c00f27a75a241b29dba8c45f59cfeacad5a784c48e8",
        "7b62988dcc80f90c216f858194d2fbd3eec592b937bd8e2023c9f918f4b6b378",
        "9be43b79fb36aa9fbd50d388c0a297205767cedd79db66715dfc69f66f50f80a",
        "ae6813fc1889f5ed2612636e79b27cc455b727688ede07794833d4bb4a730efc",
        "c34ecf78267c72d289dc933e7346c5dd952a5a901c3af27bbc1ac913282c375c",
        "c4747f9c8b46c5f295a6dc1a7738c8559df21273b0040c2eea8498d110cdeb5f",
        "cac25ea1dac62c8cd39228360c40522df468dd9db3731d854f9cdfeea7add88b",
        "e8ae1dc07866941da25b9f280f8e209dacb3f7b39084911db0ae5af1000c4be0",
        "f1f193bbf87baa32e2333cb51706ff6b3688b88724f49f16e860b5dec31dac68",
    }
)

_WORD = re.compile(r"[A-Za-z0-9]{40,}")
"""What could be one of them: keys in hexadecimal and in wallet import format have 51 characters or more."""


def holds_published_key(text: str) -> bool:
    """Whether one of the published keys stands in `text`, alone or among other words."""
    return any(hashlib.sha256(word.encode()).hexdigest() in DIGESTS for word in _WORD.findall(text))
